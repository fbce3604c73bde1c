"""Scenes of the procurement stage, and every act of it as a row of one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.recording import COVERED
from budgeting.services import set_ceiling
from procurement.models import Bid, Provider, Tender
from procurement.services import (
    abandon_tender,
    cancel_package,
    close_provider,
    debar_provider,
    decide_award,
    fail_tender,
    invalidate_bid,
    notify_award,
    open_responses,
    open_tender,
    publish_tender,
    receive_bid,
    record_preparation,
    record_refusal,
    register_intention,
    review_condition,
    revise_tender,
    start_own_purchase,
    submit_report,
)
from projects.models import Project
from projects.services import divide_packages
from tests import purchase
from tests.purchase import AWARDED, DEADLINE, DECIDED, INTENDED, NOTIFIED, PUBLISHED, REPORTED
from tests.staging import staged
from tests.steps import fresh
from tests.world import World

APPS = {"projects", "budgeting", "procurement"}
SITE = {"medium": "政府采购网", "address": "https://www.example.gov.cn/cg/1.html"}
OPEN_LIMIT, OWN_LIMIT = 400_000_000, 30_000_000
OPEN_DEADLINE = date(2026, 3, 25)
REFUSED = date(2026, 3, 30)


def day(base: date, step: int) -> date:
    return base + timedelta(days=step)


def rows_now() -> dict[str, list[Any]]:
    """Every recorded row of the stages so far: what a failed act must leave as it was."""
    models = [m for m in COVERED if m._meta.app_label in APPS]
    return {m._meta.label: list(m._base_manager.order_by("pk").values()) for m in models}


@staged
def of_amount(world: World, fen: int, **changes: Any) -> Project:
    """A project approved at exactly `fen`, its ceiling raised where needed."""
    set_ceiling(
        world.purchasers["文旅委"],
        year=2026,
        fund=world.funds["部门预算"],
        amount_fen=900_000_000,
        number="示财预〔2025〕13号",
        **world.zhao.acts(),
    )
    parts = {"estimate": [world.estimate(fen)], "funds": [world.fund(fen)]}
    return purchase.replied(world, fen=fen, **{**parts, **changes})


@staged
def ready(world: World, project: Project | None = None, **changes: Any) -> Project:
    """A project in 采购 with its preparation and intention registered."""
    project = project or purchase.replied(world, **changes)
    purchase.prepare(world, project)
    return fresh(project)


@staged
def divided(world: World, project: Project, *budgets: int) -> Project:
    """The project divided into packages of these budgets."""
    names = "甲乙丙丁戊己庚辛"
    rows = [{"name": names[at], "budget_fen": fen} for at, fen in enumerate(budgets)]
    divide_packages(project, packages=rows, **world.zhang.acts(INTENDED))
    return fresh(project)


@staged
def preparing(world: World, **changes: Any) -> Tender:
    return purchase.tender(world, ready(world), **changes)


@staged
def published(world: World, **changes: Any) -> Tender:
    row = preparing(world, **changes)
    purchase.publish(world, row)
    return fresh(row)


@staged
def centralised(world: World, project: Project | None = None) -> Tender:
    """An open tender in preparation, entrusted to the trading centre."""
    return purchase.tender(world, project or ready(world), method="open")


@staged
def own(world: World, fen: int = OWN_LIMIT - 1) -> Tender:
    """An own purchase of a small project in preparation."""
    project = of_amount(world, fen, kind="small", proposed_method="own")
    return purchase.tender(world, ready(world, project), method="own", price_weight=Decimal(100))


@staged
def own_opened(world: World) -> Tender:
    """An own purchase that asks for bids since the deadline of walk A."""
    row = own(world)
    start_own_purchase(row, **world.zhang.acts(DEADLINE))
    return fresh(row)


@staged
def decided(world: World) -> Any:
    row = purchase.evaluated(world)
    return decide_award(row, bid=purchase.winner(row), **world.wang.acts(DECIDED))


@staged
def completed(world: World, project: Project, position: int) -> None:
    """One package of the project walked from its tender to the notice."""
    package = purchase.package_of(project, position)
    row = purchase.tender(world, project, package=package)
    purchase.publish(world, row)
    open_responses(fresh(row), **world.zhang.acts(DEADLINE))
    prices = dict(zip(purchase.PRICES, (90, 95, 99), strict=True))
    bids = {
        name: purchase.bid(world, row, name, package.budget_fen * percent // 100)
        for name, percent in prices.items()
    }
    purchase.report(world, row, bids)
    purchase.awarded(world, fresh(row))


def barred(
    world: World, name: str = "鼎信软件", until: date = date(2027, 5, 31), **changes: Any
) -> Provider:
    """A provider debarred, for three years before `until` unless said otherwise."""
    since = changes.pop("since", until.replace(year=until.year - 3))
    made = purchase.provider(world, name)
    debar_provider(
        made,
        authority="区财政局",
        decision_number="示财罚〔2024〕3号",
        decided_on=since,
        grounds="提供虚假材料谋取成交。",
        since=since,
        until=until,
        **world.zhao.acts(max(since, INTENDED)),
    )
    return made


# --- Every act of the stage ----------------------------------------------------------------------

Act = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """One act: the scene it starts from, how it is done, by whom, and who must not."""

    act: str
    scene: Callable[[World], Any]
    do: Act
    on: date
    allowed: str = "zhang"
    denied: tuple[str, ...] = ("chen", "li", "wang", "zhou", "zhao", "wu")
    to: str = ""

    def perform(self, world: World, row: Any, name: str = "", **shown: Any) -> Any:
        return self.do(row, **getattr(world, name or self.allowed).acts(self.on), **shown)


def _publish(row: Tender, **act: Any) -> Any:
    until, deadline = date(2026, 3, 12), DEADLINE
    return publish_tender(
        row,
        offered_from=PUBLISHED,
        offered_until=until,
        response_deadline=deadline,
        **SITE,
        **act,
    )


def _revise(row: Tender, **act: Any) -> Any:
    return revise_tender(
        row, number="SF-CS-2026-002", ceiling_price_fen=1, price_weight=Decimal(20), **act
    )


def _receive(row: Tender, **act: Any) -> Any:
    return receive_bid(
        row,
        provider=Provider.objects.get(),
        price_fen=AWARDED,
        promises_no_subcontracting=True,
        **act,
    )


def evaluate(row: Tender, *, experts: int = 2, **act: Any) -> Any:
    """The report, sent the day it is submitted: eighty points for every valid bid."""
    bids = Bid.objects.filter(tender=row, status="received")
    return submit_report(
        row,
        evaluated_on=act["on"],
        reported_on=act["on"],
        experts=["秦明"] * experts,
        representatives=["张敏"],
        opinion="推荐第一名。",
        scores=[{"bid": b.pk, "technical_score": Decimal(80)} for b in bids],
        **act,
    )


def _open_tender(row: Project, **act: Any) -> Any:
    from procurement.models import Mode

    return open_tender(
        row,
        package=purchase.package_of(row),
        mode=Mode.objects.get(method="consultation"),
        number="SF-CS-2026-001",
        ceiling_price_fen=purchase.APPROVED,
        price_weight=Decimal(15),
        **act,
    )


def _prepare(row: Project, **act: Any) -> Any:
    return record_preparation(
        row,
        survey="走访",
        surveyed_on=INTENDED,
        third_party="咨询中心",
        third_party_opinion="合理",
        assessment_standard="按月考核",
        **act,
    )


def _intend(row: Project, **act: Any) -> Any:
    return register_intention(row, published_on=INTENDED, expected_month="2026-03", **SITE, **act)


def _divide(row: Project, **act: Any) -> Any:
    half = {"budget_fen": purchase.APPROVED // 2}
    return divide_packages(row, packages=[{"name": "甲"} | half, {"name": "乙"} | half], **act)


def _review(row: Provider, **act: Any) -> Any:
    return review_condition(
        row, condition=1, is_met=True, evidence="营业执照", valid_from=INTENDED, **act
    )


def _debar(row: Provider, **act: Any) -> Any:
    return debar_provider(
        row,
        authority="区财政局",
        decision_number="示财罚〔2026〕1号",
        decided_on=INTENDED,
        grounds="提供虚假材料。",
        since=INTENDED,
        until=date(2027, 2, 2),
        **act,
    )


def _with_provider(world: World) -> Tender:
    purchase.provider(world)
    return purchase.opened(world)


def _with_bids(world: World) -> Tender:
    row = purchase.opened(world)
    for name, fen in purchase.PRICES.items():
        purchase.bid(world, row, name, fen)
    return fresh(row)


def _one_bid(world: World) -> Bid:
    return purchase.bid(world, purchase.opened(world), "明川信息", AWARDED)


def decide(row: Tender, **act: Any) -> Any:
    return decide_award(row, bid=purchase.winner(row), **act)


def notify(row: Any, **act: Any) -> Any:
    return notify_award(row, number="示成交〔2026〕1号", **SITE, **act)


def refuse(row: Any, **act: Any) -> Any:
    """The letter of walk A's winner came a week after the notice."""
    values = {
        "refused_on": REFUSED,
        "reason": "人员不足，书面拒绝。",
        "evidence": "复函〔2026〕3号",
    }
    return record_refusal(row, **{**values, **act})


