"""预算文书的内容：批复、审核意见、会签单、上会材料；一经生成不再变化。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Mandate, MandateKind
from budgeting.models import (
    BudgetReply,
    BudgetReview,
    Ceiling,
    MeetingLine,
    MeetingSheet,
    Obligation,
    OpinionStatus,
    available,
)
from core.documents.word import Annex, OfficialPaper
from core.money import capital, format_yuan
from projects.models import Project

Context = dict[str, Any]
NO_NUMBER = "（待编文号）"


def reply_context(reply: BudgetReply) -> Context:
    """批复 PDF 的内容；金额为分，由模板排版。"""
    lines = list(reply.lines.select_related("project__catalogue_item").order_by("project_id"))
    return {
        "bureau": str(reply.bureau),
        "number": reply.number,
        "addressee": str(reply.purchaser),
        "year": reply.year,
        "batch": reply.round_number,
        "issued_on": reply.issued_on.isoformat() if reply.issued_on else "",
        "copies": _copies(reply),
        "total_fen": sum(line.approved_fen for line in lines),
        "lines": [
            {
                "position": position,
                "number": line.project.number,
                "name": line.project.name,
                "item": str(line.project.catalogue_item),
                "requested_fen": line.project.requested_fen,
                "approved_fen": line.approved_fen,
            }
            for position, line in enumerate(lines, 1)
        ],
    }


def _copies(reply: BudgetReply) -> list[str]:
    """抄送：参与会审的其他机构。"""
    rows = Mandate.objects.filter(
        jurisdiction=reply.bureau.jurisdiction, kind=MandateKind.JOINT_REVIEWER
    ).exclude(organisation=reply.bureau)
    return [str(m.organisation) for m in rows.select_related("organisation")]


def reply_paper(context: Context) -> OfficialPaper:
    """批复的 Word 稿；`context` 是 `reply_context` 所给的，已签发的取文书固定的那一份。"""
    year, total = context["year"], context["total_fen"]
    day = context["issued_on"]
    dated = _cn_date(date.fromisoformat(day)) if day else "　　年　　月　　日"
    copies = context.get("copies") or []
    annex = f"{context['addressee']} {year} 年政府购买信息服务项目预算批复表"
    return OfficialPaper(
        letterhead=f"{context['bureau']}文件",
        number=context["number"] or NO_NUMBER,
        title=(f"关于 {year} 年政府购买信息服务", "项目预算的批复"),
        addressee=f"{context['addressee']}：",
        body=[
            ("p", opening(year)),
            ("h2", "一、批复金额"),
            ("p", granted(year, len(context["lines"]), total)),
            ("h2", "二、有关要求"),
            *[("p", text) for text in DEMANDS],
        ],
        attachments=(f"附件：{annex}",),
        signature=context["bureau"],
        date=dated,
        copies=f"抄送：{'、'.join(copies)}。" if copies else "",
        issuer_line=(context["bureau"], f"{dated}印发") if day else ("", ""),
        annex=_annex(context, annex),
    )


def _annex(context: Context, title: str) -> Annex:
    total = context["total_fen"]
    return Annex(
        title=tuple(title.split(" ", 1)),
        header=("序号", "项目编号", "项目名称（目录条目）", "申请金额（元）", "批复金额（元）"),
        rows=tuple(
            (
                str(line["position"]),
                line["number"],
                f"{line['name']}（{line['item']}）",
                format_yuan(line["requested_fen"]),
                format_yuan(line["approved_fen"]),
            )
            for line in context["lines"]
        ),
        total=("合计", "", capital(total), "", format_yuan(total)),
        numeric=frozenset({3, 4}),
        widths_mm=(12, 32, 56, 28, 28),
    )


def opening(year: int) -> str:
    return (
        f"你单位报送的 {year} 年政府购买信息服务项目预算收悉。"
        "经会同有关部门审核，并按规定程序报批审定，现批复如下："
    )


def granted(year: int, count: int, total_fen: int) -> str:
    return (
        f"同意你单位 {year} 年政府购买信息服务项目 {count} 个，"
        f"预算合计{capital(total_fen)}（{format_yuan(total_fen)} 元）。各项目批复金额见附件。"
    )


DEMANDS = (
    "（一）请严格按照批复的项目和金额组织实施，不得超批复采购，不得擅自调整用途。",
    "（二）批复之后方可组织采购。请按规定选择采购方式，依法签订合同并备案。",
    "（三）请自批复之日起按规定期限主动公开购买的项目和要求，接受社会监督。",
    "（四）会审中附有条件的，请在规定环节前落实并提交凭据。",
)


def _cn_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- 审核意见、会签单、上会材料 ------------------------------------------------------------------


def review_context(review: BudgetReview, *, on: date) -> Context:
    """审核意见表和会签单的内容：项目、各方意见、条件、审核意见；金额为分。"""
    project = review.project
    rows = review.opinions.select_related("reviewer", "given_by").order_by("position")
    obligations = Obligation.objects.filter(opinion__review=review).select_related(
        "opinion__reviewer"
    )
    return {
        "project_number": project.number,
        "name": project.name,
        "purchaser": str(project.purchaser),
        "year": project.year,
        "item": str(project.catalogue_item),
        "round_number": review.round_number,
        "total_fen": project.total_fen,
        "requested_fen": project.requested_fen,
        "proposed_fen": review.proposed_fen,
        "summary": review.summary,
        "concluded_on": review.concluded_on.isoformat() if review.concluded_on else "",
        "made_on": on.isoformat(),
        "funds": [
            {"fund": str(line.fund), "amount_fen": line.amount_fen}
            for line in project.fund_lines.select_related("fund")
        ],
        "opinions": [
            {
                "reviewer": str(o.reviewer),
                "step_name": o.step_name,
                "status": o.get_status_display(),
                "text": o.text,
                "proposed_fen": o.proposed_fen,
                "given_by": str(o.given_by) if o.given_by else "",
                "given_on": o.given_on.isoformat() if o.given_on else "",
            }
            for o in rows
            if o.status != OpinionStatus.CANCELLED
        ],
        "conditions": [
            {
                "text": o.text,
                "reviewer": o.opinion.reviewer.short_name,
                "due": o.get_due_stage_display(),
                "status": o.get_status_display(),
            }
            for o in obligations
        ],
    }


def meeting_context(sheet: MeetingSheet) -> Context:
    """上会材料的内容：所提交的各项目、各方意见、控制数余额、合计；金额为分。"""
    lines = sheet.lines.select_related("project__purchaser__organisation").order_by("pk")
    rows = [_meeting_row(position, line) for position, line in enumerate(lines, 1)]
    return {
        "body": str(sheet.body),
        "meeting": sheet.meeting,
        "meets_on": sheet.meets_on.isoformat(),
        "prepared_on": sheet.prepared_on.isoformat(),
        "lines": rows,
        "requested_fen": sum(r["requested_fen"] for r in rows),
        "proposed_fen": sum(r["proposed_fen"] for r in rows),
    }


def _meeting_row(position: int, line: MeetingLine) -> Context:
    project = line.project
    review = BudgetReview.objects.filter(project=project, round_number=line.round_number).first()
    opinions = review.opinions.select_related("reviewer").order_by("position") if review else ()
    return {
        "position": position,
        "number": project.number,
        "name": project.name,
        "purchaser": project.purchaser.organisation.short_name,
        "requested_fen": project.requested_fen,
        "proposed_fen": line.proposed_fen,
        "summary": review.summary if review else "",
        "opinions": [
            {
                "reviewer": o.reviewer.short_name,
                "status": o.get_status_display(),
                "text": o.text,
            }
            for o in opinions
        ],
        "ceilings": _ceilings(project),
    }


def _ceilings(project: Project) -> list[Context]:
    """项目所列各项资金的控制数和可用余额（分）；未下达的没有数。"""
    known = {
        c.fund_id: c
        for c in Ceiling.objects.filter(purchaser=project.purchaser_id, year=project.year)
    }
    return [
        {
            "fund": str(line.fund),
            "ceiling_fen": known[line.fund_id].amount_fen if line.fund_id in known else None,
            "available_fen": available(known[line.fund_id]) if line.fund_id in known else None,
        }
        for line in project.fund_lines.select_related("fund")
    ]
