"""控制数编报对照表：各购买主体、各资金来源的一上、一下、二上、二下和差额；金额单位为分。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum

from accounts.models import User
from budgeting.facts.rounds import allowed_rounds
from budgeting.models import DOWN, ROUNDS, UP, Ceiling, CeilingRound, Round, available
from projects.models import ENDED_STAGES, FundLine, FundSource, Purchaser


def filed_by_fund(purchaser: Purchaser, year: int) -> dict[int, tuple[int, int]]:
    """某年度已填报、没有结束的项目，按资金来源：`{资金来源: (合计（分）, 项目数)}`。"""
    rows = FundLine.objects.filter(project__purchaser=purchaser, project__year=year)
    sums = rows.exclude(project__stage__in=ENDED_STAGES).order_by().values_list("fund")
    found = sums.annotate(total=Sum("amount_fen"), count=Count("project", distinct=True))
    return {fund: (total, count) for fund, total, count in found}


Differences = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class RoundCell:
    """对照表的一格（分）：一个数，和它与别的轮次的差额。"""

    fen: int | None
    differences: Differences = ()


def _given(differences: Differences) -> Differences:
    return tuple(pair for pair in differences if pair[1] is not None)


SHOWN = (*(str(name) for name in ROUNDS), "ceiling_fen", "allocated_fen")


@dataclass
class RoundLine:
    """对照表的一行：一个购买主体的一项资金。没有办的轮次为 None。"""

    purchaser: Purchaser
    year: int
    fund: FundSource
    rounds: dict[str, CeilingRound] = field(default_factory=dict)
    last: str = ""
    ceiling: Ceiling | None = None

    def fen(self, name: str) -> int | None:
        row = self.rounds.get(name)
        return row.amount_fen if row else None

    @property
    def cut_fen(self) -> int | None:
        """一下比一上。"""
        return _difference(self.fen(Round.FIRST_DOWN), self.fen(Round.FIRST_UP))

    @property
    def second_cut_fen(self) -> int | None:
        """二下比二上。"""
        return _difference(self.fen(Round.SECOND_DOWN), self.fen(Round.SECOND_UP))

    @property
    def moved_fen(self) -> int | None:
        """二下比一下。"""
        return _difference(self.fen(Round.SECOND_DOWN), self.fen(Round.FIRST_DOWN))

    @property
    def ceiling_fen(self) -> int | None:
        return self.ceiling.amount_fen if self.ceiling else None

    @property
    def carried_fen(self) -> int | None:
        return self.ceiling.carried_in_fen if self.ceiling else None

    @property
    def allocated_fen(self) -> int | None:
        return self.ceiling.allocated_fen if self.ceiling else None

    @property
    def left_fen(self) -> int | None:
        return available(self.ceiling) if self.ceiling else None

    @property
    def cells(self) -> tuple[RoundCell, ...]:
        """页面上的各格：轮次的数，差额写在数下；现行控制数；已分配。"""
        beside = {
            Round.FIRST_DOWN: (("比一上", self.cut_fen),),
            Round.SECOND_DOWN: (("比二上", self.second_cut_fen), ("比一下", self.moved_fen)),
        }
        rounds = [RoundCell(self.fen(name), _given(beside.get(name, ()))) for name in ROUNDS]
        return (*rounds, RoundCell(self.ceiling_fen), RoundCell(self.allocated_fen))

    @property
    def last_down(self) -> CeilingRound | None:
        """现行的一份：最后一“下”。"""
        down = [row for name, row in self.rounds.items() if name in DOWN]
        return max(down, key=lambda row: row.pk, default=None)

    @property
    def state(self) -> str:
        """走到哪一轮。"""
        if self.last:
            return f"已{Round(self.last).label}"
        return "直接下达" if self.ceiling and self.ceiling.set_on else "未编报"


def _difference(later: int | None, earlier: int | None) -> int | None:
    return None if later is None or earlier is None else later - earlier


AMOUNTS: tuple[tuple[str, str], ...] = (
    *((str(name), str(Round(name).label)) for name in ROUNDS),
    ("cut_fen", "一下比一上"),
    ("second_cut_fen", "二下比二上"),
    ("moved_fen", "二下比一下"),
    ("ceiling_fen", "现行控制数"),
    ("allocated_fen", "已分配"),
)


def amount_of(line: RoundLine, name: str) -> int | None:
    """对照表一格的数（分）。"""
    if name in ROUNDS:
        return line.fen(name)
    value: int | None = getattr(line, name)
    return value


def totals(lines: Iterable[RoundLine]) -> dict[str, int | None]:
    """各栏合计（分）；一格都没有的为 None。"""
    rows = list(lines)
    sums: dict[str, int | None] = {}
    for name, _ in AMOUNTS:
        found = [fen for line in rows if (fen := amount_of(line, name)) is not None]
        sums[name] = sum(found) if found else None
    return sums


def round_lines(
    user: User,
    year: int,
    *,
    purchaser: Purchaser | None = None,
    fund: FundSource | None = None,
) -> list[RoundLine]:
    """看得见的各行，按购买主体、资金来源；两次查询，与行数无关。"""
    asked = {"year": year, "purchaser": purchaser, "fund": fund}
    given = {name: value for name, value in asked.items() if value is not None}
    found: dict[tuple[int, int], RoundLine] = {}
    near = ("purchaser__organisation", "fund")
    rows: Any = (
        CeilingRound.objects.visible_to(user).filter(**given).select_related(*near, "stated_by")
    )
    for row in rows.order_by("pk"):
        line = _line(found, row)
        line.rounds[row.round] = row
        line.last = row.round
    for ceiling in Ceiling.objects.visible_to(user).filter(**given).select_related(*near):
        _line(found, ceiling).ceiling = ceiling
    return [found[key] for key in sorted(found)]


def _line(found: dict[tuple[int, int], RoundLine], row: CeilingRound | Ceiling) -> RoundLine:
    key = (row.purchaser_id, row.fund_id)
    if key not in found:
        found[key] = RoundLine(row.purchaser, row.year, row.fund)
    return found[key]


def round_years(user: User) -> list[int]:
    """有编报或者控制数的年度，最近的在前。"""
    years = set(CeilingRound.objects.visible_to(user).values_list("year", flat=True))
    years |= set(Ceiling.objects.visible_to(user).values_list("year", flat=True))
    return sorted(years, reverse=True)


@dataclass(frozen=True)
class Statement:
    """一页表单：轮到哪一轮，各资金来源的预填数和比对数。"""

    round: str
    lines: tuple[StatementLine, ...]

    @property
    def label(self) -> str:
        return str(Round(self.round).label) if self.round else ""


@dataclass(frozen=True)
class StatementLine:
    fund: FundSource
    suggested_fen: int | None
    filed_fen: int
    filed_count: int
    before: tuple[tuple[str, int], ...]
    floor_fen: int


def next_statement(purchaser: Purchaser, year: int, user: User, *, up: bool) -> Statement:
    """购买主体（`up`）或者财政现在可办的一轮，及其各资金来源；轮不到的为空。

    各资金来源走到的轮次不同的，先办较早的一轮；预填：上为已填报项目的合计，下为最近一“上”，
    更正的为原数。
    """
    lines = {line.fund.pk: line for line in round_lines(user, year, purchaser=purchaser)}
    filed = filed_by_fund(purchaser, year)
    funds = FundSource.objects.filter(jurisdiction=purchaser.organisation.jurisdiction)
    turns: dict[str, list[StatementLine]] = defaultdict(list)
    for fund in funds.order_by("pk"):
        line = lines.get(fund.pk) or RoundLine(purchaser, year, fund)
        name = _turn(line, up=up)
        if name:
            turns[name].append(_statement_line(line, name, filed.get(fund.pk, (0, 0))))
    first = next((name for name in ROUNDS if turns.get(name)), "")
    return Statement(str(first), tuple(turns.get(first, ())))


def _turn(line: RoundLine, *, up: bool) -> str:
    """这一行现在由这一方办的最晚的一轮；没有的为空。"""
    if not line.last and line.ceiling is not None and line.ceiling.set_on is not None:
        return ""
    mine = UP if up else (Round.FIRST_DOWN, Round.SECOND_DOWN)
    turns = [name for name in allowed_rounds(line.last) if name in mine]
    return turns[-1] if turns else ""


def _statement_line(line: RoundLine, name: str, filed: tuple[int, int]) -> StatementLine:
    stated = [line.rounds[name] for name in ROUNDS if name in line.rounds]
    last_up = [row.amount_fen for row in stated if row.round in UP]
    suggested = filed[0] if name in UP else next(reversed(last_up), 0)
    if line.last == name:  # a correction begins from what was stated
        suggested = line.rounds[name].amount_fen
    floor = (line.allocated_fen or 0) - (line.carried_fen or 0)
    return StatementLine(
        fund=line.fund,
        suggested_fen=suggested or None,
        filed_fen=filed[0],
        filed_count=filed[1],
        before=tuple((str(row.get_round_display()), row.amount_fen) for row in stated),
        floor_fen=max(floor, 0),
    )
