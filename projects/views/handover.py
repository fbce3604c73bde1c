"""移交：本单位在任的岗位，办理一个人的移交，移交过的清单。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import RoleAssignment
from accounts.permissions import sight_of
from accounts.roles import PURCHASER_ROLES
from core.calendar.clock import today
from core.navigation.registry import registry
from core.transitions import ActError
from core.views.acts import (
    SignedInRequest,
    actor_arguments,
    has_right,
    new_key,
    request_key,
    require_right,
    status_of,
)
from core.views.listing import Column, Listing, listing
from projects.forms import HandoverForm
from projects.models import Handover
from projects.services import hand_over, items_of, preview_handover, successors_of
from projects.views.signing import form_or_act

ACT = "projects.hand_over"
COLUMNS = (
    Column("移交人", lambda h: str(h.post.user), sort="post__user__full_name"),
    Column("岗位", lambda h: str(h.post)),
    Column("任职至（不含）", lambda h: h.ends_on.isoformat(), sort="ends_on"),
    Column("件数", lambda h: len(h.items), numeric=True),
    Column("事由", lambda h: h.reason),
    Column("办理人", lambda h: str(h.made_by)),
    Column("移交日", lambda h: h.made_on.isoformat(), sort="made_on"),
)


@require_safe
def handovers(request: SignedInRequest) -> HttpResponseBase:
    """办过的移交；有权办理的，另列本单位在任的岗位。"""
    rows = Handover.objects.visible_to(request.user).select_related(
        "post__user", "post__organisation", "made_by"
    )
    page = listing(request, rows, COLUMNS, filename="移交", default_sort="-made_on")
    if not isinstance(page, Listing):
        return page
    posts = _posts(request) if has_right(request, ACT) else RoleAssignment.objects.none()
    return render(request, "projects/handover_list.html", {"listing": page, "posts": posts})


@require_safe
def handover_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """一次移交逐件的去向。"""
    rows = Handover.objects.visible_to(request.user).select_related(
        "post__user", "post__organisation", "made_by"
    )
    context = {
        "handover": get_object_or_404(rows, pk=pk),
        "crumbs": [{"title": "移交", "url": reverse("projects:handovers")}, {"title": "清单"}],
    }
    return render(request, "projects/handover_detail.html", context)


@form_or_act
def handover_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """选接手的人，先预览逐件的结果，再一次办理。"""
    post = get_object_or_404(_posts(request), pk=pk)
    require_right(request, ACT)
    items = items_of(post)
    data = request.POST if request.method == "POST" else None
    people = successors_of(post, today())
    form = HandoverForm(data, items=items, people=people, initial={"ends_on": today()})
    context = _context(request, post, form)
    if data is None:
        return _show(request, context)
    if not form.is_valid():
        return _show(request, context, 422)
    context["outcomes"] = preview_handover(post, form.cleaned_data["successors"], on=today())
    context["can_confirm"] = not any(o.why_not for o in context["outcomes"])
    if "confirm" not in data:
        return _show(request, context)
    try:
        made = hand_over(
            post,
            **form.cleaned_data,
            **actor_arguments(request),
            shown=data.getlist("shown"),
            key=request_key(request),
        )
    except ActError as error:
        status = 422 if getattr(error, "is_of_form", False) else status_of(error)
        return _show(request, context | {"error": str(error)}, status)
    messages.success(request, f"移交已办理，共 {len(made.items)} 件。")
    return redirect("projects:handover", made.pk)


def _show(request: SignedInRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "projects/handover_new.html", context, status=status)


def _context(request: SignedInRequest, post: RoleAssignment, form: HandoverForm) -> dict[str, Any]:
    """`desk` 是随岗位走、不逐件移交的：签批、期限、待落实的条件等。"""
    todos = [t for provider in registry.todos for t in provider(post.user, post, today())]
    return {
        "post": post,
        "form": form,
        "desk": todos,
        "key": new_key(),
        "crumbs": [{"title": "移交", "url": reverse("projects:handovers")}, {"title": str(post)}],
    }


def _posts(request: SignedInRequest) -> Any:
    """本单位在任的业务岗位，自己的除外；审计看得见本辖区的，但不能办。"""
    own = request.acting.organisation_id if request.acting else None
    audited = sight_of(request.user).audited
    rows = RoleAssignment.objects.in_force(today()).filter(
        Q(organisation=own) | Q(organisation__jurisdiction__in=audited), role__in=PURCHASER_ROLES
    )
    return rows.exclude(user=request.user).select_related("user", "organisation__jurisdiction")
