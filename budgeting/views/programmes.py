"""专项：台账，一页，设立，定年度预算，三年总评结论的拟订、签署、撤回；项目库。"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation, User
from budgeting import services
from budgeting.forms import NoteForm
from budgeting.forms.programme import (
    ConclusionForm,
    LibraryFilter,
    ProgrammeForm,
    budget_form,
)
from budgeting.models import ConclusionStatus, ExitConclusion, FundingProgramme
from budgeting.selectors import purchasers_reviewed_by
from budgeting.selectors.library import LABELS, STATES, TONES, counts
from budgeting.selectors.library import library as library_of
from budgeting.selectors.programmes import (
    conclusions_visible_to,
    programme_line,
    programme_projects,
    programmes_of,
)
from budgeting.views.opinions import form_or_act
from budgeting.views.panel import next_step
from core.calendar.clock import today
from core.transitions import ActError
from core.views.acts import (
    ActPage,
    SignedInRequest,
    act_page,
    actor_arguments,
    has_right,
    new_key,
    request_key,
    require_right,
    status_of,
)
from core.views.listing import Column, Listing, exported, listing
from projects.models import Programme

KEEP = "budgeting.keep_programmes"
COLUMNS = (
    Column("专项", lambda line: str(line.term.name)),
    Column("类别", lambda line: line.term.get_programme_display()),
    Column("实施期", lambda line: f"{line.term.first_year}—{line.term.last_year}"),
    Column("政务数据部门", lambda line: line.term.office.short_name),
    Column("预算合计", lambda line: line.budget_fen, is_money=True),
    Column("批复", lambda line: line.approved_fen, is_money=True),
    Column("承诺", lambda line: line.committed_fen, is_money=True),
    Column("已付", lambda line: line.paid_fen, is_money=True),
    Column("情况", lambda line: line.badge["label"]),
)


@require_safe
def programmes(request: SignedInRequest) -> HttpResponseBase:
    """专项台账：各实施期的预算对照台账。"""
    year = today().year
    lines = [programme_line(term, year) for term in programmes_of(request.user)]
    if request.GET.get("export") == "csv":
        return exported(lines, COLUMNS, "专项台账")
    context = {
        "listing": Listing.whole(request, lines, COLUMNS),
        "lines": lines,
        "can_keep": has_right(request, KEEP),
    }
    return render(request, "budgeting/programme_list.html", context)


@require_safe
def programme(request: SignedInRequest, pk: int) -> HttpResponse:
    """一个专项：各年度、结论、项目。"""
    term = get_object_or_404(programmes_of(request.user), pk=pk)
    line = programme_line(term, today().year)
    made = line.conclusion
    panel = next_step(request, made) if made else {"acts": (), "others": ()}
    context = {
        "term": term,
        "line": line,
        "conclusion": made,
        "conclusion_facts": _shown(made) if made else (),
        "projects": programme_projects(term, request.user),
        "can_keep": has_right(request, KEEP),
        **panel,
    }
    return render(request, "budgeting/programme_detail.html", context)


def _shown(made: ExitConclusion) -> tuple[tuple[str, str], ...]:
    """结论和两家的签署。"""
    office = _signature(made.office_signed_by, made.office_signed_on)
    bureau = _signature(made.bureau_signed_by, made.bureau_signed_on)
    return (
        ("结论", f"{made.get_outcome_display()}（{made.state_label}）"),
        ("评价情况", made.findings),
        ("文号", made.number),
        ("政务数据部门签署", office),
        ("财政部门签署", bureau),
    )


def _signature(who: User | None, on: date | None) -> str:
    return (
        f"{who.organisation.short_name} {who.full_name}　{on.isoformat()}" if who and on else "待签"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_programme(request: SignedInRequest) -> HttpResponse:
    acting = require_right(request, KEEP)
    jurisdiction = acting.organisation.jurisdiction
    form = ProgrammeForm(
        request.POST if request.method == "POST" else None,
        offices=Organisation.objects.filter(jurisdiction=jurisdiction).order_by("pk"),
        initial={"first_year": today().year, "last_year": today().year + 2},
    )

    def save(**given: Any) -> FundingProgramme:
        return services.set_up_programme(jurisdiction, **given)

    return _answer(request, form, save, "设立专项", reverse("budgeting:programmes"))


@require_http_methods(["GET", "HEAD", "POST"])
def set_budget(request: SignedInRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(programmes_of(request.user), pk=pk)
    require_right(request, KEEP)
    form = budget_form(term)(request.POST if request.method == "POST" else None)

    def save(**given: Any) -> FundingProgramme:
        services.set_programme_budget(term, **given)
        return term

    return _answer(request, form, save, "定年度预算", term.get_absolute_url(), str(term))


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(programmes_of(request.user), pk=pk)
    require_right(request, KEEP)
    form = ConclusionForm(request.POST if request.method == "POST" else None)

    def save(**given: Any) -> ExitConclusion:
        return services.propose_conclusion(term, **given)

    return _answer(request, form, save, "拟订三年总评结论", term.get_absolute_url(), str(term))


def _answer(
    request: SignedInRequest,
    form: django_forms.Form,
    save: Callable[..., Any],
    title: str,
    back: str,
    about: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "back": back,
        "about": about,
        "key": new_key(),
    }
    page = "budgeting/programme_form.html"
    if request.method != "POST":
        return render(request, page, context)
    if not form.is_valid():
        return render(request, page, context, status=422)
    given = form.cleaned_data | actor_arguments(request) | {"key": request_key(request)}
    try:
        made = save(**given)
    except ActError as error:
        context["refusals"] = getattr(error, "refusals", ())
        context["error"] = "" if context["refusals"] else str(error)
        return render(request, page, context, status=status_of(error))
    messages.success(request, f"“{title}”已办理。")
    return redirect(made)


# --- 结论的签署 ----------------------------------------------------------------------------------


@form_or_act
def sign_office(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _conclusion(request, pk)
    page = _page(row, "签署之后由财政部门签署；两家都签署，结论才有效力。")
    return act_page(request, row, "sign_by_office", do=services.sign_by_office, page=page)


@form_or_act
def sign_bureau(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _conclusion(request, pk)
    page = _page(row, "签署之后结论即有效力，不能撤回。")
    return act_page(request, row, "sign_by_bureau", do=services.sign_by_bureau, page=page)


@form_or_act
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _conclusion(request, pk)
    page = _page(row, "撤回之后可以另行拟订。")
    return act_page(
        request,
        row,
        "withdraw",
        do=services.withdraw_conclusion,
        page=page,
        form_class=NoteForm,
    )


def _conclusion(request: SignedInRequest, pk: int) -> ExitConclusion:
    return get_object_or_404(conclusions_visible_to(request.user), pk=pk)


def _page(row: ExitConclusion, note: str) -> ActPage:
    proposer = row.proposed_by.full_name if row.proposed_by else ""
    facts: tuple[tuple[str, Any], ...] = (
        ("专项", row.programme),
        ("结论", row.get_outcome_display()),
        ("评价情况", row.findings),
        ("文号", row.number),
        ("拟订", f"{proposer}　{row.proposed_on.isoformat()}"),
    )
    if row.status != ConclusionStatus.PROPOSED and row.office_signed_by and row.office_signed_on:
        signed = f"{row.office_signed_by.full_name}　{row.office_signed_on.isoformat()}"
        facts += (("政务数据部门签署", signed),)
    return ActPage(back=row.get_absolute_url(), about=str(row), facts=facts, note=note)


# --- 项目库 --------------------------------------------------------------------------------------

LIBRARY = (
    Column("项目", lambda p: p.name, sort="name"),
    Column("项目编号", lambda p: p.number, sort="number"),
    Column("购买主体", lambda p: p.purchaser.organisation.short_name, sort="purchaser_id"),
    Column("年度", lambda p: p.year, sort="year", numeric=True),
    Column("项目资金类别", lambda p: Programme(p.programme).label, sort="programme"),
    Column("申请", lambda p: p.requested_fen, is_money=True),
    Column("批复", lambda p: p.approved_fen, sort="approved_fen", is_money=True),
    Column("环节", lambda p: p.get_stage_display(), sort="stage"),
    Column("状态", lambda p: LABELS[p.library]),
)


@require_safe
def library(request: SignedInRequest) -> HttpResponseBase:
    """项目库：储备、入库评审、备选、已安排预算、执行、结项、取消。"""
    form = LibraryFilter(
        request.GET,
        states=[(name, label) for name, label, _ in STATES],
        purchasers=purchasers_reviewed_by(request.user),
    )
    given = form.given()
    rows = library_of(request.user, given)
    found = rows.filter(library=given["state"]) if "state" in given else rows
    page = listing(request, found, LIBRARY, filename="项目库", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    kept = {name: form.data[name] for name in given if name != "state"}
    number = counts(rows)
    context = {
        "listing": page,
        "rows": [(p, {"label": LABELS[p.library], "tone": TONES[p.library]}) for p in page.rows],
        "filter_form": form,
        "states": [
            (label, number.get(name, 0), hint, f"?{urlencode(kept | {'state': name})}")
            for name, label, hint in STATES
        ],
    }
    return render(request, "budgeting/library.html", context)
