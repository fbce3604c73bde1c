"""资金台账各页取数：一个口径（谁看、哪些条件），各处同用；合计都在数据库里算，金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.models import User
from budgeting.models import BUCKETS, TAKEN, UNRESERVED, Allocation, Ceiling, LedgerEntry
from projects.models import FundLine, FundSource, Programme, Project, Purchaser

FEN = F("amount_fen")
# 台账上的各数：从哪里来、叫什么、怎么读。
FIGURES = {
    "approved": ("批复", "批复的数，连同上年结转进来的"),
    "reserved": ("预留", "批复了，还没有签合同的"),
    "committed": ("承诺", "签了合同，还没有支付的"),
    "paid": ("已付", "已经支付、没有退回的"),
    "released": ("已释放", "不再使用，退回控制数的"),
    "carried": ("已结转", "未付的承诺，结转到下一年度的"),
    "unreserved": ("未动用", "批复减其余各项，可用于补充合同的"),
}
AMOUNTS: dict[str, Combinable] = {
    f"{name}_fen": F(f"{name}_fen") for name in FIGURES if name != "unreserved"
}
AMOUNTS["unreserved_fen"] = UNRESERVED


def effects(figure: str) -> dict[str, int]:
    """一个数由哪几种分录加减而成：`{种类: 1 或 -1}`；一种分录两头相抵的不在其内。"""
    if figure != "unreserved":
        added, taken = BUCKETS[f"{figure}_fen"]
        return dict.fromkeys(added, 1) | dict.fromkeys(taken, -1)
    net: dict[str, int] = {}
    for bucket in ("approved_fen", *TAKEN):
        side = 1 if bucket == "approved_fen" else -1
        for kind, sign in effects(bucket.removesuffix("_fen")).items():
            net[kind] = net.get(kind, 0) + side * sign
    return {kind: sign for kind, sign in net.items() if sign}


@dataclass(frozen=True)
class Slice:
    """台账的一个口径：看得见的当中，符合条件的。"""

    user: User
    year: int | None = None
    purchaser: Purchaser | None = None
    fund: FundSource | None = None
    programme: str | None = None
    project: int | None = None
    line: int | None = None

    def ceilings(self) -> QuerySet[Ceiling]:
        """控制数；只按年度、购买主体、资金来源筛选。"""
        rows = Ceiling.objects.visible_to(self.user)
        return rows.filter(**self._given("", year="year", purchaser="purchaser", fund="fund"))

    def has_ceilings(self) -> bool:
        """按项目、按特定目标类筛选的，没有控制数可言。"""
        return self.project is None and self.programme is None and self.line is None

    def allocations(self) -> QuerySet[Allocation]:
        """资金分配。"""
        rows = Allocation.objects.filter(ceiling__in=Ceiling.objects.visible_to(self.user))
        given = self._given(
            "",
            year="ceiling__year",
            purchaser="ceiling__purchaser",
            fund="ceiling__fund",
            programme="project__programme",
            project="project",
            line="pk",
        )
        return rows.filter(**given)

    def entries(self) -> QuerySet[LedgerEntry]:
        """台账分录。"""
        return LedgerEntry.objects.filter(allocation__in=self.allocations())

    def filings(self) -> QuerySet[FundLine]:
        """已提交的申报，按资金来源的各行。"""
        seen = Purchaser.objects.visible_to(self.user)
        rows = FundLine.objects.filter(project__purchaser__in=seen, project__filed_on__isnull=False)
        given = self._given(
            "",
            year="project__year",
            purchaser="project__purchaser",
            fund="fund",
            programme="project__programme",
            project="project",
        )
        return rows.filter(**given) if self.line is None else rows.none()

    def _given(self, prefix: str, **paths: str) -> dict[str, Any]:
        asked = {path: getattr(self, name) for name, path in paths.items()}
        return {prefix + path: value for path, value in asked.items() if value is not None}


def totals(part: Slice) -> dict[str, int | None]:
    """一个口径的各项合计（分）；没有控制数可言的，控制数为 None。"""
    sums = {f"sum_{name}": Coalesce(Sum(amount), 0) for name, amount in AMOUNTS.items()}
    rows = part.allocations().aggregate(**sums)
    found = {name.removeprefix("sum_"): fen for name, fen in rows.items()}
    found["filed_fen"] = part.filings().aggregate(n=Coalesce(Sum(FEN), 0))["n"]
    found["ceiling_fen"] = None
    if part.has_ceilings():
        found["ceiling_fen"] = part.ceilings().aggregate(n=Coalesce(Sum(FEN), 0))["n"]
    return found


# --- 按什么归并 ----------------------------------------------------------------------------------


def _sum(rows: QuerySet[Any], by: str, amount: Combinable) -> Coalesce:
    own = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    summed = own.annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(summed, BigIntegerField()), 0)


def _with_sums(rows: QuerySet[Any], part: Slice, lines_by: str, filed_by: str) -> QuerySet[Any]:
    """附各项合计；一条分配、一行申报都没有的不列。"""
    lines, filings = part.allocations(), part.filings()
    own_lines = lines.filter(**{lines_by: OuterRef("pk")})
    own_filings = filings.filter(**{filed_by: OuterRef("pk")})
    wanted: Any = Exists(own_lines) | Exists(own_filings)
    if part.has_ceilings() and lines_by.startswith("ceiling__"):
        own = part.ceilings().filter(**{lines_by.removeprefix("ceiling__"): OuterRef("pk")})
        wanted |= Exists(own)
    found: QuerySet[Any] = rows.filter(wanted).annotate(
        **{f"sum_{name}": _sum(lines, lines_by, amount) for name, amount in AMOUNTS.items()},
        sum_filed_fen=_sum(filings, filed_by, FEN),
    )
    return found


def _with_ceilings(rows: QuerySet[Any], part: Slice, by: str) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.annotate(sum_ceiling_fen=_sum(part.ceilings(), by, FEN))
    return found


def by_purchaser(part: Slice) -> QuerySet[Any]:
    """各购买主体：各项合计，连同控制数。"""
    units = Purchaser.objects.visible_to(part.user).select_related("organisation")
    rows = _with_sums(units, part, "ceiling__purchaser", "project__purchaser")
    return _with_ceilings(rows, part, "purchaser")


def by_fund(part: Slice) -> QuerySet[Any]:
    """各资金来源：各项合计，连同控制数。"""
    rows = _with_sums(FundSource.objects.all(), part, "ceiling__fund", "fund")
    return _with_ceilings(rows, part, "fund")


def by_project(part: Slice) -> QuerySet[Any]:
    """各项目：各项合计。"""
    rows = Project.objects.filter(purchaser__in=Purchaser.objects.visible_to(part.user))
    return _with_sums(rows.with_owner(), part, "project", "project")


@dataclass
class ProgrammeYear:
    """一类项目资金的一个年度；`sum_…_fen` 与其余各表的行同名（分）。"""

    programme: str
    year: int
    sums: dict[str, int]

    def __str__(self) -> str:
        return f"{self.year} 年　{Programme(self.programme).label}"

    @property
    def key(self) -> str:
        return f"{self.programme or 'none'}-{self.year}"

    def __getattr__(self, name: str) -> int:
        if name.startswith("sum_"):
            return int(self.__dict__["sums"].get(name.removeprefix("sum_"), 0))
        raise AttributeError(name)


def by_programme(part: Slice) -> list[ProgrammeYear]:
    """各类项目资金（《平湖办法》第七条四类，连同不属于的）逐年的合计；两次查询。"""
    found: dict[tuple[int, str], dict[str, int]] = {}
    sums = {f"sum_{name}": Sum(amount) for name, amount in AMOUNTS.items()}
    lines = part.allocations().order_by().values_list("ceiling__year", "project__programme")
    for year, programme, *amounts in lines.annotate(**sums):
        found[year, programme] = dict(zip(AMOUNTS, amounts, strict=True))
    filings = part.filings().order_by().values_list("project__year", "project__programme")
    for year, programme, total in filings.annotate(total=Sum(FEN)):
        found.setdefault((year, programme), {})["filed_fen"] = total
    order = [str(value) for value in Programme.values]
    keys = sorted(found, key=lambda key: (-key[0], order.index(key[1])))
    return [ProgrammeYear(programme, year, found[year, programme]) for year, programme in keys]


# --- 一个数的来历 --------------------------------------------------------------------------------


def entries_of(part: Slice, figure: str) -> QuerySet[Any]:
    """构成一个数的分录，附 `signed_fen`：加在其中为正，减在其中为负。"""
    signs = effects(figure)
    taken = [kind for kind, sign in signs.items() if sign < 0]
    rows: QuerySet[Any] = part.entries().filter(kind__in=signs)
    found: QuerySet[Any] = rows.annotate(
        signed_fen=Case(
            When(kind__in=taken, then=-FEN), default=FEN, output_field=BigIntegerField()
        )
    ).select_related("allocation__project__purchaser__organisation", "allocation__ceiling__fund")
    return found


@dataclass(frozen=True)
class Proof:
    """一个数与构成它的分录：两处各算一遍。"""

    shown_fen: int
    entries_fen: int
    count: int

    @property
    def agrees(self) -> bool:
        return self.shown_fen == self.entries_fen


def proof_of(part: Slice, figure: str) -> Proof:
    """台账页上的数（各分配的这一桶）与分录之和；两次查询，与行数无关。"""
    shown = part.allocations().aggregate(n=Coalesce(Sum(AMOUNTS[f"{figure}_fen"]), 0))["n"]
    rows = entries_of(part, figure).aggregate(
        n=Coalesce(Sum("signed_fen"), 0), count=Coalesce(Sum(1), 0)
    )
    return Proof(shown, rows["n"], rows["count"])


def ledger_years(user: User) -> list[int]:
    """有控制数的年度，最近的在前。"""
    rows = Ceiling.objects.visible_to(user).order_by("-year").values_list("year", flat=True)
    return list(rows.distinct())


def funds_of(user: User) -> QuerySet[FundSource]:
    """看得见的控制数所属的资金来源。"""
    held = Ceiling.objects.visible_to(user).order_by().values("fund")
    return FundSource.objects.filter(Q(pk__in=held))
