"""专项：实施期原则上三年，到期须有结论；批复不超过年度预算；取消的不再入库；金额单位为分。"""

from __future__ import annotations

from budgeting.facts.programme import (
    BudgetSetFacts,
    HandsFacts,
    OfficeFacts,
    ProgrammeBudgetFacts,
    ReentryFacts,
    SetUpFacts,
    TermFacts,
    budget_set_facts,
    hands_facts,
    office_facts,
    programme_budget_facts,
    reentry_facts,
    set_up_facts,
    term_facts,
)
from budgeting.rules.review import FINANCE, OFFICER
from core.money import format_yuan
from core.regulations import PINGHU
from core.rules import Parameters, Refusal, rule

EXIT = PINGHU.article(16)
BOTH = f"政务数据部门、{FINANCE}"


@rule("PH-16-term-in-force", title="专项在实施期内", cites=EXIT, facts=term_facts, binds="act")
def term_is_in_force(facts: TermFacts, parameters: Parameters) -> Refusal | None:
    """专项到期而没有保留、调整的结论和新的实施期的，取消的，不得审定和批复新的资金。"""
    if not facts.obstacles:
        return None
    words = "专项资金已经到期或者取消，不得安排新的资金"
    return Refusal(words, facts.obstacles, BOTH, facts.page)


@rule(
    "PH-7-within-programme-budget",
    title="专项年度预算以内",
    cites=PINGHU.article(7),
    facts=programme_budget_facts,
    binds="act",
)
def approval_is_within_programme(
    facts: ProgrammeBudgetFacts, parameters: Parameters
) -> Refusal | None:
    """设立了专项的，同一年度的批复合计不得超过专项的年度预算；没有定年度预算的不得批复。"""
    if not facts.term:
        return None
    if facts.budget_fen is None:
        words = f"{facts.term}还没有定 {facts.year} 年度的预算"
        return Refusal(words, (("年度", str(facts.year)),), FINANCE, facts.page)
    left = facts.budget_fen - facts.approved_fen
    if facts.asked_fen <= left:
        return None
    shown = (
        ("年度预算", format_yuan(facts.budget_fen)),
        ("已批复", format_yuan(facts.approved_fen)),
        ("本次批复", format_yuan(facts.asked_fen)),
        ("尚缺", format_yuan(facts.asked_fen - left)),
    )
    words = f"{facts.term} {facts.year} 年度预算只剩 {format_yuan(left)} 元"
    return Refusal(words, shown, FINANCE, facts.page)


@rule("PH-16-not-cancelled", title="取消的不再入库", cites=EXIT, facts=reentry_facts)
def project_is_not_cancelled(facts: ReentryFacts, parameters: Parameters) -> Refusal | None:
    """取消的专项不再申报新的项目；与它之下的项目同名的，换了类别也不得再入库。"""
    if not (facts.cancelled or facts.namesake):
        return None
    shown = (("取消的专项", facts.cancelled), ("同名的项目", facts.namesake))
    given = tuple((title, value) for title, value in shown if value)
    return Refusal("专项已经取消，同名项目不得再入项目库", given, OFFICER, facts.page)


@rule(
    "PH-16-term-of-three-years",
    title="实施期三年",
    cites=EXIT,
    facts=set_up_facts,
    parameters=("PH-16-term-years",),
    binds="act",
    of_form=True,
)
def term_is_three_years(facts: SetUpFacts, parameters: Parameters) -> Refusal | None:
    """专项的实施期限原则上为三年，不得更长。"""
    limit: int = parameters["PH-16-term-years"]
    if 1 <= facts.years <= limit:
        return None
    shown = (
        ("起始年度", str(facts.first_year)),
        ("到期年度", str(facts.last_year)),
        ("拟设", f"{facts.years} 年"),
        ("最长", f"{limit} 年"),
    )
    return Refusal(f"实施期最长 {limit} 年", shown, FINANCE)


@rule(
    "PH-16-next-term-concluded",
    title="上一期有结论",
    cites=EXIT,
    facts=set_up_facts,
    binds="act",
    of_form=True,
)
def next_term_follows_conclusion(facts: SetUpFacts, parameters: Parameters) -> Refusal | None:
    """新的实施期不与已有的重叠；上一期须有保留或者调整的结论；取消的不再设立。"""
    shown = (
        ("重叠的", facts.overlapping),
        ("没有结论的", facts.unconcluded),
        ("已取消的", facts.cancelled),
    )
    wrong = tuple((title, value) for title, value in shown if value)
    return Refusal(f"{facts.label}现在不能设立新的实施期", wrong, BOTH) if wrong else None


@rule(
    "PH-16-budget-covers-approved",
    title="年度预算不低于已批复",
    cites=(PINGHU.article(7), EXIT),
    facts=budget_set_facts,
    binds="act",
    of_form=True,
)
def programme_budget_covers_approved(
    facts: BudgetSetFacts, parameters: Parameters
) -> Refusal | None:
    """专项的年度预算在实施期之内，不得低于已经批复的合计。"""
    if not facts.is_within_term:
        shown: tuple[tuple[str, str], ...] = (("年度", str(facts.year)), ("专项", facts.term))
        return Refusal(f"{facts.year} 年不在专项的实施期之内", shown, FINANCE, facts.page)
    if facts.amount_fen >= facts.approved_fen:
        return None
    shown = (
        ("拟定", format_yuan(facts.amount_fen)),
        ("已批复", format_yuan(facts.approved_fen)),
    )
    return Refusal("拟定的年度预算低于已批复的合计", shown, FINANCE, facts.page)


@rule("PH-16-two-hands", title="两家各自签署", cites=EXIT, facts=hands_facts, binds="act")
def conclusion_is_signed_by_others(facts: HandsFacts, parameters: Parameters) -> Refusal | None:
    """三年总评的结论由政务数据部门会同财政部门签署；拟订人和两家的签署人各是一人。"""
    if not facts.hands:
        return None
    return Refusal("不得签署自己拟订或者签署过的结论", facts.hands, BOTH, facts.page)


@rule(
    "PH-2.5-programme-office",
    title="由专项的主管部门收集",
    cites=PINGHU.article(2, 5, part="office"),
    facts=office_facts,
    binds="act",
    of_form=True,
)
def collection_is_by_the_office(facts: OfficeFacts, parameters: Parameters) -> Refusal | None:
    """电子政务云平台由政务数据部门统筹：设立了政务云专项的，由专项登记的部门收集云资源。"""
    if facts.is_office:
        return None
    shown = (("专项", facts.term), ("主管部门", facts.office), ("发起单位", facts.organiser))
    return Refusal(f"{facts.year} 年度的云资源由{facts.office}收集", shown, OFFICER, facts.page)
