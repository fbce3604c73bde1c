"""页面据以显示入口的权限；真正的把关在服务里。"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from accounts.permissions import Scoped, may
from core.calendar.clock import today
from core.views.acts import SignedInRequest


def may_draft(request: SignedInRequest, subject: Scoped) -> bool:
    """以现在的岗位，能否拟订或修改这份合同。"""
    return may(request.user, "contracts.draft", on=subject, acting_as=request.acting, day=today())


def require(is_allowed: bool) -> None:
    """Raises `PermissionDenied`: the door of a page that only creates."""
    if not is_allowed:
        raise PermissionDenied("以当前岗位不能拟订合同。请切换到本单位经办人岗位。")
