"""Telling what happens after the reply: tender, contract, delivery and payment, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from config.demo.district import Actor, Line
from config.demo.telling import Telling, days
from contracts.facts.money import due_fen
from contracts.models import Acceptance, Contract, ContractSignature, PaymentRequest
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
    sign_contract,
    submit_filing,
    verify_payment,
)
from core.events import drain
from core.money import allocate
from performance.models import Evaluation
from performance.services import conclude_evaluation, record_opinion
from procurement.credit_code import check_digit
from procurement.models import Award, Bid, Mode, Provider, Tender
from procurement.services import (
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
from projects.models import Package, Project
from projects.services import sign

SITE = "https://www.example.gov.cn"
GRADES = {"excellent": "100", "good": "100", "fair": "97", "poor": "0"}
INCIDENT = "一般网络和数据安全事件（Ⅳ级）"
SHARES = (30, 40, 30)


def approve(
    t: Telling,
    place: str,
    name: str,
    lines: list[Line],
    *,
    filed: date,
    replied: date,
    year: int,
    condition: str = "",
    fen: int = 0,
    **changes: Any,
) -> Project:
    """A project filed, reviewed, decided and replied to, on 经信委's condition if given."""
    project = t.file(place, name, filed, lines, year=year, **changes)
    t.submit(place, project, days(filed, 2))
    t.all_agree(project, days(filed, 8), but=("经信委",) if condition else ())
    if condition:
        t.condition(project, "经信委", days(filed, 9), condition, "evaluation")
    t.conclude(project, days(filed, 12), fen)
    decided = replied - timedelta(days=4)
    t.decide(
        [project],
        decided,
        "财政局",
        t.finance(),
        f"{year} 年预算审核会（{project.pk}）",
        f"示财审〔{decided.year}〕{project.pk}号",
    )
    t.reply(place, [project], replied)
    return Project.objects.get(pk=project.pk)


def provider(t: Telling, name: str, serial: int, on: date, *, conditions: int = 6) -> Provider:
    """An invented provider with a lawful credit code; its first conditions reviewed."""
    first = f"91500112MA5U{serial:05d}"
    centre = t.actor("交易中心", "trading_centre")
    made = register_provider(
        t.district.jurisdiction,
        registrar=centre.role.organisation,
        name=name,
        kind="enterprise",
        credit_code=first + check_digit(first),
        registered_with="区市场监督管理局",
        address="示范区创新大道 1 号",
        **centre.acts(on),
    )
    for condition in range(1, conditions + 1):
        review_condition(
            made,
            condition=condition,
            is_met=True,
            evidence="营业执照、资质证书、纳税和社保凭证、信用查询记录",
            valid_from=on,
            valid_until=date(on.year + 2, 12, 31),
            **centre.acts(on),
        )
    return made


