"""Telling what happens under a contract: signing, filing, delivery, payment, evaluation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from config.demo.purchasing import Buying
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
from performance.models import ASPECTS, Evaluation
from performance.services import (
    conclude_evaluation,
    record_opinion,
    record_survey,
    score_indicators,
)
from projects.models import Indicator
from projects.services import sign

GRADES = {"excellent": "100", "good": "100", "fair": "97", "poor": "0"}
INCIDENT = "一般网络和数据安全事件（Ⅳ级）"
SHARES = (30, 40, 30)
OPINION = {
    "achievement": "各项绩效目标基本实现。",
    "fund_use": "资金按约定支付，专款专用。",
    "quality": "服务响应及时，个别故障处置超时。",
    "satisfaction": "使用单位和服务对象总体满意。",
}
SUMMARIES = {
    "excellent": "各项目标全面实现。",
    "good": "服务总体达到约定要求。",
    "fair": "服务基本达到约定要求，响应时间有待改进。",
    "poor": "可用率和满意度明显低于目标，评为不合格。",
}


class Performing(Buying):
    """A purchase from its award on."""

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
        self.announce(on)

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

    def evaluation(self) -> Evaluation:
        """The last round."""
        rows = Evaluation.objects.filter(contract=self.contract)
        return rows.order_by("-round_number")[0]

    def score(self, on: date, shortfall: dict[str, str]) -> None:
        """Every indicator reached but those named, each of these with its reason."""
        results = [
            {
                "line": row.pk,
                "actual": Decimal(shortfall.get(row.name, row.value or 0)),
                "evidence": "运行月报、值守台账和满意度问卷",
                "deviation": "高峰期值守不足，已增派人员" if row.name in shortfall else "",
            }
            for row in Indicator.objects.filter(project=self.project)
        ]
        score_indicators(self.evaluation(), results=results, **self.officer.acts(on))

    def say(self, on: date, party: str, organisation: str, points: int) -> None:
        aspects: dict[str, Any] = {f"{name}_score": Decimal(points) for name in ASPECTS}
        record_opinion(
            self.evaluation(),
            party=party,
            organisation=organisation,
            given_on=on,
            **OPINION | aspects,
            **self.officer.acts(on),
        )

    def ask_users(self, on: date, satisfied: int) -> None:
        record_survey(
            self.evaluation(),
            asked=100,
            answered=80,
            satisfied=satisfied,
            users_opinion=f"收回问卷 80 份，满意 {satisfied} 份；希望延长夜间值守。",
            **self.officer.acts(on),
        )

    def judge(self, on: date, grade: str, **values: Any) -> None:
        conclude_evaluation(
            self.evaluation(),
            grade=grade,
            summary=SUMMARIES[grade],
            **values,
            **self.leader.acts(on),
        )
        drain()
        self.announce(on)

    def hear(self, on: date, points: int, satisfied: int, shortfall: dict[str, str]) -> None:
        """Scores, three opinions and the users."""
        self.score(on, shortfall)
        self.say(on, "purchaser", str(self.project.purchaser), points)
        self.say(on, "functional", "区经济和信息化委员会", points)
        self.say(on, "third_party", "区信息化咨询服务中心", points)
        self.ask_users(on, satisfied)
