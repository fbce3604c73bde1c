"""测算、资金来源、补贴与禁列支出；金额单位为分。"""

from __future__ import annotations

from core.money import format_yuan, multiply
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import FilingFacts, filing_facts
from projects.rules.scope import OFFICER


@rule(
    "PH-8-estimate-adds-up",
    title="测算明细相符",
    cites=(PINGHU.article(8), YUBEI.article(9, 1)),
    facts=filing_facts,
)
def estimate_adds_up(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """须有测算明细；每行金额等于数量乘单价，各行合计等于项目总额。"""
    if not facts.estimate:
        return Refusal("没有测算明细", (), OFFICER, facts.page)
    wrong = [
        (f"第 {e.position} 行", format_yuan(e.amount_fen))
        for e in facts.estimate
        if e.amount_fen != multiply(e.quantity, e.unit_price_fen)
    ]
    total = sum(e.amount_fen for e in facts.estimate)
    if total != facts.total_fen:
        wrong += [("明细合计", format_yuan(total)), ("项目总额", format_yuan(facts.total_fen))]
    return Refusal("测算明细与金额不符", tuple(wrong), OFFICER, facts.page) if wrong else None


@rule(
    "YB-12-funds-add-up",
    title="资金来源相符",
    cites=(YUBEI.article(12), PINGHU.article(6)),
    facts=filing_facts,
)
def funds_add_up(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """各资金来源合计须等于申请的财政资金。"""
    total = sum(f.amount_fen for f in facts.funds)
    if facts.funds and total == facts.requested_fen:
        return None
    shown = (("资金来源合计", format_yuan(total)), ("申请资金", format_yuan(facts.requested_fen)))
    return Refusal("资金来源合计与申请资金不等", shown, OFFICER, facts.page)


@rule(
    "PH-6-fund-kinds",
    title="资金种类",
    cites=PINGHU.article(6),
    facts=filing_facts,
    parameters=("PH-6-fund-kinds",),
)
def fund_kinds_are_allowed(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """特定目标类资金来源限于本级财政管理资金、单位资金和上级转移支付资金。"""
    wrong = tuple(
        (f.name, "不在三种之列") for f in facts.funds if f.kind not in parameters["PH-6-fund-kinds"]
    )
    return Refusal("资金来源种类不符", wrong, OFFICER, facts.page) if wrong else None


@rule(
    "PH-14-no-prohibited-expenditure",
    title="无禁列支出",
    cites=PINGHU.article(14),
    facts=filing_facts,
    parameters=("PH-14-prohibited-expenses",),
)
def has_no_prohibited_expenditure(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """不得用于人员经费、各种奖金、津贴和福利补贴。"""
    banned = tuple(
        (f"第 {e.position} 行 {e.name}", e.expense_label)
        for e in facts.estimate
        if e.expense_kind in parameters["PH-14-prohibited-expenses"]
    )
    return Refusal("测算明细含有禁列支出", banned, OFFICER, facts.page) if banned else None


@rule(
    "YB-4.3-subsidy-limit",
    title="补贴上限",
    cites=YUBEI.article(4, 3),
    facts=filing_facts,
    parameters=("YB-4.3-subsidy-percent",),
)
def subsidy_is_within_limit(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """补贴金额控制在项目总额的 20% 以内（含 20%）。"""
    percent = parameters["YB-4.3-subsidy-percent"]
    if facts.subsidy_fen * 100 <= facts.total_fen * percent:
        return None
    shown = (
        ("申请补贴", format_yuan(facts.subsidy_fen)),
        ("项目总额", format_yuan(facts.total_fen)),
        (f"上限（{percent}%）", format_yuan(facts.total_fen * percent // 100)),
    )
    return Refusal(f"补贴超过项目总额的 {percent}%", shown, OFFICER, facts.page)


@rule(
    "YB-4.3-subsidy-needs-commerce",
    title="补贴须可商业化",
    cites=YUBEI.article(4, 3),
    facts=filing_facts,
)
def subsidy_goes_with_commerce(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """补贴只给可以部分商业化的项目，须说明商业化收入，且不与全额购买并用。"""
    if facts.is_full_purchase and facts.is_partly_commercial:
        return Refusal("全额购买与补贴不能并用", (), OFFICER, facts.page)
    if facts.subsidy_fen and not facts.is_partly_commercial:
        shown = (("申请补贴", format_yuan(facts.subsidy_fen)), ("可部分商业化", "否"))
        return Refusal("不能部分商业化的项目不得申请补贴", shown, OFFICER, facts.page)
    if facts.is_partly_commercial and not facts.commercial_income.strip():
        return Refusal("部分商业化项目没有说明商业化收入", (), OFFICER, facts.page)
    return None


@rule(
    "YB-4.3-full-purchase-evidence",
    title="全额购买佐证",
    cites=YUBEI.article(4, 3),
    facts=filing_facts,
)
def full_purchase_is_evidenced(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """全额购买限于覆盖弱势群体的服务，须写明群体并附佐证说明。"""
    if not facts.is_full_purchase:
        return None
    if facts.vulnerable_group.strip() and facts.full_purchase_evidence.strip():
        return None
    return Refusal("全额购买须写明弱势群体类别和佐证", (), OFFICER, facts.page)
