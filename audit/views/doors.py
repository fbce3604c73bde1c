"""监督各页的门：审计人员只看本辖区的案卷。"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from audit.selectors import cases_of, is_auditor
from core.history.reading import event_at
from core.views.acts import SignedInRequest


def require_auditor(request: SignedInRequest) -> None:
    """Raises `PermissionDenied`."""
    if not is_auditor(request.user):
        raise PermissionDenied("此页只供审计人员使用。")


def audited_case(request: SignedInRequest, pk: int) -> Any:
    """本辖区的一个案卷；别处的与不存在的一样。"""
    require_auditor(request)
    return get_object_or_404(cases_of(request.user), pk=pk)


def audited_event(request: SignedInRequest, seq: int) -> tuple[Any, Any]:
    """一条事件和它的案卷；不属于本辖区任何案卷的，与不存在的一样。"""
    require_auditor(request)
    event = event_at(seq)
    if event is None:
        raise Http404
    case = cases_of(request.user).filter(case_stream=event.stream).first()
    if case is None:
        raise Http404
    return event, case
