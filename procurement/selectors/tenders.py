"""采购项目的清单，一次采购的页面。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from accounts.models import User
from budgeting.selectors.badges import RENDER_TONES
from core.attachments import Attachment
from core.documents.models import Document, RenderState
from core.history.values import reference
from core.money import format_yuan
from core.transitions import StatefulModel
from procurement.models import (
    Award,
    Bid,
    BidStatus,
    EvaluationReport,
    OrganisationForm,
    Tender,
)
from procurement.selectors.badges import Badge, badge_of
from procurement.selectors.schedule import Schedule, schedule_of
from projects.models import Project

CASE = "package__project__purchaser__organisation__jurisdiction"


def tenders_visible_to(user: User) -> QuerySet[Tender]:
    return Tender.objects.visible_to(user).with_case()


def tender_list(user: User, wanted: dict[str, Any]) -> QuerySet[Tender]:
    """看得见的各次采购，按筛选条件。"""
    rows = tenders_visible_to(user)
    if wanted.get("status"):
        rows = rows.filter(status=wanted["status"])
    if wanted.get("method"):
        rows = rows.filter(mode__method=wanted["method"])
    return rows


def bids_visible_to(user: User) -> QuerySet[Bid]:
    rows = Bid.objects.filter(tender__in=Tender.objects.visible_to(user))
    return rows.select_related(
        "provider", "tender__mode", f"tender__{CASE}", "tender__package__project__agency"
    )


def awards_visible_to(user: User) -> QuerySet[Award]:
    return Award.objects.visible_to(user).with_case()


def bids_of(tender: Tender) -> QuerySet[Bid]:
    """一次采购的响应：有名次的在前，其余按登记的次序。"""
    rows = Bid.objects.filter(tender=tender).select_related("provider")
    return rows.order_by(F("rank").asc(nulls_last=True), "pk")


def valid_bids(tender: Tender) -> QuerySet[Bid]:
    return bids_of(tender).filter(status=BidStatus.RECEIVED)


def candidates(tender: Tender) -> QuerySet[Bid]:
    """可以定它成交的：有效的响应，拒绝签订过的除外。"""
    refused = Award.objects.refused().filter(tender=tender)
    return valid_bids(tender).exclude(pk__in=refused.values("bid"))


def last_day_of_bids(tender: Tender, *, on: date) -> date:
    """响应最晚在哪一天送达：截止日；自行采购没有截止，是办理日（`on`）。"""
    is_own = tender.mode.form == OrganisationForm.OWN
    return on if is_own else min(tender.response_deadline or on, on)


def plain(number: Decimal) -> str:
    """15.00 → 15。"""
    return f"{number.normalize():f}"


def percent(weight: Decimal) -> str:
    return f"{plain(weight)}%"


@dataclass(frozen=True)
class TenderPage:
    """一次采购的页面所需的一切。"""

    tender: Tender
    project: Project
    badge: Badge
    facts: list[tuple[str, Any]]
    schedule: Schedule
    bids: list[tuple[Bid, Badge]]
    formula: str
    report: list[tuple[str, Any]] | None
    awards: list[tuple[list[tuple[str, Any]], Badge]]
    documents: list[dict[str, Any]]
    files: list[Attachment]


def tender_page(tender: Tender, *, on: date) -> TenderPage:
    """期限自发布日起算；没有发布的，按今日（`on`）发布推算。"""
    report = EvaluationReport.objects.filter(tender=tender).first()
    awards = list(Award.objects.filter(tender=tender).select_related("provider"))
    papers: list[StatefulModel] = [tender, *awards]
    return TenderPage(
        tender=tender,
        project=tender.package.project,
        badge=badge_of(tender),
        facts=tender_facts(tender),
        schedule=schedule_of(tender, tender.published_on or on),
        bids=[(bid, badge_of(bid)) for bid in bids_of(tender)],
        formula=_formula(tender, report),
        report=_report(report) if report else None,
        awards=[(_award(award), badge_of(award)) for award in awards],
        documents=_documents(papers),
        files=_files(papers),
    )


def tender_name(tender: Tender) -> str:
    """项目和采购；包与项目同名的不重复。"""
    project = tender.package.project
    return str(tender) if project.name in tender.package.name else f"{project}：{tender}"


def tender_brief(tender: Tender) -> tuple[tuple[str, Any], ...]:
    """办理页上列的几行；全部事实在采购的页面上。"""
    project = tender.package.project
    price = format_yuan(tender.ceiling_price_fen)
    days = (("响应截止日", tender.response_deadline), ("开启日", tender.opened_on))
    return (
        ("项目", f"{project.number} {project.name}"),
        ("采购", f"{tender.number}　{tender.mode}　{tender.assignee() or '未设集中采购机构'}"),
        ("最高限价", f"{price} 元，价格权重 {percent(tender.price_weight)}"),
        *((label, day.isoformat()) for label, day in days if day),
    )


def tender_facts(tender: Tender) -> list[tuple[str, Any]]:
    """一次采购的事实；没有的一项不列。"""
    project = tender.package.project
    days = (
        ("启动日", tender.opened_for_on),
        ("发布日", tender.published_on),
        ("文件提供自", tender.offered_from),
        ("文件提供至", tender.offered_until),
        ("响应截止日", tender.response_deadline),
        ("开启日", tender.opened_on),
        ("评审报告日", tender.reported_on),
        ("结束日", tender.ended_on),
    )
    words = (
        ("批准文号", tender.mode_approval),
        ("公告媒体", tender.medium),
        ("公告网址", tender.address),
        ("失败情形", tender.get_failure_ground_display() if tender.failure_ground else ""),
        ("失败说明", tender.failure_note),
    )
    return [
        ("项目", f"{project.number} {project.name}"),
        ("购买主体", project.purchaser),
        ("采购包", f"{tender.package}（预算 {format_yuan(tender.package.budget_fen)} 元）"),
        ("采购编号", tender.number),
        ("采购方式", tender.mode),
        ("组织采购", tender.assignee()),
        ("最高限价（元）", format_yuan(tender.ceiling_price_fen)),
        ("价格权重", percent(tender.price_weight)),
        *((label, day.isoformat()) for label, day in days if day),
        *((label, text) for label, text in words if text),
    ]


def _formula(tender: Tender, report: EvaluationReport | None) -> str:
    words = "价格得分 = 评审基准价 ÷ 报价 × 价格权重"
    if report is None:
        return f"{words}；评审基准价为有效响应的最低报价，价格权重 {percent(tender.price_weight)}。"
    return (
        f"{words}；评审基准价 {format_yuan(report.base_price_fen)} 元，"
        f"价格权重 {percent(tender.price_weight)}。"
    )


def _report(report: EvaluationReport) -> list[tuple[str, Any]]:
    return [
        ("评审结束日", report.evaluated_on.isoformat()),
        ("报告送达日", report.reported_on.isoformat()),
        ("评审专家", "、".join(report.experts) or None),
        ("采购人代表", "、".join(report.representatives) or None),
        ("评审基准价（元）", format_yuan(report.base_price_fen)),
        ("推荐意见", report.opinion),
    ]


def _award(award: Award) -> list[tuple[str, Any]]:
    return [
        ("承接主体", award.provider),
        ("成交金额（元）", format_yuan(award.amount_fen)),
        ("确定日", award.decided_on.isoformat()),
        ("定标理由", award.reason or None),
        ("通知书编号", award.number or None),
        ("通知和公告日", award.notified_on and award.notified_on.isoformat()),
        ("公告媒体", award.medium or None),
        ("公告网址", award.address or None),
        *_refusal(award),
    ]


def _refusal(award: Award) -> list[tuple[str, Any]]:
    if award.refused_on is None:
        return []
    return [
        ("拒绝签订", award.refused_on.isoformat()),
        ("情形和理由", award.refusal_reason),
        ("证据", award.refusal_evidence),
    ]


def _documents(rows: list[StatefulModel]) -> list[dict[str, Any]]:
    """这次采购的文书，带生成情况。"""
    return [
        {
            "document": paper,
            "badge": {
                "label": paper.get_state_display(),
                "tone": RENDER_TONES[RenderState(paper.state)],
            },
        }
        for paper in Document.objects.filter(subject__in=[reference(row) for row in rows])
    ]


def _files(rows: list[StatefulModel]) -> list[Attachment]:
    return list(Attachment.objects.filter(subject__in=[reference(row) for row in rows]))
