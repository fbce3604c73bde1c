"""签订、备案、补充、结转的法定条件；金额单位为分。"""

from __future__ import annotations

from datetime import date

from contracts.facts.terms import (
    SigningDayFacts,
    TermFacts,
    signing_day_facts,
    term_facts,
)
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.models import SignatureStatus

OFFICER, FINANCE = "经办人", "财政审核人"
SIGNING = (YUBEI.article(9, 4), PINGHU.article(12))
PAYING = (YUBEI.article(12), PINGHU.article(16))


@rule("YB-9.4-terms-complete", title="条款齐全", cites=SIGNING, facts=term_facts, binds="act")
def terms_are_complete(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """合同须明确服务的时间、范围、内容、服务要求、资金支付方式和违约责任等内容。"""
    if not facts.missing:
        return None
    shown = tuple((name, "缺") for name in facts.missing)
    return Refusal(f"合同缺{'、'.join(facts.missing)}", shown, OFFICER, facts.page)


@rule(
    "YB-2-lines-add-up",
    title="标的合计等于合同金额",
    cites=(YUBEI.article(2), PINGHU.article(12)),
    facts=term_facts,
    binds="act",
)
def lines_add_up(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """按服务数量和质量付费：各项标的金额合计等于合同金额。"""
    return _adds_up(facts.lines, facts, "各项标的金额合计与合同金额不等")


@rule(
    "YB-9.4-instalments-add-up",
    title="各期合计等于合同金额",
    cites=SIGNING,
    facts=term_facts,
    binds="act",
)
def instalments_add_up(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """付款期次合计等于合同金额；尾款只有一期，凭评估兑现。"""
    if facts.finals != 1:
        shown = (("尾款", f"{facts.finals} 期"),)
        return Refusal("须有且只有一期尾款，验收评估后兑现", shown, OFFICER, facts.page)
    return _adds_up(facts.instalments, facts, "各期付款金额合计与合同金额不等")


def _adds_up(parts: tuple[tuple[str, int], ...], facts: TermFacts, message: str) -> Refusal | None:
    total = sum(fen for _, fen in parts)
    if total == facts.amount_fen:
        return None
    shown = tuple((name, format_yuan(fen)) for name, fen in parts)
    sums = (("合计", format_yuan(total)), ("合同金额", format_yuan(facts.amount_fen)))
    return Refusal(message, (*shown, *sums), OFFICER, facts.page)


@rule(
    "YB-9.4-amount-as-awarded",
    title="金额不超过成交",
    cites=SIGNING,
    facts=term_facts,
    binds="act",
    outside="《中华人民共和国政府采购法》第四十六条",
)
def amount_is_as_awarded(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """合同金额不得超过成交金额。"""
    if facts.amount_fen <= facts.award_fen:
        return None
    shown = (
        ("合同金额", format_yuan(facts.amount_fen)),
        ("成交金额", format_yuan(facts.award_fen)),
    )
    return Refusal("合同金额超过成交金额", shown, OFFICER, facts.page)


@rule(
    "YB-12-within-reservation",
    title="预留资金足够",
    cites=(YUBEI.article(12), PINGHU.article(6)),
    facts=term_facts,
    binds="act",
)
def amount_is_reserved(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """合同金额不得超过采购包预算，也不得超过项目预留的资金。"""
    limit = min(facts.package_fen, facts.reserved_fen)
    if facts.amount_fen <= limit:
        return None
    shown = (
        ("合同金额", format_yuan(facts.amount_fen)),
        ("采购包预算", format_yuan(facts.package_fen)),
        ("项目预留", format_yuan(facts.reserved_fen)),
    )
    return Refusal("合同金额超过预留的资金", shown, OFFICER, facts.page)


@rule(
    "YB-9.4-term-length",
    title="合同期限",
    cites=SIGNING,
    facts=term_facts,
    parameters=("YB-9.4-usual-months", "YB-9.4-longest-months"),
    binds="act",
    outside="财政部令第102号第二十四条",
)
def term_is_not_too_long(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """合同期限一般不超过 1 年；四项条件都具备的，不超过 3 年。"""
    usual, longest = parameters["YB-9.4-usual-months"], parameters["YB-9.4-longest-months"]
    if facts.ends_on <= facts.usual_until:
        return None
    shown = (
        ("服务期", f"{facts.starts_on.isoformat()} 至 {facts.ends_on.isoformat()}"),
        (f"{usual} 个月至", facts.usual_until.isoformat()),
        (f"{longest} 个月至", facts.longest_until.isoformat()),
    )
    if facts.ends_on > facts.longest_until:
        return Refusal(f"合同期限超过 {longest} 个月", shown, OFFICER, facts.page)
    missing = tuple((name, "不具备") for name, is_met in facts.conditions if not is_met)
    if not missing:
        return None
    return Refusal(
        f"合同期限超过 {usual} 个月，须四项条件都具备", (*shown, *missing), OFFICER, facts.page
    )


@rule(
    "YB-9.4-agent-authorised",
    title="代签有委托",
    cites=SIGNING,
    facts=term_facts,
    binds="act",
    outside="《中华人民共和国政府采购法》第四十三条",
)
def agent_is_authorised(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """由委托单位代签的，须有授权委托书。"""
    if not facts.is_signed_by_agent or facts.authorisation:
        return None
    return Refusal("代签合同没有授权委托书", (("授权委托书", "无"),), OFFICER, facts.page)


@rule(
    "YB-18-contract-chain-signed",
    title="合同签批齐全",
    cites=(YUBEI.article(18), PINGHU.article(11)),
    facts=term_facts,
    binds="act",
)
def contract_chain_is_signed(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """合同须逐级签批完毕，方可签订。"""
    unsigned = tuple(
        (s.title, SignatureStatus(s.status).label)
        for s in facts.signatures
        if s.status != SignatureStatus.SIGNED
    )
    if facts.signatures and not unsigned:
        return None
    names = "、".join(title for title, _ in unsigned) or "签批人"
    return Refusal("合同签批尚未齐全", unsigned, names, facts.page)


@rule(
    "YB-9.2-conditions-before-implementation",
    title="实施前的条件已落实",
    cites=(YUBEI.article(9, 2), PINGHU.article(11)),
    facts=signing_day_facts,
    binds="act",
)
def conditions_are_fulfilled(facts: SigningDayFacts, parameters: Parameters) -> Refusal | None:
    """会审附条件同意中须在实施环节前落实的，签订之前须经提出机构确认。"""
    if not facts.unfulfilled:
        return None
    return Refusal(
        "实施环节前须落实的条件尚未落实", facts.unfulfilled, "经办人、会审人", facts.page
    )


@rule(
    "YB-19-party-not-debarred",
    title="对方不在取消资格期内",
    cites=(YUBEI.article(19), PINGHU.article(15)),
    facts=signing_day_facts,
    binds="act",
)
def party_is_not_debarred(facts: SigningDayFacts, parameters: Parameters) -> Refusal | None:
    """签订之日，承接主体不得在取消资格期内。"""
    if facts.debarred_until is None:
        return None
    shown = (("承接主体", facts.provider), ("取消资格至", facts.debarred_until.isoformat()))
    return Refusal(f"“{facts.provider}”在取消资格期内", shown, OFFICER, facts.page)


@rule(
    "YB-9.4-award-stands",
    title="成交有效",
    cites=SIGNING,
    facts=signing_day_facts,
    binds="act",
)
def award_stands(facts: SigningDayFacts, parameters: Parameters) -> Refusal | None:
    """合同由有效的成交而来；成交供应商已登记拒绝签订的，不再签订。"""
    if facts.is_standing:
        return None
    shown = (("承接主体", facts.provider), ("成交", facts.award))
    return Refusal("这份合同所据的成交不再有效", shown, OFFICER, facts.page)


@rule(
    "YB-9.4-signed-after-notice",
    title="通知书发出后签订",
    cites=SIGNING,
    facts=signing_day_facts,
    binds="act",
)
def is_signed_after_notice(facts: SigningDayFacts, parameters: Parameters) -> Refusal | None:
    """成交通知书发出之后方可签订；签订日不得在办理日之后。"""
    notified = facts.notified_on
    if notified is not None and notified <= facts.signed_on <= facts.on:
        return None
    shown = (
        ("通知书发出", notified.isoformat() if notified else "未发出"),
        ("签订日", facts.signed_on.isoformat()),
        ("今日", facts.on.isoformat()),
    )
    return Refusal("签订日早于成交通知书，或者在今日之后", shown, OFFICER, facts.page)


@rule(
    "YB-9.4-signed-in-time",
    title="按期签订",
    cites=SIGNING,
    facts=signing_day_facts,
    parameters=("YB-9.4-sign-days",),
    binds="act",
    effect="record_late",
    outside="《中华人民共和国政府采购法》第四十六条",
)
def is_signed_in_time(facts: SigningDayFacts, parameters: Parameters) -> Refusal | None:
    """成交通知书发出之日起三十日内签订；逾期照办，记为逾期。"""
    return late("签订合同", facts.due_on, facts.signed_on, facts.page)


def late(what: str, due: date | None, done: date, page: str) -> Refusal | None:
    if due is None or done <= due:
        return None
    shown = (("期限", due.isoformat()), ("实际", done.isoformat()))
    return Refusal(f"{what}逾期 {(done - due).days} 日", shown, OFFICER, page)
