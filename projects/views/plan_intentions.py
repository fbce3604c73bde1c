"""计划里由意向清单写入的各条，和据以填报。"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.drafts.keeping import draft_of, save_draft
from core.money import format_yuan
from core.views.acts import SignedInRequest
from projects.models import AnnualPlan, CatalogueItem, ListedIntention, Project
from projects.views.drafts import draft_name
from projects.views.rights import may_file, require


@require_safe
def plan_intentions(request: SignedInRequest, pk: int) -> HttpResponse:
    """一份计划里由意向清单写入的各条：填报了没有，据以填报。"""
    plan = _plan(request, pk)
    rows = ListedIntention.objects.filter(plan=plan).select_related("intentions")
    filed = {
        p.name: p for p in Project.objects.visible_to(request.user).filter(plan_line__plan=plan)
    }
    context = {
        "plan": plan,
        "rows": [(row, filed.get(row.name)) for row in rows],
        "can_file": may_file(request, plan),
        "crumbs": [
            {"title": "年度计划", "url": reverse("projects:plans")},
            {"title": str(plan), "url": reverse("projects:plan", args=[plan.pk])},
            {"title": "采购意向"},
        ],
    }
    return render(request, "projects/plan_intentions.html", context)


@require_POST
def start_filing(request: SignedInRequest, pk: int) -> HttpResponse:
    """据一条意向填报：已知的各栏存为本人的草稿，再走填报的两步；有草稿未完的不覆盖。"""
    seen = AnnualPlan.objects.visible_to(request.user)
    row = get_object_or_404(ListedIntention.objects.filter(plan__in=seen), pk=pk)
    plan = _plan(request, row.plan_id or 0)
    require(may_file(request, plan))
    form = draft_name("filing", plan.pk)
    if draft_of(request.user, form) is not None:
        messages.warning(request, "这份计划已有一份没有填完的草稿，请先填完或放弃，再据意向填报。")
        return redirect("projects:plan_intentions", plan.pk)
    save_draft(request.user, form, title=row.name, content=_prefilled(row, plan))
    return redirect("projects:declare", plan.pk)


def _prefilled(row: ListedIntention, plan: AnnualPlan) -> dict[str, list[str]]:
    """意向里有的各栏；其余由经办人填写。"""
    jurisdiction = plan.purchaser.organisation.jurisdiction
    items = CatalogueItem.objects.in_force(jurisdiction, row.intentions.received_on)
    item = items.filter(kind=row.kind, category__gt=0).order_by("code").first()
    content = {
        "name": [row.name],
        "need": [row.summary],
        "unit": ["元"],
        "total": [format_yuan(row.amount_fen) if row.amount_fen else ""],
    }
    return content | ({"catalogue_item": [str(item.pk)]} if item else {})


def _plan(request: SignedInRequest, pk: int) -> AnnualPlan:
    plans = AnnualPlan.objects.visible_to(request.user)
    return get_object_or_404(plans.select_related("purchaser__organisation__jurisdiction"), pk=pk)
