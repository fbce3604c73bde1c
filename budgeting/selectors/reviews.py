"""会审各页共用的取数：看得见的意见、等谁、各轮意见。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import Organisation, User
from accounts.permissions import sight_of
from budgeting.models import (
    UNSETTLED_OPINIONS,
    BudgetReview,
    Objection,
    Obligation,
    Opinion,
    OpinionQuerySet,
    OpinionStatus,
    ReviewStatus,
)
from budgeting.selectors.badges import badge_of
from projects.models import FundSource, Project, Purchaser

AWAITED = (OpinionStatus.PENDING, OpinionStatus.ANSWERED)
CASE = "project__purchaser__organisation__jurisdiction"


def opinions_visible_to(user: User) -> OpinionQuerySet:
    return Opinion.objects.filter(review__in=BudgetReview.objects.visible_to(user)).select_related(
        "reviewer", f"review__{CASE}"
    )


def objections_visible_to(user: User) -> QuerySet[Objection]:
    return Objection.objects.filter(
        review__in=BudgetReview.objects.visible_to(user)
    ).select_related(f"review__{CASE}")


def obligations_visible_to(user: User) -> QuerySet[Obligation]:
    return Obligation.objects.filter(project__in=Project.objects.visible_to(user)).select_related(
        "opinion__reviewer", CASE
    )


def purchasers_reviewed_by(user: User) -> QuerySet[Purchaser]:
    return Purchaser.objects.visible_to(user).select_related("organisation")


def funds_reviewed_by(user: User) -> QuerySet[FundSource]:
    sight = sight_of(user)
    own = Organisation.objects.filter(pk__in=sight.own).values("jurisdiction")
    return FundSource.objects.filter(
        Q(jurisdiction__in=sight.reviewed | sight.audited) | Q(jurisdiction__in=own)
    )


# --- 等待 ----------------------------------------------------------------------------------------


def with_waiting(rows: QuerySet[BudgetReview]) -> QuerySet[Any]:
    """附 `waiting_on`：现在这一步自何日起等待；不在等待的为空。

    审核路径分先后的，自前一环节最后一份意见起；意见都已出具的，自最后一份起等财政汇总。
    """
    here = Opinion.objects.filter(review=OuterRef("pk"))
    unsettled = here.filter(status__in=UNSETTLED_OPINIONS)
    spoken = Opinion.objects.filter(review=OuterRef("pk"), given_on__isnull=False)
    before = spoken.filter(step__lt=OuterRef("turn_step")).order_by("-given_on")
    last = spoken.order_by("-given_on").values("given_on")[:1]
    rows = rows.annotate(turn_step=Subquery(unsettled.order_by("step").values("step")[:1]))
    return rows.annotate(
        turn_on=Subquery(before.values("given_on")[:1]),
        waiting_on=Case(
            When(status=ReviewStatus.CONCLUDED, then="concluded_on"),
            When(Q(status=ReviewStatus.OPEN, turn_step=None), then=Subquery(last)),
            When(status=ReviewStatus.OPEN, then=Coalesce("turn_on", "opened_on")),
            output_field=DateField(),
        ),
    )


def all_spoken() -> Q:
    """意见已齐、等财政汇总的会审。"""
    unsettled = Opinion.objects.filter(status__in=UNSETTLED_OPINIONS).values("review")
    return Q(status=ReviewStatus.OPEN) & ~Q(pk__in=unsettled)


def reviews_all_spoken(user: User) -> QuerySet[Any]:
    """意见已齐、等财政汇总的会审；`spoken_on` 是最后一份意见的日子。"""
    rows = BudgetReview.objects.visible_to(user).with_case().filter(all_spoken())
    return rows.annotate(spoken_on=Max("opinions__given_on"))


def opinion_since(opinion: Opinion, review: BudgetReview, turn_on: date | None) -> date | None:
    """这份意见自何日起在等：待出具的自轮到之日，答复过的自答复之日，有异议的自提出之日；

    没有轮到的、已经出具的为空。`turn_on` 是前一环节最后一份意见的日子（第一个环节为空）。
    """
    if opinion.status == OpinionStatus.PENDING:
        return turn_on or review.opened_on
    if opinion.status == OpinionStatus.ANSWERED:
        return opinion.answered_on or opinion.given_on
    return opinion.given_on if opinion.status == OpinionStatus.OPPOSED else None


def turns_in(opinions: Iterable[Opinion]) -> dict[int, tuple[bool, date | None]]:
    """一轮各意见：`pk → (轮到没有, 前一环节最后一份意见的日子)`。"""
    rows = list(opinions)
    found = {}
    for row in rows:
        before = [o for o in rows if o.step < row.step]
        days = [o.given_on for o in before if o.given_on]
        is_turn = not [o for o in before if o.status in UNSETTLED_OPINIONS]
        found[row.pk] = (is_turn, max(days) if days else None)
    return found


# --- 审核卡 --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpinionRow:
    opinion: Opinion
    badge: dict[str, str]
    waiting_since: date | None


@dataclass(frozen=True)
class Round:
    """一轮会审连同各机构的意见和退回意见。"""

    review: BudgetReview
    badge: dict[str, str]
    opinions: tuple[OpinionRow, ...]
    objections: tuple[tuple[Objection, dict[str, str]], ...]


def rounds_of(project: Project) -> list[Round]:
    """各轮，新的在前；查询次数与轮数无关。"""
    rows = BudgetReview.objects.filter(project=project).prefetch_related(
        Prefetch("opinions", Opinion.objects.select_related("reviewer", "given_by")),
        "objections",
    )
    return [_round(row) for row in rows.order_by("-round_number")]


def _round(row: BudgetReview) -> Round:
    turns = turns_in(row.opinions.all())
    return Round(
        review=row,
        badge=badge_of(row),
        opinions=tuple(_opinion_row(o, row, turns[o.pk]) for o in row.opinions.all()),
        objections=tuple((o, badge_of(o)) for o in row.objections.all()),
    )


def _opinion_row(
    opinion: Opinion, review: BudgetReview, turn: tuple[bool, date | None]
) -> OpinionRow:
    is_turn, turn_on = turn
    since = opinion_since(opinion, review, turn_on) if is_turn else None
    badge = badge_of(opinion)
    if not is_turn and opinion.status == OpinionStatus.PENDING:
        badge = {"label": "未轮到", "tone": "neutral"}
    if opinion.status == OpinionStatus.CANCELLED and opinion.given_on:
        badge = {"label": "有异议，至本轮结束未了结", "tone": "neutral"}
    return OpinionRow(opinion, badge, since)
