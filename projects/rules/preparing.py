"""立项准备：规划、开放、职能转移、论证、预审、测算方法。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import PreparingFacts, preparing_facts
from projects.models import (
    FormWeight,
    OpenData,
    ProjectKind,
    PurchaserNature,
    StudyVerdict,
)
from projects.rules.scope import OFFICER
from projects.rules.weight import WEIGHT_PARAMETERS, weight_of

SECTION = "归口科室"


def weight_asked(facts: PreparingFacts, parameters: Parameters) -> FormWeight:
    """这份申报的分量。"""
    return weight_of(facts.total_fen, facts.programme, parameters)


def _is_light(facts: PreparingFacts, parameters: Parameters) -> bool:
    """小额项目和补助不问规划与开放。"""
    is_small = weight_asked(facts, parameters) == FormWeight.SMALL
    return is_small or facts.kind == ProjectKind.SUBSIDY


@rule(
    "YB-5-institution-checked",
    title="参公事业单位核对",
    cites=YUBEI.article(5),
    facts=preparing_facts,
    effect="warn",
    outside="财政部令第102号第八条",
)
def institution_is_checked(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """参公且有行政管理职能的事业单位可以购买；公益一类不得购买，提示核对单位类别。"""
    if facts.nature != PurchaserNature.ADMINISTRATIVE_INSTITUTION:
        return None
    shown = (("单位性质", str(PurchaserNature(facts.nature).label)),)
    said = "参公事业单位可以购买，请核对不属公益一类（财政部令第102号第八条）"
    return Refusal(said, shown, "财政审核人（单位档案）", facts.page)


@rule(
    "YB-4.4-planned",
    title="信息化规划",
    cites=YUBEI.article(4, 4),
    facts=preparing_facts,
    parameters=WEIGHT_PARAMETERS,
)
def planning_is_stated(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """写明对应的信息化规划条目，未列入规划的写明理由；小额项目和补助不问。"""
    item, reason = facts.planning_item.strip(), facts.planning_none_reason.strip()
    if _is_light(facts, parameters) or bool(item) != bool(reason):
        return None
    if item:
        shown = (("规划条目", item), ("未列入的理由", reason))
        return Refusal("规划条目与未列入的理由只能填一样", shown, OFFICER, facts.page)
    return Refusal("没有写明信息化规划条目，也没有写明未列入的理由", (), OFFICER, facts.page)


@rule(
    "YB-4.4-open-data-stated",
    title="信息资源开放需求",
    cites=YUBEI.article(4, 4),
    facts=preparing_facts,
    parameters=WEIGHT_PARAMETERS,
)
def open_data_is_stated(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """答明有没有公共信息资源开放需求，有的写明内容；小额项目和补助不问。"""
    if facts.open_data == OpenData.DEMAND and not facts.open_data_content.strip():
        return Refusal("有开放需求的，须写明开放的内容", (), OFFICER, facts.page)
    if facts.open_data or _is_light(facts, parameters):
        return None
    return Refusal("没有答明公共信息资源开放需求", (), OFFICER, facts.page)


@rule(
    "YB-4.3-transfer-named",
    title="费随事转",
    cites=(YUBEI.article(4, 3), YUBEI.article(15, 2)),
    facts=preparing_facts,
)
def function_transfer_is_named(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """承接转移的政府职能，写明转移事项（编办公布的职能转移目录所列）。"""
    if not facts.is_function_transfer or facts.transfer_item.strip():
        return None
    return Refusal("承接转移职能的，须写明职能转移事项", (), OFFICER, facts.page)


def _studied(facts: PreparingFacts) -> Refusal | None:
    """论证须有内容、论证人、日期和结论，结论不是不可行。"""
    parts = {
        "论证意见": facts.feasibility.strip(),
        "归口科室和论证人": facts.feasibility_section.strip(),
        "论证日期": facts.feasibility_on,
        "论证结论": facts.feasibility_verdict,
    }
    missing = tuple((name, "未填") for name, value in parts.items() if not value)
    if missing:
        said = "可行性论证不完整" if len(missing) < len(parts) else "没有可行性论证"
        return Refusal(said, missing, SECTION, facts.page)
    return _concluded("论证", facts.feasibility_verdict, facts.feasibility_on, facts)


def _concluded(word: str, verdict: str, day: date | None, facts: PreparingFacts) -> Refusal | None:
    if verdict == StudyVerdict.REFUSED:
        refused = ((f"{word}结论", str(StudyVerdict.REFUSED.label)),)
        return Refusal(f"{word}结论为不可行，不能申报", refused, OFFICER, facts.page)
    if day is not None and day > facts.on:
        shown = ((f"{word}日期", day.isoformat()), ("申报日", facts.on.isoformat()))
        return Refusal(f"{word}日期在申报日之后", shown, OFFICER, facts.page)
    return None


@rule("PH-11-feasibility", title="可行性论证", cites=PINGHU.article(11), facts=preparing_facts)
def has_feasibility_study(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """归口科室负责可行性论证与可研编制：写明论证人、日期和结论。"""
    return _studied(facts)


@rule(
    "YB-4.3-key-studied",
    title="重点项目论证",
    cites=YUBEI.article(4, 3),
    facts=preparing_facts,
    parameters=WEIGHT_PARAMETERS,
    outside="财库〔2021〕22号第十一条",
)
def key_filing_is_studied(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """重点项目分级审批从严：须有可行性论证，写明论证人、日期和结论。"""
    return _studied(facts) if weight_asked(facts, parameters) == FormWeight.KEY else None


def needs_pre_review(facts: PreparingFacts, parameters: Parameters) -> bool:
    """是否电子政务类：四类中的三类，或者品目是新建信息系统。"""
    if facts.programme:
        return facts.programme in parameters["PH-2.5-programmes"]
    prefixes = tuple(parameters["PH-2.5-item-prefixes"])
    return any(code.startswith(prefixes) for code in facts.codes)


@rule(
    "PH-2.5-pre-review",
    title="电子政务预审",
    cites=PINGHU.article(2, 5, part="office"),
    facts=preparing_facts,
    parameters=("PH-2.5-programmes", "PH-2.5-item-prefixes"),
    everywhere=True,
)
def has_pre_review(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """电子政务类项目须先经政务数据办预审；其他部门新建的信息系统也须预审。"""
    if not needs_pre_review(facts, parameters):
        return None
    parts = {
        "文号": facts.pre_review.strip(),
        "日期": facts.pre_review_on,
        "结论": facts.pre_review_verdict,
    }
    missing = tuple((name, "未填") for name, value in parts.items() if not value)
    if missing:
        return Refusal("没有登记政务数据办的预审意见", missing, OFFICER, facts.page)
    return _concluded("预审", facts.pre_review_verdict, facts.pre_review_on, facts)


@rule(
    "PH-8.1-grant-stated",
    title="资金下达",
    cites=(PINGHU.article(8, 1), PINGHU.article(8, 3)),
    facts=preparing_facts,
    parameters=("PH-8-system-programmes",),
)
def grant_is_stated(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """信息化、数智城市建设项目按系统数量 × 建设资金测算：数量为整数，写明资金下达文号。"""
    if facts.programme not in parameters["PH-8-system-programmes"]:
        return None
    broken = tuple(
        (f"第 {position} 行 {name}", f"数量 {quantity.normalize():f}")
        for position, name, quantity in facts.quantities
        if quantity != quantity.to_integral_value()
    )
    if broken:
        return Refusal("系统数量须为整数", broken, OFFICER, facts.page)
    if facts.grant_number.strip():
        return None
    return Refusal("没有写明资金下达文号", (), OFFICER, facts.page)


@rule(
    "PH-7.4-townships-counted",
    title="镇街道数量",
    cites=PINGHU.article(7, 4),
    facts=preparing_facts,
    parameters=("PH-7.4-centres",),
)
def townships_are_counted(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """便民服务中心补助测算到各镇街道：数量合计等于中心的数目，分行列的名称不重复。"""
    if facts.kind != ProjectKind.SUBSIDY:
        return None
    wanted = parameters["PH-7.4-centres"]
    total = sum(quantity for _, _, quantity in facts.quantities)
    names = [name for _, name, _ in facts.quantities]
    twice = sorted({name for name in names if names.count(name) > 1})
    if total == wanted and not twice:
        return None
    shown = (
        ("镇街道中心", f"{wanted} 个"),
        ("测算数量合计", f"{Decimal(total).normalize():f}"),
        *((name, "列了不止一行") for name in twice),
    )
    return Refusal(f"补助测算须列 {wanted} 个镇街道中心，各列一次", shown, OFFICER, facts.page)
