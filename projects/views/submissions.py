"""报送年度计划：一份报出，差异列明，各项目各有结果；财政部门看收到的。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.calendar.clock import today
from core.documents.models import RenderState
from core.documents.services import documents_of
from core.transitions import ActError, TransitionRefused
from core.views.acts import SignedInRequest, actor_arguments, new_key, request_key, status_of
from core.views.listing import Column, Listing, listing
from projects.documents.exporting import options_of
from projects.documents.package import (
    ALREADY,
    HELD,
    OUTCOMES,
    SENT,
    gaps_by_fund,
    gaps_by_item,
    moved_since,
    package_rows,
    planned_fen,
)
from projects.documents.package_book import submission_book
from projects.forms.plans import PlanFilter, PlanSubmissionForm, plan_submission_form
from projects.models import AnnualPlan, PlanSubmission, Project, Stage
from projects.selectors import filing_work
from projects.services import BudgetInput, listed_projects, submit_plan
from projects.views.importing import workbook_response
from projects.views.rights import may_submit_plan, require

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
Values = dict[str, Any]
TONES = {SENT: "ok", ALREADY: "neutral", HELD: "late"}
RENDER_TONES = {RenderState.QUEUED: "info", RenderState.READY: "ok", RenderState.FAILED: "bad"}
COLUMNS = (
    Column("报送日", lambda s: s.submitted_on.isoformat(), sort="submitted_on"),
    Column("购买主体", lambda s: str(s.plan.purchaser), sort="plan__purchaser__organisation__name"),
    Column("年度", lambda s: s.plan.year, sort="plan__year"),
    Column("轮次", lambda s: s.round_number, numeric=True),
    Column("项目数", lambda s: s.project_count, sort="project_count", numeric=True),
    Column("计划申请", lambda s: s.planned_fen, sort="planned_fen", is_money=True),
    Column("部门预算", lambda s: s.budget_total_fen, sort="budget_total_fen", is_money=True),
    Column("部门预算减计划", lambda s: s.gap_fen, is_money=True),
    Column("摘要", lambda s: s.digest[:12]),
)


@require_safe
def submission_list(request: SignedInRequest) -> HttpResponseBase:
    """报送过的各轮：本单位的；财政和会审机构看收到的。"""
    seen = PlanSubmission.objects.visible_to(request.user)
    years = seen.order_by("-plan__year").values_list("plan__year", flat=True).distinct()
    form = PlanFilter(request.GET, user=request.user, years=years)
    rows = seen.filter(form.condition("plan__")).select_related("plan__purchaser__organisation")
    page = listing(request, rows.defer("content"), COLUMNS, filename="年度计划报送")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "filter_form": form, "is_narrowed": form.is_narrowed()}
    return render(request, "projects/submission_list.html", context)


@require_safe
def submission_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """一轮报送：汇总、与部门预算的差异、与上一轮的差异、各项目的结果。"""
    seen = PlanSubmission.objects.visible_to(request.user)
    known = seen.select_related("plan__purchaser__organisation", "submitted_by")
    row = get_object_or_404(known, pk=pk)
    before = seen.filter(plan=row.plan, round_number=row.round_number - 1).first()
    visible = Project.objects.visible_to(request.user)
    ids = [each["project"] for each in row.content["rows"]]
    open_to = set(visible.filter(pk__in=ids).values_list("pk", flat=True))
    context = {
        "row": row,
        "before": before,
        "rows": [_shown(each, open_to) for each in row.content["rows"]],
        "counts": _counts(row),
        "funds": gaps_by_fund(row.content),
        "items": gaps_by_item(row.content),
        "moved": moved_since(before.content if before else None, row.content),
        "documents": [
            {
                "document": d,
                "label": d.get_state_display(),
                "tone": RENDER_TONES[RenderState(d.state)],
            }
            for d in documents_of(row)
        ],
        "crumbs": [
            {"title": "计划报送", "url": reverse("projects:submissions")},
            {"title": str(row)},
        ],
    }
    return render(request, "projects/submission_detail.html", context)


@require_safe
def submission_workbook(request: SignedInRequest, pk: int) -> HttpResponse:
    """一轮报送的工作簿：报出的数、与部门预算和上一轮的差异、品目编码。"""
    seen = PlanSubmission.objects.visible_to(request.user)
    row = get_object_or_404(seen.select_related("plan__purchaser__organisation"), pk=pk)
    before = seen.filter(plan=row.plan, round_number=row.round_number - 1).first()
    data = submission_book(row, before.content if before else None)
    return workbook_response(data, f"{row}.xlsx")


@form_or_act
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """填部门预算，先看差异，再报送。"""
    plan = get_object_or_404(
        AnnualPlan.objects.visible_to(request.user).select_related(
            "purchaser__organisation__jurisdiction"
        ),
        pk=pk,
    )
    require(may_submit_plan(request, plan))
    page = _SubmitPage(request, plan)
    if request.method != "POST":
        return page.show()
    if not page.form.is_valid():
        return page.show(status=422)
    if request.POST.get("step") == "check":
        return page.show(is_checked=True)
    try:
        made = page.carry_out()
    except ActError as error:
        return page.show(is_checked=True, error=error)
    sent = sum(1 for each in made.content["rows"] if each["outcome"] == SENT)
    held = sum(1 for each in made.content["rows"] if each["outcome"] == HELD)
    said = f"已报送第 {made.round_number} 次：{sent} 个项目提交会审"
    messages.success(request, f"{said}，{held} 个未能提交，原因见下表。" if held else f"{said}。")
    return redirect(made)


class _SubmitPage:
    """报送页：部门预算的表，计划的各项目，核对出的差异。"""

    def __init__(self, request: SignedInRequest, plan: AnnualPlan) -> None:
        self.request, self.plan = request, plan
        self.projects = listed_projects(plan)
        self.last = PlanSubmission.objects.filter(plan=plan).order_by("-round_number").first()
        items, funds = options_of(plan.purchaser.organisation.jurisdiction, today())
        self.funds, self.items = {f.name: f for f in funds}, {i.code: i for i in items}
        form_class = plan_submission_form(funds, items)
        if request.method == "POST":
            self.form: PlanSubmissionForm = form_class(request.POST)
        else:
            self.form = form_class(initial={"budget": list(self._start())})

    def _start(self) -> list[Values]:
        """上一轮报的部门预算；第一次报的，按计划里的资金与品目各留一行，金额空着。"""
        lines = list(self.last.content["budget"]) if self.last else self._pairs()
        return [
            {
                "fund": str(self.funds[line["fund"]].pk),
                "item": str(self.items[line["code"]].pk),
                "amount_fen": line.get("amount_fen"),
            }
            for line in lines
            if line["fund"] in self.funds and line["code"] in self.items
        ]

    def _pairs(self) -> list[Values]:
        rows = [r for r in package_rows(self.projects) if not r["is_off_budget"]]
        pairs = dict.fromkeys((fund, r["code"]) for r in rows for fund in r["funds"])
        return [{"fund": fund, "code": code} for fund, code in pairs]

    def carry_out(self) -> PlanSubmission:
        data = self.form.cleaned_data
        return submit_plan(
            self.plan,
            budget=[BudgetInput(r["fund"], r["item"], r["amount_fen"]) for r in data["budget"]],
            note=data["note"],
            key=request_key(self.request),
            **actor_arguments(self.request),
        )

    def show(
        self, *, is_checked: bool = False, error: ActError | None = None, status: int = 200
    ) -> HttpResponse:
        refusals = error.refusals if isinstance(error, TransitionRefused) else ()
        rows = package_rows(self.projects)
        context: Values = {
            "plan": self.plan,
            "form": self.form,
            "last": self.last,
            "key": new_key(),
            "error": "" if error is None or refusals else str(error),
            "refusals": refusals,
            "planned_fen": planned_fen(rows),
            "off_budget_count": sum(1 for r in rows if r["is_off_budget"]),
            "project_count": len(rows),
            **self._readiness(),
            **(self._differences(rows) if is_checked else {}),
            "crumbs": [
                {"title": "年度计划", "url": reverse("projects:plans")},
                {"title": str(self.plan), "url": reverse("projects:plan", args=[self.plan.pk])},
                {"title": "报送年度计划"},
            ],
        }
        code = status_of(error) if error else status
        return render(self.request, "projects/plan_submit.html", context, status=code)

    def _readiness(self) -> Values:
        """签齐待提交的几个；没有签齐的在等谁；已经提交的几个。"""
        work = {w.project.pk: w for w in filing_work(self.plan.purchaser.organisation)}
        filing = [p for p in self.projects if p.stage == Stage.FILING]
        waiting = [
            (p, work[p.pk]) for p in filing if p.pk in work and work[p.pk].kind != "提交会审"
        ]
        return {
            "ready_count": len(filing) - len(waiting),
            "waiting": waiting,
            "already_count": len(self.projects) - len(filing),
        }

    def _differences(self, rows: list[Values]) -> Values:
        budget = [
            {
                "fund": r["fund"].name,
                "code": r["item"].code,
                "amount_fen": r["amount_fen"],
            }
            for r in self.form.cleaned_data["budget"]
        ]
        content = {"rows": rows, "budget": budget}
        total = sum(line["amount_fen"] for line in budget)
        return {
            "is_checked": True,
            "budget_total_fen": total,
            "gap_fen": total - planned_fen(rows),
            "funds": gaps_by_fund(content),
            "items": gaps_by_item(content),
            "moved": moved_since(self.last.content if self.last else None, content),
        }


def _shown(row: Values, open_to: set[int]) -> Values:
    """一个项目的一行；看得见项目的才有链接。"""
    is_open = row["project"] in open_to
    url = reverse("projects:case", args=[row["project"]]) if is_open else ""
    return row | {"label": OUTCOMES[row["outcome"]], "tone": TONES[row["outcome"]], "url": url}


def _counts(row: PlanSubmission) -> list[tuple[str, int]]:
    found = [each["outcome"] for each in row.content["rows"]]
    return [(label, found.count(outcome)) for outcome, label in OUTCOMES.items()]
