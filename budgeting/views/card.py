"""The review card: everything a reviewer weighs, and the acts themselves, without leaving it.

Each form on the card is posted to the address of its act; what was not accepted comes back on the
card, with what was typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms as django_forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from budgeting import forms
from budgeting.models import BudgetReview
from budgeting.selectors import proposed_of, review_card
from budgeting.services import PAPERS
from budgeting.views.panel import next_step
from core.calendar.clock import today
from core.navigation import panels_of
from core.transitions import StatefulModel, shown_digest
from core.views.acts import (
    ActPage,
    SignedInRequest,
    has_right,
    new_key,
)

CARD = "budgeting/review_card.html"
END_OF_ROUND = "本轮会审就此结束，意见保留；修改后重新提交时另起一轮。"


@dataclass(frozen=True)
class CardAct:
    """One act as a form on the card; `name` is the move, so that a refusal finds its form."""

    act: str
    name: str
    title: str
    url: str
    form: django_forms.Form
    version: int
    shown: str
    key: str
    is_primary: bool


def review_of(request: SignedInRequest, pk: int) -> BudgetReview:
    rows = BudgetReview.objects.visible_to(request.user).with_case()
    return get_object_or_404(rows.select_related("filed_version"), pk=pk)


def concluding(row: BudgetReview) -> dict[str, Any]:
    """What summing up starts from: the lowest amount proposed, else what is asked for."""
    return {"proposed_fen": proposed_of(row) or row.project.requested_fen}


def card_context(request: SignedInRequest, row: BudgetReview) -> dict[str, Any]:
    """Context of the card: figures, panels of later stages, the acts of this desk."""
    steps = next_step(request, row)
    here = _acts_here(request, row, {act["act"] for act in steps["acts"] if act["allowed"]})
    done_here = {act.name for act in here}
    rest = [a for a in steps["acts"] if a["act"].rpartition(".")[2] not in done_here]
    return review_card(row, request.user, on=today()) | {
        "acts_here": here,
        "acts": rest,
        "others": steps["others"],
        "panels": panels_of(row),
        "papers": PAPERS if has_right(request, "budgeting.print_papers") else {},
        "paper_key": new_key(),
    }


def on_card(request: SignedInRequest, row: BudgetReview, page: ActPage) -> ActPage:
    """The page an act answers with: the card itself where the form was filled in on it."""
    if request.method != "POST" or not request.POST.get("on_card"):
        return page
    fresh = review_of(request, row.pk)
    return replace(page, template=CARD, extra=card_context(request, fresh))


def _acts_here(request: SignedInRequest, row: BudgetReview, allowed: set[str]) -> list[CardAct]:
    """The acts this desk may do now, each with its form; opinions before what finance does."""
    made: list[CardAct] = []
    own = request.acting and row.opinions.filter(reviewer=request.acting.organisation).first()
    if own:
        own.review = row
        made += [
            _act(own, "agree", "同意", "agree", forms.AgreeForm()),
            _act(
                own, "agree_on_condition", "附条件同意", "agree_on_condition", forms.ConditionForm()
            ),
            _act(own, "oppose", "提出异议", "oppose", forms.ReasonForm()),
        ]
    summary = forms.ConcludeForm(initial=concluding(row))
    made += [
        _act(row, "conclude", "形成审核意见", "conclude", summary),
        _act(row, "return_for_correction", "退回修改", "return", forms.ReturnForm()),
    ]
    return [act for act in made if act.act in allowed]


def _act(row: StatefulModel, name: str, title: str, place: str, form: django_forms.Form) -> CardAct:
    # Several forms stand on one page: each has ids of its own.
    form.auto_id = f"id_{name}_%s"
    return CardAct(
        act=f"{row._meta.label_lower}.{name}",
        name=name,
        title=title,
        url=reverse(f"budgeting:{place}", args=[row.pk]),
        form=form,
        version=row.version,
        shown=shown_digest(row),
        key=new_key(),
        is_primary=name in ("agree", "conclude"),
    )
