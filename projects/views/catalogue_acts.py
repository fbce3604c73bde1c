"""指导性目录的办理页：增改条目、征求意见、答复、说明采纳、收回、通过、放弃。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from core.calendar.clock import today
from core.views.acts import ActPage, SignedInRequest, act_page, require_right
from projects import services
from projects.forms import catalogue as forms
from projects.models import CatalogueItem, CatalogueOpinion, CatalogueRevision, ServiceCatalogue
from projects.models.revision import DRAFT

form_or_act = require_http_methods(["GET", "HEAD", "POST"])


@form_or_act
def add_item(request: SignedInRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    return act_page(
        request,
        revision,
        "revise",
        do=services.add_item,
        page=_page(revision, "增加一个条目；编码存下之后不能改。", done="条目已增加。"),
        form_class=forms.item_form(revision.catalogue, is_new=True),
    )


@form_or_act
def change_item(request: SignedInRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    require_right(request, DRAFT)
    revision = _revision_of(item)
    names = ("name", "category", "kind", "nature", "content", "note", "parent_item")

    def do(_revision: CatalogueRevision, **values: Any) -> Any:
        return services.change_item(item, **values)

    return act_page(
        request,
        revision,
        "revise",
        do=do,
        page=_page(revision, "编码不能改；要改编码的，删去另增。", item, done="条目已修改。"),
        form_class=forms.item_form(item.catalogue, is_new=False),
        initial={name: getattr(item, name) for name in names},
    )


@form_or_act
def remove_item(request: SignedInRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    require_right(request, DRAFT)
    revision = _revision_of(item)

    def do(_revision: CatalogueRevision, **values: Any) -> Any:
        return services.remove_item(item, **values)

    note = "只从草案中删去，前一版不动；以该品目首次提交的项目不受影响。"
    return act_page(
        request,
        revision,
        "revise",
        do=do,
        page=_page(revision, note, item, done="条目已从草案中删去。"),
        form_class=forms.RemoveItemForm,
    )


@form_or_act
def consult(request: SignedInRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    bureau = revision.bureau
    return act_page(
        request,
        revision,
        "consult",
        do=services.consult,
        page=_page(revision, "征求意见期间草案不能改；要改的，先收回修改，改后重新征求。"),
        form_class=forms.consult_form(bureau.jurisdiction, bureau, today()),
    )


@form_or_act
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    return act_page(
        request,
        revision,
        "take_back",
        do=services.take_back,
        page=_page(revision, "已经收到的意见留存；改后另起一轮征求意见。"),
        form_class=forms.RevisionNoteForm,
    )


@form_or_act
def adopt(request: SignedInRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    return act_page(
        request,
        revision,
        "adopt",
        do=services.adopt_revision,
        page=_page(
            revision,
            "通过之后不能再改；调整另起草一版。系统随即开立公布目录的义务。",
            done="目录已通过并发布，公布的义务已经开立。",
        ),
        form_class=forms.AdoptForm,
    )


@form_or_act
def abandon(request: SignedInRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    return act_page(
        request,
        revision,
        "abandon",
        do=services.abandon,
        page=_page(revision, "草案留存，不能恢复。"),
        form_class=forms.RevisionNoteForm,
    )


@form_or_act
def agree(request: SignedInRequest, pk: int) -> HttpResponse:
    opinion = _opinion(request, pk)
    return act_page(
        request,
        opinion,
        "agree",
        do=services.agree_to_catalogue,
        page=_page(opinion.revision, "意见以本部门的名义，入历史，不能更改。", opinion=opinion),
        form_class=forms.AgreeForm,
    )


@form_or_act
def suggest(request: SignedInRequest, pk: int) -> HttpResponse:
    opinion = _opinion(request, pk)
    return act_page(
        request,
        opinion,
        "suggest",
        do=services.suggest_to_catalogue,
        page=_page(opinion.revision, "财政部门须说明采纳情况，才能通过目录。", opinion=opinion),
        form_class=forms.SuggestForm,
    )


@form_or_act
def handle(request: SignedInRequest, pk: int) -> HttpResponse:
    opinion = _opinion(request, pk)
    return act_page(
        request,
        opinion,
        "handle",
        do=services.handle_suggestion,
        page=_page(opinion.revision, "采纳而须改草案的，先收回修改。", opinion=opinion),
        form_class=forms.HandleForm,
    )


def _revision(request: SignedInRequest, pk: int) -> CatalogueRevision:
    return get_object_or_404(CatalogueRevision.objects.visible_to(request.user).whole(), pk=pk)


def _item(request: SignedInRequest, pk: int) -> CatalogueItem:
    """只有草案的条目有办理页；发布过的、上级的没有。"""
    seen = ServiceCatalogue.objects.visible_to(request.user).filter(revision__isnull=False)
    rows = CatalogueItem.objects.filter(catalogue__in=seen)
    return get_object_or_404(rows.select_related("catalogue__parent", "parent_item"), pk=pk)


def _revision_of(item: CatalogueItem) -> CatalogueRevision:
    return CatalogueRevision.objects.whole().get(catalogue=item.catalogue_id)


def _opinion(request: SignedInRequest, pk: int) -> CatalogueOpinion:
    return get_object_or_404(CatalogueOpinion.objects.visible_to(request.user).whole(), pk=pk)


def _page(
    revision: CatalogueRevision,
    note: str,
    item: CatalogueItem | None = None,
    *,
    opinion: CatalogueOpinion | None = None,
    done: str = "",
) -> ActPage:
    facts: tuple[tuple[str, Any], ...] = (("目录", revision.catalogue),)
    if item is not None:
        facts += (("条目", item),)
    if opinion is not None:
        facts += (("部门", opinion.organisation), ("答复期限", revision.answers_due_on))
        facts += (("意见", opinion.text),) if opinion.text else ()
    return ActPage(
        back=revision.get_absolute_url(), about=str(revision), facts=facts, note=note, done=done
    )
