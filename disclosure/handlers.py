"""公开对各环节的响应：该公开的开立义务，并拟出公告稿。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.services import system_actor
from contracts.models import Contract
from core.events import OutboxEvent, on
from core.history.reading import reason_of
from core.history.values import reference, referenced_pk
from disclosure.documents import source_of
from disclosure.models import NoticeDraft, NoticeKind
from disclosure.services import Announcement, announce, open_catalogue_duty
from procurement.models import Award, Intention, Tender
from projects.models import CatalogueRevision, Package, ProcurementMethod, Project, ServiceNature

# 发布采购文件时发哪一种公告；其他方式没有面向公众的采购公告。
TENDER_NOTICES: dict[str, str] = {
    ProcurementMethod.OPEN: NoticeKind.TENDER_OPEN,
    ProcurementMethod.CONSULTATION: NoticeKind.TENDER_CONSULTATION,
}


def _announce(event: OutboxEvent, **news: Any) -> None:
    user, role = system_actor()
    news = {"opened_on": event.effective_on} | news
    announce(Announcement(**news), by=user, acting_as=role, on=event.effective_on)


def _placed(paper: Intention | Tender | Award, day: date | None) -> dict[str, Any]:
    """事项里已经登记了的日期、媒体和网址。"""
    return {
        "opened_on": day,
        "published_on": day,
        "medium": paper.medium,
        "address": paper.address,
    }


@on("projects.project.approve_budget", "projects.project.approve_subsidy")
def announce_requirements(event: OutboxEvent) -> None:
    """批复后，购买主体应主动公开购买的项目和要求（第九条第（二）项、第十六条）。"""
    project = source_of(event.subject)
    _announce(event, kind=NoticeKind.REQUIREMENTS, subject=project, project=project)


@on("projects.project.register_intention")
def announce_intention(event: OutboxEvent) -> None:
    """采购意向已公开的拟公告；豁免的不拟。"""
    project: Project = source_of(event.subject)
    intention = Intention.objects.filter(project=project, exemption="").first()
    if intention is not None and intention.published_on is not None:
        place = _placed(intention, intention.published_on)
        _announce(event, kind=NoticeKind.INTENTION, subject=intention, project=project, **place)


@on("procurement.tender.publish")
def announce_tender(event: OutboxEvent) -> None:
    """采购文件发布的，按采购方式拟招标公告或者磋商公告。"""
    tender: Tender = source_of(event.subject)
    if kind := TENDER_NOTICES.get(tender.method):
        place = _placed(tender, tender.published_on)
        _announce(event, kind=kind, subject=tender, project=tender.case(), **place)


@on("procurement.award.notify")
def announce_result(event: OutboxEvent) -> None:
    """成交结果已公告的拟公告；限额以下自行采购没有公告媒体的不拟。自确定成交之日起算。"""
    award: Award = source_of(event.subject)
    if award.medium:
        place = _placed(award, award.notified_on) | {"opened_on": award.decided_on}
        _announce(event, kind=NoticeKind.RESULT, subject=award, project=award.case(), **place)


@on("procurement.tender.fail")
def announce_failure(event: OutboxEvent) -> None:
    """采购失败的拟终止公告；从未公告过的采购不拟。媒体和网址由经办人登记，不代填。"""
    tender: Tender = source_of(event.subject)
    if tender.published_on is not None:
        details = {"ends": [reference(tender)]}
        _announce(
            event, kind=NoticeKind.FAILED, subject=tender, project=tender.case(), details=details
        )


@on("contracts.contract.conclude")
def announce_contract(event: OutboxEvent) -> None:
    """合同签订后，购买主体应公告合同（第十六条）；自签订日起算。"""
    contract = source_of(event.subject)
    _announce(
        event,
        kind=NoticeKind.CONTRACT,
        subject=contract,
        project=contract.case(),
        opened_on=contract.signed_on,
    )


@on("contracts.acceptance.approve")
def announce_acceptance(event: OutboxEvent) -> None:
    """向社会公众提供的服务，全部验收合格之后公告验收结果；履职所需的和分节点的不拟。"""
    acceptance = source_of(event.subject)
    project = acceptance.case()
    if acceptance.is_final and project.service_nature == ServiceNature.PUBLIC:
        _announce(event, kind=NoticeKind.ACCEPTANCE, subject=acceptance, project=project)


@on("performance.evaluation.conclude")
def announce_evaluation(event: OutboxEvent) -> None:
    """评估结果向社会公开（第十四条）；先责令整改的还不是结果，整改之后重评的方公告。"""
    evaluation = source_of(event.subject)
    if evaluation.mending_id is None:
        _announce(event, kind=NoticeKind.EVALUATION, subject=evaluation, project=evaluation.case())


@on("projects.package.cancel", "contracts.contract.terminate")
def announce_termination(event: OutboxEvent) -> None:
    """公告过的采购不再进行、公告过的合同终止的，拟终止公告；从未公告过的不拟。"""
    subject = source_of(event.subject)
    project = subject.case()
    papers = [reference(each) for each in _announced_before(subject)]
    ended = NoticeDraft.objects.filter(project=project, subject__in=papers)
    if ended.exists():
        details = {"reason": reason_of(event.seq), "ends": papers}
        _announce(
            event, kind=NoticeKind.TERMINATION, subject=subject, project=project, details=details
        )


def _announced_before(subject: Package | Contract) -> list[Any]:
    """终止之前可能公告过的文件：合同自己；采购包的意向和各次采购。"""
    if isinstance(subject, Contract):
        return [subject]
    intentions = Intention.objects.filter(project=subject.project_id)
    return [*intentions, *Tender.objects.filter(package=subject)]


@on("projects.cataloguerevision.adopt")
def open_the_duty_to_publish_a_catalogue(event: OutboxEvent) -> None:
    """指导性目录通过之后，及时对外公布（第八条）。"""
    revision = CatalogueRevision.objects.whole().get(pk=referenced_pk(event.subject))
    user, role = system_actor()
    open_catalogue_duty(revision, by=user, acting_as=role, on=event.effective_on)
