"""采购各页共用：按可见范围取件，办理页上列的事实。"""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.views.acts import ActPage, SignedInRequest
from procurement.models import Award, Bid, Tender
from procurement.selectors import (
    awards_visible_to,
    bids_visible_to,
    package_facts_of,
    tender_brief,
    tender_name,
    tenders_visible_to,
)
from projects.models import Project

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
Pairs = tuple[tuple[str, Any], ...]


def project_of(request: SignedInRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).with_owner()
    return get_object_or_404(rows.select_related("agency"), pk=pk)


def tender_of(request: SignedInRequest, pk: int) -> Tender:
    return get_object_or_404(tenders_visible_to(request.user), pk=pk)


def bid_of(request: SignedInRequest, pk: int) -> Bid:
    return get_object_or_404(bids_visible_to(request.user), pk=pk)


def award_of(request: SignedInRequest, pk: int) -> Award:
    award = get_object_or_404(awards_visible_to(request.user), pk=pk)
    award.tender.package = award.package
    return award


def tab_of(project: Project) -> str:
    """案卷的“采购”分页。"""
    return reverse("procurement:case", args=[project.pk])


def project_page(project: Project, *, note: str = "", done: str = "", **more: Any) -> ActPage:
    """在项目上办理的一页；办完回到“采购”分页。"""
    facts = package_facts_of(project) + tuple(more.pop("facts", ()))
    return ActPage(
        back=tab_of(project), about=str(project), facts=facts, note=note, done=done, **more
    )


def tender_act(tender: Tender, *, facts: Pairs = (), note: str = "", **more: Any) -> ActPage:
    """在一次采购上办理的一页；办完回到这次采购。"""
    return ActPage(
        back=tender.get_absolute_url(),
        about=tender_name(tender),
        facts=(*tender_brief(tender), *facts),
        note=note,
        **more,
    )
