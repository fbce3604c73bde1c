"""Telling what happens after the reply: tender, contract, delivery and payment, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from config.demo.announcing import publish_all
from config.demo.district import Actor, Line
from config.demo.telling import Telling, days
from contracts.models import Contract
from core.events import drain
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

SITE = "https://www.example.gov.cn"


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

    def announce(self, on: date) -> None:
        """The notices that wait are looked at, reviewed and published."""
        publish_all(self.t, self.place, self.project, on)

    def start(
        self, on: date, *, method: str = "consultation", weight: int = 15, position: int = 1
    ) -> Tender:
        package = Package.objects.current().get(project=self.project, position=position)
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
        self.announce(on)

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

    def award_all(self, on: dict[str, date], prices: dict[Provider, int]) -> None:
        """From publishing to the notified award; `on` names the days."""
        self.publish(on["published"], until=on["until"], deadline=on["deadline"])
        self.open(on["deadline"])
        bids = self.bids(on["deadline"], prices)
        self.report(on["reported"], [(bid, 80 - 4 * n) for n, bid in enumerate(bids)])
        self.decide(on["decided"])
        self.notify(on["notified"])
        self.announce(on["notified"])
