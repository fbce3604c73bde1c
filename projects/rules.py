"""申报的法定条件：每条一个纯函数，注明条款。金额单位为分。"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.roles import Role
from core.money import format_yuan, multiply
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.facts import (
    FilingFacts,
    SigningFacts,
    SplittingFacts,
    filing_facts,
    signing_facts,
    splitting_facts,
)
from projects.models import DIRECT_NATURES, EXCLUDED_NATURES, SignatureStatus

OFFICER = "经办人"


def _declared(
    answers: Mapping[str, bool], questions: Mapping[str, str], page: str, title: str
) -> Refusal | None:
    open_ones = [text for key, text in questions.items() if key not in answers]
    yes = [text for key, text in questions.items() if answers.get(key)]
    if not open_ones and not yes:
        return None
    compared = tuple((text, "是") for text in yes) + tuple((text, "未答") for text in open_ones)
    return Refusal(f"{title}须逐项声明“否”", compared, OFFICER, page)


@rule("YB-7-exclusions", title="不属于五项排除", cites=YUBEI.article(7), facts=filing_facts)
def is_not_excluded(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """国家安全、保密、司法审判、行政行为、不属于政府职能的，不得购买。"""
    return _declared(facts.exclusions, EXCLUSIONS, facts.page, "五项排除")


@rule(
    "YB-7-negative-list",
    title="不在负面清单",
    cites=YUBEI.article(7),
    facts=filing_facts,
    outside="财政部令第102号第十条",
)
def is_not_on_negative_list(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """法律法规另有规定的不得购买：财政部令第102号第十条六项逐项声明。"""
    return _declared(facts.negative_list, NEGATIVE_LIST, facts.page, "负面清单六项")


@rule("YB-7-catalogue-category", title="属于五类服务", cites=YUBEI.article(7), facts=filing_facts)
def item_is_within_five_categories(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """项目及各测算明细的品目须在第七条（一）至（五）之内。"""
    outside = [
        (f"第 {e.position} 行", e.code) for e in facts.estimate if e.category not in range(1, 6)
    ]
    if facts.item_category not in range(1, 6):
        outside.insert(0, ("项目品目", facts.item_code or "未选"))
    return (
        Refusal("品目不在第七条所列五类信息服务之内", tuple(outside), OFFICER, facts.page)
        if outside
        else None
    )


@rule("YB-8-item-in-force", title="目录条目有效", cites=YUBEI.article(8), facts=filing_facts)
def item_is_in_force(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """目录条目须属于首次提交之日有效的本级指导性目录。"""
    stale = [(f"第 {e.position} 行", e.code) for e in facts.estimate if not e.in_force]
    if not facts.item_in_force:
        stale.insert(0, ("项目品目", facts.item_code or "未选"))
    return Refusal("品目不在现行指导性目录中", tuple(stale), OFFICER, facts.page) if stale else None


@rule("YB-5-purchaser-eligible", title="购买主体适格", cites=YUBEI.article(5), facts=filing_facts)
def purchaser_is_eligible(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """机关、镇街、参公事业单位可以购买；参照执行的须纳入行政编制且经费由财政负担。"""
    shown = (("单位性质", facts.purchaser_nature_label),)
    if facts.purchaser_nature in EXCLUDED_NATURES:
        return Refusal(f"{facts.purchaser}不得作为购买主体", shown, "主管部门", facts.page)
    if facts.purchaser_nature in DIRECT_NATURES:
        return None
    if facts.has_staffing and facts.is_treasury_funded:
        return None
    yes_no = {True: "是", False: "否"}
    return Refusal(
        f"{facts.purchaser}参照执行，须纳入行政编制管理且经费由财政负担",
        (
            *shown,
            ("纳入行政编制", yes_no[facts.has_staffing]),
            ("财政负担经费", yes_no[facts.is_treasury_funded]),
        ),
        "系统管理员（单位档案）",
        facts.page,
    )


@rule("YB-4.1-suitable-for-market", title="适合购买", cites=YUBEI.article(4, 1), facts=filing_facts)
def is_suitable_for_market(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """须适合采取市场化方式提供，且社会力量能够承担。"""
    answers = {
        "适合采取市场化方式提供": facts.is_market_suitable,
        "社会力量能够承担": facts.is_provider_capable,
    }
    no = tuple((text, "否") for text, answer in answers.items() if not answer)
    return Refusal("不适合向社会力量购买", no, OFFICER, facts.page) if no else None


@rule("YB-9.1-on-annual-plan", title="列入年度计划", cites=YUBEI.article(9, 1), facts=filing_facts)
def is_on_annual_plan(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """项目须列入本单位同一年度的购买信息服务计划。"""
    if facts.plan_is_own and facts.plan_year == facts.year:
        return None
    shown = (("项目年度", str(facts.year)), ("计划年度", str(facts.plan_year or "未列入")))
    return Refusal("项目未列入本单位当年的年度购买计划", shown, OFFICER, facts.page)


@rule("YB-9.1-basis-stated", title="立项依据", cites=YUBEI.article(9, 1), facts=filing_facts)
def basis_is_stated(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """须写明区委、区政府工作部署等立项依据。"""
    return None if facts.basis.strip() else Refusal("没有填写立项依据", (), OFFICER, facts.page)


@rule("PH-2-basis-in-duties", title="依据对应职责", cites=PINGHU.article(2), facts=filing_facts)
def basis_names_a_duty(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """特定目标类项目的立项依据须对应单位三定职责。"""
    return None if facts.duty.strip() else Refusal("没有写明对应的职责", (), OFFICER, facts.page)


@rule("YB-14-need-described", title="服务需求", cites=YUBEI.article(14), facts=filing_facts)
def need_is_described(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """购买前应充分了解服务对象的需求状况，并写入申报。"""
    return None if facts.need.strip() else Refusal("没有填写服务需求", (), OFFICER, facts.page)


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


@rule(
    "YB-14-targets-complete",
    title="绩效目标完整",
    cites=(YUBEI.article(14), PINGHU.article(9)),
    facts=filing_facts,
)
def targets_are_complete(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """须有绩效指标，且每项都有目标值和单位；产出与满意度不可缺。"""
    missing = [(i.name, "缺目标值或单位") for i in facts.indicators if not (i.has_value and i.unit)]
    levels = {i.level for i in facts.indicators}
    missing += [
        (title, "没有设置")
        for level, title in (("output", "产出指标"), ("satisfaction", "满意度指标"))
        if level not in levels
    ]
    return Refusal("绩效目标不完整", tuple(missing), OFFICER, facts.page) if missing else None


@rule(
    "PH-9-weights-hundred",
    title="权重合计",
    cites=(PINGHU.article(9), YUBEI.article(14)),
    facts=filing_facts,
    parameters=("PH-9-weights-total",),
)
def weights_make_a_hundred(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """各指标权重合计须等于 100%。"""
    total, wanted = sum(i.weight for i in facts.indicators), parameters["PH-9-weights-total"]
    if total == wanted:
        return None
    return Refusal(f"指标权重合计须为 {wanted}%", (("现合计", f"{total}%"),), OFFICER, facts.page)


@rule(
    "PH-2.5-pre-review",
    title="电子政务预审",
    cites=PINGHU.article(2, 5, part="office"),
    facts=filing_facts,
    parameters=("PH-2.5-programmes",),
)
def has_pre_review(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """电子政务类项目须先经政务数据办预审。"""
    if facts.programme not in parameters["PH-2.5-programmes"] or facts.pre_review.strip():
        return None
    return Refusal("没有登记政务数据办的预审意见", (), OFFICER, facts.page)


@rule("PH-11-feasibility", title="可行性论证", cites=PINGHU.article(11), facts=filing_facts)
def has_feasibility_study(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """归口科室负责可行性论证与可研编制。"""
    if facts.feasibility.strip():
        return None
    return Refusal("没有可行性论证", (), "归口科室", facts.page)


@rule(
    "PH-11-internal-chain-signed",
    title="内部签批齐全",
    cites=(PINGHU.article(11), YUBEI.article(18)),
    facts=filing_facts,
    binds="act",
)
def internal_chain_is_signed(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """内部签批须逐级签署完毕，方可报出。"""
    unsigned = tuple(
        (s.title, SignatureStatus(s.status).label)
        for s in facts.signatures
        if s.status != SignatureStatus.SIGNED
    )
    if facts.signatures and not unsigned:
        return None
    names = "、".join(title for title, _ in unsigned) or "签批人"
    return Refusal("内部签批尚未齐全", unsigned, names, facts.page)


@rule(
    "PH-15-leading-group-decided",
    title="领导小组审批",
    cites=PINGHU.article(15),
    facts=filing_facts,
)
def leading_group_has_decided(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """项目须经支出领导小组立项审批：签批链含领导小组，并登记会议纪要。"""
    signed = any(
        s.role == Role.LEADING_GROUP and s.status == SignatureStatus.SIGNED
        for s in facts.signatures
    )
    if signed and facts.leading_group_minutes.strip():
        return None
    shown = (
        ("领导小组签批", "已签" if signed else "未签"),
        ("会议纪要", facts.leading_group_minutes or "未登记"),
    )
    return Refusal("没有项目支出领导小组的立项审批", shown, "领导小组秘书", facts.page)


@rule(
    "PH-11-signed-in-order",
    title="逐级签批",
    cites=(PINGHU.article(11), YUBEI.article(18)),
    facts=signing_facts,
    binds="act",
)
def is_signed_in_order(facts: SigningFacts, parameters: Parameters) -> Refusal | None:
    """前一步签署后，后一步方可签署。"""
    if not facts.unsigned_before:
        return None
    names = "、".join(facts.unsigned_before)
    return Refusal(
        f"须先由{names}签批", tuple((n, "未签") for n in facts.unsigned_before), names, facts.page
    )


@rule(
    "YB-18-signer-not-officer",
    title="不得自办自批",
    cites=(YUBEI.article(18), PINGHU.article(11)),
    facts=signing_facts,
    binds="act",
)
def signer_is_not_the_officer(facts: SigningFacts, parameters: Parameters) -> Refusal | None:
    """内部监督：经办人不得签批自己经办的项目。"""
    if not facts.is_officer:
        return None
    shown = (("经办人", facts.officer), ("签批人", facts.signer))
    return Refusal("不得签批自己经办的项目", shown, "本单位其他负责人", facts.page)


@rule(
    "YB-11-no-splitting",
    title="化整为零提示",
    cites=YUBEI.article(11),
    facts=splitting_facts,
    parameters=("YB-11-standing-committee-fen",),
    effect="warn",
)
def is_not_split(facts: SplittingFacts, parameters: Parameters) -> Refusal | None:
    """同一单位同一年度同一品目的项目合计跨过审议门槛而单项未达的，予以提示。"""
    limit: Any = parameters["YB-11-standing-committee-fen"]
    if facts.own_total_fen >= limit or facts.same_item_total_fen < limit:
        return None
    shown = (
        ("本项目", format_yuan(facts.own_total_fen)),
        (f"同品目 {facts.same_item_count} 个项目合计", format_yuan(facts.same_item_total_fen)),
        ("审议门槛", format_yuan(limit)),
    )
    return Refusal("同品目项目合计已达审议门槛，请核对是否化整为零", shown, OFFICER, facts.page)
