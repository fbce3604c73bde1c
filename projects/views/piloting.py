"""登记试点结论的办理页。"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from core.views.acts import ActPage, SignedInRequest, act_page
from projects.forms.purchasers import PilotForm
from projects.models import Project
from projects.services import conclude_pilot


@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: SignedInRequest, pk: int) -> HttpResponse:
    """试点到期，写明结论；可以推广的，推广项目方可提交会审。"""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    page = ActPage(
        back=project.get_absolute_url(),
        about=project.name,
        facts=(("项目编号", project.number), ("试点截止日", project.pilot_until or "—")),
        done="试点结论已登记。",
    )
    return act_page(
        request, project, "conclude_pilot", do=conclude_pilot, page=page, form_class=PilotForm
    )
