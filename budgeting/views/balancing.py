"""资金下达的缺口：一池一页；拟订资金调剂、核减来平衡它。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from budgeting import services
from budgeting.facts.released import gap_of
from budgeting.forms.balancing import balancing_form
from budgeting.models import Ceiling
from budgeting.selectors.balancing import balancing_choices, shortfall
from budgeting.views.opinions import form_or_act, project_page
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest, act_page, has_right, require_right
from projects.models import Project

RECORD, DRAFT = "budgeting.record_release", "budgeting.draft_adjustment"


@require_safe
def pool(request: SignedInRequest, pk: int) -> HttpResponse:
    """一项控制数所用的一池：下达、承诺、预留，缺口和平衡它的各件文件。"""
    rows = Ceiling.objects.visible_to(request.user).select_related("fund", "purchaser")
    ceiling = get_object_or_404(rows, pk=pk)
    context = {
        "shortfall": shortfall(request.user, ceiling),
        "ceiling": ceiling,
        "can_record": has_right(request, RECORD),
        "can_balance": has_right(request, DRAFT),
    }
    return render(request, "budgeting/shortfall.html", context)


@form_or_act
def balance(request: SignedInRequest, pk: int) -> HttpResponse:
    """拟订一次资金调剂或者核减。"""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    require_right(request, DRAFT)
    lines, targets, packages = balancing_choices(project)
    gaps = [(line, gap_of(line.ceiling)) for line in lines]
    facts = tuple(
        (f"{x.ceiling.year} 年{x.ceiling.fund}的缺口（元）", format_yuan(fen)) for x, fen in gaps
    )
    short = next((line for line, fen in gaps if fen), None)
    initial: dict[str, Any] = {}
    if short is not None:
        most = min(gap_of(short.ceiling), short.reserved_fen)
        initial = {"allocation": short.pk, "amount_fen": most or None}
    page = ActPage(
        back=project_page(project),
        about=f"{project.number} {project.name}",
        facts=(("购买主体", project.purchaser), *facts),
        note="两部办法没有写明下达不足时怎样平衡；本系统采用的理解：补记下达之外，可以由同一购买主体的"
        "另一项资金承担，或者核减。拟订时不动资金，由另一名财政审核人批准之后过账，原批复不改。",
        done="已拟订，由另一名财政审核人审批。",
    )
    return act_page(
        request,
        project,
        "adjust_budget",
        do=services.draft_adjustment,
        page=page,
        form_class=balancing_form(lines, targets, packages, {x.pk: fen for x, fen in gaps}),
        initial=initial,
    )
