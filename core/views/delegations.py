"""授权代理: who stands in for whom, entrusting the signing of one's own post, ending it early."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Delegation, DelegationScope, RoleAssignment, User
from accounts.roles import ACTS, delegable_acts
from accounts.services import DelegationRefused, delegate, end_delegation
from core.calendar.clock import today
from core.history import unit_of_work
from core.transitions import ActError, claim, require_may
from core.views.acts import (
    SignedInRequest,
    has_right,
    require_right,
)
from core.views.listing import Column, Listing, listing
from core.views.making import MakePage, make_page

DELEGATE, ASSIGN = "accounts.delegate", "accounts.assign_role"
WRITE_A_DAY = "请按“年-月-日”填写，如 2026-03-02。"


def scope_words(row: Delegation) -> str:
    """What is entrusted, in the words of the table of acts."""
    if row.scope == DelegationScope.SIGNING:
        return row.get_scope_display()
    return "、".join(ACTS[act].title for act in row.acts)


COLUMNS = (
    Column("所代之人", lambda d: str(d.post.user), sort="post__user__full_name"),
    Column("岗位", lambda d: str(d.post)),
    Column("代理人", lambda d: str(d.deputy), sort="deputy__full_name"),
    Column("范围", scope_words),
    Column("自", lambda d: d.since.isoformat(), sort="since"),
    Column("至（不含）", lambda d: d.ends_on().isoformat(), sort="until"),
    Column("事由", lambda d: d.reason),
    Column("提前结束", lambda d: d.ended_reason),
)


class Refused(ActError):
    """A delegation that does not stand, as the page says it (422)."""

    is_of_form = True

    def __init__(self, error: DelegationRefused) -> None:
        super().__init__(f"{error}未作任何改动。")


def day_field(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}。", "invalid": WRITE_A_DAY},
    )


def reason_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": f"请填写{label}。"},
    )


class DelegationForm(forms.Form):
    """Who, what, from when until when, why."""

    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label="代理人",
        error_messages={
            "required": "请选择代理人。",
            "invalid_choice": "请选择本机构在岗的人。",
        },
    )
    scope = forms.ChoiceField(
        label="范围",
        choices=DelegationScope.choices,
        initial=DelegationScope.SIGNING,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择范围。"},
    )
    acts = forms.MultipleChoiceField(
        label="所列事项",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="范围选“所列事项”的，在此勾选。",
    )
    since = day_field("自", "从这一天起，代理人可以代您签批；您本人仍可签批。")
    until = day_field("至（不含）", "到这一天自动失效；也可以提前结束。")
    reason = reason_field("事由")

    def __init__(self, data: Any = None, *, post: RoleAssignment, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        here = RoleAssignment.objects.in_force(today()).filter(organisation=post.organisation_id)
        fields: dict[str, Any] = self.fields
        fields["deputy"].queryset = (
            User.objects.filter(pk__in=here.values("user"), is_active=True)
            .exclude(pk=post.user_id)
            .order_by("pk")
        )
        fields["acts"].choices = [(act, ACTS[act].title) for act in delegable_acts(post.role)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("scope") == DelegationScope.ACTS and not given.get("acts"):
            self.add_error("acts", "请至少勾选一个事项。")
        return given


class EndForm(forms.Form):
    reason = reason_field("结束事由")


@require_safe
def delegation_list(request: SignedInRequest) -> HttpResponseBase:
    """Given and received, those of the own organisation for its heads, all there is for audit."""
    page = listing(request, _visible(request), COLUMNS, filename="授权代理", default_sort="-since")
    if not isinstance(page, Listing):
        return page
    on = today()
    context = {
        "listing": page,
        "headers": [*page.headers, {"title": "状态"}, {"title": "办理"}],
        "rows": [(row, scope_words(row), _state(row), _may_end(request, row)) for row in page.rows],
        "may_delegate": has_right(request, DELEGATE),
        "deputy_posts": [
            (row, scope_words(row)) for row in Delegation.objects.of_deputy(request.user, on)
        ],
    }
    return render(request, "core/delegation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_new(request: SignedInRequest) -> HttpResponse:
    """Entrust the post acted in; the deputy's every act names both."""
    post = require_right(request, DELEGATE)
    page = MakePage(
        title="授权代理",
        back=reverse("core:delegations"),
        back_title="授权代理",
        done="已授权。代理人切换到所代的岗位后办理，每一次办理都记为“某某代某某”。",
        lead=f"所代岗位：{post}（{post.user}）",
        note="只能授权签批类的事项，受托的不得转授；代理人不得签批自己经办的事，也不得接连签同一轮的两步。",
        submit="授权",
    )
    data = request.POST if request.method == "POST" else None
    form = DelegationForm(data, post=post, initial={"since": today()})
    return make_page(request, form, do=partial(_delegate, post), page=page)


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a delegation before its day: its giver, or the security administrator."""
    row = get_object_or_404(_visible(request), pk=pk)
    if not _may_end(request, row):
        require_right(request, ASSIGN)
    page = MakePage(
        title="结束授权代理",
        back=reverse("core:delegations"),
        back_title="授权代理",
        lead=f"{row}　{scope_words(row)}　{row.since:%Y-%m-%d} 至 {row.until:%Y-%m-%d}（不含）",
        done="授权已结束，代理人自即刻起不能再代办。",
        note="已经代办的仍然有效。",
        submit="结束",
    )
    form = EndForm(request.POST if request.method == "POST" else None)
    return make_page(request, form, do=partial(_end, row), page=page)


def _delegate(post: RoleAssignment, *, key: str | None, **given: Any) -> None:
    """One unit of work: request key, permission (its refusal recorded), the delegation."""
    with unit_of_work():
        content = [post, *(v for k, v in given.items() if k not in ("by", "acting_as", "on"))]
        if claim(key, by=given["by"], act=DELEGATE, content=content) is not None:
            return
        _require(DELEGATE, post, given)
        try:
            delegate(post, **given)
        except DelegationRefused as error:
            raise Refused(error) from error


def _end(row: Delegation, *, key: str | None, **given: Any) -> None:
    """Ending twice is refused by its own sentence, so no request key is needed."""
    with unit_of_work():
        if row.post.user_id != given["by"].pk:
            _require(ASSIGN, row.post, given)
        try:
            end_delegation(row, **given)
        except DelegationRefused as error:
            raise Refused(error) from error


def _require(act: str, post: RoleAssignment, given: dict[str, Any]) -> None:
    stream = f"accounts.roleassignment:{post.pk}"
    by, acting_as, day = given["by"], given["acting_as"], given["on"]
    require_may(act, on=None, stream=stream, by=by, acting_as=acting_as, day=day)


def _visible(request: SignedInRequest) -> Any:
    rows = Delegation.objects.visible_to(request.user)
    return rows.select_related("post__user", "post__organisation", "deputy")


def _may_end(request: SignedInRequest, row: Delegation) -> bool:
    is_over = row.ends_on() <= today()
    is_giver = row.post.user_id == request.user.pk
    return not is_over and (is_giver or has_right(request, ASSIGN))


def _state(row: Delegation) -> dict[str, str]:
    on = today()
    if row.ends_on() <= on:
        return {"label": "已提前结束" if row.ended_on else "已到期", "tone": "neutral"}
    if row.since > on:
        return {"label": "尚未开始", "tone": "info"}
    return {"label": "代理中", "tone": "act"}
