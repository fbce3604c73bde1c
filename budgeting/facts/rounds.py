"""控制数编报所问的事实：这一项资金已经走到哪一轮；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass

from budgeting.models import ROUNDS, Ceiling, CeilingRound, Round
from core.rules import Context
from projects.models import FundSource, Purchaser


@dataclass(frozen=True)
class RoundFacts:
    """拟办的轮次，最近一次办的轮次，是否已经不经轮次直接下达。"""

    page: str
    fund: str
    asked: str
    last: str
    is_set_directly: bool


def last_round(purchaser: Purchaser, year: int, fund: FundSource) -> str:
    """最近一次办的轮次；没有编报过的为空。"""
    rows = CeilingRound.objects.of(purchaser, year).filter(fund=fund)
    found = rows.order_by("-pk").values_list("round", flat=True).first()
    return found or ""


def allowed_rounds(last: str) -> tuple[str, ...]:
    """可以办的轮次：更正最近的一轮，或者办下一轮。"""
    if not last:
        return (Round.FIRST_UP,)
    at = ROUNDS.index(Round(last))
    return ROUNDS[at : at + 2]


def round_facts(_scope: object, context: Context) -> RoundFacts:
    """`context.data`：购买主体、年度、资金来源、拟办的轮次。"""
    purchaser, year, fund = (context.data[name] for name in ("purchaser", "year", "fund"))
    last = last_round(purchaser, year, fund)
    held = Ceiling.objects.filter(purchaser=purchaser, year=year, fund=fund, set_on__isnull=False)
    return RoundFacts(
        page=f"/budget/ceilings/rounds/?year={year}&purchaser={purchaser.pk}",
        fund=f"{year} 年{fund}",
        asked=context.data["round"],
        last=last,
        is_set_directly=not last and held.exists(),
    )
