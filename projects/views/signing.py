"""签批、退回、提交与撤回的办理页。"""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from core.money import format_yuan
from core.views.acts import ActPage, Do, NoInput, SignedInRequest, act_page
from projects.facts.chain import points_of
from projects.forms import CommentForm, NoteForm, PointsForm
from projects.models import InternalSignature, Project
from projects.selectors import filed_facts
from projects.services import send_back, sign, submit_project, withdraw_project

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
TEMPLATE = "projects/filing_act.html"


@form_or_act
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """提交会审；条件未满足时逐条说明依据。"""
    project = _project(request, pk)
    page = act_page_of(
        project, "已提交会审，内容冻结为本轮版本。", "提交后内容冻结，由财政局会同审核。"
    )
    return act_page(request, project, "submit", do=submit_project, page=page, form_class=NoInput)


@form_or_act
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """撤回项目，理由必填。"""
    project = _project(request, pk)
    page = act_page_of(project, "项目已撤回。", "撤回后不能恢复；需要时另行填报。")
    return act_page(
        request, project, "withdraw", do=withdraw_project, page=page, form_class=NoteForm
    )


@form_or_act
def sign_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """签批一步。"""
    return _signature_page(request, pk, "sign", sign, CommentForm, "已签批。")


@form_or_act
def send_back_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """退回经办人，写明意见。"""
    done = "已退回经办人修改。"
    return _signature_page(request, pk, "send_back", send_back, PointsForm, done)


def _signature_page(
    request: SignedInRequest,
    pk: int,
    move: str,
    do: Do,
    form_class: type[forms.Form],
    done: str,
) -> HttpResponse:
    signature = visible_signature(request, pk)
    page = act_page_of(signature.project, done, f"签批岗位：{signature.get_role_display()}。")
    return act_page(request, signature, move, do=do, page=page, form_class=form_class)


def act_page_of(project: Project, done: str, note: str) -> ActPage:
    facts = (
        ("项目编号", project.number),
        ("项目总额", f"{format_yuan(project.total_fen)} 元"),
        ("经办人", project.officer),
    )
    return ActPage(
        back=project.get_absolute_url(),
        about=project.name,
        facts=facts,
        done=done,
        note=note,
        template=TEMPLATE,
        extra={"filed": filed_facts(project), "points": points_of(project)},
    )


def _project(request: SignedInRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).with_owner()
    return get_object_or_404(rows, pk=pk)


def visible_signature(request: SignedInRequest, pk: int) -> InternalSignature:
    """签批没有自己的可见范围：看得见项目，才看得见它的签批。"""
    rows = InternalSignature.objects.filter(project__in=Project.objects.visible_to(request.user))
    return get_object_or_404(
        rows.select_related("project__purchaser__organisation__jurisdiction"), pk=pk
    )
