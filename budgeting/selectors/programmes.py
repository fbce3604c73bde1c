"""专项的台账和一页：各年度预算对照台账，项目，三年总评的结论；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum

from accounts.models import User
from budgeting.facts.programme import allocations_under, projects_under
from budgeting.models import ConclusionStatus, ExitConclusion, FundingProgramme
from budgeting.selectors.badges import badge_of
from projects.models import Project

TAKEN = {
    "approved": F("approved_fen") - F("released_fen"),
    "committed": F("committed_fen"),
    "paid": F("paid_fen"),
}


@dataclass(frozen=True)
class ProgrammeYear:
    """专项的一个年度：预算、批复（减已释放）、承诺、已付（分）；没有定预算的为 None。"""

    year: int
    budget_fen: int | None
    number: str
    approved_fen: int
    committed_fen: int
    paid_fen: int

    @property
    def left_fen(self) -> int | None:
        return None if self.budget_fen is None else self.budget_fen - self.approved_fen


@dataclass(frozen=True)
class ProgrammeLine:
    """台账的一行。"""

    term: FundingProgramme
    years: tuple[ProgrammeYear, ...]
    conclusion: ExitConclusion | None
    is_over: bool

    def total(self, name: str) -> int:
        return sum(int(getattr(year, f"{name}_fen") or 0) for year in self.years)

    @property
    def budget_fen(self) -> int:
        return self.total("budget")

    @property
    def approved_fen(self) -> int:
        return self.total("approved")

    @property
    def committed_fen(self) -> int:
        return self.total("committed")

    @property
    def paid_fen(self) -> int:
        return self.total("paid")

    @property
    def badge(self) -> dict[str, str]:
        """实施中、到期没有结论，或者结论。"""
        made = self.conclusion
        if made is not None and made.status == ConclusionStatus.CONCLUDED:
            tone = {"keep": "ok", "adjust": "info", "cancel": "bad"}[made.outcome]
            return {"label": made.get_outcome_display(), "tone": tone}
        if made is not None:
            return badge_of(made)
        if self.is_over:
            return {"label": "到期，待三年总评", "tone": "late"}
        return {"label": "实施中", "tone": "act"}


def programmes_of(user: User) -> QuerySet[FundingProgramme]:
    """看得见的专项。"""
    return FundingProgramme.objects.visible_to(user).select_related("office", "jurisdiction")


def programme_line(term: FundingProgramme, year_now: int) -> ProgrammeLine:
    """一个专项的各年度和结论；`year_now` 之前到期的为已到期。四次查询。"""
    sums: dict[int, Any] = {}
    rows = allocations_under(term).order_by().values("ceiling__year")
    for row in rows.annotate(**{name: Sum(amount) for name, amount in TAKEN.items()}):
        sums[row["ceiling__year"]] = row
    budgets = {row.year: row for row in term.budgets.all()}
    years = [_year(y, budgets, sums) for y in range(term.first_year, term.last_year + 1)]
    live = ExitConclusion.objects.filter(programme=term).exclude(status=ConclusionStatus.WITHDRAWN)
    near = live.select_related(
        "programme__office", "office_signed_by__organisation", "bureau_signed_by__organisation"
    )
    return ProgrammeLine(term, tuple(years), near.first(), term.last_year < year_now)


def _year(year: int, budgets: dict[int, Any], sums: dict[int, Any]) -> ProgrammeYear:
    budget, taken = budgets.get(year), sums.get(year, {})
    return ProgrammeYear(
        year,
        budget.amount_fen if budget else None,
        budget.number if budget else "",
        *(int(taken.get(name) or 0) for name in TAKEN),
    )


def programme_projects(term: FundingProgramme, user: User) -> QuerySet[Project]:
    """专项之下看得见的项目。"""
    rows = Project.objects.visible_to(user).with_owner()
    return rows.filter(pk__in=projects_under(term).values("pk")).order_by("year", "pk")


def conclusions_visible_to(user: User) -> QuerySet[ExitConclusion]:
    return ExitConclusion.objects.visible_to(user).select_related(
        "programme__office", "programme__jurisdiction", "proposed_by", "office_signed_by"
    )
