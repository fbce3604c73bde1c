"""领导小组：名单、增加、退出，开过的会。"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from core.calendar.clock import today
from core.views.acts import (
    SignedInRequest,
    has_right,
    require_right,
)
from core.views.listing import Column, Listing, listing
from core.views.making import MakePage, make_page
from projects.forms import EndMemberForm, MemberForm
from projects.models import GroupMeeting, GroupMember, Project, Purchaser
from projects.services import add_member, end_member
from projects.views.signing import form_or_act

KEEP = "projects.keep_group"
COLUMNS = (
    Column("姓名", lambda m: m.name, sort="name"),
    Column("职务", lambda m: m.title, sort="title"),
    Column("购买主体", lambda m: str(m.purchaser), sort="purchaser__organisation__name"),
    Column("账号", lambda m: m.user.username if m.user else ""),
    Column("自", lambda m: m.since.isoformat(), sort="since"),
    Column("至（不含）", lambda m: m.until.isoformat() if m.until else "", sort="until"),
)
MOST_MEETINGS = 50


@require_safe
def group(request: SignedInRequest) -> HttpResponseBase:
    """看得见的各单位领导小组名单，已退出的也在其中；最近开过的会。"""
    page = listing(request, _visible(request), COLUMNS, filename="领导小组", default_sort="since")
    if not isinstance(page, Listing):
        return page
    on, may_keep = today(), has_right(request, KEEP)
    meetings = GroupMeeting.objects.visible_to(request.user).select_related("project")
    own = request.acting.organisation_id if request.acting else None
    context = {
        "listing": page,
        "headers": [*page.headers, {"title": "办理"}] if may_keep else page.headers,
        "rows": [
            (
                row,
                row.until is None or row.until > on,
                may_keep and row.purchaser.organisation_id == own,
            )
            for row in page.rows
        ],
        "may_keep": may_keep,
        "meetings": meetings.prefetch_related("attendance__member")[:MOST_MEETINGS],
    }
    return render(request, "projects/group.html", context)


@form_or_act
def member_new(request: SignedInRequest) -> HttpResponse:
    require_right(request, KEEP)
    purchaser = get_object_or_404(Purchaser, organisation=_own(request))
    page = _page("增加领导小组成员", "成员已增加。", lead=str(purchaser), submit="增加")
    colleagues = User.objects.filter(organisation=_own(request), is_active=True).order_by("pk")
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        colleagues=colleagues,
        initial={"since": today()},
    )
    return make_page(request, form, do=partial(add_member, purchaser), page=page)


@form_or_act
def member_end(request: SignedInRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(_visible(request), pk=pk)
    require_right(request, KEEP, on=Project(purchaser=member.purchaser))
    page = _page("成员退出", "已登记退出。", lead=str(member), submit="退出")
    form = EndMemberForm(
        request.POST if request.method == "POST" else None, initial={"until": today()}
    )
    return make_page(request, form, do=partial(_end, member), page=page)


def _end(member: GroupMember, *, key: str | None, **given: Any) -> GroupMember:
    """退出两次的，第二次自会说明，不需要请求键。"""
    return end_member(member, **given)


def _page(title: str, done: str, **more: str) -> MakePage:
    back = reverse("projects:group")
    return MakePage(title=title, back=back, back_title="领导小组", done=done, **more)  # type: ignore[arg-type]


def _own(request: SignedInRequest) -> int:
    return request.acting.organisation_id if request.acting else 0


def _visible(request: SignedInRequest) -> Any:
    rows = GroupMember.objects.visible_to(request.user)
    return rows.select_related("purchaser__organisation__jurisdiction", "user")
