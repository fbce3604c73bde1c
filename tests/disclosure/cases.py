"""Walk A's purchase as rows, put without walking to them: what notices are made from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from contracts.models import (
    Acceptance,
    AcceptanceStatus,
    Contract,
    ContractLine,
    ContractStatus,
    Grade,
)
from core.events import OutboxEvent
from core.history.values import reference
from disclosure.models import NoticeDraft, NoticeKind, PublishedNotice
from disclosure.services import (
    Announcement,
    announce,
    approve_draft,
    correct_notice,
    prepare_draft,
    send_draft,
)
from disclosure.services.reviewing import freeze
from performance.models import ASPECTS, Evaluation, EvaluationOpinion, EvaluationStatus, Party
from procurement.models import (
    Award,
    AwardStatus,
    Bid,
    EvaluationReport,
    Intention,
    Mode,
    Provider,
    Tender,
    TenderStatus,
)
from projects.models import Package, Project
from tests import steps
from tests.staging import staged
from tests.world import World

INTENDED, PUBLISHED, NOTIFIED = date(2026, 2, 2), date(2026, 3, 4), date(2026, 3, 23)
SIGNED, ANNOUNCED = date(2026, 4, 10), date(2026, 4, 13)
MEDIUM, ADDRESS = "重庆市政府采购网", "https://www.example.gov.cn/notice/1"
PRICE = 175_680_000


class Purchase:
    """One project under procurement; each document is made when it is first asked for."""

    def __init__(self, world: World, **changes: Any) -> None:
        self.world = world
        project = steps.file(world, **changes)
        steps.edit(project, approved_fen=180_000_000)
        self.project = Project.objects.with_owner().get(pk=project.pk)
        self.package = Package.objects.filter(project=self.project).first() or steps.put(
            Package(
                project=self.project, position=1, name=self.project.name, budget_fen=180_000_000
            )
        )

    def intention(self, **changes: Any) -> Intention:
        values = {
            "published_on": INTENDED,
            "medium": MEDIUM,
            "address": "https://www.example.gov.cn/intention/1",
            "expected_month": "2026-03",
            "registered_on": INTENDED,
        }
        return steps.put(Intention(project=self.project, **values | changes))

    def mode(self, method: str, form: str) -> Mode:
        since = date(2025, 1, 1)
        known = Mode.objects.filter(jurisdiction=self.world.jurisdiction, method=method).first()
        return known or steps.put(
            Mode(jurisdiction=self.world.jurisdiction, method=method, form=form, since=since)
        )

    def tender(self, method: str = "consultation", **changes: Any) -> Tender:
        values: dict[str, Any] = {
            "attempt": Tender.objects.filter(package=self.package).count() + 1,
            "mode": self.mode(method, "decentralised"),
            "number": "SF-CS-2026-0007",
            "ceiling_price_fen": 180_000_000,
            "price_weight": Decimal(15),
            "opened_for_on": PUBLISHED,
            "offered_from": PUBLISHED,
            "offered_until": date(2026, 3, 11),
            "response_deadline": date(2026, 3, 16),
            "medium": MEDIUM,
            "address": ADDRESS,
            "published_on": PUBLISHED,
            "status": TenderStatus.PUBLISHED,
        }
        return steps.put(Tender(package=self.package, **values | changes))

    def award(self, tender: Tender | None = None, **changes: Any) -> Award:
        tender = tender or self.tender(status=TenderStatus.DECIDED)
        provider = steps.put(
            Provider(
                jurisdiction_of=self.world.jurisdiction,
                registrar=self.world.organisations["文旅委"],
                name="示范信息技术有限公司",
                kind="enterprise",
                credit_code="91420111751839827U",
                registered_with="示范区市场监督管理局",
                address="示范区科技路 8 号",
                registered_on=PUBLISHED,
            )
        )
        bid = steps.put(
            Bid(
                tender=tender,
                provider=provider,
                price_fen=PRICE,
                received_on=date(2026, 3, 16),
                promises_no_subcontracting=True,
            )
        )
        steps.put(
            EvaluationReport(
                tender=tender,
                evaluated_on=date(2026, 3, 17),
                reported_on=date(2026, 3, 18),
                experts=["专家甲", "专家乙"],
                representatives=["张敏"],
                base_price_fen=170_000_000,
                opinion="推荐第一名。",
            )
        )
        values: dict[str, Any] = {
            "amount_fen": PRICE,
            "decided_on": date(2026, 3, 20),
            "number": "示成〔2026〕7号",
            "notified_on": NOTIFIED,
            "medium": MEDIUM,
            "address": ADDRESS,
            "status": AwardStatus.NOTIFIED,
        }
        return steps.put(
            Award(
                tender=tender, package=self.package, bid=bid, provider=provider, **values | changes
            )
        )

    def contract(self, **changes: Any) -> Contract:
        values: dict[str, Any] = {
            "number": "SFWL-2026-031",
            "name": "公共文化信息服务平台运维服务合同",
            "amount_fen": PRICE,
            "starts_on": date(2026, 5, 1),
            "ends_on": date(2027, 4, 30),
            "place": "示范区文化中心",
            "requirements": "七乘二十四小时响应，两小时到场。",
            "drafted_on": date(2026, 4, 1),
            "signed_on": SIGNED,
            "status": ContractStatus.SIGNED,
        }
        contract = steps.put(Contract(award=self.award(), package=self.package, **values | changes))
        for position, (name, fen, standard) in enumerate(
            (("平台运维", 12_440_000, "系统可用率不低于 99.5%"), ("呼叫服务", 2_200_000, "")), 1
        ):
            steps.put(
                ContractLine(
                    contract=contract,
                    position=position,
                    name=name,
                    quantity=Decimal(12),
                    unit="月",
                    unit_price_fen=fen,
                    amount_fen=fen * 12,
                    expense_kind="service",
                    standard=standard,
                )
            )
        return contract

    def acceptance(self, contract: Contract | None = None, **changes: Any) -> Acceptance:
        values: dict[str, Any] = {
            "held_on": date(2027, 5, 10),
            "members": "使用单位代表二人、读者代表一人",
            "users_opinion": "读者满意。",
            "conclusion": "逐项符合约定，验收合格。",
            "concluded_on": date(2027, 5, 11),
            "status": AcceptanceStatus.PASSED,
        }
        return steps.put(Acceptance(contract=contract or self.contract(), **values | changes))

    def evaluation(self, contract: Contract | None = None, **changes: Any) -> Evaluation:
        contract = contract or self.contract(grade_percents={"good": "100", "fair": "97"})
        values: dict[str, Any] = {
            "opened_on": date(2027, 5, 11),
            "users_opinion": "问卷满意度 92%。",
            "score": Decimal(76),
            "grade": Grade.FAIR,
            "summary": "总体达到约定，个别故障处置超时。",
            "concluded_on": date(2027, 5, 20),
            "status": EvaluationStatus.CONCLUDED,
        }
        made = steps.put(Evaluation(contract=contract, **values | changes))
        for party, organisation in zip(
            Party.values, ("区文旅委", "区经信委", "某咨询公司"), strict=True
        ):
            steps.put(
                EvaluationOpinion(
                    evaluation=made,
                    party=party,
                    organisation=organisation,
                    achievement="基本实现。",
                    fund_use="按约定支付。",
                    quality="响应及时。",
                    satisfaction="满意。",
                    score=Decimal(76),
                    **{f"{name}_score": Decimal(76) for name in ASPECTS},
                    given_on=date(2027, 5, 18),
                )
            )
        return made


# --- Drafts and notices ---------------------------------------------------------------------------


def drafted(
    purchase: Purchase, kind: str, subject: Any, published_on: date | None = None, **changes: Any
) -> NoticeDraft:
    """The draft a handler would make of an act."""
    day = published_on or PUBLISHED
    news: dict[str, Any] = {
        "kind": kind,
        "subject": subject,
        "project": purchase.project,
        "opened_on": day,
        "published_on": published_on,
    }
    return announce(Announcement(**news | changes), **purchase.world.zhang.acts(day))


@staged
def sent(world: World, draft: NoticeDraft, on: date = PUBLISHED, **changes: Any) -> NoticeDraft:
    """Looked at and sent by 张."""
    values: dict[str, Any] = {
        "medium": draft.medium or MEDIUM,
        "address": draft.address or ADDRESS,
        "published_on": on,
    }
    prepare_draft(draft, **values | changes, **world.zhang.acts(on))
    send_draft(draft, **world.zhang.acts(on))
    return steps.fresh(draft)


@staged
def reviewed(world: World, draft: NoticeDraft, on: date = PUBLISHED, **changes: Any) -> NoticeDraft:
    """Sent by 张, approved by 李: published."""
    approve_draft(sent(world, draft, on, **changes), **world.li.acts(on))
    return steps.fresh(draft)


def corrected(world: World, draft: NoticeDraft, label: str, after: str, **changes: Any) -> Any:
    """A correction of one field, drawn up by 张."""
    from disclosure.models import fields_of

    field = next(f for f in fields_of(draft.sections) if f.place.endswith(label))
    values = {"items": [{"field": field.key, "after": after}], "reason": "录入有误。"}
    return correct_notice(draft, **values | changes, **world.zhang.acts(ANNOUNCED))


def publish_notice(
    kind: str, subject: Any, project: Project, *, published_on: date, **place_and_acts: Any
) -> PublishedNotice:
    """A frozen notice with neither officer nor reviewer: what readers of notices start from."""
    place = {name: place_and_acts.pop(name, "") for name in ("medium", "address")}
    news = Announcement(
        kind, subject, project, opened_on=published_on, published_on=published_on, **place
    )
    draft = announce(news, **place_and_acts)
    known = PublishedNotice.objects.filter(number=draft.notice_number).first()
    return known or freeze(draft, **place_and_acts)


def event(name: str, row: Any, on: date = PUBLISHED) -> OutboxEvent:
    """An announced event, as the delivery hands it to a handler."""
    return OutboxEvent(seq=1, name=name, subject=reference(row), effective_on=on)


def notice(kind: NoticeKind) -> PublishedNotice:
    return PublishedNotice.objects.get(kind=kind)


def printed(found: PublishedNotice) -> str:
    """A notice as text: title, then every section in its order."""
    lines = [found.title]
    for section in found.fields:
        lines += ["", section["heading"]] if section["heading"] else [""]
        lines += section["text"]
        lines += [f"{label}：{value}" for label, value in section["rows"]]
    return "\n".join(lines) + "\n"
