"""未列入当年预算的追加申请：审议路径、次序、预算落实（《渝北办法》第十一条）。"""

from __future__ import annotations

from budgeting.facts import (
    FundingFacts,
    RequestFacts,
    RouteFacts,
    TurnFact,
    TurnFacts,
    funding_facts,
    request_facts,
    route_facts,
    turn_facts,
)
from budgeting.models import BODY_TITLES, ROUTE_BODIES, Route
from budgeting.rules.review import FINANCE
from core.money import format_yuan
from core.regulations import YUBEI
from core.rules import Parameters, Refusal, rule

ARTICLE = YUBEI.article(11)
BUDGET_LAW = "《中华人民共和国预算法》第十三条"
SECRETARY = "决策机构秘书"
LIMITS = (
    "YB-11-below-limit-route",
    "YB-11-standing-committee-fen",
    "YB-11-party-committee-fen",
)
ORDER = (Route.FINANCE, Route.STANDING, Route.BOTH)


def route_of(total_fen: int, parameters: Parameters) -> Route:
    """合计（分）应走的审议路径：门槛以上（含）各升一级；不足的按参数（原文未作规定）。"""
    if total_fen >= parameters["YB-11-party-committee-fen"]:
        return Route.BOTH
    if total_fen >= parameters["YB-11-standing-committee-fen"]:
        return Route.STANDING
    return Route(parameters["YB-11-below-limit-route"])


def _total(fen: int) -> tuple[str, str]:
    return ("同品目未列预算合计", format_yuan(fen))


@rule(
    "YB-11-after-review",
    title="审核意见已经形成",
    cites=ARTICLE,
    facts=request_facts,
    binds="act",
)
def request_follows_review(facts: RequestFacts, parameters: Parameters) -> Refusal | None:
    """追加申请在会审形成审核意见之后、批复之前办理。"""
    if facts.is_reviewed:
        return None
    return Refusal(
        "须在会审形成审核意见之后、批复之前办理", (("会审", facts.review),), FINANCE, facts.page
    )


@rule(
    "YB-11-route-has-bodies",
    title="审议机构已经确定",
    cites=ARTICLE,
    facts=request_facts,
    parameters=LIMITS,
)
def route_has_its_bodies(facts: RequestFacts, parameters: Parameters) -> Refusal | None:
    """审议路径上的各级机构须在本辖区的职能映射中。"""
    route = route_of(facts.same_item_total_fen, parameters)
    missing = [BODY_TITLES[c] for c in ROUTE_BODIES[route] if c not in facts.bodies]
    if not missing:
        return None
    shown = (_total(facts.same_item_total_fen), ("应走的路径", str(route.label)))
    return Refusal(f"本辖区没有登记{'、'.join(missing)}", shown, "安全管理员", facts.page)


@rule(
    "YB-11-route-raised",
    title="合计须走更高的路径",
    cites=ARTICLE,
    facts=request_facts,
    parameters=LIMITS,
)
def route_is_raised(facts: RequestFacts, parameters: Parameters) -> Refusal | None:
    """路径确定之后，只在同品目合计跨过更高门槛时改报，不得改低。"""
    now = route_of(facts.same_item_total_fen, parameters)
    if facts.route and ORDER.index(now) > ORDER.index(Route(facts.route)):
        return None
    shown = (
        _total(facts.same_item_total_fen),
        ("应走的路径", str(now.label)),
        ("已定的路径", str(Route(facts.route).label) if facts.route else "尚未确定"),
    )
    return Refusal("合计没有跨过更高的门槛，不必改报", shown, FINANCE, facts.page)


@rule(
    "YB-11-decided-in-turn",
    title="按路径逐级审议",
    cites=ARTICLE,
    facts=turn_facts,
    binds="act",
)
def decision_is_in_turn(facts: TurnFacts, parameters: Parameters) -> Refusal | None:
    """未列预算的项目，由审议路径上轮到的机构审议：前一级通过之后，后一级方可登记。"""
    wrong = [(line, why) for line in facts.lines if (why := _out_of_turn(line, facts))]
    if not wrong:
        return None
    shown = tuple((line.project, why) for line, why in wrong)
    return Refusal(f"还没有轮到{facts.body}审议", shown, f"{FINANCE}、{SECRETARY}", facts.page)


def _out_of_turn(line: TurnFact, facts: TurnFacts) -> str:
    """不该由它登记的缘由；该它登记的为空。"""
    if not line.is_live:
        return line.status
    if not (line.is_its_turn or line.has_spoken):
        return f"{line.status}：由{line.waits_for}审议" if line.waits_for else line.status
    if line.is_its_turn and line.earlier_on and facts.decided_on < line.earlier_on:
        return f"前一级 {line.earlier_on.isoformat()} 才通过"
    return ""


@rule(
    "YB-11-off-budget-route",
    title="未列预算的审议路径",
    cites=ARTICLE,
    facts=route_facts,
    parameters=LIMITS,
)
def off_budget_route_is_taken(facts: RouteFacts, parameters: Parameters) -> Refusal | None:
    """未列预算的：100 万元起由区政府常务会议审议，2000 万元（含）起再报区委常委会议审定。"""
    if not facts.is_off_budget:
        return None
    needed = ROUTE_BODIES[route_of(facts.same_item_total_fen, parameters)]
    missing = [BODY_TITLES[code] for code in needed if code not in facts.decided_by]
    if not missing:
        return None
    shown = (_total(facts.same_item_total_fen), *((m, "未审定") for m in missing))
    return Refusal(f"尚缺{'、'.join(missing)}的审定", shown, SECRETARY, facts.page)


@rule(
    "YB-11-funding-stated",
    title="文号和金额写明",
    cites=ARTICLE,
    facts=funding_facts,
    outside=BUDGET_LAW,
    binds="act",
    of_form=True,
)
def funding_is_stated(facts: FundingFacts, parameters: Parameters) -> Refusal | None:
    """登记预算追加、调剂或者动支，须写明文号和金额。"""
    if facts.number and facts.funded_fen > 0:
        return None
    shown = (("文号", facts.number or "缺"), ("金额", format_yuan(facts.funded_fen)))
    return Refusal("须写明追加（调剂）的文号和金额", shown, FINANCE, facts.page)


@rule(
    "YB-11-supplement-number",
    title="追加（调剂）文号",
    cites=ARTICLE,
    facts=funding_facts,
    outside=BUDGET_LAW,
    binds="act",
)
def supplement_is_numbered(facts: FundingFacts, parameters: Parameters) -> Refusal | None:
    """未列入预算的不得支出：须先有预算追加或调剂文号。"""
    if not facts.is_needed or facts.is_funded:
        return None
    shown = (("追加申请", facts.status),)
    return Refusal("未列预算的项目没有登记预算追加（调剂）文号", shown, FINANCE, facts.page)


@rule(
    "YB-11-supplement-covers",
    title="追加（调剂）金额够用",
    cites=ARTICLE,
    facts=funding_facts,
    outside=BUDGET_LAW,
    binds="act",
)
def supplement_covers_the_reply(facts: FundingFacts, parameters: Parameters) -> Refusal | None:
    """未列预算的项目，批复金额不得超过登记的追加（调剂）金额。"""
    if not (facts.is_needed and facts.is_funded) or facts.approved_fen <= facts.funded_fen:
        return None
    shown = (
        ("批复金额", format_yuan(facts.approved_fen)),
        (f"追加（调剂）{facts.number}", format_yuan(facts.funded_fen)),
    )
    return Refusal("批复金额超过追加（调剂）的金额", shown, FINANCE, facts.page)
