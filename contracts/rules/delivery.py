"""履约、整改、验收的法定条件。"""

from __future__ import annotations

from contracts.facts.delivery import (
    AcceptanceFacts,
    ItemFact,
    MendingFacts,
    MilestoneFacts,
    SupervisionFacts,
    acceptance_facts,
    mending_facts,
    milestone_facts,
    supervision_facts,
)
from contracts.rules.standing import MENDING, SUPERVISING
from contracts.rules.terms import OFFICER
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule


@rule(
    "YB-9.5-finding-stated",
    title="检查有记录",
    cites=SUPERVISING,
    facts=supervision_facts,
    binds="act",
    of_form=True,
)
def finding_is_stated(facts: SupervisionFacts, parameters: Parameters) -> Refusal | None:
    """检查写明情况和日期。"""
    if facts.finding and facts.inspected_on is not None:
        return None
    shown = (
        ("检查情况", "已写" if facts.finding else "未写"),
        ("检查日", str(facts.inspected_on or "未填")),
    )
    return Refusal("检查没有写明情况或者日期", shown, OFFICER, facts.page)


@rule(
    "YB-9.4-deduction-agreed",
    title="扣款有约定",
    cites=(YUBEI.article(9, 4), PINGHU.article(12)),
    facts=supervision_facts,
    binds="act",
    of_form=True,
)
def deduction_is_agreed(facts: SupervisionFacts, parameters: Parameters) -> Refusal | None:
    """只有合同约定的情形可以扣款。"""
    if facts.term in facts.agreed_terms:
        return None
    shown = tuple((name, "有约定") for name in facts.agreed_terms) or (("扣款约定", "无"),)
    return Refusal("合同没有约定这种扣款情形", shown, OFFICER, facts.page)


@rule(
    "YB-9.5-delivered-in-time",
    title="按期交付",
    cites=SUPERVISING,
    facts=milestone_facts,
    binds="act",
    effect="record_late",
)
def milestone_is_in_time(facts: MilestoneFacts, parameters: Parameters) -> Refusal | None:
    """节点按约定的日期交付；逾期照登，记为逾期。"""
    if facts.delivered_on <= facts.due_on:
        return None
    shown = (("约定", facts.due_on.isoformat()), ("交付", facts.delivered_on.isoformat()))
    late = (facts.delivered_on - facts.due_on).days
    return Refusal(f"交付逾期 {late} 日", shown, "承接主体", facts.page)


@rule(
    "YB-19-replied-in-time",
    title="按期整改",
    cites=MENDING,
    facts=mending_facts,
    binds="act",
    effect="record_late",
)
def mending_is_in_time(facts: MendingFacts, parameters: Parameters) -> Refusal | None:
    """在责令的期限内回复整改；逾期照登，记为逾期。"""
    if facts.replied_on <= facts.due_on:
        return None
    shown = (("期限", facts.due_on.isoformat()), ("回复", facts.replied_on.isoformat()))
    late = (facts.replied_on - facts.due_on).days
    return Refusal(f"整改回复逾期 {late} 日", shown, "承接主体", facts.page)


@rule(
    "YB-19-mending-term-expired",
    title="整改期限届满",
    cites=MENDING,
    facts=mending_facts,
    binds="act",
)
def mending_term_has_expired(facts: MendingFacts, parameters: Parameters) -> Refusal | None:
    """期限届满仍不整改的，方可认定拒不整改。"""
    if facts.on > facts.due_on:
        return None
    shown = (("整改期限", facts.due_on.isoformat()), ("今日", facts.on.isoformat()))
    return Refusal(
        f"整改期限 {facts.due_on.isoformat()} 尚未届满", shown, "归口科室负责人", facts.page
    )


@rule(
    "YB-19-refused-to-mend",
    title="拒不整改方可终止",
    cites=MENDING,
    facts=supervision_facts,
    binds="act",
)
def provider_refused_to_mend(facts: SupervisionFacts, parameters: Parameters) -> Refusal | None:
    """责令限期整改而拒不整改的，方按约定终止合同。"""
    if facts.refused:
        return None
    shown = (("拒不整改", "无"),)
    return Refusal("没有认定拒不整改，不能终止合同", shown, "归口科室负责人", facts.page)


@rule(
    "YB-13-no-request-pending",
    title="没有在办的付款",
    cites=(YUBEI.article(13), PINGHU.article(12)),
    facts=supervision_facts,
    binds="act",
)
def no_request_is_pending(facts: SupervisionFacts, parameters: Parameters) -> Refusal | None:
    """还有付款申请在办的，先办结或退回，合同方可终止或者告付清。"""
    if not facts.live_requests:
        return None
    shown = (("在办付款申请", f"{facts.live_requests} 件"),)
    return Refusal("还有付款申请在办", shown, "分管领导、财政审核人", facts.page)


@rule(
    "YB-9.5-no-acceptance-pending",
    title="没有待结论的验收",
    cites=SUPERVISING,
    facts=supervision_facts,
    binds="act",
)
def no_acceptance_is_pending(facts: SupervisionFacts, parameters: Parameters) -> Refusal | None:
    """还有验收待结论的，先作出结论，再终止合同：交付了多少、合不合格，终止之前先定。"""
    if not facts.open_acceptances:
        return None
    return Refusal("还有验收没有结论", facts.open_acceptances, "归口科室负责人", facts.page)


