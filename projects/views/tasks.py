"""配合事项：交办、接收、办结、退回、取消的办理页。"""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from core.calendar.clock import today
from core.views.acts import (
    ActPage,
    Do,
    NoInput,
    SignedInRequest,
    act_page,
    require_right,
)
from core.views.making import MakePage, make_page
from projects import services
from projects.forms import FinishForm, TaskForm, TaskNoteForm
from projects.models import Project, ProjectTask
from projects.views.signing import form_or_act


@form_or_act
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """把一件事交给本单位另一科室的人办。"""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    require_right(request, services.ASSIGN, on=project)
    page = MakePage(
        title="交办配合事项",
        back=project.get_absolute_url(),
        back_title=project.number,
        lead=str(project),
        done="已交办，承办人的工作台上会出现这件事。",
        note="归口科室负责项目，其他科室配合（平湖第十一条）。",
        submit="交办",
    )
    data = request.POST if request.method == "POST" else None
    form = TaskForm(data, people=services.colleagues(project.owner().pk, today()))
    return make_page(request, form, do=partial(services.assign_task, project), page=page)


@form_or_act
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, pk, "accept", services.accept_task, NoInput, "已接收。")


@form_or_act
def finish(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, pk, "finish", services.finish_task, FinishForm, "已办结。")


@form_or_act
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, pk, "decline", services.decline_task, TaskNoteForm, "已退回交办人。")


@form_or_act
def call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, pk, "call_off", services.call_off_task, TaskNoteForm, "已取消。")


def _page(
    request: SignedInRequest,
    pk: int,
    move: str,
    do: Do,
    form_class: type[forms.Form],
    done: str,
) -> HttpResponse:
    rows = ProjectTask.objects.visible_to(request.user).select_related(
        "project__purchaser__organisation__jurisdiction", "doer", "assigned_by"
    )
    task = get_object_or_404(rows, pk=pk)
    page = ActPage(
        back=task.project.get_absolute_url(),
        about=task.demand,
        facts=(
            ("项目", f"{task.project.number} {task.project}"),
            ("承办", f"{task.section} {task.doer}"),
            ("交办", f"{task.assigned_by} {task.assigned_on.isoformat()}"),
            ("办结期限", task.due_on),
        ),
        done=done,
    )
    return act_page(request, task, move, do=do, page=page, form_class=form_class)
