"""未列预算的追加申请：随会审立项，定审议路径，随审定推进，登记追加（调剂）文号。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.services import system_actor
from budgeting.facts import (
    current_request,
    next_body,
    off_budget_total_fen,
    same_item_projects,
    takes_off_budget_route,
)
from budgeting.models import (
    LIVE_REQUESTS,
    Decision,
    DecisionOutcome,
    OffBudgetRequest,
    OffBudgetStatus,
)
from budgeting.rules.off_budget import route_of
from core.history import Changes, change, unit_of_work
from core.rules.parameters import parameters_in_force
from core.transitions import Outcome, perform, shows
from projects.models import Project, Stage
from projects.services import UPGRADES


def open_request(changes: Changes, project: Project, on: date) -> None:
    """会审开启时立追加申请；列入预算的、不受《渝北办法》管的没有（第十一条）。"""
    if takes_off_budget_route(project, on):
        changes.create(
            OffBudgetRequest(project=project, round_number=project.round_number, opened_on=on)
        )


def choose_route(
    request: OffBudgetRequest,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """确定审议路径：同一单位同年同品目合计之后，按金额（第十一条）。Raises as `perform`."""
    return _route(request, "choose_route", by=by, acting_as=acting_as, on=on, **shown)


def raise_route(
    request: OffBudgetRequest,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """合计又跨过门槛的，改报更高一级；已经通过的不再重复。Raises as `perform`."""
    return _route(request, "raise_route", by=by, acting_as=acting_as, on=on, **shown)


def _route(request: OffBudgetRequest, move: str, *, on: date, **acts: Any) -> Outcome:
    with unit_of_work():
        # The case first, as deciding and issuing do: its route does not change under them.
        project = Project.objects.select_for_update(no_key=True).get(pk=request.project_id)
        total = off_budget_total_fen(project)
        day = project.first_filed_on or on
        route = route_of(total, parameters_in_force(project.jurisdiction(), day))
        data = {"route": route, "body": next_body(project, route), "same_item_fen": total}
        return perform(request, move, on=on, data={**data, "on": on}, **acts)


def record_funding(
    request: OffBudgetRequest,
    *,
    funding_kind: str,
    funding_number: str,
    funding_fen: int,
    funding_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记预算追加、调剂或者动支的文号和金额（分）；此后方可批复（《预算法》第十三条）。"""
    data = {
        "funding_kind": funding_kind,
        "funding_number": funding_number.strip(),
        "funding_fen": funding_fen,
        "funding_on": funding_on,
    }
    return perform(request, "record_funding", by=by, acting_as=acting_as, on=on, data=data, **shown)


def follow_decision(decision: Decision, *, on: date) -> None:
    """审定登记之后，所列的未列预算项目随之推进：报下一级、通过、或者终结。"""
    user, role = system_actor()
    acts: dict[str, Any] = {"by": user, "acting_as": role, "on": on, "note": str(decision)}
    lines = decision.lines.select_related("project__purchaser__organisation__jurisdiction")
    for line in lines.order_by("project_id"):
        request = current_request(line.project)
        if request is None:
            continue
        if line.outcome == DecisionOutcome.REJECT:
            perform(request, "turn_down", **acts)
        elif request.status == OffBudgetStatus.DECIDING and request.body_id == decision.body_id:
            following = next_body(line.project, request.route, after=decision.body)
            if following is None:
                perform(request, "grant", **acts)
            else:
                perform(request, "pass_on", data={"body": following}, **acts)


def close_request(
    project: Project, *, by: User, acting_as: RoleAssignment | None, on: date, note: str
) -> None:
    """项目退回修改或者撤回：本轮的追加申请随之结束。"""
    request = current_request(project)
    if request is not None and request.status in LIVE_REQUESTS:
        perform(request, "close", by=by, acting_as=acting_as, on=on, note=note)


def open_missing_requests(on: date) -> int:
    """0.3 版以前提交、还在预算环节的未列预算项目，补立追加申请；可反复执行。返回补立几份。"""
    user, role = system_actor()
    waiting = Project.objects.with_owner().filter(stage=Stage.BUDGET, is_off_budget=True)
    made = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with unit_of_work():
            project = Project.objects.select_for_update(no_key=True).get(pk=pk)
            if project.stage != Stage.BUDGET or current_request(project) is not None:
                continue
            with change(
                title="补立追加申请",
                act="budgeting.open_off_budget",
                by=user,
                acting_as=role,
                on=on,
                stream=project.stream(),
            ) as changes:
                open_request(changes, project, on)
                made += bool(changes.event.changes)
    return made


def _content(request: OffBudgetRequest) -> list[list[int]]:
    """What the page shows besides the row: the projects that are added up."""
    return [[p.pk, p.total_fen] for p in same_item_projects(request.case())]


shows("budgeting.offbudgetrequest", _content)
UPGRADES.append(open_missing_requests)
