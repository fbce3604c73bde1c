"""筛查采购意向：单位、工程和货物、用工、五类服务，与须请人注意之处。词表都是有起止日的参数。

`refuse` 的即不予受理，`warn` 的须人工复核，`record_late` 的只作提示。
"""

from __future__ import annotations

from collections.abc import Iterable

from core.regulations import YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts.intentions import (
    IntentionFacts,
    intention_facts,
)

FINANCE, UNIT = "财政审核人", "采购单位"
ORGANS, INSTITUTIONS = "YB-5-intention-organ-endings", "YB-5-intention-institution-endings"
WORKS, WORKS_INSIDE = "YB-7-intention-works-words", "YB-7-intention-works-inside-words"
GOODS, OBJECTS = "YB-7-intention-goods-words", "YB-7-intention-object-words"
OUTSIDE, PERFORMANCE = "YB-7-intention-outside-words", "YB-7-intention-performance-words"
KINDS, PHRASES = "YB-7-intention-kind-words", "YB-7-intention-service-phrases"
STAFFING, SENSITIVE = "YB-7-intention-staffing-words", "YB-7-intention-sensitive-words"
FIVE, SEVEN = YUBEI.article(5), YUBEI.article(7)
ORDER_102 = "财政部令第102号第十条第（三）项"


def found(text: str, words: Iterable[str]) -> str:
    """文字里出现的第一个词；写成“甲+乙”的，两个都要出现。"""
    return next((w for w in words if all(part in text for part in w.split("+"))), "")


def kind_of(facts: IntentionFacts, parameters: Parameters) -> str:
    """名称说明属第七条哪一种；看不出的为空。词表依次比对，以先列的为准。"""
    for words, kind in parameters[KINDS]:
        if found(facts.name, words):
            return str(kind)
    return ""


def works_word(facts: IntentionFacts, parameters: Parameters) -> str:
    """名称里指工程的词；“信息化工程监理”一类服务的名称不算。"""
    name = facts.name
    for phrase in parameters[PHRASES]:
        name = name.replace(phrase, "")
    return found(name, parameters[WORKS])


def outside_word(facts: IntentionFacts, parameters: Parameters) -> str:
    """名称里指明不是信息服务的词；“绩效管理”一类，名称里有信息系统的另行复核。"""
    word = found(facts.name, parameters[OUTSIDE])
    soft = found(facts.name, parameters[PERFORMANCE])
    return word or ("" if is_about_systems(facts, parameters) else soft)


def is_about_systems(facts: IntentionFacts, parameters: Parameters) -> bool:
    return bool(found(facts.name, parameters[OBJECTS]) or kind_of(facts, parameters))


def is_refused_by_content(facts: IntentionFacts, parameters: Parameters) -> bool:
    works = works_word(facts, parameters) and not found(facts.name, parameters[OBJECTS])
    return bool(works or found(facts.name, parameters[GOODS]) or outside_word(facts, parameters))


CONTENT = (WORKS, PHRASES, OBJECTS, GOODS, OUTSIDE, PERFORMANCE, KINDS)


