"""第三方评估链接：发出、采纳、不予采纳、撤销；第三方不登录的填报页。"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core.calendar.clock import today
from core.transitions import ActError
from core.views.acts import ActPage, SignedInRequest, act_page, status_of
from performance.forms.evaluation import AnswerForm, LinkForm, ReasonForm
from performance.models import ASPECTS, EvaluationLink
from performance.selectors.case import links_visible_to
from performance.services import (
    accept_answer,
    issue_link,
    refuse_answer,
    revoke_link,
    take_answer,
)
from performance.services.link import token_digest
from performance.views.evaluation import evaluation_of, form_or_act, page_of

OFFERED_DAYS = 14
MOST_REQUESTS, WINDOW_SECONDS = 60, 600


@form_or_act
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    """发链接；令牌只在这一次显示。"""
    row = evaluation_of(request, pk)
    issued: list[str] = []

    def do(evaluation: Any, **values: Any) -> None:
        issued.append(issue_link(evaluation, **values))

    page = page_of(row, "链接只对这一份评估，过期失效。第三方所填经采纳才登记为评估意见。")
    answer = act_page(
        request,
        row,
        "issue_link",
        do=do,
        page=page,
        form_class=LinkForm,
        initial={"expires_on": today() + timedelta(days=OFFERED_DAYS)},
    )
    if not (issued and issued[0]):
        return answer
    link = row.links.latest("pk")
    address = request.build_absolute_uri(reverse("performance:third_party", args=[issued[0]]))
    response = render(
        request,
        "performance/link_issued.html",
        {"link": link, "address": address, "back": page.back},
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@form_or_act
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _link(request, pk)
    note = "采纳之后，所填登记为第三方专业机构的评估意见。"
    return act_page(request, row, "accept", do=accept_answer, page=_page(row, note))


@form_or_act
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _link(request, pk)
    page = _page(row, "所填和理由都保留；可以另发链接。")
    return act_page(request, row, "refuse", do=refuse_answer, page=page, form_class=ReasonForm)


@form_or_act
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _link(request, pk)
    page = _page(row, "撤销之后链接打不开；可以另发。")
    return act_page(request, row, "revoke", do=revoke_link, page=page, form_class=ReasonForm)


def _link(request: SignedInRequest, pk: int) -> EvaluationLink:
    return get_object_or_404(links_visible_to(request.user), pk=pk)


def _page(row: EvaluationLink, note: str) -> ActPage:
    answered = [
        (label, f"{row.answer[name]}（{row.answer[f'{name}_score']} 分）")
        for name, label in ASPECTS.items()
        if name in row.answer
    ]
    return ActPage(
        back=reverse("performance:case", args=[row.case().pk]),
        about=str(row),
        facts=(
            ("综合评估", row.evaluation),
            ("发出日", row.issued_on.isoformat()),
            ("有效期至", row.expires_on.isoformat()),
            ("填报日", row.answered_on.isoformat() if row.answered_on else None),
            *answered,
        ),
        note=note,
    )


# --- 第三方的一页 --------------------------------------------------------------------------------


@form_or_act
@login_not_required
def third_party(request: HttpRequest, token: str) -> HttpResponse:
    """Without sign-in: what the holder of the link fills in. A link that is wrong, expired, used or
    revoked is the same 404."""
    if _is_too_often(request):
        return _private(render(request, "errors/429.html", status=429))
    link = EvaluationLink.objects.with_case().usable(token_digest(token), today()).first()
    if link is None:
        raise Http404
    if request.method != "POST":
        return _answer_page(request, link, AnswerForm())
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, link, form, status=422)
    try:
        take_answer(link, **form.cleaned_data, on=today())
    except ActError as error:
        return _answer_page(request, link, form, status=status_of(error), error=str(error))
    return _private(render(request, "performance/third_party_done.html", {"link": link}))


def _answer_page(
    request: HttpRequest,
    link: EvaluationLink,
    form: AnswerForm,
    *,
    status: int = 200,
    error: str = "",
) -> HttpResponse:
    contract = link.evaluation.contract
    project = contract.case()
    facts = [
        ("第三方专业机构", link.organisation),
        ("购买主体", project.purchaser),
        ("项目", project),
        ("合同", contract),
        ("承接主体", contract.award.provider),
        ("服务期间", f"{contract.starts_on.isoformat()} 至 {contract.ends_on.isoformat()}"),
        ("链接有效期至", link.expires_on.isoformat()),
    ]
    context = {"form": form, "facts": facts, "error": error}
    return _private(render(request, "performance/third_party.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes to no other site, no index, no cache."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_too_often(request: HttpRequest) -> bool:
    """More requests from one address than a person makes, within ten minutes."""
    key = f"performance.third_party:{request.META['REMOTE_ADDR']}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key) > MOST_REQUESTS
    except ValueError:  # expired between the two
        return False
