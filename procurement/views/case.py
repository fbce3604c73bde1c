"""案卷的“采购”分页，以及在项目和采购包上的办理页。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.permissions import may
from budgeting.forms import NoteForm
from core.calendar.clock import today
from core.money import format_yuan
from core.views.acts import SignedInRequest, act_page
from procurement import forms, services
from procurement.models import Mode, Preparation
from procurement.selectors import procurement_case
from procurement.views.pages import form_or_act, project_of, project_page
from projects.models import Package, PackageStatus, Project, ProjectKind, Stage
from projects.services import divide_packages
from projects.views.frame import case_context


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """采购 tab of a case."""
    project = project_of(request, pk)
    context = case_context(request, project, "procurement:case") | procurement_case(project)
    context["can_prepare"] = project.stage == Stage.PROCUREMENT and may(
        request.user, "procurement.prepare", on=project, acting_as=request.acting, day=today()
    )
    return render(request, "procurement/case.html", context)


@form_or_act
def divide(request: SignedInRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    packages = [
        {"name": p.name, "budget_fen": p.budget_fen}
        for p in Package.objects.current().filter(project=project)
    ]
    return act_page(
        request,
        project,
        "divide_packages",
        do=divide_packages,
        page=project_page(
            project,
            note="各包预算合计须等于批复金额，一分不差。原有的采购包由下列各包代替；"
            "拟制中的采购文件须先作废。",
        ),
        form_class=forms.DivideForm,
        initial={"packages": list(packages)},
    )


@form_or_act
def prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    row = Preparation.objects.filter(project=project).first()
    return act_page(
        request,
        project,
        "record_preparation",
        do=services.record_preparation,
        page=project_page(project, note="绩效目标在申报时已经填报，不在此登记。"),
        form_class=forms.with_options(forms.PreparationForm, today=today()),
        initial=_values(row) if row else None,
    )


def _values(row: Preparation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in forms.PreparationForm.base_fields}


@form_or_act
def intention(request: SignedInRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    return act_page(
        request,
        project,
        "register_intention",
        do=services.register_intention,
        page=project_page(
            project, note="先在媒体上公开，再来登记；登记后不能修改。限额以下自行采购的可不登记。"
        ),
        form_class=forms.with_options(forms.IntentionForm, today=today()),
    )


@form_or_act
def open_tender(request: SignedInRequest, pk: int) -> HttpResponse:
    """补助也有这一页：规则说明为什么不能办。"""
    project = project_of(request, pk)
    packages = Package.objects.filter(project=project, status=PackageStatus.PLANNED)
    form = forms.with_options(
        forms.OpenTenderForm,
        packages=packages,
        modes=Mode.objects.in_force(project.jurisdiction(), today()),
        is_bare=project.kind == ProjectKind.SUBSIDY,
    )
    return act_page(
        request,
        project,
        "open_tender",
        do=services.open_tender,
        page=project_page(
            project,
            note="先拟制采购文件，发布之前可以修改；集中采购的，发布以后各步由交易中心办理。",
            done="已启动采购。请核对采购安排，再发布采购文件。",
        ),
        form_class=form,
        initial=_start(request, project, list(packages)),
    )


def _start(request: SignedInRequest, project: Project, packages: list[Package]) -> dict[str, Any]:
    """预选：只有一个包的选它；网址里指明的选那一个。"""
    asked = request.GET.get("package", "")
    chosen = next((p for p in packages if str(p.pk) == asked), None)
    if chosen is None and len(packages) == 1:
        chosen = packages[0]
    return {
        "package": chosen,
        "ceiling_price_fen": chosen.budget_fen if chosen else None,
        "price_weight": forms.WEIGHT,
    }


@form_or_act
def cancel_package(request: SignedInRequest, pk: int) -> HttpResponse:
    packages = Package.objects.filter(project__in=Project.objects.visible_to(request.user))
    package = get_object_or_404(
        packages.select_related(
            "project__purchaser__organisation__jurisdiction", "project__agency"
        ),
        pk=pk,
    )
    page = project_page(
        package.project,
        facts=(("采购包", package), ("预算（元）", format_yuan(package.budget_fen))),
        note="终止之后不再采购此包，预留的资金释放，不能恢复。",
    )
    return act_page(
        request, package, "cancel", do=services.cancel_package, page=page, form_class=NoteForm
    )
