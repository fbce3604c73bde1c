"""计划、采购、成交、合同：一种公告一个函数，它在 OCDS 里是哪一步，写进哪些栏。

文字取自公告，数额、日期、主体取自所据的文件，但都以公告印出了的为限（`Printed`）。
"""

from __future__ import annotations

from contracts.models import Contract
from disclosure.ocds.drafts import Draft, in_planning, in_tender
from disclosure.ocds.parts import (
    agency_party,
    line_item,
    notice_documents,
    package_item,
    provider_party,
    referred,
    tender_outline,
)
from disclosure.ocds.printed import Fields, Printed, instant, kept
from procurement.models import Award, FailureGround, Intention, Tender

# 没有成的采购：因重大变故或者违法违规而停下的是取消，家数不足、报价过高的是未成功。
CANCELLED = (FailureGround.UNLAWFUL, FailureGround.GRAVE_CHANGE)


def planning_draft(intention: Intention, printed: Printed) -> Draft:
    """采购意向：预算、概况、预计采购时间。"""
    project = intention.project
    month = printed.row("预计采购时间")
    expected = {
        "id": "expected-procurement",
        "title": "预计采购时间",
        "type": "preProcurement",
        "status": "scheduled",
        "description": month,
    }
    content = kept(
        rationale=printed.row("采购需求概况"),
        budget=kept(
            project=printed.text(project.name),
            projectID=project.number,
            amount=printed.money(project.approved_fen),
        ),
        milestones=[expected] if month else [],
        documents=notice_documents(printed, "plannedProcurementNotice"),
    )
    return in_planning(project, "planning", {"planning": content})


def tender_draft(tender: Tender, printed: Printed) -> Draft:
    """招标、磋商公告。"""
    period = kept(
        startDate=instant(printed.notice.published_on),
        endDate=printed.ends(tender.response_deadline),
    )
    content = tender_outline(tender, printed, "active") | kept(
        description=printed.row("采购需求"),
        value=printed.money(tender.package.budget_fen),
        tenderPeriod=period,
        eligibilityCriteria=printed.section("申请人的资格要求"),
        items=[package_item(tender, printed)],
        documents=notice_documents(printed, "tenderNotice"),
    )
    return in_tender(tender, "tender", {"tender": content}, [agency_party(tender, printed)])


def failure_draft(tender: Tender, printed: Printed) -> Draft:
    """采购失败（终止）公告。"""
    is_cancelled = tender.failure_ground in CANCELLED
    reason = printed.section("项目终止的原因")
    outline = tender_outline(tender, printed, "cancelled" if is_cancelled else "unsuccessful")
    documents = notice_documents(printed, "cancellationDetails", description=reason)
    return in_tender(
        tender,
        "tenderCancellation" if is_cancelled else "tenderUpdate",
        {"tender": outline | {"documents": documents}},
        [agency_party(tender, printed)],
    )


def award_draft(award: Award, printed: Printed) -> Draft:
    """中标（成交）结果公告。"""
    documents = notice_documents(printed, "awardNotice")
    content = award_outline(award, printed) | {
        "items": [package_item(award.tender, printed)],
        "documents": documents,
    }
    return after_award("award", award, printed, {"awards": [content]})


def contract_draft(contract: Contract, printed: Printed) -> Draft:
    """合同公告；成交没有另行公告的，随合同说明成交给了谁。"""
    period = kept(
        startDate=printed.begins(contract.starts_on), endDate=printed.ends(contract.ends_on)
    )
    content = kept(
        id=contract.number,
        awardID=contract.award.tender.number,
        title=printed.text(contract.name),
        status="active",
        period=period,
        value=printed.money(contract.amount_fen),
        items=[line_item(line, printed) for line in contract.lines.all()],
        dateSigned=printed.begins(contract.signed_on),
        documents=notice_documents(printed, "contractNotice"),
    )
    awarded = award_outline(contract.award, printed)
    return after_award(
        "contract", contract.award, printed, {"awards": [awarded], "contracts": [content]}
    )


def award_outline(award: Award, printed: Printed) -> Fields:
    """成交的概要；一次采购一个成交，编号即采购编号。"""
    supplier = referred(provider_party(award.provider, printed))
    return kept(
        id=award.tender.number,
        status="active",
        date=printed.begins(award.decided_on),
        value=printed.money(award.amount_fen),
        suppliers=[supplier] if supplier else [],
    )


def after_award(tag: str, award: Award, printed: Printed, content: Fields) -> Draft:
    """成交之后的一步：采购的概要随附，主体加上承接主体。"""
    tender = award.tender
    return in_tender(
        tender,
        tag,
        {"tender": tender_outline(tender, printed, "complete")} | content,
        [agency_party(tender, printed), provider_party(award.provider, printed)],
    )
