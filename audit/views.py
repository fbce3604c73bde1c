"""审计人员的入口：记录总览与未获准的办理。只读。"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import sight_of
from core.history.reading import log_head, refused_in
from core.views.acts import SignedInRequest
from projects.models import Project


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """The log's head, its latest checkpoint, and refused attempts of the auditor's jurisdiction."""
    sight = sight_of(request.user)
    if not sight.audited:
        raise PermissionDenied
    projects = {p.stream(): p for p in Project.objects.visible_to(request.user)}
    refused = [(projects[e.stream], e) for e in refused_in(list(projects))]
    return render(request, "audit/overview.html", {"head": log_head(), "refused": refused})
