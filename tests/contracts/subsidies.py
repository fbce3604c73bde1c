"""Steps of the subsidy path: a subsidy approved, allotted, released, reported, each by its desk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from budgeting.models import Allocation, Ceiling
from budgeting.services import ledger_differences, record_release, set_ceiling
from config.demo.papers import studied
from contracts.models import SpendingReport, SubsidyShare
from contracts.services import subsidy as services
from projects.models import Project
from projects.services import EstimateInput, FundInput, register_fund
from tests.staging import staged
from tests.steps import fresh, reply
from tests.world import SINCE, World

ALLOTTED, RELEASED, REPORTED, CHECKED = (
    date(2026, 2, 10),
    date(2026, 2, 20),
    date(2026, 3, 31),
    date(2026, 4, 2),
)
CENTRES = ("当湖", "钟埭", "曹桥", "乍浦", "林埭", "新埭", "新仓", "独山港")
EACH_FEN, TOTAL_FEN = 10_000_000, 80_000_000


def centres(*amounts: int) -> list[dict[str, Any]]:
    """Eight shares, alike unless amounts are given."""
    given = amounts or (EACH_FEN,) * len(CENTRES)
    names = [f"{name}便民服务中心" for name in CENTRES] + ["第九便民服务中心"]
    return [{"recipient": n, "amount_fen": fen} for n, fen in zip(names, given, strict=False)]


def subsidy_filing(world: World, **changes: Any) -> dict[str, Any]:
    """What makes `world.filing()` a complete filing of 镇街道便民服务中心补助, from two funds."""
    item = world.item("C23070100")
    line = EstimateInput("日常运行补助", item, Decimal(8), "个", EACH_FEN, "transfer")
    odd = 29_999_999
    return {
        "name": "2026 年镇街道便民服务中心补助",
        "programme": "township_subsidy",
        "kind": "subsidy",
        "duty": "指导协调镇街道便民服务中心建设工作",
        **studied(date(2025, 10, 13)),
        "leading_group_minutes": "领导小组纪要〔2025〕9号",
        "catalogue_item": item,
        "estimate": [line],
        "funds": [
            world.fund(TOTAL_FEN - odd, "本级财政管理资金"),
            FundInput(upper_transfer(world), odd),
        ],
        **changes,
    }


@staged
def upper_transfer(world: World) -> Any:
    """A second fund with its ceiling, so that every posting has to be spread."""
    fund = register_fund(
        world.jurisdiction, kind="upper_transfer", name="上级转移支付资金", by=None, on=SINCE
    )
    set_ceiling(
        world.purchasers["文旅委"],
        year=2026,
        fund=fund,
        amount_fen=TOTAL_FEN,
        number="示财预〔2025〕13号",
        **world.zhao.acts(SINCE),
    )
    record_release(
        fund,
        year=2026,
        purchaser=None,
        amount_fen=TOTAL_FEN,
        number="市财下〔2025〕6号",
        released_on=SINCE,
        issuer="市财政局",
        **world.zhao.acts(SINCE),
    )
    return fund


@staged
def approved(world: World) -> Project:
    """A subsidy in 实施, its money reserved."""
    reply(world, **subsidy_filing(world))
    return Project.objects.latest("pk")


@staged
def allotted(world: World, project: Project | None = None) -> list[SubsidyShare]:
    project = project or approved(world)
    services.allot_subsidy(project, shares=centres(), **world.zhang.acts(ALLOTTED))
    return list(SubsidyShare.objects.filter(project=project))


@staged
def release(world: World, share: SubsidyShare, fen: int, **shown: Any) -> Any:
    values = {"amount_fen": fen, "voucher": "国库〔2026〕0007"}
    return services.release_part(share, **values, **world.zhao.acts(RELEASED), **shown)


def spent(*amounts: int, kind: str = "service") -> list[dict[str, Any]]:
    return [
        {"item": f"支出 {n}", "expense_kind": kind, "amount_fen": fen, "voucher": f"记 {n}"}
        for n, fen in enumerate(amounts, 1)
    ]


@staged
def report(world: World, share: SubsidyShare, *amounts: int, **shown: Any) -> SpendingReport:
    services.report_spending(
        share,
        period="2026 年第 1 季度",
        lines=spent(*amounts),
        **world.zhang.acts(REPORTED),
        **shown,
    )
    return SpendingReport.objects.latest("pk")


@staged
def accept(world: World, found: SpendingReport) -> Any:
    return services.accept_report(found, **world.wang.acts(CHECKED))


def return_part(world: World, share: SubsidyShare, fen: int, **shown: Any) -> Any:
    values = {"amount_fen": fen, "returned_on": REPORTED, "reason": "年内用不完"}
    return services.return_unspent(share, **values, **world.zhao.acts(REPORTED), **shown)


def settle(world: World, share: SubsidyShare, **values: Any) -> Any:
    return services.settle_share(
        share, **{"gives_up_rest": False, **values}, **world.wang.acts(CHECKED)
    )


@staged
def used_up(world: World, share: SubsidyShare, fen: int) -> SubsidyShare:
    """So much released, reported and accepted."""
    release(world, share, fen)
    accept(world, report(world, share, fen))
    return fresh(share)


BUCKETS = ("reserved_fen", "committed_fen", "paid_fen", "released_fen")


def buckets(project: Project) -> tuple[int, ...]:
    """Reserved, committed, paid, released; the ledger and the ceilings agree with them."""
    assert ledger_differences() == []
    rows = Allocation.objects.filter(project=project)
    sums = rows.aggregate(**{name: Sum(name) for name in BUCKETS})
    held = Ceiling.objects.filter(pk__in=rows.values("ceiling")).aggregate(n=Sum("allocated_fen"))
    assert held["n"] == TOTAL_FEN - sums["released_fen"]
    return tuple(sums[name] for name in BUCKETS)


def opened(world: World) -> dict[str, Any]:
    """A subsidy, a share of it and a report waiting to be checked: for the table of addresses."""
    share = allotted(world)[0]
    release(world, share, EACH_FEN // 2)
    return {"subsidy": share.project, "share": share, "spending": report(world, share, 1_000)}
