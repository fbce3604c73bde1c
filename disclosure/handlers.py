"""公开对各环节的响应：该公开的开立义务，已发布的冻结公告。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.services import system_actor
from contracts.models import Contract
from core.events import OutboxEvent, on
from core.history.values import referenced_pk
from disclosure.documents import NoticeSubject
from disclosure.models import DutyKind, NoticeKind
from disclosure.services import open_duty, publish_notice
from procurement.models import Award, Intention, Tender
from projects.models import ProcurementMethod, Project

# 发布采购文件时发哪一种公告；其他方式没有面向公众的采购公告。
TENDER_NOTICES: dict[str, str] = {
    ProcurementMethod.OPEN: NoticeKind.TENDER_OPEN,
    ProcurementMethod.CONSULTATION: NoticeKind.TENDER_CONSULTATION,
}


def _system(day: date) -> dict[str, Any]:
    user, role = system_actor()
    return {"by": user, "acting_as": role, "on": day}


@on("projects.project.approve_budget", "projects.project.approve_subsidy")
def open_duty_to_publish(event: OutboxEvent) -> None:
    """批复后，购买主体应主动公开购买的项目和要求（第九条第（二）项）。"""
    project = Project.objects.with_owner().get(pk=referenced_pk(event.subject))
    open_duty(project, **_system(event.effective_on))


@on("contracts.contract.conclude")
def open_duty_to_announce_contract(event: OutboxEvent) -> None:
    """合同签订后，购买主体应公告合同（第十六条）；自签订日起算。"""
    contract = Contract.objects.with_case().get(pk=referenced_pk(event.subject))
    open_duty(
        contract.case(),
        kind=DutyKind.CONTRACT_NOTICE,
        subject=contract,
        opened_on=contract.signed_on,
        **_system(event.effective_on),
    )


@on("projects.project.register_intention")
def publish_intention(event: OutboxEvent) -> None:
    """采购意向已公开的发公告；豁免的不发。"""
    project = Project.objects.with_owner().get(pk=referenced_pk(event.subject))
    intention = Intention.objects.filter(project=project, exemption="").first()
    if intention is not None:
        _publish(NoticeKind.INTENTION, intention, project, intention, intention.published_on, event)


@on("procurement.tender.publish")
def publish_tender_notice(event: OutboxEvent) -> None:
    """采购文件发布的，按采购方式发招标公告或者磋商公告。"""
    tender = _tender(event)
    if kind := TENDER_NOTICES.get(tender.method):
        _publish(kind, tender, tender.case(), tender, tender.published_on, event)


@on("procurement.award.notify")
def publish_result(event: OutboxEvent) -> None:
    """成交结果已公告的发公告；限额以下自行采购没有公告媒体的不发。"""
    award = Award.objects.with_case().get(pk=referenced_pk(event.subject))
    if award.medium:
        _publish(NoticeKind.RESULT, award, award.case(), award, award.notified_on, event)


@on("procurement.tender.fail")
def publish_failure(event: OutboxEvent) -> None:
    """采购失败的发终止公告；从未公告过的采购不发。媒体和网址没有登记，不代填。"""
    tender = _tender(event)
    if tender.published_on is not None:
        _publish(NoticeKind.FAILED, tender, tender.case(), None, tender.ended_on, event)


def _tender(event: OutboxEvent) -> Tender:
    return Tender.objects.with_case().get(pk=referenced_pk(event.subject))


def _publish(
    kind: str,
    subject: NoticeSubject,
    project: Project,
    place: Intention | Tender | Award | None,
    published_on: date | None,
    event: OutboxEvent,
) -> None:
    """冻结一份公告；`place` 是登记了媒体和网址的文件，没有登记的为空。"""
    if published_on is not None:
        publish_notice(
            kind,
            subject,
            project,
            published_on=published_on,
            medium=place.medium if place else "",
            address=place.address if place else "",
            **_system(event.effective_on),
        )
