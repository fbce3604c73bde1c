"""页面据以显示入口的权限；真正的把关在服务里。"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from accounts.permissions import may
from core.calendar.clock import today
from core.views.acts import SignedInRequest
from projects.models import AnnualPlan, Project, Stage


def may_file(request: SignedInRequest, plan: AnnualPlan) -> bool:
    """以现在的岗位，能否在这份计划中填报项目。"""
    unsaved = Project(purchaser=plan.purchaser, year=plan.year)
    return may(request.user, "projects.file", on=unsaved, acting_as=request.acting, day=today())


def may_submit_plan(request: SignedInRequest, plan: AnnualPlan) -> bool:
    """以现在的岗位，能否报送这份计划。"""
    unsaved = Project(purchaser=plan.purchaser, year=plan.year)
    return may(
        request.user, "projects.submit_plan", on=unsaved, acting_as=request.acting, day=today()
    )


def may_revise(request: SignedInRequest, project: Project) -> bool:
    """以现在的岗位，能否修改这份申报。"""
    return project.stage == Stage.FILING and may(
        request.user, "projects.file", on=project, acting_as=request.acting, day=today()
    )


def require(is_allowed: bool) -> None:
    """Raises `PermissionDenied`: the door of a page that only creates."""
    if not is_allowed:
        raise PermissionDenied("以当前岗位不能填报。请切换到本单位经办人岗位。")
