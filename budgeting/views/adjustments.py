"""预算调整：台账，拟订、批准、退回、撤回的办理页。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from budgeting import forms, services
from budgeting.facts.released import gap_of
from budgeting.models import (
    BALANCING,
    AdjustmentKind,
    Allocation,
    BudgetAdjustment,
    available,
    unreserved,
)
from budgeting.selectors import (
    adjustment_ledger,
    badge_of,
    lines_of,
    purchasers_reviewed_by,
    receivers_of,
)
from budgeting.views.opinions import case_page, form_or_act, project_page
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest, act_page
from core.views.listing import Column, Listing, listing
from projects.models import Project

COLUMNS = (
    Column("文号", lambda a: a.number, sort="number"),
    Column("种类", lambda a: a.get_kind_display(), sort="kind"),
    Column("项目编号", lambda a: a.project.number, sort="project__number"),
    Column("年度", lambda a: a.allocation.ceiling.year, sort="allocation__ceiling__year"),
    Column("金额", lambda a: a.amount_fen, sort="amount_fen", is_money=True),
    Column("调整前", lambda a: a.before_fen, sort="before_fen", is_money=True),
    Column("调整后", lambda a: a.after_fen, sort="after_fen", is_money=True),
    Column("拟订日", lambda a: a.drafted_on.isoformat(), sort="drafted_on"),
    Column("审批日", lambda a: a.decided_on.isoformat() if a.decided_on else "", sort="decided_on"),
    Column("状态", lambda a: a.get_status_display(), sort="status"),
)
# What stands below the columns above on the page, and in columns of its own in the CSV.
MORE = (
    Column("项目", lambda a: a.project.name),
    Column("购买主体", lambda a: a.project.purchaser.organisation.short_name),
    Column("资金来源", lambda a: str(a.allocation.ceiling.fund)),
    Column("调入项目", lambda a: str(a.receiver) if a.receiver else ""),
    Column("改由承担", lambda a: str(a.target.fund) if a.target else ""),
    Column("核减的采购包", lambda a: str(a.package) if a.package else ""),
    Column("下达缺口调整前", lambda a: a.gap_before_fen, is_money=True),
    Column("下达缺口调整后", lambda a: a.gap_after_fen, is_money=True),
    Column("事由", lambda a: a.reason),
    Column("拟订人", lambda a: a.drafted_by.full_name),
    Column("审批人", lambda a: a.decided_by.full_name if a.decided_by else ""),
)
NOTES = {
    AdjustmentKind.INCREASE: "批准之后记为项目的可用预算，供签订补充合同；采购包的预算不变。",
    AdjustmentKind.DECREASE: "批准之后退回控制数；只动还没有预留、承诺和支付的部分。",
    AdjustmentKind.TRANSFER: "批准之后两个项目各记一笔，控制数不变。",
    AdjustmentKind.SWITCH: "批准之后这部分预留改由另一项资金承担，项目和采购包的合计不变。",
    AdjustmentKind.CUT: "批准之后预留、控制数和采购包的预算一并减少，不留给别的项目。",
    AdjustmentKind.RECLAIM: "批准之后收回控制数；已承诺而未付的不收回，办理结转。",
}


@require_safe
def adjustments(request: SignedInRequest) -> HttpResponseBase:
    form = forms.AdjustmentFilter(
        request.GET or None, purchasers=purchasers_reviewed_by(request.user)
    )
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = adjustment_ledger(request.user, wanted)
    page = listing(request, rows, COLUMNS + MORE, filename="预算调整", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "headers": page.headers[: len(COLUMNS)],
        "rows": [(row, badge_of(row)) for row in page.rows],
        "filter_form": form,
    }
    return render(request, "budgeting/adjustment_list.html", context)


@form_or_act
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    lines = lines_of(project)
    facts = tuple((f"{x.ceiling.year} 年 {x.ceiling.fund}（元）", _left(x)) for x in lines)
    page = ActPage(
        back=project_page(project),
        about=f"{project.number} {project.name}",
        facts=(("购买主体", project.purchaser), *facts),
        note="拟订时不动资金；由另一名财政审核人批准之后过账，原批复不改。",
        done="预算调整已拟订，由另一名财政审核人审批。",
    )
    return act_page(
        request,
        project,
        "adjust_budget",
        do=services.draft_adjustment,
        page=page,
        form_class=forms.adjustment_form(lines, receivers_of(project)),
    )


@form_or_act
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    page = _page(row, NOTES[AdjustmentKind(row.kind)])
    return act_page(request, row, "approve", do=services.approve_adjustment, page=page)


@form_or_act
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    return act_page(
        request,
        row,
        "send_back",
        do=services.return_adjustment,
        page=_page(row, "退回之后不能恢复；要办的另行拟订。"),
        form_class=forms.NoteForm,
    )


@form_or_act
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    return act_page(
        request,
        row,
        "withdraw",
        do=services.withdraw_adjustment,
        page=_page(row, "没有批准的调整可以撤回；没有动用资金。"),
        form_class=forms.NoteForm,
    )


def _left(line: Allocation) -> str:
    approved, left = format_yuan(line.approved_fen), format_yuan(unreserved(line))
    ceiling = format_yuan(available(line.ceiling))
    return f"批复 {approved}，可用 {left}；控制数可用 {ceiling}"


def _row(request: SignedInRequest, pk: int) -> BudgetAdjustment:
    rows = BudgetAdjustment.objects.visible_to(request.user).with_case()
    return get_object_or_404(rows, pk=pk)


def _page(row: BudgetAdjustment, note: str) -> ActPage:
    line = row.allocation
    facts: tuple[tuple[str, Any], ...] = (
        ("种类", row.get_kind_display()),
        ("资金", f"{line.ceiling.year} 年 {line.ceiling.fund}"),
        ("调整金额（元）", format_yuan(row.amount_fen)),
        ("现在的批复数（元）", format_yuan(line.approved_fen)),
        ("可用（元）", format_yuan(unreserved(line))),
        ("控制数可用（元）", format_yuan(available(line.ceiling))),
        ("文号", row.number),
        ("事由", row.reason),
        ("拟订", f"{row.drafted_by.full_name}　{row.drafted_on.isoformat()}"),
    )
    if row.receiver is not None:
        facts += (("调入项目", f"{row.receiver.number} {row.receiver.name}"),)
    return case_page(row, facts=facts + _balancing_facts(row), note=note)


def _balancing_facts(row: BudgetAdjustment) -> tuple[tuple[str, Any], ...]:
    """平衡缺口的两种：缺口前后，本项目的预留，另一项资金或者采购包。"""
    if row.kind not in BALANCING:
        return ()
    gap = gap_of(row.allocation.ceiling)
    after = format_yuan(max(gap - row.amount_fen, 0))
    facts: tuple[tuple[str, Any], ...] = (
        ("下达缺口，批准前 → 批准后（元）", f"{format_yuan(gap)} → {after}"),
        ("本项目预留（元）", format_yuan(row.allocation.reserved_fen)),
    )
    if row.target is not None:
        left = format_yuan(available(row.target))
        facts += (("改由承担", f"{row.target.year} 年{row.target.fund}，控制数可用 {left} 元"),)
    if row.package is not None:
        budget = format_yuan(row.package.budget_fen)
        facts += (("核减的采购包", f"{row.package}，预算 {budget} 元"),)
    return facts
