"""一池资金的下达缺口：怎样形成，哪些项目依靠它，凭什么平衡了多少；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from budgeting.facts.balancing import cuttable, targets
from budgeting.facts.released import Pool, governed, pool_of, pools
from budgeting.models import (
    BALANCING,
    AdjustmentStatus,
    Allocation,
    BudgetAdjustment,
    Ceiling,
    FundRelease,
)
from budgeting.selectors.badges import badge_of
from projects.models import FundSource, Package, Project, Purchaser


@dataclass(frozen=True)
class Balanced:
    """一件使缺口变动的文件：一次下达（冲减），或者一次资金调剂、核减；没有批准的没有前后。"""

    on: date
    kind: str
    number: str
    what: str
    amount_fen: int
    before_fen: int | None
    after_fen: int | None
    badge: dict[str, str] | None = None
    project: Project | None = None


@dataclass(frozen=True)
class Shortfall:
    """一池资金的一页。"""

    fund: FundSource
    year: int
    purchaser: Purchaser | None
    pool: Pool
    is_asked: bool
    lines: tuple[Allocation, ...]
    balanced: tuple[Balanced, ...]

    @property
    def gap_fen(self) -> int:
        """缺口（分）；不问下达的资金没有缺口。"""
        return self.pool.gap_fen if self.is_asked else 0

    @property
    def beyond_fen(self) -> int:
        """其中已经承诺和支付的（分）：只有补记下达能平衡。"""
        return self.pool.beyond_fen if self.is_asked else 0

    @property
    def name(self) -> str:
        return self.purchaser.organisation.short_name if self.purchaser else "全辖区"


def shortfall(user: User, ceiling: Ceiling) -> Shortfall:
    """这项控制数所用的一池：缺口，还有预留的各条分配，使缺口变动的各件文件，近的在前。"""
    pool = pool_of(ceiling)
    ceilings = _ceilings(user, pool)
    lines = Allocation.objects.filter(ceiling__in=ceilings, reserved_fen__gt=0)
    near = ("project__purchaser__organisation", "ceiling__fund")
    rows = [*_released(user, pool), *_adjusted(user, ceilings)]
    return Shortfall(
        ceiling.fund,
        ceiling.year,
        ceiling.purchaser if pool.purchaser else None,
        pool,
        governed(ceiling.fund, ceiling.year),
        tuple(lines.select_related(*near).order_by("-reserved_fen", "pk")),
        tuple(sorted(rows, key=lambda row: row.on, reverse=True)),
    )


def balancing_choices(
    project: Project,
) -> tuple[QuerySet[Allocation], QuerySet[Ceiling], QuerySet[Package]]:
    """项目有预留的各条分配，可以改由承担的控制数，可以核减的采购包。"""
    rows = Allocation.objects.filter(project=project, reserved_fen__gt=0)
    lines = rows.select_related("ceiling__fund", "ceiling__purchaser").order_by("pk")
    wanted = {pk for line in lines for pk in targets(line).values_list("pk", flat=True)}
    borne = Ceiling.objects.filter(pk__in=wanted).select_related("fund").order_by("pk")
    return lines, borne, cuttable(project)


def _ceilings(user: User, pool: Pool) -> QuerySet[Ceiling]:
    """用这一池的各项控制数，限看得见的；另有自己一池的购买主体不在其中。"""
    rows = Ceiling.objects.visible_to(user).filter(fund=pool.fund, year=pool.year)
    if pool.purchaser:
        return rows.filter(purchaser=pool.purchaser)
    apart = [each.purchaser for each in pools(pool.fund, pool.year) if each.purchaser]
    return rows.exclude(purchaser__in=apart)


def _released(user: User, pool: Pool) -> list[Balanced]:
    here = {"fund": pool.fund, "year": pool.year, "purchaser": pool.purchaser}
    return [
        Balanced(
            row.recorded_on,
            "冲减下达" if row.corrects_id else "资金下达",
            row.number,
            row.issuer,
            row.amount_fen,
            row.gap_before_fen,
            row.gap_after_fen,
        )
        for row in FundRelease.objects.visible_to(user).filter(**here).order_by("-pk")
    ]


def _adjusted(user: User, ceilings: QuerySet[Ceiling]) -> list[Balanced]:
    rows = BudgetAdjustment.objects.visible_to(user).with_case()
    live = (AdjustmentStatus.APPROVED, AdjustmentStatus.DRAFTED)
    wanted = rows.filter(kind__in=BALANCING, allocation__ceiling__in=ceilings, status__in=live)
    return [
        Balanced(
            row.decided_on or row.drafted_on,
            row.get_kind_display(),
            row.number,
            _words(row),
            row.amount_fen,
            row.gap_before_fen,
            row.gap_after_fen,
            badge_of(row),
            row.project,
        )
        for row in wanted.order_by("-pk")
    ]


def _words(row: BudgetAdjustment) -> str:
    if row.target is not None:
        return f"改由{row.target.fund}承担"
    return f"核减{row.package}" if row.package is not None else ""