@staged
def refused(world: World) -> Any:
    """An award the winner refused to sign a contract for; the tender is to be decided again."""
    award = purchase.awarded(world)
    refuse(award, **world.zhang.acts(REFUSED))
    return fresh(award)


def _fail(row: Tender, **act: Any) -> Any:
    return fail_tender(row, ground="unlawful", reason="采购文件有歧视性条款。", **act)


def _package(world: World) -> Any:
    return purchase.package_of(purchase.replied(world))


LEADERS = ("chen", "gao", "zhang", "li", "zhou", "zhao", "wu")
KEEPERS = ("li", "wang", "qian", "wu", "admin")
REPLIED = purchase.replied
CASES = {
    case.act: case
    for case in (
        Case("projects.project.divide_packages", REPLIED, _divide, INTENDED),
        Case("projects.project.record_preparation", REPLIED, _prepare, INTENDED),
        Case("projects.project.register_intention", REPLIED, _intend, INTENDED),
        Case("projects.project.open_tender", REPLIED, _open_tender, INTENDED),
        Case("procurement.tender.revise", preparing, _revise, INTENDED, to="preparing"),
        Case(
            "procurement.tender.abandon",
            preparing,
            lambda row, **act: abandon_tender(row, note="方式选错", **act),
            INTENDED,
            to="abandoned",
        ),
        Case("procurement.tender.publish", preparing, _publish, PUBLISHED, to="published"),
        Case("procurement.tender.start_own", own, start_own_purchase, PUBLISHED, to="opened"),
        Case("procurement.tender.open", published, open_responses, DEADLINE, to="opened"),
        Case("procurement.tender.receive_bid", _with_provider, _receive, DEADLINE, to="opened"),
        Case("procurement.tender.evaluate", _with_bids, evaluate, REPORTED, to="evaluated"),
        Case("procurement.tender.fail", published, _fail, DEADLINE, to="failed"),
        Case(
            "procurement.tender.decide",
            purchase.evaluated,
            decide,
            DECIDED,
            "wang",
            LEADERS,
            to="decided",
        ),
        Case(
            "procurement.bid.invalidate",
            _one_bid,
            lambda row, **act: invalidate_bid(row, reason="未签章", **act),
            DEADLINE,
            to="invalid",
        ),
        Case("procurement.award.notify", decided, notify, NOTIFIED, to="notified"),
        Case("procurement.award.refuse", purchase.awarded, refuse, REFUSED, to="refused"),
        Case(
            "projects.package.cancel",
            _package,
            lambda row, **act: cancel_package(row, note="任务取消", **act),
            INTENDED,
            "wang",
            LEADERS,
            to="cancelled",
        ),
        Case(
            "procurement.provider.review_condition",
            lambda world: purchase.provider(world, qualified=False),
            _review,
            INTENDED,
            denied=KEEPERS,
            to="registered",
        ),
        Case(
            "procurement.provider.debar",
            purchase.provider,
            _debar,
            INTENDED,
            "zhao",
            ("zhang", "zhou", "wang", "qian", "wu"),
            to="registered",
        ),
        Case(
            "procurement.provider.close",
            purchase.provider,
            lambda row, **act: close_provider(row, note="注销", **act),
            INTENDED,
            denied=KEEPERS,
            to="closed",
        ),
    )
}
