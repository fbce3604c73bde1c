"""审计人员的入口：记录总览、核验、未获准的办理。"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from audit.models import Verification
from audit.selectors import case_streams, verifications
from audit.services import request_verification
from audit.views.doors import require_auditor
from core.history.reading import log_head, refused_in
from core.transitions import ActError, NotPermitted
from core.views.acts import SignedInRequest, actor_arguments, new_key, request_key, status_of

MOST_RUNS = 10


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """日志的头、最近的核验、本辖区未获准的办理。"""
    require_auditor(request)
    projects = case_streams(request.user)
    context = {
        "head": log_head(),
        "refused": [(projects[e.stream], e) for e in refused_in(list(projects))],
        "runs": verifications()[:MOST_RUNS],
        "key": new_key(),
    }
    return render(request, "audit/overview.html", context)


@require_safe
def checkpoint(request: SignedInRequest) -> HttpResponse:
    """最近的检查点，供留存。"""
    require_auditor(request)
    head = log_head()
    return text_file(head.checkpoint_note, f"checkpoint-{head.checkpoint_size}.txt")


@require_POST
def verify(request: SignedInRequest) -> HttpResponse:
    """申请核验；后台办理，不占用本页。"""
    try:
        run = request_verification(**actor_arguments(request), key=request_key(request))
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except ActError as error:
        return HttpResponse(str(error), status=status_of(error), content_type="text/plain")
    return redirect("audit:verification", run.pk)


@require_safe
def verification(request: SignedInRequest, pk: int) -> HttpResponse:
    """一次核验的结果：多少事件、用时、差异。"""
    require_auditor(request)
    run: Verification = get_object_or_404(verifications(), pk=pk)
    crumbs = [{"title": "记录与核验", "url": reverse("audit:overview")}, {"title": str(run)}]
    return render(request, "audit/verification.html", {"run": run, "crumbs": crumbs})


def text_file(text: str, name: str) -> HttpResponse:
    """一份供下载的文本。"""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
