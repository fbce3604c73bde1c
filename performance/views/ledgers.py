"""资金使用绩效：各项目各年度的得分，各类资金的加权得分。"""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.views.acts import SignedInRequest
from core.views.listing import Column, Listing, listing
from performance.facts.scores import rate
from performance.forms.filters import FundFilter
from performance.selectors.ledgers import fund_ledger, fund_years, programme_scores

COLUMNS = (
    Column("年度", lambda s: s.year, sort="year"),
    Column("项目", lambda s: str(s.project), sort="project__name"),
    Column("购买主体", lambda s: str(s.project.purchaser)),
    Column("特定目标类", lambda s: s.project.get_programme_display()),
    Column("全年预算数", lambda s: s.budget_fen, sort="budget_fen", is_money=True),
    Column("全年执行数", lambda s: s.executed_fen, sort="executed_fen", is_money=True),
    Column("执行率（%）", lambda s: rate(s.executed_fen, s.budget_fen), numeric=True),
    Column("得分", lambda s: s.score, sort="score", numeric=True),
    Column("等级", lambda s: s.get_grade_display()),
)


@require_safe
def funds(request: SignedInRequest) -> HttpResponseBase:
    years = fund_years(request.user)
    form = FundFilter(request.GET, years=years)
    year = form.chosen()
    page = listing(request, fund_ledger(request.user, year), COLUMNS, filename="资金使用绩效")
    if not isinstance(page, Listing):
        return page
    scored_year = year or (years[0] if years else 0)
    context = {
        "listing": page,
        "rows": [(row, rate(row.executed_fen, row.budget_fen)) for row in page.rows],
        "filter_form": form,
        "scored_year": scored_year,
        "programmes": programme_scores(request.user, scored_year),
        "is_narrowed": year is not None,
    }
    return render(request, "performance/fund_list.html", context)
