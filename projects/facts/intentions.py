"""筛查采购意向所问的事实：一条意向的各栏，和它的单位的登记。"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.rules import Context
from projects.models import (
    DIRECT_NATURES,
    EXCLUDED_NATURES,
    AnnualPlan,
    IntentionList,
    IntentionOutcome,
    ListedIntention,
)

_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")


@dataclass(frozen=True)
class IntentionFacts:
    """一条意向；名称和单位已去掉空白、统一全半角，金额为分。"""

    unit: str
    unit_stem: str
    name: str
    summary: str
    registered: str
    registered_label: str
    is_direct: bool
    is_excluded: bool
    is_staffed_and_funded: bool
    published_on: date | None
    month: date | None
    amount_fen: int | None
    missing: tuple[str, ...]
    unreadable: tuple[str, ...]
    duplicate_of: int
    alike_count: int
    alike_fen: int
    alike_least_fen: int


def plain(text: str) -> str:
    """统一全半角，去掉空白，供词表比对。"""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def intention_facts(row: ListedIntention, context: Context) -> IntentionFacts:
    """不另查询：单位的登记已随行取来。"""
    buyer = row.purchaser
    unit = plain(row.unit)
    return IntentionFacts(
        unit=unit,
        unit_stem=_BRACKETS.sub("", unit),
        name=plain(row.name),
        summary=plain(row.summary),
        registered=buyer.nature if buyer else "",
        registered_label=buyer.get_nature_display() if buyer else "",
        is_direct=buyer is not None and buyer.nature in DIRECT_NATURES,
        is_excluded=buyer is not None and buyer.nature in EXCLUDED_NATURES,
        is_staffed_and_funded=buyer is not None
        and buyer.has_administrative_staffing
        and buyer.is_funded_by_treasury,
        published_on=row.published_on,
        month=row.month,
        amount_fen=row.amount_fen,
        missing=tuple(row.missing),
        unreadable=tuple(row.unreadable),
        duplicate_of=row.duplicate_of,
        alike_count=row.alike_count,
        alike_fen=row.alike_fen,
        alike_least_fen=row.alike_least_fen,
    )


@dataclass(frozen=True)
class IntentionListFacts:
    """一份清单能不能确认：还有几条没有复核，可入计划的有没有放不进计划的。"""

    page: str
    undecided: tuple[str, ...]
    unplaced: tuple[tuple[str, str], ...]


def intention_list_facts(intentions: IntentionList, context: Context) -> IntentionListFacts:
    rows = list(intentions.rows.select_related("purchaser"))
    undecided = tuple(str(r) for r in rows if r.outcome == IntentionOutcome.REVIEW)
    accepted = [r for r in rows if r.outcome == IntentionOutcome.ACCEPT]
    return IntentionListFacts(intentions.get_absolute_url(), undecided, tuple(_unplaced(accepted)))


def _unplaced(rows: list[ListedIntention]) -> Iterator[tuple[str, str]]:
    """放不进计划的各条，和为什么；查询次数与条数无关。"""
    buyers = {r.purchaser_id for r in rows if r.purchaser_id}
    plans: dict[tuple[int | None, int], int] = {
        (p.purchaser_id, p.year): p.pk for p in AnnualPlan.objects.filter(purchaser__in=buyers)
    }
    taken: set[tuple[int | None, str]] = set(
        ListedIntention.objects.planned()
        .filter(plan__in=plans.values())
        .values_list("plan", "name")
    )
    for row in rows:
        plan = plans.get((row.purchaser_id, row.year))
        why = _why_not(row, plan, taken)
        if why:
            yield str(row), why
        elif plan is not None:
            taken.add((plan, row.name))


def _why_not(row: ListedIntention, plan: int | None, taken: set[tuple[int | None, str]]) -> str:
    if not row.name or row.amount_fen is None or row.month is None:
        return "名称、预算金额或预计采购时间不全"
    if row.purchaser_id is None:
        return f"“{row.unit}”没有登记为购买主体"
    if plan is None:
        return f"“{row.unit}”没有编制 {row.year} 年度计划"
    return "计划中已有同名的意向" if (plan, row.name) in taken else ""
