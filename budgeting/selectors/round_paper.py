"""一个购买主体一个年度的控制数编报对照表：印制的内容，谁在哪一轮签办。"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.models import User
from budgeting.models import ROUNDS, CeilingRound, Round
from budgeting.selectors.rounds import RoundLine, round_lines, totals
from core.documents.models import Document
from core.history.values import reference
from projects.models import Purchaser

KIND = "budgeting.round_sheet"
# 表上的各栏：轮次的数，最后是现行控制数。
COLUMNS = (*((str(name), str(Round(name).label)) for name in ROUNDS), ("ceiling_fen", "现行控制数"))
DIFFERENCES = (("cut_fen", "一下比一上"), ("second_cut_fen", "二下比二上"))


def signed_off(lines: Iterable[RoundLine]) -> list[CeilingRound]:
    """各轮现在有效的每一份，谁在哪一天签办；按购买主体、轮次、资金来源。"""
    rows = [row for line in lines for row in line.rounds.values()]
    places = {name: place for place, name in enumerate(ROUNDS)}
    return sorted(rows, key=lambda r: (r.purchaser_id, places[Round(r.round)], r.fund_id))


def round_sheet_context(purchaser: Purchaser, year: int, user: User, *, on: date) -> dict[str, Any]:
    """印制的内容；金额为分，没有办的轮次为 None。"""
    lines = round_lines(user, year, purchaser=purchaser)
    sums = totals(lines)
    return {
        "purchaser": str(purchaser),
        "year": year,
        "made_on": on.isoformat(),
        "columns": [title for _, title in COLUMNS],
        "lines": [
            {
                "fund": str(line.fund),
                "amounts": [_amount(line, name) for name, _ in COLUMNS],
                "differences": [
                    [title, fen]
                    for name, title in DIFFERENCES
                    if (fen := getattr(line, name)) is not None
                ],
            }
            for line in lines
        ],
        "sums": [sums[name] for name, _ in COLUMNS],
        "carried_fen": sum(line.carried_fen or 0 for line in lines),
        "signed": [
            {
                "round": str(row.get_round_display()),
                "fund": str(row.fund),
                "amount_fen": row.amount_fen,
                "number": row.number,
                "on": row.stated_on.isoformat(),
                "by": row.stated_by.full_name if row.stated_by else "",
            }
            for row in signed_off(lines)
        ],
    }


def _amount(line: RoundLine, name: str) -> int | None:
    return line.ceiling_fen if name == "ceiling_fen" else line.fen(name)


def round_papers(purchasers: Iterable[Purchaser], year: int) -> list[Document]:
    """已经印制的对照表，近的在前。"""
    subjects = [reference(purchaser) for purchaser in purchasers]
    rows = Document.objects.filter(kind=KIND, subject__in=subjects, context__year=year)
    return list(rows.order_by("-pk"))
