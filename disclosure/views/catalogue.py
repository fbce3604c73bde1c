"""公布指导性目录的办理页：送审、审查通过并公布、退回。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from core.views.acts import ActPage, SignedInRequest, act_page
from disclosure import services
from disclosure.documents.catalogue import catalogue_page
from disclosure.forms import ReturnForm, SendCatalogueForm
from disclosure.models import CatalogueDuty
from disclosure.selectors.catalogue import due_of

form_or_act = require_http_methods(["GET", "HEAD", "POST"])


@form_or_act
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    duty = _duty(request, pk)
    note = (
        "在指定媒体或者区政府门户网站公布之后登记，由另一人审查；逾期的照样登记，记为逾期。"
        "下面是公开站点上将要出现的内容，目录里的个人号码已经遮盖。"
    )
    initial = {name: getattr(duty, name) for name in ("medium", "address", "published_on")}
    return act_page(
        request,
        duty,
        "send",
        do=services.send_catalogue,
        page=_page(duty, note, "已送审查，通过之后任何人可看。"),
        form_class=SendCatalogueForm,
        initial=initial,
    )


@form_or_act
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    duty = _duty(request, pk)
    note = "请通读下面的全文。通过之后这一版随即冻结，任何人可看，不能再改；要调整的另起草一版。"
    page = _page(duty, note, "审查通过，目录已在公开站点公布，义务随之履行。")
    return act_page(request, duty, "approve", do=services.approve_catalogue, page=page)


@form_or_act
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    duty = _duty(request, pk)
    page = _page(duty, "退回送审的人，写明哪里不妥；目录本身有误的，另起草一版。")
    return act_page(
        request,
        duty,
        "send_back",
        do=services.send_back_catalogue,
        page=page,
        form_class=ReturnForm,
    )


def _page(duty: CatalogueDuty, note: str, done: str = "") -> ActPage:
    facts: tuple[tuple[str, Any], ...] = (
        ("目录", duty.revision.catalogue),
        ("通过日", duty.opened_on.isoformat()),
        ("公布期限", due_of(duty).text),
    )
    if duty.preparer is not None:
        facts += (
            ("公布媒体", duty.medium),
            ("公布网址", duty.address),
            ("公布日", duty.published_on.isoformat() if duty.published_on else None),
            ("送审", f"{duty.preparer}　{duty.sent_on}"),
        )
    if duty.return_reason:
        facts += (("退回理由", duty.return_reason),)
    return ActPage(
        back=duty.revision.get_absolute_url(),
        about=str(duty),
        facts=facts,
        note=note,
        done=done,
        template="disclosure/catalogue_act.html",
        extra={"page_shown": catalogue_page(duty)},
    )


def _duty(request: SignedInRequest, pk: int) -> CatalogueDuty:
    return get_object_or_404(CatalogueDuty.objects.visible_to(request.user).whole(), pk=pk)
