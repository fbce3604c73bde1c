"""台账核对：最近几次的结果，现在核对一次。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import sight_of
from accounts.roles import Role
from budgeting.models import LedgerCheck
from budgeting.services import request_check
from core.transitions import ActError, NotPermitted
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

ACT = "budgeting.check_ledger"
READERS = (Role.FINANCE, Role.AUDIT_ADMIN)


def _result_words(check: LedgerCheck) -> str:
    if check.is_waiting:
        return "排队中"
    return "全部相符" if check.is_clean else f"有 {check.difference_count} 处不符"


CHECKS = (
    Column("核对", str),
    Column("辖区", lambda c: c.district.name),
    Column("申请日", lambda c: c.requested_on.isoformat(), sort="requested_on"),
    Column("申请人", lambda c: str(c.requested_by) if c.requested_by else "每日自动"),
    Column("结果", _result_words),
    Column("核对的行数", lambda c: c.line_count, numeric=True),
    Column("不符", lambda c: c.difference_count, sort="difference_count", numeric=True),
)


def require_reader(user: User) -> None:
    """财政、审计、审计管理员可看。Raises `PermissionDenied`."""
    is_reader = any(role.role in READERS for role in user.active_roles())
    if not is_reader and not sight_of(user).audited:
        raise PermissionDenied("此页只供财政、审计人员和审计管理员使用。")


def _visible(request: SignedInRequest) -> Any:
    return LedgerCheck.objects.visible_to(request.user).select_related("district", "requested_by")


@require_safe
def checks(request: SignedInRequest) -> HttpResponseBase:
    """历次核对，最近一次的结果在最上面。"""
    require_reader(request.user)
    page = listing(request, _visible(request), CHECKS, filename="台账核对", per_page=30)
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "latest": _visible(request).done().first(),
        "can_run": has_right(request, ACT),
        "key": new_key(),
    }
    return render(request, "budgeting/check_list.html", context)


@require_safe
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """一次核对：核对了什么、多少行、不符之处。"""
    require_reader(request.user)
    row = get_object_or_404(_visible(request), pk=pk)
    return render(request, "budgeting/check_detail.html", {"check": row})


@require_POST
def run(request: SignedInRequest) -> HttpResponse:
    """现在核对本辖区的台账，后台进行。"""
    acting = require_right(request, ACT)
    district = acting.organisation.jurisdiction
    try:
        row = request_check(district, **actor_arguments(request), key=request_key(request))
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except ActError as error:
        return HttpResponse(str(error), status=status_of(error), content_type="text/plain")
    messages.success(request, "已申请核对，正在后台进行。")
    return redirect(row)
