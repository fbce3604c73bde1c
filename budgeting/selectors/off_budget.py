"""追加申请：案卷上的一栏，台账。"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from budgeting.facts import current_request, decision_body_organisations, same_item_projects
from budgeting.facts.off_budget import approving_lines
from budgeting.models import (
    BODY_TITLES,
    ROUTE_BODIES,
    ROUTED,
    OffBudgetRequest,
    OffBudgetStatus,
    Route,
)
from budgeting.rules import route_of
from budgeting.selectors.badges import badge_of
from core.money import format_yuan
from core.rules.parameters import parameters_in_force
from projects.models import Project

SILENCE = (
    "第十一条没有规定不足 100 万元的由谁审议；本系统采用的读法是由区财政局审核，参数可以设置。"
)


def off_budget_of(project: Project, user: User) -> dict[str, Any] | None:
    """本轮追加申请：状态、路径、同品目合计、逐级结论、预算落实；列入预算的为 None。"""
    request = current_request(project) if project.is_off_budget else None
    if request is None:
        return None
    visible = Project.objects.visible_to(user)
    same = list(same_item_projects(project))
    due = _due_route(request, sum(p.total_fen for p in same))
    seen = set(visible.filter(pk__in=[p.pk for p in same]).values_list("pk", flat=True))
    return {
        "request": request,
        "badge": badge_of(request),
        "pairs": _pairs(request, sum(p.total_fen for p in same)),
        "same_item": [(p, p.pk in seen) for p in same],
        "same_item_fen": sum(p.total_fen for p in same),
        "due": due,
        "steps": _steps(request, project),
        "silence": SILENCE if (request.route or due) == Route.FINANCE else "",
    }


def _pairs(request: OffBudgetRequest, now_fen: int) -> list[tuple[str, Any]]:
    then = request.same_item_fen
    number = f"{request.get_funding_kind_display()}　{request.funding_number}".strip()
    return [
        ("立项日", request.opened_on.isoformat()),
        ("同品目未列预算合计（元）", format_yuan(now_fen)),
        ("审议路径", request.get_route_display() or "尚未确定"),
        ("确定路径日", request.routed_on and request.routed_on.isoformat()),
        ("确定路径时的合计（元）", format_yuan(then) if then is not None else None),
        ("追加（调剂）文号", number or None),
        (
            "追加（调剂）金额（元）",
            format_yuan(request.funding_fen) if request.funding_fen else None,
        ),
        ("追加（调剂）文件日期", request.funding_on and request.funding_on.isoformat()),
    ]


def _steps(request: OffBudgetRequest, project: Project) -> list[dict[str, Any]]:
    """路径上的各级：已通过的写明会议和日期，轮到的写明正在审议。"""
    organisations = decision_body_organisations(project)
    passed = {x.decision.body_id: x.decision for x in approving_lines(project)}
    found = []
    for code in ROUTE_BODIES.get(request.route, ()):
        body = organisations.get(code)
        decision = passed.get(body.pk) if body else None
        is_now = request.status == OffBudgetStatus.DECIDING and body == request.body
        refused = request.status == OffBudgetStatus.REFUSED and body == request.body
        found.append(
            {
                "body": str(body or BODY_TITLES[code]),
                "decision": decision,
                "words": "不予批准" if refused else "轮到审议" if is_now else "尚未审议",
            }
        )
    return found


def needs_higher_route(request: OffBudgetRequest) -> bool:
    """路径确定之后，同品目合计又跨过了更高的门槛。"""
    if request.status not in ROUTED or not request.route:
        return False
    total = sum(same_item_projects(request.case()).values_list("total_fen", flat=True))
    order = list(Route)
    return order.index(_due_route(request, total)) > order.index(Route(request.route))


def _due_route(request: OffBudgetRequest, total_fen: int) -> Route:
    """合计（分）今天应走的路径，按首次提交日的门槛。"""
    project = request.case()
    day = project.first_filed_on or request.opened_on
    return route_of(total_fen, parameters_in_force(project.jurisdiction(), day))


def off_budget_ledger(user: User, wanted: dict[str, Any]) -> QuerySet[OffBudgetRequest]:
    """看得见的追加申请，按筛选条件。"""
    asked = {name: value for name, value in wanted.items() if value}
    return OffBudgetRequest.objects.visible_to(user).with_case().filter(**asked)
