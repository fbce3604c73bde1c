"""未列预算的追加申请所问的事实：同品目合计、审议机构、轮到谁、预算落实没有；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import Mandate, MandateKind, Organisation
from budgeting.facts.review import current_review, review_page
from budgeting.models import (
    LIVE_REQUESTS,
    ROUTE_BODIES,
    Decision,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
    OffBudgetRequest,
    OffBudgetStatus,
    ReviewStatus,
)
from core.rules import Context
from core.rules.engine import regulations_reaching
from core.transitions import StatefulModel
from projects.models import Project, Stage

Amounts = tuple[tuple[str, int], ...]


def takes_off_budget_route(project: Project, on: date) -> bool:
    """未列入当年预算，而且《渝北办法》管得到：须有追加申请。"""
    day = project.first_filed_on or on
    return project.is_off_budget and "YB" in regulations_reaching(project, day)


def current_request(project: Project) -> OffBudgetRequest | None:
    """本轮的追加申请；列入预算的没有。"""
    found: OffBudgetRequest | None = (
        OffBudgetRequest.objects.with_case()
        .filter(project=project, round_number=project.round_number)
        .first()
    )
    return found


def same_item_projects(project: Project) -> QuerySet[Project]:
    """同一单位同一年度同一品目的未列预算项目，连同本项目；已撤回、不予批准的不计。"""
    item = project.catalogue_item
    same = Project.objects.filter(
        purchaser=project.purchaser_id,
        year=project.year,
        catalogue_item__code=item.code if item else "",
        is_off_budget=True,
    )
    return same.exclude(stage__in=(Stage.WITHDRAWN, Stage.REJECTED)).order_by("pk")


def off_budget_total_fen(project: Project) -> int:
    """同品目未列预算项目的合计（分），不论各自办到哪一步：拆开申报也按合计定路径。"""
    return sum(same_item_projects(project).values_list("total_fen", flat=True))


def decision_body_organisations(project: Project) -> dict[str, Organisation]:
    """本辖区的审定机构，按职能代号。"""
    mandates = Mandate.objects.filter(
        jurisdiction=project.jurisdiction(), kind=MandateKind.DECISION_BODY
    ).select_related("organisation")
    return {mandate.code: mandate.organisation for mandate in mandates}


def approving_lines(project: Project) -> list[DecisionLine]:
    """本轮已登记的同意结论，每个机构以最后一次为准，由早到晚。"""
    lines = DecisionLine.objects.filter(
        project=project,
        round_number=project.round_number,
        decision__status=DecisionStatus.RECORDED,
    ).select_related("decision")
    last = {x.decision.body_id: x for x in lines.order_by("decision__decided_on", "pk")}
    return [x for x in last.values() if x.outcome == DecisionOutcome.APPROVE]


@dataclass(frozen=True)
class RequestFacts:
    """一份追加申请：审核意见形成没有，同品目合计，现在的路径，本辖区有哪些审定机构。"""

    page: str
    is_reviewed: bool
    review: str
    same_item: Amounts
    same_item_total_fen: int
    route: str
    bodies: tuple[str, ...]


def request_facts(request: OffBudgetRequest, context: Context) -> RequestFacts:
    project = request.case()
    review = current_review(project)
    same = tuple((f"{p.number} {p.name}", p.total_fen) for p in same_item_projects(project))
    concluded = review is not None and review.status == ReviewStatus.CONCLUDED
    return RequestFacts(
        page=review_page(project),
        is_reviewed=concluded and project.stage == Stage.BUDGET,
        review=review.get_status_display() if review else "尚未开启",
        same_item=same,
        same_item_total_fen=sum(fen for _, fen in same),
        route=request.route,
        bodies=tuple(decision_body_organisations(project)),
    )


@dataclass(frozen=True)
class FundingFacts:
    """预算落实：登记了什么文号、多少金额，拟批复多少。"""

    page: str
    is_needed: bool
    status: str
    is_funded: bool
    number: str
    funded_fen: int
    approved_fen: int


def funding_facts(subject: StatefulModel, context: Context) -> FundingFacts:
    """以项目（批复时）或者追加申请（登记时）为对象；登记时问表单所填。"""
    request: OffBudgetRequest | None
    if isinstance(subject, OffBudgetRequest):
        project, request = subject.case(), subject
    elif isinstance(subject, Project):
        project, request = subject, current_request(subject)
    else:
        raise TypeError(f"no funding facts of {type(subject).__name__}")
    data = context.data
    number = data.get("funding_number", request.funding_number if request else "")
    fen = data.get("funding_fen", request.funding_fen if request else 0)
    return FundingFacts(
        page=review_page(project),
        is_needed=project.is_off_budget,
        status=request.get_status_display() if request else "没有追加申请",
        is_funded=request is not None and request.status == OffBudgetStatus.FUNDED,
        number=str(number or "").strip(),
        funded_fen=int(fen or 0),
        approved_fen=int(data.get("approved_fen") or 0),
    )


@dataclass(frozen=True)
class TurnFact:
    """审定所列的一个未列预算项目：申请办到哪里，轮到谁，前一级何日通过。"""

    project: str
    status: str
    is_live: bool
    waits_for: str
    is_its_turn: bool
    has_spoken: bool
    earlier_on: date | None


@dataclass(frozen=True)
class TurnFacts:
    page: str
    body: str
    decided_on: date
    lines: tuple[TurnFact, ...]


def turn_facts(decision: Decision, context: Context) -> TurnFacts:
    """登记审定时：所列的未列预算项目是不是轮到这个机构审议。"""
    lines = decision.lines.select_related("project__purchaser__organisation__jurisdiction")
    return TurnFacts(
        page=decision.get_absolute_url(),
        body=str(decision.body),
        decided_on=decision.decided_on,
        lines=tuple(
            _turn(line.project, decision)
            for line in lines
            if takes_off_budget_route(line.project, context.on)
        ),
    )


def _turn(project: Project, decision: Decision) -> TurnFact:
    request = current_request(project)
    earlier = [x.decision for x in approving_lines(project)]
    others = [d.decided_on for d in earlier if d.body_id != decision.body_id]
    is_deciding = request is not None and request.status == OffBudgetStatus.DECIDING
    body = request.body if request is not None and is_deciding else None
    return TurnFact(
        project=str(project),
        status=request.get_status_display() if request else "没有追加申请",
        is_live=request is not None and request.status in LIVE_REQUESTS,
        waits_for=str(body) if body else "",
        is_its_turn=body is not None and body.pk == decision.body_id,
        has_spoken=any(d.body_id == decision.body_id for d in earlier),
        earlier_on=max(others, default=None),
    )


def next_body(
    project: Project, route: str, *, after: Organisation | None = None
) -> Organisation | None:
    """这条路径上接着该谁审议：`after` 之后的一个；没有给 `after` 的，是第一个还没有通过的。

    都通过了的（改报时不会有）以最后一个为准；本辖区没有这个机构的为 None。
    """
    organisations = decision_body_organisations(project)
    codes = ROUTE_BODIES[route]
    if after is not None:
        known = [code for code in codes if organisations.get(code) == after]
        codes = codes[codes.index(known[0]) + 1 :] if known else ()
        return organisations.get(codes[0]) if codes else None
    spoken = {x.decision.body_id for x in approving_lines(project)}
    for code in codes:
        body = organisations.get(code)
        if body is None or body.pk not in spoken:
            return body
    return organisations.get(codes[-1])
