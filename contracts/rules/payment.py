"""付款的法定条件；金额单位为分。申请时问一遍，拨付时再问一遍。"""

from __future__ import annotations

from contracts.facts.payment import (
    CompletionFacts,
    HandsFacts,
    PaymentFacts,
    VerificationFacts,
    completion_facts,
    hands_facts,
    payment_facts,
    verification_facts,
)
from contracts.models import InstalmentKind
from contracts.rules.terms import FINANCE, OFFICER, PAYING
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule

BY_CONTRACT = (YUBEI.article(13), PINGHU.article(12))


@rule(
    "YB-9.4-filed-before-payment",
    title="备案之后付款",
    cites=(YUBEI.article(9, 4), PINGHU.article(12)),
    facts=payment_facts,
    binds="act",
)
def contract_is_filed(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """合同报财政部门备案，作为拨付资金的依据；未备案的不得付款。"""
    if facts.is_filed:
        return None
    return Refusal("合同没有备案，不得付款", (("合同", facts.state),), FINANCE, facts.page)


@rule(
    "YB-9.6-instalment-due",
    title="本期条件已具备",
    cites=(YUBEI.article(9, 6), PINGHU.article(12)),
    facts=payment_facts,
    binds="act",
)
def instalment_is_due(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """进度款凭节点验收合格，尾款凭全部验收合格并经综合评估结算；预付款凭备案。"""
    if facts.kind == InstalmentKind.PROGRESS and not facts.is_milestone_accepted:
        milestone = ((facts.milestone or "节点", facts.milestone_state or "没有指定"),)
        return Refusal(f"{facts.instalment}须在节点验收合格后支付", milestone, OFFICER, facts.page)
    if facts.kind != InstalmentKind.FINAL or (facts.is_accepted and facts.is_settled):
        return None
    shown = (
        ("全部服务验收", "合格" if facts.is_accepted else "没有合格结论"),
        ("综合评估和结算", "已结算" if facts.is_settled else "没有结算"),
    )
    return Refusal("尾款须在验收合格、综合评估结算之后兑现", shown, OFFICER, facts.page)


@rule(
    "YB-13-instalment-open",
    title="本期没有在办的申请",
    cites=BY_CONTRACT,
    facts=payment_facts,
    binds="act",
)
def instalment_is_open(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """一期款项只付一次：已付的、申请在办的不能再申请。"""
    if facts.is_open:
        return None
    shown = (("期次", facts.instalment),)
    return Refusal("本期已经支付，或者申请正在办理", shown, OFFICER, facts.page)


@rule(
    "YB-13-amounts-above-zero",
    title="金额大于零",
    cites=BY_CONTRACT,
    facts=payment_facts,
    binds="act",
)
def amounts_are_above_zero(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """没有应付的不申请；每一行的金额大于零，数量不小于零。"""
    if facts.amount_fen <= 0:
        shown = (("本期应付", format_yuan(facts.due_fen)),)
        return Refusal("没有应付的金额，不必申请", shown, OFFICER, facts.page)
    wrong = tuple(
        (line.name, f"{format_yuan(line.amount_fen)} 元，数量 {line.quantity}")
        for line in facts.lines
        if line.amount_fen <= 0 or line.quantity < 0
    )
    if not wrong:
        return None
    return Refusal("有的行金额不大于零，或者数量为负", wrong, OFFICER, facts.page)


@rule("YB-13-as-agreed", title="按约定金额", cites=BY_CONTRACT, facts=payment_facts, binds="act")
def amount_is_as_agreed(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """各行合计等于本期应付金额；尾款按结算。"""
    if facts.amount_fen == facts.due_fen:
        return None
    shown = (
        ("申请", format_yuan(facts.amount_fen)),
        ("本期应付", format_yuan(facts.due_fen)),
    )
    return Refusal("申请金额与本期应付金额不等", shown, OFFICER, facts.page)


@rule(
    "YB-13-within-contract",
    title="累计不超过应付总额",
    cites=BY_CONTRACT,
    facts=payment_facts,
    binds="act",
)
def total_is_within_contract(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """累计支付不得超过合同金额（连同补充合同）；已结算的，不得超过结算金额。"""
    if facts.paid_fen + facts.amount_fen <= facts.payable_fen:
        return None
    shown = (
        ("已付", format_yuan(facts.paid_fen)),
        ("本次", format_yuan(facts.amount_fen)),
        ("应付总额", format_yuan(facts.payable_fen)),
    )
    return Refusal("累计支付超过应付总额", shown, OFFICER, facts.page)


@rule(
    "YB-12-year-or-carried",
    title="当年预算或已结转",
    cites=PAYING,
    facts=payment_facts,
    binds="act",
)
def money_is_of_the_year(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """当年支付用当年的预算；上年未付的，先办理结转。"""
    if facts.amount_fen <= facts.unpaid_in_year_fen:
        return None
    shown = (
        ("本次", format_yuan(facts.amount_fen)),
        (f"{facts.year} 年度可付", format_yuan(facts.unpaid_in_year_fen)),
        *((f"{year} 年度未付", format_yuan(fen)) for year, fen in facts.unpaid_elsewhere),
    )
    return Refusal(f"{facts.year} 年度没有足够的承诺，须先办理结转", shown, FINANCE, facts.page)


@rule(
    "PH-12-quantities-accepted",
    title="数量已验收",
    cites=(PINGHU.article(12), YUBEI.article(2)),
    facts=payment_facts,
    binds="act",
)
def quantities_are_accepted(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """按实际进度付款：累计支付的数量不超过已验收的数量，已验收的不超过合同数量。"""
    excess = tuple(
        (
            line.name,
            (
                f"本次 {line.quantity}，此前 {line.paid}，已验收 {line.accepted}，"
                f"合同 {line.contracted}"
            ),
        )
        for line in facts.lines
        if line.quantity and not line.paid + line.quantity <= line.accepted <= line.contracted
    )
    if not excess:
        return None
    return Refusal("支付数量超过已验收的数量", excess, OFFICER, facts.page)


@rule(
    "PH-14-no-prohibited-payment",
    title="不列支禁列支出",
    cites=(PINGHU.article(14), YUBEI.article(13)),
    facts=payment_facts,
    parameters=("PH-14-prohibited-expenses",),
    binds="act",
)
def payment_is_not_prohibited(facts: PaymentFacts, parameters: Parameters) -> Refusal | None:
    """专款专用：不得支付人员经费、奖金、津贴和福利补贴。"""
    banned = parameters["PH-14-prohibited-expenses"]
    found = tuple(
        (line.name, line.expense_label) for line in facts.lines if line.expense_kind in banned
    )
    if not found:
        return None
    return Refusal("付款列有禁止列支的支出", found, OFFICER, facts.page)


@rule(
    "PH-12-every-line-checked",
    title="逐行核对",
    cites=(PINGHU.article(12), YUBEI.article(13)),
    facts=verification_facts,
    binds="act",
    of_form=True,
)
def every_line_is_checked(facts: VerificationFacts, parameters: Parameters) -> Refusal | None:
    """分管领导须逐行核对合同和清单，有一行没有核对的不得通过。"""
    unchecked = tuple((name, "未核对") for name in facts.unchecked)
    if not unchecked:
        return None
    return Refusal("还有没有核对的行", unchecked, "分管领导", facts.page)


@rule(
    "YB-18-verifier-not-officer",
    title="不得自办自核",
    cites=(YUBEI.article(18), PINGHU.article(12)),
    facts=hands_facts,
    binds="act",
)
def verifier_is_not_the_officer(facts: HandsFacts, parameters: Parameters) -> Refusal | None:
    """内部监督：申请付款的人、项目的经办人，不得核对这笔付款。"""
    if not facts.own_hands:
        return None
    shown = (*facts.own_hands, ("核对人", facts.actor))
    return Refusal("不得核对自己申请或者经办的付款", shown, "本单位其他分管领导", facts.page)


@rule(
    "YB-18-released-by-another",
    title="不得自办自拨",
    cites=(YUBEI.article(18), PINGHU.article(12)),
    facts=hands_facts,
    binds="act",
)
def payment_is_released_by_another(facts: HandsFacts, parameters: Parameters) -> Refusal | None:
    """内部监督：申请、核对这笔付款的人，以及项目的经办人，不得拨付这笔付款。"""
    if not facts.own_hands:
        return None
    shown = (*facts.own_hands, ("拨付人", facts.actor))
    return Refusal("不得拨付自己申请、核对或者经办的付款", shown, FINANCE, facts.page)


@rule("YB-13-all-paid", title="已经付清", cites=BY_CONTRACT, facts=completion_facts, binds="act")
def everything_is_paid(facts: CompletionFacts, parameters: Parameters) -> Refusal | None:
    """结算之后，已付等于应付，合同方告付清。"""
    if facts.is_settled and facts.paid_fen >= facts.payable_fen:
        return None
    shown = (
        ("应付总额", format_yuan(facts.payable_fen)),
        ("已付", format_yuan(facts.paid_fen)),
        ("结算", "已结算" if facts.is_settled else "未结算"),
    )
    return Refusal("合同还没有付清", shown, FINANCE, facts.page)


@rule(
    "YB-19-mended-before-completion",
    title="整改了结方告付清",
    cites=(YUBEI.article(19), PINGHU.article(13)),
    facts=completion_facts,
    binds="act",
)
def mending_is_done(facts: CompletionFacts, parameters: Parameters) -> Refusal | None:
    """责令的整改都已复查销号；评价不合格的，须责令过限期整改。拒不整改的，另行终止合同。"""
    if facts.open_mending:
        return Refusal("还有整改没有了结", facts.open_mending, "归口科室负责人", facts.page)
    if not facts.is_failed or facts.mended:
        return None
    shown = (("验收之后责令并已销号的整改", "无"),)
    return Refusal("评价不合格，还没有责令限期整改", shown, OFFICER, facts.page)