@rule(
    "YB-5-intention-purchaser",
    title="单位可以作为购买主体",
    cites=FIVE,
    facts=intention_facts,
    parameters=(INSTITUTIONS,),
    binds="act",
    outside="财政部令第102号第八条",
)
def unit_may_purchase(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """高等学校、中小学、医院、科研等事业单位不得作为购买主体；已登记的依登记的性质。"""
    if facts.registered:
        nature = (("登记的单位性质", facts.registered_label),)
        return Refusal("登记的单位性质不得购买", nature, UNIT) if facts.is_excluded else None
    ending = next((e for e in parameters[INSTITUTIONS] if facts.unit_stem.endswith(e)), "")
    shown = (("单位", facts.unit), ("属于", ending))
    return Refusal("教学、医疗、科研事业单位不得作为购买主体", shown, UNIT) if ending else None


@rule(
    "YB-5-intention-purchaser-known",
    title="单位性质已明",
    cites=FIVE,
    facts=intention_facts,
    parameters=(ORGANS, INSTITUTIONS),
    binds="act",
    effect="warn",
)
def unit_is_known(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """名称看不出是不是机关的，核对编制和职能；参照执行的须纳入行政编制且经费由财政负担。"""
    if facts.registered:
        if facts.is_direct or facts.is_excluded or facts.is_staffed_and_funded:
            return None
        shown = (("登记的单位性质", facts.registered_label),)
        return Refusal("参照执行的单位，须核对行政编制和财政负担", shown, UNIT)
    if facts.unit_stem.endswith((*parameters[ORGANS], *parameters[INSTITUTIONS])):
        return None
    shown = (("单位", facts.unit),)
    return Refusal("看不出单位性质：是否参公、有无行政管理职能，须核对", shown, UNIT)


@rule(
    "YB-7-intention-not-works",
    title="不是工程",
    cites=SEVEN,
    facts=intention_facts,
    parameters=(WORKS, PHRASES, OBJECTS),
    binds="act",
    outside=ORDER_102,
)
def is_not_works(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """名称为改造、修缮、施工一类的是工程，不得列入；信息系统的升级改造不在此列。"""
    word = works_word(facts, parameters)
    if not word or found(facts.name, parameters[OBJECTS]):
        return None
    return Refusal("名称所指的是工程", (("词", word),), UNIT)


@rule(
    "YB-7-intention-no-works-inside",
    title="没有打包工程",
    cites=SEVEN,
    facts=intention_facts,
    parameters=(WORKS, PHRASES, OBJECTS, WORKS_INSIDE),
    binds="act",
    effect="warn",
    outside=ORDER_102,
)
def hides_no_works(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """信息系统的项目里有改造、安装、施工、工期等字样的，核对有没有把工程与服务打包。"""
    word = works_word(facts, parameters)
    inside = found(facts.summary, parameters[WORKS_INSIDE])
    if word and not found(facts.name, parameters[OBJECTS]):
        return None
    shown = tuple((n, w) for n, w in (("名称", word), ("概况", inside)) if w)
    return Refusal("可能含有工程，须核对", shown, UNIT) if shown else None


@rule(
    "YB-7-intention-not-goods",
    title="不是货物",
    cites=SEVEN,
    facts=intention_facts,
    parameters=(GOODS,),
    binds="act",
    outside=ORDER_102,
)
def is_not_goods(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """名称为采购设备、家具、耗材、车辆一类的是货物，不得列入。"""
    word = found(facts.name, parameters[GOODS])
    return Refusal("名称所指的是货物", (("词", word),), UNIT) if word else None


@rule(
    "YB-7-intention-no-staffing",
    title="不是用工",
    cites=SEVEN,
    facts=intention_facts,
    parameters=(STAFFING,),
    binds="act",
    effect="warn",
    outside="财政部令第102号第十条第（五）项",
)
def is_no_staffing(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """名称或概况含劳务派遣、聘用、窗口人员等的，核对是不是以购买服务用工。"""
    word = found(facts.name, parameters[STAFFING]) or found(facts.summary, parameters[STAFFING])
    return Refusal("可能是用工，须核对", (("词", word),), UNIT) if word else None


@rule(
    "YB-7-intention-not-sensitive",
    title="不涉密、不属司法",
    cites=SEVEN,
    facts=intention_facts,
    parameters=(SENSITIVE,),
    binds="act",
    effect="warn",
)
def is_not_sensitive(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """可能涉及国家安全、保密或司法的，先问第七条的五项排除。"""
    word = found(facts.unit + facts.name, parameters[SENSITIVE])
    return Refusal("先问五项排除", (("词", word),), UNIT) if word else None


@rule(
    "YB-7-intention-information",
    title="属于信息服务",
    cites=SEVEN,
    facts=intention_facts,
    parameters=(OUTSIDE, PERFORMANCE, OBJECTS, KINDS),
    binds="act",
)
def is_information_service(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """物业、租车、展会、印刷、绩效咨询等服务不在第七条五类之内。"""
    word = outside_word(facts, parameters)
    return Refusal("不属于第七条的五类信息服务", (("词", word),), UNIT) if word else None


@rule(
    "YB-7-intention-kind-clear",
    title="看得出属哪一种",
    cites=SEVEN,
    facts=intention_facts,
    parameters=CONTENT,
    binds="act",
    effect="warn",
)
def kind_is_clear(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """名称看不出属第七条哪一种，或者两说的，须问清内容。"""
    if is_refused_by_content(facts, parameters):
        return None
    kind, soft = kind_of(facts, parameters), found(facts.name, parameters[PERFORMANCE])
    if soft:
        shown = (("一说", kind or "信息系统"), ("又一说", soft))
        return Refusal("既像信息服务，又像绩效咨询", shown, UNIT)
    return None if kind else Refusal("看不出属第七条哪一种服务", (("名称", facts.name),), UNIT)
