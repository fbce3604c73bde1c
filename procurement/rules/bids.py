"""响应、评审、定标的法定条件；金额单位为分。"""

from __future__ import annotations

from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from procurement.facts.bids import (
    BidFacts,
    EvaluationFacts,
    bid_facts,
    evaluation_facts,
)
from procurement.facts.schedule import of_method
from procurement.models import TenderStatus
from procurement.rules.preparation import RUNNER, SELECTION
from projects.models import ProcurementMethod

MINIMUM = "YB-9.3-minimum-bids"
# 拒绝签订的供应商不得参加重新采购的方式；招标没有这一条。
SHUT_OUT = (
    ProcurementMethod.NEGOTIATION,
    ProcurementMethod.CONSULTATION,
    ProcurementMethod.SINGLE_SOURCE,
)


@rule(
    "YB-19-provider-not-debarred",
    title="不在取消资格期内",
    cites=(YUBEI.article(19), PINGHU.article(4)),
    facts=bid_facts,
    binds="act",
    of_form=True,
)
def provider_is_not_debarred(facts: BidFacts, parameters: Parameters) -> Refusal | None:
    """被取消承接资格的，期满之前不得参加，也不得成交。"""
    if facts.debarred_until is None:
        return None
    shown = (
        ("供应商", facts.provider),
        ("取消资格至", facts.debarred_until.isoformat()),
        ("处罚决定", facts.debarred_by),
    )
    until = facts.debarred_until.isoformat()
    return Refusal(f"“{facts.provider}”被取消承接资格至 {until}", shown, RUNNER, facts.page)


@rule(
    "YB-6-provider-in-register",
    title="承接主体在册",
    cites=(YUBEI.article(6), PINGHU.article(4)),
    facts=bid_facts,
    binds="act",
    of_form=True,
)
def provider_is_in_register(facts: BidFacts, parameters: Parameters) -> Refusal | None:
    """供应商须是依法登记、在本辖区名录中在册的承接主体。"""
    if facts.is_registered:
        return None
    shown = (("供应商", facts.provider or "未选"), ("名录", "不在册或已停用"))
    return Refusal("供应商不在承接主体名录中", shown, RUNNER, facts.page)


@rule(
    "YB-9.3-one-bid-each",
    title="一家一份响应",
    cites=SELECTION,
    facts=bid_facts,
    binds="act",
    of_form=True,
)
def provider_bids_once(facts: BidFacts, parameters: Parameters) -> Refusal | None:
    """同一供应商在一次采购中只有一份响应。"""
    if not facts.already_bid:
        return None
    return Refusal(f"“{facts.provider}”的响应已经登记", (), RUNNER, facts.page)


@rule(
    "YB-9.3-refuser-excluded",
    title="没有拒绝签订过",
    cites=SELECTION,
    facts=bid_facts,
    binds="act",
    outside="《中华人民共和国政府采购法实施条例》第四十九条；74号令第二十二条；财库〔2014〕214号第三十条",
    of_form=True,
)
def provider_has_not_refused_to_sign(facts: BidFacts, parameters: Parameters) -> Refusal | None:
    """拒绝签订合同的，不再定它成交；谈判、磋商等重新开展采购的，它也不得参加。"""
    if facts.refused_on is None or (facts.is_new and facts.method not in SHUT_OUT):
        return None
    shown = (("供应商", facts.provider), ("拒绝签订", facts.refused_on.isoformat()))
    words = f"“{facts.provider}”拒绝签订过这个采购包的合同"
    return Refusal(words, shown, RUNNER, facts.page)


@rule(
    "YB-9.3-bid-in-time",
    title="按时送达",
    cites=SELECTION,
    facts=bid_facts,
    binds="act",
    of_form=True,
)
def bid_is_in_time(facts: BidFacts, parameters: Parameters) -> Refusal | None:
    """响应截止日之后送达的，应当拒收；送达日不早于征集之日，不晚于登记日。"""
    asked, due, received = facts.asked_on, facts.response_deadline, facts.received_on
    is_late = due is not None and received > due and not facts.is_own
    is_early = asked is not None and received < asked
    if not is_late and not is_early and received <= facts.on:
        return None
    shown = (
        ("征集", asked.isoformat() if asked else "未定"),
        ("响应截止", due.isoformat() if due else "未定"),
        ("送达", received.isoformat()),
        ("登记", facts.on.isoformat()),
    )
    words = "送达日在征集响应之前" if is_early else "送达日在登记日之后"
    if is_late:
        words = "响应在截止日之后送达，应当拒收"
    return Refusal(words, shown, RUNNER, facts.page)


@rule(
    "YB-12-bid-within-ceiling",
    title="报价不超过限价",
    cites=(YUBEI.article(12), PINGHU.article(5)),
    facts=bid_facts,
    binds="act",
    of_form=True,
)
def bid_is_within_ceiling(facts: BidFacts, parameters: Parameters) -> Refusal | None:
    """报价超过最高限价的，响应无效，不予登记为有效响应。"""
    if 0 < facts.price_fen <= facts.ceiling_price_fen:
        return None
    shown = (
        ("报价", format_yuan(facts.price_fen)),
        ("最高限价", format_yuan(facts.ceiling_price_fen)),
    )
    return Refusal("报价超过最高限价", shown, RUNNER, facts.page)


