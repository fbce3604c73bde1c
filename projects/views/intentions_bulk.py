"""意向清单的成批复核：勾选的几条，或者规则判得准的各条；一条一个事务，逐条说明结果。"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from core.money import format_wanyuan
from core.regulations import article_by_code
from core.views.acts import SignedInRequest, require_right
from core.views.batch import BatchPage, Item, batch_page, ticked_pks
from projects.forms.intentions import DecideItem
from projects.models import (
    IntentionList,
    IntentionListStatus,
    IntentionOutcome,
    ListedIntention,
)
from projects.models.intention import SCREEN
from projects.services import decide_intention
from projects.views.intentions import ground_text

CERTAIN = "certain"


@require_http_methods(["GET", "HEAD", "POST"])
def decide_bulk(request: SignedInRequest, pk: int) -> HttpResponse:
    """逐条确认或者改判；与判断相同的即确认，不同的须写明理由。"""
    seen = IntentionList.objects.visible_to(request.user).whole()
    intentions = get_object_or_404(seen, pk=pk)
    require_right(request, SCREEN)
    page = BatchPage(
        title="成批复核意向",
        back=intentions.get_absolute_url(),
        form_class=DecideItem,
        note="与判断相同的即确认；改判的、判断为“需人工复核”的，逐条写明理由。不办的去掉勾选。",
        empty="没有选中可以复核的意向。请返回清单勾选。",
        extra={"back_title": str(intentions), "param": "row"},
    )
    return batch_page(request, [_item(row) for row in _chosen(request, intentions)], page)


def _chosen(request: SignedInRequest, intentions: IntentionList) -> list[ListedIntention]:
    rows = ListedIntention.objects.filter(intentions=intentions)
    if request.GET.get("scope") == CERTAIN and request.method != "POST":
        return list(rows.certain().order_by("line"))
    return list(rows.filter(pk__in=ticked_pks(request, "row")).order_by("line"))


def _item(row: ListedIntention) -> Item:
    grounds: list[tuple[str, Any]] = [
        (article_by_code(g["code"]).short, ground_text(g)) for g in row.grounds
    ]
    amount = format_wanyuan(row.amount_fen) if row.amount_fen is not None else None
    settled = row.judged if row.judged != IntentionOutcome.REVIEW else ""
    return Item(
        key=str(row.pk),
        title=str(row),
        about=row.unit,
        url=f"{row.intentions.get_absolute_url()}#row-{row.line}",
        facts=(("预算金额（万元）", amount), ("判断", row.get_judged_display()), *grounds),
        run=partial(decide_intention, row),
        blocked=_blocked(row),
        initial={
            "outcome": row.outcome if row.is_decided else settled,
            "reason": row.decided_reason,
            "judged": row.judged,
        },
        # 打开之后有人改定过的，不覆盖。
        shown_as=f"{row.outcome}-{row.decided_by_id or 0}",
    )


def _blocked(row: ListedIntention) -> str:
    if row.intentions.status != IntentionListStatus.OPEN:
        return f"清单{row.intentions.get_status_display()}，不能再复核"
    return "以前已经写入计划，不必复核" if row.outcome == IntentionOutcome.KNOWN else ""
