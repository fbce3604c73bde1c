"""Steps from the reply to the last payment, each by the person who takes it, on walk A's days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from budgeting.services import agree_on_condition
from contracts.models import (
    Contract,
    ContractSignature,
    Milestone,
    PaymentRequest,
    Settlement,
)
from contracts.services import (
    ContractTerms,
    InstalmentInput,
    LineInput,
    MilestoneInput,
    accept_filing,
    deliver_milestone,
    draft_contract,
    pass_acceptance,
    prepare_acceptance,
    release_payment,
    request_payment,
    revise_contract,
    sign_contract,
    submit_filing,
    verify_payment,
)
from core.calendar.models import CalendarYear
from core.money import allocate
from procurement.models import Award, Bid, Mode, Provider, Tender
from procurement.services import (
    debar_provider,
    decide_award,
    notify_award,
    open_responses,
    open_tender,
    publish_tender,
    receive_bid,
    record_preparation,
    register_intention,
    register_provider,
    review_condition,
    submit_report,
)
from projects.models import Package, Project, Stage
from projects.services import sign
from tests import evaluated as judged
from tests import steps
from tests.staging import staged
from tests.steps import fresh
from tests.world import World, deliver_all

APPROVED = 180_000_000
AWARDED = 175_680_000
INTENDED, PUBLISHED, DEADLINE = date(2026, 2, 2), date(2026, 3, 5), date(2026, 3, 16)
REPORTED, DECIDED, NOTIFIED = date(2026, 3, 18), date(2026, 3, 20), date(2026, 3, 23)
SIGNED, FILED = date(2026, 4, 10), date(2026, 4, 17)
STARTS, ENDS = date(2026, 5, 1), date(2027, 4, 30)
DELIVERED, ACCEPTED, PAID = date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 20)
CODES = {
    "明川信息": "91500112MA5U00012T",
    "远桥科技": "91500112MA5U00023F",
    "云栈数据": "91500112MA5U000341",
    "鼎信软件": "91500112MA5U00045P",
}
GRADES = {"excellent": "100", "good": "100", "fair": "97", "poor": "0"}
INCIDENT = "一般网络和数据安全事件（Ⅳ级）"
SIGNERS = {"section_head": "li", "division_leader": "wang"}


@staged
def replied(world: World, fen: int = APPROVED, **changes: Any) -> Project:
    """A project whose budget is approved, with its one package."""
    project = steps.conclude(world, fen=fen, **changes)
    steps.decide(world, project, fen=fen)
    steps.reply(world, project)
    return fresh(project)


@staged
def provider(world: World, name: str = "明川信息", *, qualified: bool = True) -> Provider:
    """A registered provider, its six conditions reviewed unless said otherwise."""
    known = Provider.objects.filter(name=name).first()
    if known is not None:
        return known
    made = register_provider(
        world.jurisdiction,
        registrar=world.organisations["文旅委"],
        name=name,
        kind="enterprise",
        credit_code=CODES[name],
        code_note="演练用代码",
        registered_with="区市场监督管理局",
        **world.zhang.acts(INTENDED),
    )
    for condition in range(1, 7) if qualified else ():
        review_condition(
            made,
            condition=condition,
            is_met=True,
            evidence="证明材料齐全",
            valid_from=date(2026, 1, 1),
            **world.zhang.acts(INTENDED),
        )
    return made


def mode(world: World, method: str = "consultation") -> Mode:
    return Mode.objects.get(jurisdiction=world.jurisdiction, method=method)


def package_of(project: Project, position: int = 1) -> Package:
    return Package.objects.current().get(project=project, position=position)


@staged
def prepare(world: World, project: Project, on: date = INTENDED, **changes: Any) -> None:
    """The four preconditions and the intention."""
    values: dict[str, Any] = {
        "survey": "走访 12 个使用单位，月均故障 35 起。",
        "surveyed_on": on,
        "third_party": "信息化咨询中心",
        "third_party_opinion": "服务范围和测算合理。",
        "assessment_standard": "按月考核，年度汇总分优秀、良好、一般、不合格。",
    } | changes
    record_preparation(project, **values, **world.zhang.acts(on))
    register_intention(
        project,
        published_on=on,
        medium="示范区人民政府网站",
        address="https://www.example.gov.cn/yx/20260202.html",
        expected_month="2026-03",
        **world.zhang.acts(on),
    )


@staged
def tender(world: World, project: Project, **changes: Any) -> Tender:
    """A tender in preparation for the first package."""
    package = changes.pop("package", None) or package_of(project)
    values: dict[str, Any] = {
        "package": package,
        "mode": mode(world, changes.pop("method", "consultation")),
        "number": "SF-CS-2026-001",
        "ceiling_price_fen": package.budget_fen,
        "price_weight": Decimal(15),
    } | changes
    on = values.pop("on", INTENDED)
    return open_tender(fresh(project), **values, **world.zhang.acts(on))


@staged
def publish(world: World, row: Tender, on: date = PUBLISHED, by: Any = None, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "offered_from": on,
        "offered_until": date(2026, 3, 12),
        "response_deadline": DEADLINE,
        "medium": "政府采购网",
        "address": "https://www.example.gov.cn/cg/1.html",
    } | changes
    return publish_tender(row, **values, **(by or world.zhang).acts(on))


@staged
def opened(world: World, project: Project | None = None, **changes: Any) -> Tender:
    """A tender whose responses are open; walked there from the filing unless given."""
    if project is None:
        project = replied(world)
        prepare(world, project)
    row = tender(world, project, **changes)
    publish(world, row)
    open_responses(fresh(row), **world.zhang.acts(DEADLINE))
    return fresh(row)


PRICES = {"远桥科技": 170_000_000, "明川信息": AWARDED, "云栈数据": 178_000_000}
SCORES = {"远桥科技": "70", "明川信息": "82", "云栈数据": "75"}


@staged
def bid(world: World, row: Tender, name: str, fen: int, **changes: Any) -> Bid:
    values = {"promises_no_subcontracting": True, "on": DEADLINE} | changes
    on = values.pop("on")
    return receive_bid(
        row, provider=provider(world, name), price_fen=fen, **values, **world.zhang.acts(on)
    )


@staged
def evaluated(world: World, row: Tender | None = None, **changes: Any) -> Tender:
    row = row or opened(world)
    bids = {name: bid(world, row, name, fen) for name, fen in PRICES.items()}
    report(world, row, bids, **changes)
    return fresh(row)


@staged
def report(world: World, row: Tender, bids: dict[str, Bid], **changes: Any) -> Any:
    values: dict[str, Any] = {
        "evaluated_on": date(2026, 3, 17),
        "reported_on": REPORTED,
        "experts": ["秦明", "柳岸"],
        "representatives": ["张敏"],
        "opinion": "推荐第一名为成交候选人。",
        "scores": [
            {"bid": b.pk, "technical_score": Decimal(SCORES[name])} for name, b in bids.items()
        ],
    } | changes
    on = values.pop("on", REPORTED)
    return submit_report(fresh(row), **values, **world.zhang.acts(on))


def winner(row: Tender) -> Bid:
    return Bid.objects.get(tender=row, rank=1)


@staged
def awarded(world: World, row: Tender | None = None) -> Award:
    """An award notified; the project stands in 合同."""
    row = row or evaluated(world)
    award = decide_award(row, bid=winner(row), **world.wang.acts(DECIDED))
    notify_award(
        award,
        number="示成交〔2026〕1号",
        medium="政府采购网",
        address="https://www.example.gov.cn/jg/1.html",
        **world.zhang.acts(NOTIFIED),
    )
    deliver_all()
    return fresh(award)


def terms(award: Award, **changes: Any) -> ContractTerms:
    """Walk A's contract: 12 months, instalments of 30/40/30 %."""
    fen = changes.get("amount_fen", award.amount_fen)
    parts = allocate(fen, [30, 40, 30])
    values: dict[str, Any] = {
        "number": "SF-HT-2026-001",
        "name": "公共文化信息服务平台运维合同",
        "amount_fen": fen,
        "starts_on": STARTS,
        "ends_on": ENDS,
        "place": "区文化馆",
        "scope": "平台软件运维、安全运维和呼叫服务",
        "content": "日常巡检、故障处理、安全加固、热线值守",
        "requirements": "系统可用率不低于 99.5%",
        "payment_terms": "分三期支付，见付款期次",
        "liability": "逾期或质量不合格的，按约定扣款，拒不整改的终止合同",
        "grade_percents": GRADES,
        "deduction_terms": [{"name": INCIDENT, "percent": "1"}],
        "lines": [LineInput("平台运维", Decimal(12), "月", fen // 12, standard="可用率 99.5%")],
        "milestones": [MilestoneInput("上半年服务", date(2026, 11, 10))],
        "instalments": [
            InstalmentInput("advance", Decimal(30), parts[0], "合同备案后"),
            InstalmentInput("progress", Decimal(40), parts[1], "上半年服务验收合格后", 1),
            InstalmentInput("final", Decimal(30), parts[2], "全部验收合格并综合评估结算后"),
        ],
    } | changes
    return ContractTerms(**values)


@staged
def drafted(world: World, award: Award | None = None, **changes: Any) -> Contract:
    award = award or awarded(world)
    return draft_contract(award, terms=terms(award, **changes), **world.zhang.acts(NOTIFIED))


def sign_chain(world: World, contract: Contract, on: date = NOTIFIED) -> None:
    steps_ = ContractSignature.objects.filter(contract=contract, status="pending")
    for step in steps_.order_by("position"):
        sign(step, **getattr(world, SIGNERS[step.role]).acts(on))


@staged
def signed(world: World, contract: Contract | None = None, on: date = SIGNED) -> Contract:
    contract = contract or drafted(world)
    sign_chain(world, contract)
    sign_contract(fresh(contract), signed_on=on, **world.zhang.acts(on))
    deliver_all()
    return fresh(contract)


@staged
def filed(world: World, contract: Contract | None = None, on: date = FILED) -> Contract:
    contract = contract or signed(world)
    submit_filing(contract, **world.zhang.acts(on))
    accept_filing(
        contract.filings.get(status="submitted"), number="示财备〔2026〕8号", **world.zhao.acts(on)
    )
    return fresh(contract)


def request(
    world: World, contract: Contract, position: int, on: date, quantity: str = "0"
) -> PaymentRequest:
    instalment = contract.instalments.get(position=position)
    from contracts.facts.money import due_fen

    lines = [
        {
            "line": contract.lines.get().pk,
            "quantity": Decimal(quantity),
            "amount_fen": due_fen(instalment),
            "note": "",
        }
    ]
    return request_payment(
        fresh(contract),
        instalment=instalment,
        lines=lines,
        invoice="发票 1",
        **world.zhang.acts(on),
    )


@staged
def paid(
    world: World, contract: Contract, position: int, on: date, quantity: str = "0"
) -> PaymentRequest:
    row = request(world, contract, position, on, quantity)
    checked = [line.pk for line in row.lines.all()]
    verify_payment(row, checked=checked, **world.wang.acts(on))
    release_payment(fresh(row), voucher=f"国库-{position:03d}", **world.zhao.acts(on))
    deliver_all()
    return fresh(row)


@staged
def accept(
    world: World, contract: Contract, on: date, quantity: str, milestone: Milestone | None = None
) -> Any:
    """An acceptance, prepared by 张 and passed by 李."""
    if milestone is not None:
        deliver_milestone(
            milestone, delivered_on=on, delivery_note="服务报告", **world.zhang.acts(on)
        )
    row = prepare_acceptance(
        fresh(contract),
        milestone=milestone,
        held_on=on,
        members="张敏、李建国、使用单位代表",
        users_opinion="使用单位满意",
        items=[{"line": contract.lines.get().pk, "quantity": quantity, "is_met": True, "note": ""}],
        **world.zhang.acts(on),
    )
    pass_acceptance(row, conclusion="符合约定", **world.li.acts(on))
    deliver_all()
    return fresh(row)


# --- Conditions, evaluation, a calendar of the next year ------------------------------------------

CONDITION = "验收前交统一身份认证接入证明"
EVALUATED = date(2027, 5, 20)


@staged
def replied_on_condition(world: World) -> Project:
    """Walk A's project: 孙 agreed on a condition that is due before the evaluation."""
    project = steps.submit(world)
    steps.agree_all(world, project, but=("经信委",))
    agree_on_condition(
        steps.opinion_of(project, "经信委"),
        condition=CONDITION,
        due_stage=Stage.EVALUATION,
        **world.sun.acts(steps.AGREED),
    )
    project = steps.conclude(world, project, fen=APPROVED)
    steps.decide(world, project, fen=APPROVED)
    steps.reply(world, project)
    return fresh(project)


@staged
def load_calendar(year: int) -> CalendarYear:
    """A year nobody has announced yet, loaded as data: Mondays to Fridays, for tests."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=at) for at in range((date(year + 1, 1, 1) - first).days)]
    rows = [[day.isoformat(), day.weekday() < 5, ""] for day in days]
    return steps.put(CalendarYear(year=year, source="测试用", days=rows))


@staged
def evaluate(world: World, contract: Contract, grade: str = "fair") -> Settlement:
    """Scored, heard, concluded by 王, and so the settlement."""
    judged.evaluate(world, contract, grade, EVALUATED)
    return Settlement.objects.get(contract=contract)


# --- A contract otherwise than in walk A ----------------------------------------------------------


def revise(world: World, contract: Contract, **changes: Any) -> Contract:
    """The draft with other terms, its chain of signatures opened anew."""
    given = terms(contract.award, **changes)
    revise_contract(contract, terms=given, reason="更正条款", **world.zhang.acts(NOTIFIED))
    return fresh(contract)


def sign_only(
    world: World, contract: Contract, signed_on: date, on: date | None = None, **shown: Any
) -> Any:
    """The signing alone: no signature before, nothing delivered after."""
    return sign_contract(
        contract, signed_on=signed_on, **world.zhang.acts(on or signed_on), **shown
    )


def debar(world: World, contract: Contract, since: date, until: date) -> None:
    """The contract's provider loses its qualification, both days included."""
    debar_provider(
        contract.award.provider,
        authority="区财政局",
        decision_number="示财罚〔2026〕1号",
        decided_on=since,
        grounds="提供虚假材料。",
        since=since,
        until=until,
        **world.zhao.acts(since),
    )