@rule(
    "YB-9.3-no-subcontracting",
    title="承诺不转包",
    cites=SELECTION,
    facts=bid_facts,
    binds="act",
    of_form=True,
)
def provider_promises_no_subcontracting(facts: BidFacts, parameters: Parameters) -> Refusal | None:
    """严禁转包：每家供应商须书面承诺不转包，哪种采购方式都一样。"""
    if facts.promises:
        return None
    return Refusal(f"“{facts.provider}”没有不转包的书面承诺", (("承诺", "无"),), RUNNER, facts.page)


@rule(
    "YB-9.3-not-before-deadline",
    title="截止之后开启",
    cites=SELECTION,
    facts=bid_facts,
    binds="act",
)
def opening_is_not_before_deadline(facts: BidFacts, parameters: Parameters) -> Refusal | None:
    """响应截止日之前不得开启。"""
    if facts.response_deadline is not None and facts.on >= facts.response_deadline:
        return None
    due = facts.response_deadline.isoformat() if facts.response_deadline else "未定"
    shown = (("响应截止", due), ("今日", facts.on.isoformat()))
    return Refusal(f"响应截止日是 {due}，此前不得开启", shown, RUNNER, facts.page)


@rule(
    "YB-9.3-bids-being-examined",
    title="评审之前审查",
    cites=SELECTION,
    facts=evaluation_facts,
    binds="act",
)
def bids_are_being_examined(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """资格和符合性审查在评审报告提交之前进行；之后不得改动评审结果。"""
    if facts.status == TenderStatus.OPENED:
        return None
    shown = (("采购状态", TenderStatus(facts.status).label),)
    return Refusal("评审报告已经提交，响应不再改判", shown, RUNNER, facts.page)


@rule(
    "YB-9.3-enough-bids",
    title="有效响应足够",
    cites=SELECTION,
    facts=evaluation_facts,
    parameters=(MINIMUM,),
    binds="act",
    outside="《中华人民共和国政府采购法》第三十六条",
)
def bids_are_enough(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """有效响应不足法定家数的，应当宣布采购失败，不得评审。"""
    least = of_method(parameters, MINIMUM, facts.method)
    if facts.valid >= least:
        return None
    shown = (("有效响应", f"{facts.valid} 家"), ("不少于", f"{least} 家"))
    return Refusal(
        f"有效响应只有 {facts.valid} 家，应宣布采购失败后重新采购", shown, RUNNER, facts.page
    )


@rule(
    "YB-9.3-committee-formed",
    title="评审小组合规",
    cites=SELECTION,
    facts=evaluation_facts,
    parameters=("YB-9.3-committee-members",),
    binds="act",
    outside="87号令第四十七条；财库〔2014〕214号",
    of_form=True,
)
def committee_is_formed(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """评审小组为规定人数以上的单数，专家不少于三分之二。"""
    least = of_method(parameters, "YB-9.3-committee-members", facts.method)
    total = facts.experts + facts.representatives
    is_odd = total % 2 == 1
    if least == 0 or (total >= least and is_odd and facts.experts * 3 >= total * 2):
        return None
    shown = (
        ("小组", f"{total} 人"),
        ("其中专家", f"{facts.experts} 人"),
        ("要求", f"{least} 人以上单数，专家不少于三分之二"),
    )
    return Refusal("评审小组的组成不合规", shown, RUNNER, facts.page)


@rule(
    "YB-9.3-scores-complete",
    title="评分齐全",
    cites=SELECTION,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def scores_are_complete(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """各有效响应都有技术商务得分，且不超过价格权重以外的分值；全看价格的不评技术。"""
    most = 100 - facts.price_weight
    if most == 0:
        return None
    shown = tuple((name, "未评分") for name in facts.unscored)
    shown += tuple((name, f"{score} 分，满分 {most}") for name, score in facts.excessive)
    return Refusal("评分不齐或者超出满分", shown, RUNNER, facts.page) if shown else None


@rule(
    "YB-9.3-reported-in-time",
    title="按期送达评审报告",
    cites=SELECTION,
    facts=evaluation_facts,
    parameters=("YB-9.3-report-workdays",),
    binds="act",
    effect="record_late",
    outside="《中华人民共和国政府采购法实施条例》第四十三条",
    of_form=True,
)
def report_is_in_time(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """评审结束后两个工作日内送达采购人；逾期照登，记为逾期。"""
    if facts.reported_on is None or facts.report_due is None:
        return None
    if facts.reported_on <= facts.report_due:
        return None
    shown = (
        ("应送达", facts.report_due.isoformat()),
        ("实送达", facts.reported_on.isoformat()),
    )
    return Refusal("评审报告逾期送达", shown, RUNNER, facts.page)
