"""政务云资源收集与据以测算（《平湖办法》第七条、第八条第（二）项、第十一条）；金额单位为分。"""

from __future__ import annotations

from decimal import Decimal

from core.money import format_yuan, multiply
from core.regulations import PINGHU
from core.rules import Parameters, Refusal, rule
from projects.facts.cloud import (
    CloudFilingFacts,
    FillingFacts,
    GatheringFacts,
    OpeningFacts,
    TwoHandsFacts,
    UnitFact,
    cloud_filing_facts,
    filling_facts,
    gathering_facts,
    opening_facts,
    two_hands_facts,
)
from projects.models import CollectionStatus, Funding, Programme
from projects.rules.scope import OFFICER

METHOD = PINGHU.article(8, 2)
NATURES = "PH-7.2-unit-natures"
ORGANISER = "组织收集的经办人"
Line = tuple[str, Decimal, str, int]


def why_not_asked(unit: UnitFact, natures: object) -> str:
    """一个单位为什么不是市级财政保障部门；是的为空。`natures` 是参数 PH-7.2-unit-natures。"""
    since = f"（自 {unit.since.isoformat()}）" if unit.since else ""
    if not unit.is_here:
        return "不在本辖区"
    if unit.nature not in tuple(natures):  # type: ignore[arg-type]
        return f"单位性质为{unit.nature_label}{since}"
    if unit.funding != Funding.TREASURY:
        return f"经费来源为{unit.funding_label}{since}，不由财政负担"
    return ""


@rule(
    "PH-7.2-treasury-departments",
    title="市级财政保障部门",
    cites=PINGHU.article(7, 2),
    facts=opening_facts,
    parameters=(NATURES,),
    binds="act",
    of_form=True,
)
def units_are_treasury_departments(facts: OpeningFacts, parameters: Parameters) -> Refusal | None:
    """政务云项目资金只用于市级财政保障部门的云资源：收集的单位须是本辖区由财政负担经费的部门。"""
    if not facts.units:
        return Refusal("没有选定要收集的单位", (), ORGANISER, facts.page)
    found = ((u.name, why_not_asked(u, parameters[NATURES])) for u in facts.units)
    wrong = tuple((name, why) for name, why in found if why)
    if not wrong:
        return None
    said = "所选的单位有的不是市级财政保障部门，云资源不能由本项目资金列支"
    who = f"{ORGANISER}（单位性质由财政审核人登记）"
    return Refusal(said, wrong, who, facts.standing_page)


@rule(
    "PH-8.2-one-collection-a-year",
    title="一个年度一处收集",
    cites=METHOD,
    facts=opening_facts,
    binds="act",
    of_form=True,
)
def year_is_collected_once(facts: OpeningFacts, parameters: Parameters) -> Refusal | None:
    """同一年度的云资源只由一个单位收集，前一轮结束或者作废之后才有下一轮，以免重复测算。"""
    if facts.open_round:
        shown = (("正在收集", facts.open_round),)
        return Refusal(f"{facts.year} 年度正在收集，不能另起一轮", shown, ORGANISER, facts.page)
    if facts.other_organiser:
        shown = (("已由", facts.other_organiser),)
        return Refusal(f"{facts.year} 年度已由其他单位组织收集", shown, ORGANISER, facts.page)
    return None


@rule(
    "PH-8.2-new-resources-explained",
    title="现用与新申请写明",
    cites=METHOD,
    facts=filling_facts,
    binds="act",
    of_form=True,
)
def new_resources_are_explained(facts: FillingFacts, parameters: Parameters) -> Refusal | None:
    """写明现用和新申请的云资源；拟退的不超过现用，新申请的写明理由；不使用的声明不使用。"""
    if facts.is_none and facts.lines:
        return Refusal("声明不使用政务云，又填了数量", (), OFFICER, facts.page)
    if not facts.is_none and not facts.lines:
        said = "没有填写云资源，也没有声明不使用政务云"
        return Refusal(said, (), OFFICER, facts.page)
    wrong = []
    for code, current, released, requested, reason in facts.lines:
        if released > current:
            wrong.append((code, f"拟退 {_plain(released)}，现用 {_plain(current)}"))
        if requested and not reason.strip():
            wrong.append((code, f"新申请 {_plain(requested)}，没有理由"))
    if not wrong:
        return None
    said = "拟退的多于现用，或者新申请的没有写明理由"
    return Refusal(said, tuple(wrong), OFFICER, facts.page)


