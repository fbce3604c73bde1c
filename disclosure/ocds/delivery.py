"""项目和要求、验收、评估、终止：与 `builders` 同样，一种公告一个函数。"""

from __future__ import annotations

from contracts.models import Acceptance, AcceptanceStatus, Contract
from disclosure.ocds.builders import after_award, award_outline
from disclosure.ocds.drafts import Draft, in_planning, in_tender, is_published
from disclosure.ocds.parts import (
    agency_party,
    notice_documents,
    tender_ocid,
    tender_outline,
)
from disclosure.ocds.printed import Fields, Printed, kept
from performance.models import Evaluation
from procurement.models import Tender
from projects.models import Package, Project

REASON = "项目终止的原因"


def requirements_draft(project: Project, printed: Printed) -> Draft:
    """购买的项目和要求：要求、预算。"""
    content = kept(
        rationale=printed.section("服务要求"),
        budget=kept(
            project=printed.text(project.name),
            projectID=project.number,
            amount=printed.money(project.approved_fen),
        ),
        documents=notice_documents(printed, "procurementPlan"),
    )
    return in_planning(project, "planning", {"planning": content})


def acceptance_draft(acceptance: Acceptance, printed: Printed) -> Draft:
    """验收结果；验收组成员的姓名不列。"""
    is_met = acceptance.status == AcceptanceStatus.PASSED
    milestone = kept(
        id=f"acceptance-{acceptance.pk}",
        title=str(acceptance),
        type="delivery",
        status="met" if is_met else "notMet",
        dateMet=printed.begins(acceptance.held_on) if is_met else None,
        description=printed.section("验收意见"),
    )
    return _implementation(acceptance.contract, milestone, printed, "completionCertificate")


def evaluation_draft(evaluation: Evaluation, printed: Printed) -> Draft:
    """评估结果：考核等级和结论日期。"""
    milestone = kept(
        id=f"evaluation-{evaluation.pk}",
        title="综合评估",
        type="assessment",
        status="met",
        dateMet=printed.begins(evaluation.concluded_on),
        description=printed.row("考核等级"),
    )
    return _implementation(evaluation.contract, milestone, printed, "performanceEvaluation")


def termination_draft(subject: Contract | Package, printed: Printed) -> Draft:
    """终止的合同；不再采购的采购包，从未公告过采购的记入计划过程。"""
    reason = printed.section(REASON)
    documents = notice_documents(printed, "cancellationDetails", description=reason)
    if isinstance(subject, Contract):
        ended = {"status": "terminated", "documents": documents}
        return _contract_step("contractTermination", subject, printed, ended)
    tender = Tender.objects.with_case().filter(package=subject).order_by("attempt").last()
    if tender is None or not is_published(tender_ocid(tender)):
        return in_planning(subject.project, "planning", {"planning": {"documents": documents}})
    content = tender_outline(tender, printed, "cancelled") | {"documents": documents}
    return in_tender(
        tender, "tenderCancellation", {"tender": content}, [agency_party(tender, printed)]
    )


def _implementation(
    contract: Contract, milestone: Fields, printed: Printed, document_type: str
) -> Draft:
    documents = notice_documents(printed, document_type)
    content = {"implementation": {"milestones": [milestone], "documents": documents}}
    return _contract_step("implementation", contract, printed, content)


def _contract_step(tag: str, contract: Contract, printed: Printed, content: Fields) -> Draft:
    """已签合同的一步：只写合同的编号和这一步的内容。"""
    named = {"id": contract.number, "awardID": contract.award.tender.number}
    awarded = award_outline(contract.award, printed)
    sections = {"awards": [awarded], "contracts": [named | content]}
    return after_award(tag, contract.award, printed, sections)
