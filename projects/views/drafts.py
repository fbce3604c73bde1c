"""填报表的草稿：只属填写人，不入历史。"""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.drafts.keeping import drop_draft, save_draft
from core.views.acts import SignedInRequest
from projects.documents.gridding import posted_book
from projects.models import AnnualPlan, Project
from projects.services import SecretDeclared, declares_secret
from projects.views.rights import may_file, may_revise, require

NOT_KEPT = {"csrfmiddlewaretoken", "key", "declared", "draft_form", "discard"}
_FORM = re.compile(r"projects\.(filing|revision|grid):([0-9]{1,18})")


def draft_name(kind: str, pk: int) -> str:
    """草稿所属的表单：`projects.filing:<计划>`、`projects.grid:<计划>`、`projects.revision:<项目>`。"""
    return f"projects.{kind}:{pk}"


@require_POST
def draft_save(request: SignedInRequest) -> HttpResponse:
    """存下或放弃一份草稿；脚本来的答 JSON，按钮来的回到表单。"""
    name = request.POST.get("draft_form", "")
    title, url = _place(request, name)
    if request.POST.get("discard"):
        drop_draft(request.user, name)
        return redirect(url)
    if declares_secret(posted_book(request.POST)):
        drop_draft(request.user, name)
        return HttpResponse(str(SecretDeclared()), status=422, content_type="text/plain")
    draft = save_draft(request.user, name, title=title, content=_typed(request.POST))
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"saved_at": draft.saved_at.isoformat()})
    return redirect(url)


def _typed(data: QueryDict) -> dict[str, Any]:
    return {name: values for name, values in data.lists() if name not in NOT_KEPT}


def _place(request: SignedInRequest, name: str) -> tuple[str, str]:
    """草稿的名称，以及回到哪张表单；看不见的答 404，无权的答 403。"""
    found = _FORM.fullmatch(name)
    if found is None:
        raise Http404
    pk, typed = int(found[2]), request.POST.get("name", "").strip()
    if found[1] == "filing":
        plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user), pk=pk)
        require(may_file(request, plan))
        query = {"declared": request.POST.get("declared", "")}
        return typed or f"填报：{plan}", reverse("projects:new", args=[pk], query=query)
    if found[1] == "grid":
        plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user), pk=pk)
        require(may_file(request, plan))
        return f"计划表格：{plan}", reverse("projects:plan_grid", args=[pk])
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(may_revise(request, project))
    return f"修改：{project}", reverse("projects:edit", args=[pk])