@rule(
    "PH-11-cloud-two-hands",
    title="填报与确认不是同一人",
    cites=PINGHU.article(11),
    facts=two_hands_facts,
    binds="act",
)
def confirmer_is_not_the_filler(facts: TwoHandsFacts, parameters: Parameters) -> Refusal | None:
    """职能科室组织实施，分管领导具体协调：经办人填报，本单位另一名负责人确认。"""
    if not facts.is_same:
        return None
    shown = (("填报人", facts.filled_by), ("确认人", facts.confirmed_by))
    return Refusal("不能确认自己填报的内容", shown, "本单位其他负责人", facts.page)


@rule(
    "PH-8.2-collection-open",
    title="尚未汇总",
    cites=METHOD,
    facts=gathering_facts,
    binds="act",
)
def collection_is_open(facts: GatheringFacts, parameters: Parameters) -> Refusal | None:
    """汇总之后数量不再变动：要退回重报的，另起一轮收集。"""
    if facts.status == CollectionStatus.OPEN:
        return None
    shown = (("收集", facts.status_label),)
    return Refusal("这一轮收集已经结束，数量的变动另起一轮收集", shown, ORGANISER, facts.page)


@rule(
    "PH-8.2-answers-gathered",
    title="填报收齐",
    cites=METHOD,
    facts=gathering_facts,
    binds="act",
)
def answers_are_gathered(facts: GatheringFacts, parameters: Parameters) -> Refusal | None:
    """各单位都已确认报出，或者填报期限已过；一个单位也没有报出的不能汇总。"""
    if not facts.confirmed:
        return Refusal("还没有单位报出", facts.waiting, "使用单位", facts.page)
    if not facts.waiting or facts.on > facts.due_on:
        return None
    shown = (*facts.waiting, ("填报期限", facts.due_on.isoformat()))
    return Refusal("填报尚未收齐，期限未过", shown, "尚未报出的单位", facts.page)


@rule(
    "PH-8.2-collection-closed",
    title="据已汇总的收集测算",
    cites=METHOD,
    facts=cloud_filing_facts,
)
def collection_is_closed(facts: CloudFilingFacts, parameters: Parameters) -> Refusal | None:
    """政务云项目按各单位现用和新申请的云资源测算：须有本单位组织的、当年度已经汇总的收集。"""
    if facts.programme != Programme.CLOUD or facts.collection:
        return None
    shown = (("项目年度", str(facts.year)), ("正在收集", facts.gathering or "没有"))
    said = f"没有 {facts.year} 年度已经汇总的云资源收集，不能测算政务云费用"
    return Refusal(said, shown, ORGANISER, facts.page)


@rule(
    "PH-8.2-lines-from-collection",
    title="测算取自收集",
    cites=METHOD,
    facts=cloud_filing_facts,
)
def lines_come_from_collection(facts: CloudFilingFacts, parameters: Parameters) -> Refusal | None:
    """政务云项目的测算明细逐行取自当年度汇总的收集，数量和单价不得另填；要改的另起一轮收集。"""
    if facts.programme != Programme.CLOUD or not facts.collection:
        return None
    wrong = differing_lines(facts.expected, facts.typed)
    if not wrong and facts.is_from_it:
        return None
    shown = (("据以测算", facts.collection), *(wrong or (("明细", "取自被替代的一轮"),)))
    return Refusal("测算明细与云资源收集的汇总不符", shown, OFFICER, facts.page)


def differing_lines(
    expected: tuple[Line, ...], typed: tuple[Line, ...]
) -> tuple[tuple[str, str], ...]:
    """汇总与所填逐行的不同：内容，与“汇总……，所填……”；相符的没有。金额单位为分，显示为元。"""
    known = {line[0]: line for line in expected}
    seen: dict[str, Line] = {}
    found = []
    for line in typed:
        if line[0] in seen:
            found.append((line[0], "填了不止一行"))
        elif line[0] not in known:
            found.append((line[0], f"汇总没有这一项，所填 {_said(line)}"))
        elif known[line[0]][1:] != line[1:]:
            found.append((line[0], f"汇总 {_said(known[line[0]])}，所填 {_said(line)}"))
        seen[line[0]] = line
    found += [(line[0], f"汇总 {_said(line)}，没有填") for line in expected if line[0] not in seen]
    return tuple(found)


def _said(line: Line) -> str:
    _, quantity, unit, price_fen = line
    amount = format_yuan(multiply(quantity, price_fen))
    return f"{_plain(quantity)} {unit} × {format_yuan(price_fen)} = {amount} 元"


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
