"""成批拟制批复、成批签发批复：一个购买主体一份，各自一个事务。"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Organisation
from budgeting import forms, services
from budgeting.models import ReplyStatus
from budgeting.selectors.decisions import ReplyGroup, replies_visible_to, reply_groups_ready
from core.money import capital, format_yuan
from core.transitions import NotOffered
from core.views.acts import (
    SignedInRequest,
    require_right,
)
from core.views.batch import BatchPage, Item, batch_page, ticked, ticked_pks

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
EACH = "一份一份办理，各记各的历史；一份不成，不影响其他各份。"


@form_or_act
def prepare_replies(request: SignedInRequest) -> HttpResponse:
    """Draw up one reply for each purchaser and year that has decided projects waiting."""
    acting = require_right(request, "budgeting.prepare_reply")
    bureau = acting.organisation
    ready = {g.key: g for g in reply_groups_ready(request.user, bureau.jurisdiction)}
    wanted = ticked(request, "group") or list(ready)
    items = [_prepare_item(ready[k], bureau) if k in ready else _gone(k) for k in wanted]
    page = BatchPage(
        title="成批拟制批复",
        back=reverse("budgeting:replies"),
        form_class=forms.PlainItem,
        note=f"按审定金额拟制；拟制时不取文号、不动资金。{EACH}",
        empty="没有已审定而未拟制批复的项目。",
        extra={"param": "group", "back_title": "批复"},
    )
    return batch_page(request, items, page)


def _prepare_item(group: ReplyGroup, bureau: Organisation) -> Item:
    lines = [(p, p.decided_fen) for p in group.projects]
    total = sum(fen for _, fen in lines)
    return Item(
        key=group.key,
        title=f"{group.purchaser} {group.year} 年",
        about=f"{len(lines)} 个项目",
        url=f"{reverse('budgeting:new_reply')}?group={group.key}",
        facts=(
            *((p.name, f"{format_yuan(fen)} 元") for p, fen in lines),
            ("合计", f"{format_yuan(total)} 元，{capital(total)}"),
        ),
        run=partial(
            services.prepare_reply, group.purchaser, bureau=bureau, year=group.year, lines=lines
        ),
        shown_as=";".join(f"{p.pk}:{fen}" for p, fen in lines),
    )


def _gone(key: str) -> Item:
    """A group offered before and no longer: somebody else drew up its reply meanwhile."""
    return Item(
        key=key,
        title=f"所选的一份（{key}）",
        url=reverse("budgeting:replies"),
        run=_refuse,
        blocked="已没有审定而未拟制批复的项目",
    )


def _refuse(**_values: Any) -> None:
    raise NotOffered("拟制批复", "已没有审定而未拟制批复的项目")


@form_or_act
def issue_replies(request: SignedInRequest) -> HttpResponse:
    """Issue several drafts at once; those ticked on the list, else all that wait."""
    acting = require_right(request, "budgeting.issue_reply")
    rows = replies_visible_to(request.user).filter(
        purchaser__organisation__jurisdiction=acting.organisation.jurisdiction
    )
    pks = ticked_pks(request, "reply")
    drafts = rows.filter(pk__in=pks) if pks else rows.filter(status=ReplyStatus.DRAFT)
    items = [_issue_item(row, services.issue_reply) for row in drafts.order_by("pk")]
    page = BatchPage(
        title="成批签发批复",
        back=reverse("budgeting:replies"),
        form_class=forms.PlainItem,
        note=f"签发时取得文号、预留资金，所列项目进入采购环节。{EACH}",
        empty="没有待签发的批复。",
        extra={"param": "reply", "back_title": "批复"},
    )
    return batch_page(request, items, page)


def _issue_item(row: Any, service: Callable[..., Any]) -> Item:
    lines = row.lines.select_related("project").order_by("project_id")
    return Item(
        key=str(row.pk),
        title=str(row),
        about=f"{row.line_count} 个项目",
        url=row.get_absolute_url(),
        facts=(
            *((line.project.name, f"{format_yuan(line.approved_fen)} 元") for line in lines),
            ("合计", f"{format_yuan(row.total_fen or 0)} 元"),
        ),
        run=partial(service, row),
        subject=row,
        move="issue",
    )
