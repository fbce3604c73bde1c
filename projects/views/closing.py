"""办结与归档封存的办理页。"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from core.money import format_yuan
from core.views.acts import ActPage, Do, SignedInRequest, act_page
from projects.forms import ClosingForm
from projects.models import Project
from projects.services import archive_project, close_project

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
NOTE = "封存之后，本案卷的任何内容都不能再改，只能查阅和导出；未获准的办理仍会记录在案。"


@form_or_act
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """办结；条件未满足时逐条说明依据。"""
    return _sealing(request, pk, "close", close_project, "已办结，案卷封存。")


@form_or_act
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    """中途结束的项目归档封存。"""
    return _sealing(request, pk, "archive", archive_project, "案卷已归档封存。")


def _sealing(request: SignedInRequest, pk: int, move: str, do: Do, done: str) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    approved = f"{format_yuan(project.approved_fen)} 元" if project.approved_fen else "—"
    page = ActPage(
        back=project.get_absolute_url(),
        about=project.name,
        facts=(
            ("项目编号", project.number),
            ("路径", project.get_kind_display()),
            ("批复金额", approved),
        ),
        done=done,
        note=NOTE,
    )
    return act_page(request, project, move, do=do, page=page, form_class=ClosingForm)
