"""One purchase and one subsidy run through every table, for tests that need a row of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from audit.services import export_dossier, record_download, request_verification
from budgeting.models import Allocation, Obligation
from budgeting.services import (
    accept_obligation,
    draft_adjustment,
    request_check,
    submit_evidence,
)
from config.demo.announcing import drafts_of
from contracts.models import Contract
from contracts.services import (
    answer_rectification,
    close_rectification,
    draft_supplement,
    order_mending,
    record_incident,
    record_inspection,
)
from performance.services import fill_self_evaluation, issue_link, start_self_evaluation
from procurement.services import debar_provider
from projects.models import Project
from tests import evaluated, purchase, steps
from tests.contracts import subsidies
from tests.disclosure.cases import reviewed
from tests.projects import workbooks
from tests.staging import staged
from tests.steps import fresh
from tests.world import World, deliver_all

DONE = date(2026, 12, 8)


@staged
def buy(world: World, project: Project) -> Contract:
    """From the approved budget to the settlement and the last payment, all within 2026."""
    purchase.prepare(world, project)
    award = purchase.awarded(world, purchase.evaluated(world, purchase.opened(world, project)))
    contract = purchase.filed(world, purchase.signed(world, purchase.drafted(world, award)))
    purchase.paid(world, contract, 1, purchase.FILED)
    supervise(world, contract)
    purchase.accept(world, contract, purchase.ACCEPTED, "6", contract.milestones.get())
    purchase.paid(world, contract, 2, purchase.PAID, "6")
    fulfil_conditions(world, project)
    purchase.accept(world, contract, date(2026, 12, 1), "6")
    evaluate(world, contract)
    purchase.paid(world, contract, 3, DONE, "6")
    return fresh(contract)


def supervise(world: World, contract: Contract) -> None:
    """An inspection, an order mended, an incident, a supplement in draft, a provider debarred."""
    on = date(2026, 9, 10)
    record_inspection(
        contract,
        inspected_on=on,
        finding="值守缺员",
        is_deviating=True,
        **world.zhang.acts(on),
    )
    order = order_mending(contract, demand="补足值守", workdays=10, **world.zhang.acts(on))
    later = date(2026, 9, 22)
    answer_rectification(order, reply="已补足", replied_on=later, **world.zhang.acts(later))
    close_rectification(fresh(order), check_note="属实", **world.li.acts(date(2026, 9, 24)))
    record_incident(
        fresh(contract),
        term=purchase.INCIDENT,
        occurred_on=on,
        note="页面被篡改",
        **world.zhang.acts(later),
    )
    draft_supplement(
        fresh(contract), number="补 1", amount_fen=0, reason="地点变更", **world.zhang.acts(later)
    )
    debar(world)


def debar(world: World, until: date = date(2027, 5, 31)) -> Any:
    since = date(2024, 6, 1)
    barred = purchase.provider(world, "鼎信软件")
    debar_provider(
        barred,
        authority="区财政局",
        decision_number="示财罚〔2024〕3号",
        decided_on=since,
        grounds="提供虚假材料",
        since=since,
        until=until,
        **world.zhao.acts(date(2026, 3, 2)),
    )
    return barred


def fulfil_conditions(world: World, project: Project) -> None:
    on = date(2026, 11, 24)
    for condition in Obligation.objects.filter(project=project):
        submit_evidence(condition, evidence="接入证明", **world.zhang.acts(on))
        accept_obligation(fresh(condition), **world.sun.acts(on))


def evaluate(world: World, contract: Contract, grade: str = "fair", on: date = DONE) -> None:
    """Scored, heard and concluded, which settles the contract."""
    issue_link(
        evaluated.evaluation_of(contract),
        organisation="某评估机构",
        expires_on=on + timedelta(days=10),
        **world.zhang.acts(on),
    )
    evaluated.evaluate(world, contract, grade, on)
    deliver_all()


def assess(world: World, project: Project, on: date = DONE) -> None:
    """The year's self-evaluation, filled."""
    row = start_self_evaluation(fresh(project), year=on.year, **world.zhang.acts(on))
    fill_self_evaluation(
        row,
        results=evaluated.reached(project),
        completion="平台稳定运行。",
        rate_reason="按等级扣减",
        adjustment_reason="节余收回",
        **world.zhang.acts(on),
    )


def disclose(world: World, project: Project, on: date = DONE) -> None:
    """The first notice that waits is reviewed and published."""
    reviewed(world, drafts_of(project)[0], on)
    deliver_all()


@staged
def inspect(world: World, project: Project, on: date = DONE) -> None:
    """The auditor asks for a verification and a dossier; a download is recorded."""
    acts = world.wu.acts(on)
    request_verification(**acts)
    record_download(export_dossier(project, reason="年度审计", **acts), **acts)


@staged
def plan(world: World) -> None:
    """A workbook of the plan is received; a project beyond the budget is submitted."""
    workbooks.receive(world, workbooks.whole(world))
    steps.submit(world, name="未列预算的项目", is_off_budget=True)
    deliver_all()


@staged
def keep_books(world: World, project: Project, on: date = DONE) -> None:
    """An adjustment of the project's line is drawn up; the ledger of the district is checked."""
    draft_adjustment(
        fresh(project),
        kind="increase",
        allocation=Allocation.objects.filter(project=project).earliest("pk"),
        amount_fen=1_000,
        number="示财预调〔2026〕1号",
        reason="增加一个使用单位",
        **world.zhao.acts(on),
    )
    request_check(world.jurisdiction, **world.zhao.acts(on))
    deliver_all()


@staged
def subsidise(world: World) -> None:
    """A subsidy allotted, released, reported and partly returned."""
    share = subsidies.allotted(world)[0]
    subsidies.release(world, share, subsidies.EACH_FEN // 2)
    subsidies.accept(world, subsidies.report(world, share, subsidies.EACH_FEN // 4))
    subsidies.return_part(world, fresh(share), 1_000)
    deliver_all()