@rule(
    "YB-9.5-acceptance-free",
    title="尚未验收",
    cites=SUPERVISING,
    facts=acceptance_facts,
    binds="act",
    of_form=True,
)
def acceptance_is_free(facts: AcceptanceFacts, parameters: Parameters) -> Refusal | None:
    """同一节点（或全部服务）没有待结论的、合格的验收，方可再组织；节点须已交付。"""
    if facts.already:
        return Refusal("已有验收", (("验收", facts.already),), OFFICER, facts.page)
    if facts.is_final or not facts.undelivered:
        return None
    return Refusal("节点还没有交付", facts.undelivered, OFFICER, facts.page)


@rule(
    "YB-9.5-every-item-meets",
    title="逐项符合约定",
    cites=SUPERVISING,
    facts=acceptance_facts,
    binds="act",
    outside="《中华人民共和国政府采购法实施条例》第四十五条",
)
def every_item_meets(facts: AcceptanceFacts, parameters: Parameters) -> Refusal | None:
    """验收逐项写明；有一项不符合约定的，不得作合格结论。"""
    failing = tuple((item.name, "不符合") for item in facts.items if not item.is_met)
    if facts.items and not failing:
        return None
    shown = failing or (("验收明细", "无"),)
    return Refusal("有不符合约定的项目，或者没有逐项验收", shown, OFFICER, facts.page)


@rule(
    "YB-9.5-accepted-within-contracted",
    title="验收不超过合同数量",
    cites=SUPERVISING,
    facts=acceptance_facts,
    binds="act",
)
def accepted_is_within_contracted(facts: AcceptanceFacts, parameters: Parameters) -> Refusal | None:
    """各项累计验收的数量不得超过合同约定的数量。"""
    excess = tuple(
        (item.name, _summed(item))
        for item in facts.items
        if item.earlier + item.quantity > item.contracted
    )
    if not excess:
        return None
    return Refusal("累计验收数量超过合同数量", excess, OFFICER, facts.page)


@rule(
    "YB-9.5-whole-accepted",
    title="全部数量已验收",
    cites=SUPERVISING,
    facts=acceptance_facts,
    binds="act",
)
def whole_is_accepted(facts: AcceptanceFacts, parameters: Parameters) -> Refusal | None:
    """全部验收：连同此前节点的验收，各项标的累计验收的数量须等于合同数量。"""
    short = tuple(
        (line.name, _summed(line))
        for line in facts.lines
        if line.earlier + line.quantity < line.contracted
    )
    if not facts.is_final or not short:
        return None
    names = "、".join(name for name, _ in short)
    return Refusal(f"{names}的累计验收数量不足合同数量", short, OFFICER, facts.page)


def _summed(item: ItemFact) -> str:
    now, earlier, contracted = (
        f"{each.normalize():f}" for each in (item.quantity, item.earlier, item.contracted)
    )
    return f"本次 {now}，此前 {earlier}，合同 {contracted}"


@rule(
    "YB-9.5-all-delivered",
    title="约定的节点齐备",
    cites=SUPERVISING,
    facts=acceptance_facts,
    binds="act",
)
def everything_is_delivered(facts: AcceptanceFacts, parameters: Parameters) -> Refusal | None:
    """节点验收须已交付；全部验收须各节点都已验收。"""
    if not facts.undelivered:
        return None
    return Refusal("还有节点没有交付或者没有验收", facts.undelivered, OFFICER, facts.page)


@rule(
    "YB-19-no-open-rectification",
    title="整改都已了结",
    cites=MENDING,
    facts=acceptance_facts,
    binds="act",
)
def no_rectification_is_open(facts: AcceptanceFacts, parameters: Parameters) -> Refusal | None:
    """责令的整改没有复查销号的，不得验收合格。"""
    if not facts.open_mending:
        return None
    return Refusal("还有整改没有了结", facts.open_mending, "归口科室负责人", facts.page)


@rule(
    "YB-9.2-conditions-before-evaluation",
    title="评估前的条件已落实",
    cites=(YUBEI.article(9, 2), PINGHU.article(11)),
    facts=acceptance_facts,
    binds="act",
)
def conditions_are_fulfilled(facts: AcceptanceFacts, parameters: Parameters) -> Refusal | None:
    """会审附条件同意中须在评估环节前落实的，全部验收之前须经提出机构确认。"""
    if not facts.unfulfilled:
        return None
    return Refusal("验收前须落实的条件尚未落实", facts.unfulfilled, "经办人、会审人", facts.page)


@rule(
    "YB-14-users-heard",
    title="听取服务对象意见",
    cites=(YUBEI.article(14), PINGHU.article(13)),
    facts=acceptance_facts,
    binds="act",
    outside="《中华人民共和国政府采购法实施条例》第四十五条",
)
def users_are_heard(facts: AcceptanceFacts, parameters: Parameters) -> Refusal | None:
    """向社会公众提供的服务，全部验收须有服务对象的意见。"""
    if not facts.is_final or not facts.is_public_service or facts.users_opinion:
        return None
    shown = (("服务对象意见", "无"),)
    return Refusal("公共服务的验收没有服务对象意见", shown, OFFICER, facts.page)
