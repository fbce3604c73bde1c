"""专项规则所问的事实：实施期、结论、年度预算；金额单位为分。"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum

from budgeting.facts.funds import decided_fen
from budgeting.facts.review import review_page
from budgeting.models import (
    Allocation,
    Decision,
    DecisionOutcome,
    ExitConclusion,
    ExitOutcome,
    FundingProgramme,
    ProgrammeBudget,
)
from core.rules import Context
from projects.models import CloudCollection, Programme, Project, Stage

IN_USE = F("approved_fen") - F("released_fen")


def terms_of(jurisdiction: int, programme: str) -> QuerySet[FundingProgramme]:
    """一类资金在本辖区的各个实施期，由早到晚。"""
    rows = FundingProgramme.objects.filter(jurisdiction=jurisdiction, programme=programme)
    return rows.order_by("first_year", "pk")


def conclusion_of(term: FundingProgramme) -> ExitConclusion | None:
    """这个实施期两家都已签署的结论。"""
    return ExitConclusion.objects.filter(programme=term).concluded().first()


def term_obstacle(jurisdiction: int, programme: str, year: int) -> str:
    """某年度为什么不能用这类资金；可以用的、没有设立过专项的为空。"""
    terms = list(terms_of(jurisdiction, programme))
    started = [term for term in terms if term.first_year <= year]
    if not started:
        return ""
    for term in started:
        made = conclusion_of(term)
        if made is not None and made.outcome == ExitOutcome.CANCEL:
            return f"{term}已经取消（{made.number}）"
        is_over = term.last_year < year
        if is_over and made is None:
            return f"{term}已经到期，三年总评没有结论"
    last = started[-1]
    if last.last_year < year:
        return f"{last}已经到期，结论为保留或者调整而还没有设立新的实施期"
    return ""


@dataclass(frozen=True)
class TermFacts:
    """所涉的各特定目标类项目：项目，不能用这类资金的缘由。"""

    page: str
    obstacles: tuple[tuple[str, str], ...]


def term_facts(subject: Project | Decision, context: Context) -> TermFacts:
    """以项目（批复）或者一次审定（同意的项目）为对象。"""
    if isinstance(subject, Decision):
        lines = subject.lines.filter(outcome=DecisionOutcome.APPROVE)
        near = "project__purchaser__organisation"
        projects = [line.project for line in lines.select_related(near)]
        page = subject.get_absolute_url()
    else:
        projects, page = [subject], review_page(subject)
    asked = [
        (p, term_obstacle(p.purchaser.organisation.jurisdiction_id, p.programme, p.year))
        for p in projects
        if p.programme
    ]
    return TermFacts(page, tuple((str(p), words) for p, words in asked if words))


@dataclass(frozen=True)
class ProgrammeBudgetFacts:
    """一个项目的批复与专项年度预算；没有设立专项的 `term` 为空。"""

    page: str
    term: str
    year: int
    budget_fen: int | None
    approved_fen: int
    asked_fen: int


def covering_term(project: Project) -> FundingProgramme | None:
    """项目所在年度的专项。"""
    if not project.programme:
        return None
    terms = terms_of(project.purchaser.organisation.jurisdiction_id, project.programme)
    return terms.filter(first_year__lte=project.year, last_year__gte=project.year).last()


def used_by_year(term: FundingProgramme) -> dict[int, int]:
    """专项各年度批复而没有释放的合计（分）。"""
    rows = allocations_under(term).order_by().values_list("ceiling__year")
    return dict(rows.annotate(total=Sum(IN_USE)))


def allocations_under(term: FundingProgramme) -> QuerySet[Allocation]:
    """专项实施期之内各年度的资金分配。"""
    return Allocation.objects.filter(
        project__programme=term.programme,
        project__purchaser__organisation__jurisdiction=term.jurisdiction_id,
        ceiling__year__gte=term.first_year,
        ceiling__year__lte=term.last_year,
    )


def programme_budget_facts(project: Project, context: Context) -> ProgrammeBudgetFacts:
    """批复这个项目之后，专项这一年度的批复合计是否还在年度预算之内。"""
    term = covering_term(project)
    asked = int(context.data.get("approved_fen") or 0) or decided_fen(project)
    budget: Any = None
    used = 0
    if term is not None:
        rows = ProgrammeBudget.objects.filter(programme=term, year=project.year)
        budget = rows.values_list("amount_fen", flat=True).first()
        own = allocations_under(term).filter(ceiling__year=project.year)
        used = own.exclude(project=project).aggregate(n=Sum(IN_USE))["n"] or 0
    return ProgrammeBudgetFacts(
        page=term.get_absolute_url() if term else review_page(project),
        term=str(term) if term else "",
        year=project.year,
        budget_fen=budget,
        approved_fen=used,
        asked_fen=asked,
    )


@dataclass(frozen=True)
class ReentryFacts:
    """申报的项目与取消的专项：哪个专项，同名的是哪个项目。"""

    page: str
    cancelled: str
    namesake: str


def same_name(name: str) -> str:
    """比对用的项目名：不计空白、标点和全角半角。"""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def reentry_facts(project: Project, context: Context) -> ReentryFacts:
    """本辖区取消的专项：项目是不是仍用这类资金，或者与专项之下的项目同名。"""
    jurisdiction = project.purchaser.organisation.jurisdiction_id
    made = ExitConclusion.objects.concluded().filter(
        outcome=ExitOutcome.CANCEL, programme__jurisdiction=jurisdiction
    )
    terms = [row.programme for row in made.select_related("programme")]
    same = next((term for term in terms if term.programme == project.programme), None)
    namesake = _namesake(project, terms) if terms else ""
    return ReentryFacts(project.get_absolute_url(), str(same or ""), namesake)


def _namesake(project: Project, terms: Iterable[FundingProgramme]) -> str:
    wanted = same_name(project.name)
    for term in terms:
        rows = projects_under(term).exclude(pk=project.pk).exclude(stage=Stage.FILING)
        for number, name in rows.values_list("number", "name"):
            if same_name(name) == wanted:
                return f"{number} {name}（{term}）"
    return ""


def projects_under(term: FundingProgramme) -> QuerySet[Project]:
    """专项实施期之内的各项目。"""
    return Project.objects.filter(
        programme=term.programme,
        purchaser__organisation__jurisdiction=term.jurisdiction_id,
        year__gte=term.first_year,
        year__lte=term.last_year,
    )


@dataclass(frozen=True)
class SetUpFacts:
    """设立一个实施期：几年，与已有的重叠没有，上一期有没有保留或者调整的结论。"""

    label: str
    first_year: int
    last_year: int
    overlapping: str
    unconcluded: str
    cancelled: str

    @property
    def years(self) -> int:
        return self.last_year - self.first_year + 1


def set_up_facts(_scope: object, context: Context) -> SetUpFacts:
    """`context.data`：辖区、类别、起止年度。"""
    first, last = context.data["first_year"], context.data["last_year"]
    terms = list(terms_of(context.data["jurisdiction"].pk, context.data["programme"]))
    made = {term.pk: conclusion_of(term) for term in terms}
    outcomes = {pk: row.outcome if row else "" for pk, row in made.items()}
    over = [term for term in terms if term.first_year <= last and first <= term.last_year]
    earlier = [term for term in terms if term.last_year < first]
    return SetUpFacts(
        label=str(Programme(context.data["programme"]).label),
        first_year=first,
        last_year=last,
        overlapping="、".join(map(str, over)),
        unconcluded="、".join(str(t) for t in earlier if not outcomes[t.pk]),
        cancelled="、".join(str(t) for t in terms if outcomes[t.pk] == ExitOutcome.CANCEL),
    )


@dataclass(frozen=True)
class BudgetSetFacts:
    """定一个年度预算：在不在实施期之内，已经批复多少。"""

    page: str
    term: str
    is_within_term: bool
    year: int
    amount_fen: int
    approved_fen: int


def budget_set_facts(_scope: object, context: Context) -> BudgetSetFacts:
    """`context.data`：专项、年度、金额（分）。"""
    term: FundingProgramme = context.data["term"]
    year: int = context.data["year"]
    return BudgetSetFacts(
        page=term.get_absolute_url(),
        term=str(term),
        is_within_term=term.first_year <= year <= term.last_year,
        year=year,
        amount_fen=context.data["amount_fen"],
        approved_fen=used_by_year(term).get(year, 0),
    )


@dataclass(frozen=True)
class HandsFacts:
    """签署人此前在这份结论上经的手。"""

    page: str
    hands: tuple[tuple[str, str], ...]


def hands_facts(row: ExitConclusion, context: Context) -> HandsFacts:
    hands = (("拟订人", row.proposed_by), ("政务数据部门签署人", row.office_signed_by))
    own = context.by.pk if context.by else None
    return HandsFacts(
        row.get_absolute_url(),
        tuple((title, who.full_name) for title, who in hands if who is not None and who.pk == own),
    )


@dataclass(frozen=True)
class OfficeFacts:
    """发起云资源收集的单位，与专项登记的政务数据部门；没有设立专项的 `office` 为空。"""

    page: str
    year: int
    organiser: str
    term: str
    office: str
    is_office: bool


def office_facts(collection: CloudCollection, context: Context) -> OfficeFacts:
    """收集所为的年度在哪一个政务云专项的实施期内，专项归哪个部门。"""
    here = collection.organiser.organisation.jurisdiction_id
    terms = terms_of(here, Programme.CLOUD).filter(
        first_year__lte=collection.year, last_year__gte=collection.year
    )
    term = terms.select_related("office").last()
    return OfficeFacts(
        page=context.data.get("page", ""),
        year=collection.year,
        organiser=str(collection.organiser),
        term=str(term or ""),
        office=str(term.office) if term else "",
        is_office=term is None or term.office_id == collection.organiser.organisation_id,
    )
