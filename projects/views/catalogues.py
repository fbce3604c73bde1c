"""指导性目录：各个版本、一版的条目、与前一版的不同，起草与登记上级目录。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.calendar.clock import today
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
from core.views.listing import Column, Listing, exported, listing
from projects.forms.catalogue import CatalogueItemFilter, DraftCatalogueForm, UpperCatalogueForm
from projects.models import (
    CatalogueItem,
    RevisionStatus,
    ServiceCatalogue,
    differences_of,
)
from projects.models.revision import DRAFT
from projects.services import draft_catalogue, register_upper_catalogue
from projects.views.catalogue_page import badge_of, catalogue_context, revision_of

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
VERSION_COLUMNS = (
    Column("名称", lambda c: c.title, sort="title"),
    Column("来源级次", lambda c: c.get_level_display(), sort="level"),
    Column("发布文号", lambda c: c.number, sort="number"),
    Column("施行日", lambda c: c.since.isoformat() if c.since else "", sort="since"),
    Column("终止日（不含）", lambda c: c.until.isoformat() if c.until else "", sort="until"),
    Column("条目", lambda c: c.item_count, sort="item_count", numeric=True),
    Column("状态", lambda c: badge_of(c, today())["label"]),
)
ITEM_COLUMNS = (
    Column("品目编码", lambda i: i.code, sort="code"),
    Column("名称", lambda i: i.name, sort="name"),
    Column("第七条类别", lambda i: i.category_label, sort="category"),
    Column("性质", lambda i: i.nature, sort="nature"),
    Column("内容", lambda i: i.content),
)
# 页上印在上面各格的下方，CSV 里各成一栏。
MORE = (
    Column("种类", lambda i: i.kind, sort="kind"),
    Column("说明", lambda i: i.note),
    Column("上级目录条目", lambda i: str(i.parent_item or ""), sort="parent_item__code"),
)
CHANGE_COLUMNS = (
    Column("品目编码", lambda d: d.code),
    Column("名称", lambda d: d.name),
    Column("调整", lambda d: d.kind),
    Column("不同", lambda d: "；".join(f"{n}：{was} → {now}" for n, was, now in d.fields)),
    Column("理由", lambda d: d.reason),
)


@require_safe
def catalogues(request: SignedInRequest) -> HttpResponseBase:
    """本辖区看得见的各个版本：本级的和上级的。"""
    rows: Any = ServiceCatalogue.objects.visible_to(request.user).select_related("revision")
    page = listing(
        request,
        rows.annotate(item_count=Count("items")),
        VERSION_COLUMNS,
        filename="指导性目录",
        default_sort="-pk",
    )
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "rows": [(row, badge_of(row, today())) for row in page.rows],
        "can_draft": has_right(request, DRAFT),
    }
    return render(request, "projects/catalogue_list.html", context)


@require_safe
def catalogue(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """一个版本：条目、制定的情况、部门意见、历史。"""
    row = _catalogue(request, pk)
    form = CatalogueItemFilter(request.GET)
    items = CatalogueItem.objects.filter(form.condition(), catalogue=row)
    page = listing(
        request,
        items.select_related("parent_item"),
        ITEM_COLUMNS + MORE,
        filename=str(row),
        default_sort="code",
        per_page=100,
        with_total=True,
    )
    if not isinstance(page, Listing):
        return page
    revision = revision_of(row)
    is_draft = revision is not None and revision.status == RevisionStatus.DRAFTED
    context = catalogue_context(request, row) | {
        "listing": page,
        "headers": page.headers[: len(ITEM_COLUMNS)],
        "filter_form": form,
        "is_narrowed": form.is_narrowed(),
        "can_edit": is_draft and has_right(request, DRAFT),
        "crumbs": _crumbs(str(row)),
    }
    return render(request, "projects/catalogue_detail.html", context)


@require_safe
def changes(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """与据以调整的版本逐条的不同，各有理由。"""
    row = _catalogue(request, pk)
    differences = differences_of(row)
    if request.GET.get("export") == "csv":
        return exported(differences, CHANGE_COLUMNS, f"{row}调整说明")
    page = Listing.whole(request, differences, CHANGE_COLUMNS)
    crumbs = [*_crumbs(""), {"title": str(row), "url": row.get_absolute_url()}]
    context = {
        "catalogue": row,
        "listing": page,
        "crumbs": [c for c in crumbs if c["title"]] + [{"title": "调整说明"}],
    }
    return render(request, "projects/catalogue_changes.html", context)


@form_or_act
def draft(request: SignedInRequest) -> HttpResponse:
    """起草新的一版，条目由现行版本带入。"""
    acting = require_right(request, DRAFT)
    bureau = acting.organisation
    data = request.POST if request.method == "POST" else None
    form = DraftCatalogueForm(data, jurisdiction=bureau.jurisdiction)
    words = (
        "起草指导性目录",
        "由现行版本带入全部条目，此后逐条增改；征求意见之后通过并发布",
        "起草",
    )
    if data is None:
        return _form_page(request, form, words)
    if not form.is_valid():
        return _form_page(request, form, words, status=422)
    try:
        made = draft_catalogue(
            bureau, **form.cleaned_data, **actor_arguments(request), key=request_key(request)
        )
    except ActError as error:
        return _form_page(request, form, words, status=status_of(error), error=str(error))
    messages.success(request, "草案已立，条目由现行版本带入。请逐条增改，再征求部门意见。")
    return redirect(made)


@form_or_act
def upper(request: SignedInRequest) -> HttpResponse:
    """登记省、市发布的目录，供本级条目挂接。"""
    acting = require_right(request, DRAFT)
    form = UpperCatalogueForm(request.POST if request.method == "POST" else None)
    words = ("登记上级目录", "省、市发布的指导性目录登记在这里，本级的条目挂到它的条目上", "登记")
    if request.method != "POST":
        return _form_page(request, form, words)
    if not form.is_valid():
        return _form_page(request, form, words, status=422)
    try:
        made = register_upper_catalogue(
            acting.organisation,
            **form.cleaned_data,
            **actor_arguments(request),
            key=request_key(request),
        )
    except ActError as error:
        return _form_page(request, form, words, status=status_of(error), error=str(error))
    messages.success(request, "上级目录已登记，起草时可以选它挂接。")
    return redirect(made)


def _catalogue(request: SignedInRequest, pk: int) -> ServiceCatalogue:
    rows = ServiceCatalogue.objects.visible_to(request.user).select_related(
        "parent", "based_on", "revision__bureau__jurisdiction", "revision__drafted_by"
    )
    return get_object_or_404(rows, pk=pk)


def _form_page(
    request: SignedInRequest,
    form: Any,
    words: tuple[str, str, str],
    *,
    status: int = 200,
    error: str = "",
) -> HttpResponse:
    title, lead, button = words
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "button": button,
        "key": new_key(),
        "error": error,
        "crumbs": _crumbs(title),
    }
    return render(request, "projects/catalogue_form.html", context, status=status)


def _crumbs(title: str) -> list[dict[str, str]]:
    return [{"title": "指导性目录", "url": reverse("projects:catalogues")}, {"title": title}]
