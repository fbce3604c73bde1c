"""定标、通知与采购失败的法定条件；金额单位为分。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from procurement.facts.award import (
    AwardFacts,
    DueConditionsFacts,
    RefusalFacts,
    award_facts,
    conditions_before_contract,
    refusal_facts,
)
from procurement.facts.bids import (
    ConditionsFacts,
    EvaluationFacts,
    evaluation_facts,
    six_conditions_facts,
)
from procurement.facts.schedule import of_method
from procurement.models import FailureGround, TenderStatus
from procurement.rules.bids import MINIMUM
from procurement.rules.preparation import OFFICER, RUNNER, SELECTION
from projects.models import PackageStatus

SIGNING = (YUBEI.article(9, 4), PINGHU.article(12))


@rule(
    "YB-9.3-first-ranked",
    title="按次序定标",
    cites=SELECTION,
    facts=award_facts,
    binds="act",
    outside="《中华人民共和国政府采购法实施条例》第四十三条",
    of_form=True,
)
def award_goes_to_the_first(facts: AwardFacts, parameters: Parameters) -> Refusal | None:
    """按评审报告推荐的次序确定；不定次序在前的须写明理由（放弃、不能履约等）。"""
    is_next = facts.rank is not None and facts.rank == facts.next_rank
    if facts.is_own_bid and facts.rank is not None and (is_next or facts.reason):
        return None
    shown = (
        ("次序在前", facts.first or "无"),
        ("所定", f"{facts.provider or '未选'}（第 {facts.rank or '—'} 名）"),
        ("理由", facts.reason or "未写"),
    )
    return Refusal("没有按评审次序确定，也没有写明理由", shown, "分管领导", facts.page)


@rule(
    "YB-6-six-conditions",
    title="具备六项条件",
    cites=(
        YUBEI.article(6),
        PINGHU.article(4),
    ),
    facts=six_conditions_facts,
    binds="act",
    of_form=True,
)
def six_conditions_are_met(facts: ConditionsFacts, parameters: Parameters) -> Refusal | None:
    """承接主体在响应截止日须具备第六条所列六项条件，各有证据且在有效期内；哪种方式都一样。"""
    if not facts.missing:
        return None
    return Refusal(
        f"“{facts.provider}”在 {facts.day.isoformat()} 有 {len(facts.missing)} 项条件不具备",
        facts.missing,
        OFFICER,
        facts.page,
    )


@rule(
    "YB-9.2-conditions-before-contract",
    title="合同前的条件已落实",
    cites=(YUBEI.article(9, 2), PINGHU.article(2, 5, part="office")),
    facts=conditions_before_contract,
    binds="act",
)
def conditions_are_fulfilled(facts: DueConditionsFacts, parameters: Parameters) -> Refusal | None:
    """会审附条件同意中须在合同环节前落实的，成交之前须经提出机构确认。"""
    if not facts.unfulfilled:
        return None
    return Refusal(
        "合同环节前须落实的条件尚未落实", facts.unfulfilled, "经办人、会审人", facts.page
    )


@rule(
    "YB-9.3-decided-in-time",
    title="按期确定成交",
    cites=SELECTION,
    facts=award_facts,
    parameters=("YB-9.3-decide-workdays",),
    binds="act",
    effect="record_late",
    outside="《中华人民共和国政府采购法实施条例》第四十三条",
)
def award_is_in_time(facts: AwardFacts, parameters: Parameters) -> Refusal | None:
    """收到评审报告后五个工作日内确定；逾期照办，记为逾期。"""
    if facts.decide_due is None or facts.decided_on <= facts.decide_due:
        return None
    shown = (
        ("应确定", facts.decide_due.isoformat()),
        ("实确定", facts.decided_on.isoformat()),
    )
    return Refusal("确定成交逾期", shown, "分管领导", facts.page)


@rule(
    "YB-9.3-notified-in-time",
    title="按期通知并公告",
    cites=SELECTION,
    facts=award_facts,
    parameters=("YB-9.3-notify-workdays",),
    binds="act",
    effect="record_late",
    outside="《中华人民共和国政府采购法实施条例》第四十三条",
)
def award_is_notified_in_time(facts: AwardFacts, parameters: Parameters) -> Refusal | None:
    """确定成交后两个工作日内发出通知书并公告结果；逾期照办，记为逾期。"""
    if facts.notify_due is None or facts.notified_on <= facts.notify_due:
        return None
    shown = (
        ("应公告", facts.notify_due.isoformat()),
        ("实公告", facts.notified_on.isoformat()),
    )
    return Refusal("成交结果公告逾期", shown, RUNNER, facts.page)


@rule(
    "YB-9.4-not-signed-yet",
    title="合同尚未签订",
    cites=SIGNING,
    facts=refusal_facts,
    binds="act",
)
def contract_is_not_signed_yet(facts: RefusalFacts, parameters: Parameters) -> Refusal | None:
    """合同签订之前才谈得上拒绝签订；签订之后不履行的，按合同追究。"""
    if facts.package == PackageStatus.AWARDED:
        return None
    shown = (("采购包", facts.package_label),)
    return Refusal("合同已经签订，不能登记拒绝签订", shown, OFFICER, facts.page)


@rule(
    "YB-9.4-refusal-evidenced",
    title="拒绝签订有据",
    cites=SIGNING,
    facts=refusal_facts,
    binds="act",
    outside="《中华人民共和国政府采购法实施条例》第四十九条",
    of_form=True,
)
def refusal_is_evidenced(facts: RefusalFacts, parameters: Parameters) -> Refusal | None:
    """写明拒绝签订的情形和证据；拒绝日不早于通知书发出之日，不晚于登记之日。"""
    missing = (("情形和理由", facts.reason), ("证据", facts.evidence))
    blank = tuple((name, "未写") for name, text in missing if not text)
    if blank:
        return Refusal("没有写明拒绝签订的情形和证据", blank, OFFICER, facts.page)
    sent, refused = facts.notified_on, facts.refused_on
    if sent is not None and refused is not None and sent <= refused <= facts.on:
        return None
    shown = (
        ("通知书发出", sent.isoformat() if sent else "未发出"),
        ("拒绝", refused.isoformat() if refused else "未填"),
        ("登记", facts.on.isoformat()),
    )
    return Refusal("拒绝日不在通知书发出之后、登记之前", shown, OFFICER, facts.page)


@rule(
    "YB-9.3-failure-grounded",
    title="失败有据",
    cites=SELECTION,
    facts=evaluation_facts,
    parameters=(MINIMUM,),
    binds="act",
    outside="《中华人民共和国政府采购法》第三十六条；其实施条例第四十九条",
    of_form=True,
)
def failure_is_grounded(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """宣布采购失败须有法定情形；截止之前、有效响应并非不足的，不得以不足为由。"""
    least = of_method(parameters, MINIMUM, facts.method)
    if facts.ground not in FailureGround.values:
        return Refusal("没有写明采购失败的法定情形", (), RUNNER, facts.page)
    if facts.ground == FailureGround.REFUSED_TO_SIGN and not facts.is_refused:
        none = (("登记的拒绝签订", "无"),)
        return Refusal("没有成交供应商拒绝签订合同的登记", none, RUNNER, facts.page)
    if facts.ground != FailureGround.TOO_FEW:
        return None
    if facts.awaits_deadline:
        early = (("响应截止", str(facts.response_deadline)),)
        return Refusal("响应截止之前不能断定家数不足", early, RUNNER, facts.page)
    if facts.status == TenderStatus.PUBLISHED or facts.valid < least:
        return None
    shown = (("有效响应", f"{facts.valid} 家"), ("法定家数", f"{least} 家"))
    return Refusal("有效响应并未不足法定家数", shown, RUNNER, facts.page)
