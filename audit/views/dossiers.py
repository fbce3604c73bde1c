"""案卷分页：封存的情形、导出过的案卷、导出；一份案卷和它的下载。"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import may
from audit.forms import ExportForm
from audit.models import Dossier, JobState
from audit.selectors import dossiers_of
from audit.services import export_act, export_dossier, record_download
from core.attachments import store
from core.calendar.clock import today
from core.history.bundle import checkpoint_sizes
from core.transitions import ActError, NotPermitted
from core.views.acts import SignedInRequest, actor_arguments, new_key, request_key, status_of
from projects.models import Project
from projects.views.frame import case_context


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """案卷分页；有权的人在此申请导出。"""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        sizes=checkpoint_sizes(),
        may_personal=_may(request, project, "audit.export_dossier"),
    )
    if request.method != "POST":
        return _case_page(request, project, form)
    if not form.is_valid():
        return _case_page(request, project, form, status=422)
    try:
        dossier = export_dossier(
            project, **form.cleaned_data, **actor_arguments(request), key=request_key(request)
        )
    except ActError as error:
        return _case_page(request, project, form, error=str(error), status=status_of(error))
    return redirect(dossier)


def _case_page(
    request: SignedInRequest,
    project: Project,
    form: ExportForm,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = case_context(request, project, "audit:project") | {
        "dossiers": dossiers_of(project, request.user),
        "form": form,
        "may_export": _may(request, project, export_act(request.acting)),
        "key": new_key(),
        "error": error,
    }
    return render(request, "audit/project_dossiers.html", context, status=status)


@require_safe
def dossier(request: SignedInRequest, pk: int) -> HttpResponse:
    """一份案卷：装订好没有、字节数、摘要、谁下载过。"""
    found = _dossier(request, pk)
    back = reverse("audit:project", args=[found.project_id])
    context: dict[str, Any] = {
        "dossier": found,
        "downloads": found.downloads.select_related("taken_by"),
        "may_download": _may(request, found.project, export_act(request.acting)),
        "crumbs": [
            {"title": found.project.number, "url": back},
            {"title": f"第 {found.pk} 份案卷"},
        ],
    }
    return render(request, "audit/dossier.html", context)


@require_POST
def download(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """下载：先记一笔，再给文件。"""
    found = _dossier(request, pk)
    if found.state != JobState.DONE:
        raise Http404
    try:
        record_download(found, **actor_arguments(request))
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    content = store.path_of(found.sha256).open("rb")
    return FileResponse(content, as_attachment=True, filename=found.filename)


def _dossier(request: SignedInRequest, pk: int) -> Dossier:
    rows = Dossier.objects.visible_to(request.user).select_related(
        "project__purchaser__organisation__jurisdiction", "requested_by"
    )
    return get_object_or_404(rows, pk=pk)


def _may(request: SignedInRequest, project: Project, act: str) -> bool:
    return may(request.user, act, on=project, acting_as=request.acting, day=today())
