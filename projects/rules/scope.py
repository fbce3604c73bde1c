"""可以买什么、谁可以买：范围、目录、主体、依据。"""

from __future__ import annotations

from collections.abc import Mapping

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.facts import (
    FilingFacts,
    filing_facts,
)
from projects.models import DIRECT_NATURES, EXCLUDED_NATURES, Funding, ProjectKind, Staffing

OFFICER = "经办人"


def _declared(
    answers: Mapping[str, bool], questions: Mapping[str, str], page: str, title: str
) -> Refusal | None:
    open_ones = [text for key, text in questions.items() if answers.get(key) is None]
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
    since = facts.purchaser_since
    shown = (
        ("单位性质", facts.purchaser_nature_label),
        ("自", since.isoformat() if since else "登记时"),
    )
    if facts.purchaser_nature in EXCLUDED_NATURES:
        return Refusal(f"{facts.purchaser}不得作为购买主体", shown, "主管部门", facts.page)
    if facts.purchaser_nature in DIRECT_NATURES:
        return None
    if facts.staffing == Staffing.ADMINISTRATIVE and facts.funding == Funding.TREASURY:
        return None
    return Refusal(
        f"{facts.purchaser}参照执行，须纳入行政编制管理且经费由财政负担",
        (*shown, ("编制类型", facts.staffing_label), ("经费来源", facts.funding_label)),
        "财政审核人（单位档案）",
        facts.page,
    )


@rule("YB-4.1-suitable-for-market", title="适合购买", cites=YUBEI.article(4, 1), facts=filing_facts)
def is_suitable_for_market(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """须适合采取市场化方式提供，且社会力量能够承担；补助是转移支付，不问。"""
    if facts.kind == ProjectKind.SUBSIDY:
        return None
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
    """特定目标类项目的立项依据须对应单位三定职责：选定职责条目，或者写明本单位的职责。"""
    if facts.duty_code and not facts.is_duty_in_force:
        shown = (("职责条目", facts.duty_code),)
        return Refusal("所选职责条目在申报之日无效", shown, OFFICER, facts.page)
    if facts.duty_code or facts.duty.strip():
        return None
    return Refusal("没有写明对应的职责", (), OFFICER, facts.page)


@rule(
    "PH-7-programme-chosen", title="属于四类项目资金", cites=PINGHU.article(7), facts=filing_facts
)
def belongs_to_a_programme(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """特定目标类项目资金只用于信息化、政务云、数智城市建设、镇街道便民服务中心补助四类。"""
    if facts.programme:
        return None
    return Refusal("没有选定特定目标类的四类之一", (("特定目标类", "未选"),), OFFICER, facts.page)


@rule("YB-14-need-described", title="服务需求", cites=YUBEI.article(14), facts=filing_facts)
def need_is_described(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """购买前应充分了解服务对象的需求状况，并写入申报。"""
    return None if facts.need.strip() else Refusal("没有填写服务需求", (), OFFICER, facts.page)
