"""案卷清单，以及一个案卷的经过：一条事件一句话。"""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit.forms import CaseFilter, EventFilter
from audit.selectors import FLAG_CONDITIONS, cases_of, flags_of
from audit.views.doors import audited_case, require_auditor
from core.history.reading import Names, actors_in, events_in, view_of, views_of
from core.views.acts import SignedInRequest
from core.views.listing import Column, Listing, listing

COLUMNS = (
    Column("编号", lambda p: p.number, sort="number"),
    Column("项目名称", lambda p: p.name, sort="name"),
    Column("购买主体", lambda p: str(p.purchaser), sort="purchaser__organisation__name"),
    Column("年度", lambda p: p.year, sort="year"),
    Column("阶段", lambda p: p.get_stage_display(), sort="stage"),
    Column("金额", lambda p: p.amount_fen, sort="amount_fen", is_money=True),
    Column("未获准", lambda p: p.refused_count, sort="refused_count", numeric=True),
    Column("逾期", lambda p: p.late_count, sort="late_count", numeric=True),
    Column("要留意的", lambda p: "；".join(flags_of(p))),
    Column("封存日", lambda p: p.sealed_on.isoformat() if p.sealed_on else "", sort="sealed_on"),
)
KIND_WORDS = {"act": "办理", "change": "更改", "refusal": "未获准", "seal": "封存"}


@require_safe
def case_list(request: SignedInRequest) -> HttpResponseBase:
    """本辖区的全部案卷。"""
    require_auditor(request)
    visible = cases_of(request.user)
    years = visible.order_by("-year").values_list("year", flat=True).distinct()
    form = CaseFilter(request.GET, user=request.user, years=years)
    rows = visible.filter(form.condition(), **FLAG_CONDITIONS.get(form.chosen_flag, {}))
    page = listing(request, rows, COLUMNS, filename="案卷")
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "rows": [(case, flags_of(case)) for case in page.rows],
        "filter_form": form,
        "is_narrowed": form.is_narrowed(),
    }
    return render(request, "audit/case_list.html", context)


@require_safe
def case_history(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """一个案卷的全部事件，最新的在前；可按类别、办理人、日期筛选。"""
    case = audited_case(request, pk)
    form = EventFilter(request.GET, actors=actors_in(case.case_stream))
    rows = events_in([case.case_stream], **form.given())
    page = listing(request, rows, _event_columns(), filename=f"{case.number}-经过")
    if not isinstance(page, Listing):
        return page
    context = {
        "case": case,
        "flags": flags_of(case),
        "listing": page,
        "events": views_of(page.rows),
        "filter_form": form,
        "is_narrowed": form.is_narrowed(),
        "crumbs": [{"title": "案卷", "url": reverse("audit:cases")}, {"title": case.number}],
    }
    return render(request, "audit/case_history.html", context)


def _event_columns() -> tuple[Column, ...]:
    names = Names()
    return (
        Column("序号", lambda e: e.seq),
        Column("生效日", lambda e: e.effective_on.isoformat()),
        Column("记录时间", lambda e: e.recorded_at.isoformat()),
        Column("类别", lambda e: KIND_WORDS.get(e.kind, e.kind)),
        Column("经过", lambda e: view_of(e, names).sentence),
        Column("SHA-256 叶", lambda e: e.leaf_sha256),
    )
