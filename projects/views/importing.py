"""年度计划的工作簿：导出、模板、以上年计划预填；上传、预览、确认。"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments import UploadRefused, store
from core.calendar.clock import today
from core.regulations import YUBEI
from core.transitions import ActError
from core.views.acts import SignedInRequest, actor_arguments, new_key, request_key, status_of
from projects.documents.exporting import exported_book, prefilled_book, template_book
from projects.documents.gridding import MOST_LINES
from projects.forms.importing import LastYearForm, WorkbookForm
from projects.models import AnnualPlan, ImportState, PlanImport
from projects.selectors import last_year_projects
from projects.services import SecretDeclared, confirm_import, progress_of, receive_import
from projects.services.importing.comparing import KINDS
from projects.views.rights import may_file, require

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFRESH_SECONDS = 2
SHOWN_ERRORS = 200
SHOWN_OUTCOMES = 100
TONES = {"new": "ok", "changed": "act", "unchanged": "neutral", "locked": "late", "refused": "bad"}
form_or_act = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def plan_workbook(request: SignedInRequest, pk: int) -> HttpResponse:
    """导出：计划中此人看得见的全部项目。"""
    plan = _plan(request, pk)
    return workbook_response(exported_book(plan, request.user, today()), f"{plan}.xlsx")


@require_safe
def plan_template(request: SignedInRequest, pk: int) -> HttpResponse:
    """空白模板。"""
    plan = own_plan(request, pk)
    return workbook_response(template_book(plan, today()), f"{plan}模板.xlsx")


@form_or_act
def last_year(request: SignedInRequest, pk: int) -> HttpResponse:
    """挑选上年的项目，得到预填的工作簿；不写入任何东西。"""
    plan = own_plan(request, pk)
    projects = last_year_projects(plan, request.user)
    form = LastYearForm(request.POST if request.method == "POST" else None, projects=projects)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["projects"]
        return workbook_response(
            prefilled_book(plan, chosen, today()), f"{plan}（以上年计划预填）.xlsx"
        )
    context = {
        "plan": plan,
        "form": form,
        "has_projects": projects.exists(),
        "crumbs": _crumbs(plan, "以上年计划生成工作簿"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "projects/plan_last_year.html", context, status=status)


@form_or_act
def plan_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """上传工作簿；涉密的立即停止，其余的核对之后看预览。"""
    plan = own_plan(request, pk)
    if request.method != "POST":
        return _upload_page(request, plan, WorkbookForm())
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, plan, form, status=422)
    try:
        row = receive_import(
            plan, form.cleaned_data["file"], **actor_arguments(request), key=request_key(request)
        )
    except SecretDeclared:
        return stopped(request, plan)
    except UploadRefused as error:
        form.add_error("file", str(error))
        return _upload_page(request, plan, form, status=error.status)
    except ActError as error:
        return _upload_page(request, plan, form, error=str(error), status=status_of(error))
    return redirect(row)


@require_safe
def import_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """一次导入：在等什么、错在哪里、将要写入什么、写入了什么。"""
    row = _import(request, pk)
    response = render(request, "projects/plan_import.html", _import_context(request, row))
    if row.is_waiting:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_POST
def import_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """确认：照预览写入，一个事务。"""
    row = _import(request, pk)
    try:
        done = confirm_import(row, **actor_arguments(request), key=request_key(request))
    except ActError as error:
        context = _import_context(request, _import(request, pk)) | {"error": str(error)}
        return render(request, "projects/plan_import.html", context, status=status_of(error))
    if done.state == ImportState.DONE:
        messages.success(
            request, f"已写入：新增 {done.new_count} 个，修改 {done.changed_count} 个。"
        )
    return redirect(row)


@require_safe
def import_marked(request: SignedInRequest, pk: int) -> HttpResponse:
    """标了错的工作簿。"""
    row = _import(request, pk)
    if not row.marked_sha256:
        raise Http404
    return workbook_response(store.get(row.marked_sha256), f"标错：{row.name}")


# --- 内部 ----------------------------------------------------------------------------------------


def _plan(request: SignedInRequest, pk: int) -> AnnualPlan:
    plans = AnnualPlan.objects.visible_to(request.user)
    return get_object_or_404(plans.select_related("purchaser__organisation__jurisdiction"), pk=pk)


def own_plan(request: SignedInRequest, pk: int) -> AnnualPlan:
    plan = _plan(request, pk)
    require(may_file(request, plan))
    return plan


def _import(request: SignedInRequest, pk: int) -> PlanImport:
    rows = PlanImport.objects.visible_to(request.user)
    known = rows.select_related(
        "plan__purchaser__organisation__jurisdiction", "requested_by", "confirmed_by"
    )
    return get_object_or_404(known, pk=pk)


def workbook_response(data: bytes, name: str) -> HttpResponse:
    """A workbook to download; no cache keeps it."""
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "no-store"
    return response


def _upload_page(
    request: SignedInRequest,
    plan: AnnualPlan,
    form: WorkbookForm,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "error": error,
        "key": new_key(),
        "imports": PlanImport.objects.filter(plan=plan).select_related("requested_by")[:20],
        "has_last_year": last_year_projects(plan, request.user).exists(),
        "crumbs": _crumbs(plan, "导入"),
    }
    return render(request, "projects/plan_upload.html", context, status=status)


def stopped(request: SignedInRequest, plan: AnnualPlan) -> HttpResponse:
    """与填报页同一张停止页；不说是哪一行。"""
    context = {
        "plan": plan,
        "article": YUBEI.article(7),
        "is_classified": True,
        "named": [],
        "crumbs": _crumbs(plan, "导入"),
    }
    return render(request, "projects/filing_stopped.html", context, status=422)


def _import_context(request: SignedInRequest, row: PlanImport) -> dict[str, Any]:
    has_report = row.report_sha256 and not row.is_waiting
    report = json.loads(store.get(row.report_sha256)) if has_report else {}
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    outcomes = report.get("outcomes", [])
    shown = [o for o in outcomes if not kind or o["kind"] == kind]
    page = Paginator(shown, SHOWN_OUTCOMES).get_page(request.GET.get("page"))
    problems = report.get("problems", [])
    return {
        "row": row,
        "progress": progress_of(row) if row.is_waiting else None,
        "problems": problems[:SHOWN_ERRORS],
        "more_problems": max(0, row.error_count - SHOWN_ERRORS),
        "is_in_grid": _is_for_grid(row, problems) and may_file(request, row.plan),
        "outcomes": [o | {"label": KINDS[o["kind"]], "tone": TONES[o["kind"]]} for o in page],
        "page": page,
        "kind": kind,
        "counts": list(_counts(outcomes, kind)),
        "absent": report.get("absent", 0),
        "may_confirm": row.state == ImportState.READY and may_file(request, row.plan),
        "key": new_key(),
        "error": "",
        "crumbs": [
            *_crumbs(row.plan, "导入")[:-1],
            {"title": "导入", "url": reverse("projects:plan_import", args=[row.plan_id])},
            {"title": f"第 {row.pk} 次"},
        ],
    }


def _is_for_grid(row: PlanImport, problems: list[dict[str, Any]]) -> bool:
    """列名、工作表有错的，先在工作簿里改；其余的可以在网页的表格里改。"""
    is_short = row.line_count <= MOST_LINES
    return is_short and all(p["row"] for p in problems)


def _counts(outcomes: list[dict[str, Any]], chosen: str) -> Iterator[dict[str, Any]]:
    """预览的各类各有几个；点数字只看这一类。"""
    for kind, label in KINDS.items():
        count = sum(1 for o in outcomes if o["kind"] == kind)
        yield {
            "label": label,
            "count": count,
            "url": f"?kind={kind}" if count and kind != chosen else "",
            "is_chosen": kind == chosen,
        }


def _crumbs(plan: AnnualPlan, title: str) -> list[dict[str, str]]:
    return [
        {"title": "年度计划", "url": reverse("projects:plans")},
        {"title": str(plan), "url": reverse("projects:plan", args=[plan.pk])},
        {"title": title},
    ]