class Buying:
    """One project from its reply on; remembers the people and the present documents."""

    def __init__(self, t: Telling, place: str, project: Project) -> None:
        self.t, self.place, self.project = t, place, project
        self.officer = t.actor(place, "officer")
        self.head = t.actor(place, "section_head")
        self.leader = t.actor(place, "division_leader")
        self.runner: Actor = self.officer
        self.tender: Tender
        self.award: Award
        self.contract: Contract

    def prepare(self, on: date, *, intention: date | None = None) -> None:
        """The four preconditions, and the intention published."""
        record_preparation(
            self.project,
            survey="走访使用单位 12 家，发放问卷 80 份，近一年故障与服务量见附表。",
            surveyed_on=on,
            third_party="区信息化咨询服务中心",
            third_party_opinion="服务范围明确，测算合理，考核指标可操作。",
            assessment_standard="按月考核响应、处置和满意度，年度汇总分优秀、良好、一般、不合格。",
            **self.officer.acts(on),
        )
        published = intention or on
        register_intention(
            self.project,
            published_on=published,
            medium="示范区人民政府网站",
            address=f"{SITE}/cgyx/{self.project.pk}.html",
            expected_month=f"{days(published, 35):%Y-%m}",
            **self.officer.acts(on),
        )
        drain()

    def start(
        self, on: date, *, method: str = "consultation", weight: int = 15, position: int = 1
    ) -> Tender:
        package = Package.objects.get(project=self.project, position=position)
        jurisdiction = self.t.district.jurisdiction
        self.tender = open_tender(
            self.project,
            package=package,
            mode=Mode.objects.get(jurisdiction=jurisdiction, method=method),
            number=f"SF-CG-{on.year}-{self.project.pk:03d}-{position}",
            ceiling_price_fen=package.budget_fen,
            price_weight=Decimal(weight),
            **self.officer.acts(on),
        )
        if method == "open":
            self.runner = self.t.actor("交易中心", "trading_centre")
        return self.tender

    def publish(self, on: date, *, until: date, deadline: date) -> None:
        publish_tender(
            self.tender,
            offered_from=on,
            offered_until=until,
            response_deadline=deadline,
            medium="政府采购网",
            address=f"{SITE}/cggg/{self.tender.pk}.html",
            **self.runner.acts(on),
        )
        drain()

    def open(self, on: date) -> None:
        open_responses(self.tender, **self.runner.acts(on))

    def bids(self, on: date, prices: dict[Provider, int]) -> list[Bid]:
        """Prices in 元."""
        return [
            receive_bid(
                self.tender,
                provider=who,
                price_fen=yuan * 100,
                promises_no_subcontracting=True,
                **self.runner.acts(on),
            )
            for who, yuan in prices.items()
        ]

    def report(self, on: date, scores: Sequence[tuple[Bid, int]]) -> None:
        submit_report(
            self.tender,
            evaluated_on=on,
            reported_on=on,
            experts=["秦明", "柳岸", "段虹", "冉青"],
            representatives=[self.officer.user.full_name],
            opinion="按综合得分由高到低推荐成交候选人。",
            scores=[{"bid": bid.pk, "technical_score": Decimal(score)} for bid, score in scores],
            **self.runner.acts(on),
        )

    def decide(self, on: date) -> Award:
        first = Bid.objects.get(tender=self.tender, rank=1)
        self.award = decide_award(self.tender, bid=first, **self.leader.acts(on))
        return self.award

    def notify(self, on: date) -> None:
        notify_award(
            self.award,
            number=f"示成交〔{on.year}〕{self.award.pk}号",
            medium="政府采购网",
            address=f"{SITE}/cjgg/{self.award.pk}.html",
            **self.runner.acts(on),
        )
        drain()

    def terms(self, starts: date, ends: date, milestone: date) -> ContractTerms:
        fen = self.award.amount_fen
        advance, progress, final = allocate(fen, SHARES)
        return ContractTerms(
            number=f"SF-HT-{starts.year}-{self.award.pk:03d}",
            name=f"{self.project.name}合同",
            amount_fen=fen,
            starts_on=starts,
            ends_on=ends,
            place="甲方指定地点",
            scope=f"{self.project.name}所列的全部服务",
            content="日常巡检、故障处置、安全加固、统计报告",
            requirements="系统可用率不低于 99.5%，重大故障 2 小时内恢复",
            payment_terms="分三期支付，见付款期次",
            liability="质量不合格的限期整改并按约定扣款；拒不整改的，甲方有权终止合同",
            grade_percents=GRADES,
            deduction_terms=[{"name": INCIDENT, "percent": "1"}],
            lines=[LineInput("服务费", Decimal(1), "项", fen, standard="可用率 99.5%")],
            milestones=[MilestoneInput("中期服务", milestone)],
            instalments=[
                InstalmentInput("advance", Decimal(SHARES[0]), advance, "合同备案后"),
                InstalmentInput("progress", Decimal(SHARES[1]), progress, "中期服务验收合格后", 1),
                InstalmentInput("final", Decimal(SHARES[2]), final, "全部验收并综合评估结算后"),
            ],
        )

    def draft(self, on: date, starts: date, ends: date, milestone: date) -> Contract:
        self.contract = draft_contract(
            self.award, terms=self.terms(starts, ends, milestone), **self.officer.acts(on)
        )
        return self.contract

    def pending(self) -> list[ContractSignature]:
        steps = ContractSignature.objects.filter(contract=self.contract, status="pending")
        return list(steps.order_by("position"))

    def sign(self, on: date) -> None:
        """The chain signed, then the contract itself."""
        holders = {"section_head": self.head, "division_leader": self.leader}
        for step in self.pending():
            sign(step, comment="同意签订。", **holders[step.role].acts(on))
        sign_contract(self.contract, signed_on=on, **self.officer.acts(on))
        drain()

    def submit_filing(self, on: date) -> None:
        submit_filing(self.contract, **self.officer.acts(on))

    def accept_filing(self, on: date) -> None:
        filing = self.contract.filings.get(status="submitted")
        number = f"示财备〔{on.year}〕{self.contract.pk}号"
        accept_filing(filing, number=number, **self.t.finance().acts(on))
        drain()

    def deliver(self, on: date) -> None:
        deliver_milestone(
            self.contract.milestones.get(),
            delivered_on=on,
            delivery_note="提交中期服务报告和运维记录。",
            **self.officer.acts(on),
        )

    def acceptance(self, on: date, quantity: str, *, is_final: bool) -> Acceptance:
        return prepare_acceptance(
            self.contract,
            milestone=None if is_final else self.contract.milestones.get(),
            held_on=on,
            members=f"{self.officer.user}、{self.head.user}、使用单位代表",
            users_opinion="使用单位和服务对象表示满意。",
            items=[
                {
                    "line": self.contract.lines.get().pk,
                    "quantity": quantity,
                    "is_met": True,
                    "note": "逐项核对，符合约定",
                }
            ],
            **self.officer.acts(on),
        )

    def accept(self, on: date, quantity: str, *, is_final: bool) -> None:
        row = self.acceptance(on, quantity, is_final=is_final)
        pass_acceptance(row, conclusion="符合合同约定，验收合格。", **self.head.acts(on))
        drain()

    def request(self, on: date, position: int, quantity: str) -> PaymentRequest:
        instalment = self.contract.instalments.get(position=position)
        line = {
            "line": self.contract.lines.get().pk,
            "quantity": quantity,
            "amount_fen": due_fen(instalment),
            "note": "按合同约定",
        }
        return request_payment(
            Contract.objects.get(pk=self.contract.pk),
            instalment=instalment,
            lines=[line],
            invoice=f"{on:%Y%m%d}{position:04d}",
            **self.officer.acts(on),
        )

    def verify(self, on: date, row: PaymentRequest) -> None:
        checked = [line.pk for line in row.lines.all()]
        verify_payment(row, checked=checked, **self.leader.acts(on))

    def pay(self, on: date, position: int, quantity: str = "0") -> None:
        """Requested, verified and paid on one day."""
        row = self.request(on, position, quantity)
        self.verify(on, row)
        voucher = f"国库{on:%Y%m%d}-{row.pk:03d}"
        release_payment(row, voucher=voucher, **self.t.finance().acts(on))
        drain()

    def evaluate(self, on: date, grade: str, *, is_concluded: bool = True) -> None:
        evaluation = Evaluation.objects.get(contract=self.contract)
        parties = {
            "purchaser": str(self.project.purchaser),
            "functional": "区经济和信息化委员会",
            "third_party": "区信息化咨询服务中心",
        }
        for party, organisation in parties.items():
            record_opinion(
                evaluation,
                party=party,
                organisation=organisation,
                achievement="各项绩效目标基本实现。",
                fund_use="资金按约定支付，专款专用。",
                quality="服务响应及时，个别故障处置超时。",
                satisfaction="问卷满意度 92%。",
                grade=grade,
                given_on=on,
                **self.officer.acts(on),
            )
        if is_concluded:
            conclude_evaluation(
                evaluation,
                grade=grade,
                users_opinion="回收问卷 80 份，满意 74 份。",
                summary="服务总体达到约定要求。",
                **self.leader.acts(on),
            )
            drain()

    def award_all(self, on: dict[str, date], prices: dict[Provider, int]) -> None:
        """From publishing to the notified award; `on` names the days."""
        self.publish(on["published"], until=on["until"], deadline=on["deadline"])
        self.open(on["deadline"])
        bids = self.bids(on["deadline"], prices)
        self.report(on["reported"], [(bid, 80 - 4 * n) for n, bid in enumerate(bids)])
        self.decide(on["decided"])
        self.notify(on["notified"])
