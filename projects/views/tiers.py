"""审批矩阵：各行、增加、停用，以及“这样一个项目走哪条签批链”。"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Jurisdiction, RoleAssignment, User
from accounts.roles import ACTS, Role
from core.calendar.clock import today
from core.views.acts import (
    SignedInRequest,
    has_right,
    require_right,
)
from core.views.listing import Column, Listing, listing
from core.views.making import MakePage, make_page
from projects.forms import EndTierForm, TierForm, TierPreviewForm
from projects.models import ApprovalTier, Project, Purchaser
from projects.services import TierInput, add_tier, amounts, chain_for, end_tier, missing_holders
from projects.views.signing import form_or_act

KEEP = "projects.keep_tiers"
COLUMNS = (
    Column("名称", lambda t: t.title, sort="title"),
    Column("辖区", lambda t: str(t.jurisdiction), sort="jurisdiction__name"),
    Column("购买主体", lambda t: str(t.purchaser or "各单位")),
    Column("金额", amounts, sort="from_fen"),
    Column("服务对象", lambda t: t.get_service_nature_display() or "不限"),
    Column("范围", lambda t: t.get_programme_display() or "不限"),
    Column("路径", lambda t: t.get_kind_display() or "不限"),
    Column("签批链", lambda t: t.chain_label()),
    Column("依据", lambda t: t.basis),
    Column("自", lambda t: t.since.isoformat(), sort="since"),
    Column("至（不含）", lambda t: t.until.isoformat() if t.until else "", sort="until"),
)


@require_safe
def tier_list(request: SignedInRequest) -> HttpResponseBase:
    """矩阵中此人可见的各行，已停用的也在其中。"""
    page = listing(request, _visible(request), COLUMNS, filename="审批矩阵", default_sort="-since")
    if not isinstance(page, Listing):
        return page
    on, may_keep = today(), has_right(request, KEEP)
    headers = [*page.headers[:4], {"title": "条件"}, *page.headers[7:]]
    context = {
        "listing": page,
        "headers": [*headers, {"title": "办理"}] if may_keep else headers,
        "rows": [(row, amounts(row), row.until is None or row.until > on) for row in page.rows],
        "may_keep": may_keep,
        "holders": "、".join(Role(role).label for role in ACTS[KEEP].roles),
    }
    return render(request, "projects/tier_list.html", context)


@form_or_act
def tier_new(request: SignedInRequest) -> HttpResponse:
    require_right(request, KEEP)
    data = request.POST if request.method == "POST" else None
    page = MakePage(
        title="增加审批矩阵的一行",
        back=reverse("projects:tiers"),
        back_title="审批矩阵",
        done="审批矩阵已增加一行，自起始日起送签的项目适用。",
        note="已经送签的项目不受影响。条件相同的两行，金额不能重叠。",
        submit="增加",
    )
    form = TierForm(data, initial={"since": today()})
    return make_page(request, form, do=_add, page=page)


@form_or_act
def tier_end(request: SignedInRequest, pk: int) -> HttpResponse:
    tier = get_object_or_404(_visible(request), pk=pk)
    require_right(request, KEEP)
    page = MakePage(
        title="停用审批矩阵的一行",
        back=reverse("projects:tiers"),
        back_title="审批矩阵",
        lead=f"{tier}　{amounts(tier)}　{tier.chain_label()}",
        done=f"“{tier}”已停用。",
        submit="停用",
    )
    form = EndTierForm(
        request.POST if request.method == "POST" else None, initial={"until": today()}
    )
    return make_page(request, form, do=partial(_end, tier), page=page)


@require_safe
def tier_preview(request: SignedInRequest) -> HttpResponse:
    """填几项，看会走哪条签批链，为什么；不保存任何内容。"""
    form = TierPreviewForm(request.GET or None, purchasers=_purchasers(request))
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [
            {"title": "审批矩阵", "url": reverse("projects:tiers")},
            {"title": "预览签批链"},
        ],
    }
    if form.is_bound and form.is_valid():
        project = Project(year=today().year, officer=request.user, **form.cleaned_data)
        chain = chain_for(project, today())
        context["chain"] = chain
        context["weighed"] = [(w, amounts(w.tier)) for w in chain.weighed]
        context["missing"] = "、".join(missing_holders(chain, project.purchaser, today()))
    return render(request, "projects/tier_preview.html", context)


def _add(
    *,
    jurisdiction: Jurisdiction,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None,
    **tier: Any,
) -> ApprovalTier:
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on, "key": key}
    return add_tier(jurisdiction, TierInput(**tier), **acts)


def _end(tier: ApprovalTier, *, key: str | None, **given: Any) -> ApprovalTier:
    """停用两次与停用一次结果相同，不需要请求键。"""
    return end_tier(tier, **given)


def _visible(request: SignedInRequest) -> Any:
    rows = ApprovalTier.objects.visible_to(request.user)
    return rows.select_related("jurisdiction", "purchaser__organisation")


def _purchasers(request: SignedInRequest) -> Any:
    """安全管理员不办业务，看不见购买主体的案卷，但要能预览各单位的签批链。"""
    if has_right(request, KEEP):
        return Purchaser.objects.select_related("organisation__jurisdiction")
    visible = Purchaser.objects.visible_to(request.user)
    return visible.select_related("organisation__jurisdiction")
