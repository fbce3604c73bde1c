"""公告稿的处理和审查：媒体登记齐全，号码遮盖，第二人审查，更正有实，义务不灭。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from disclosure.facts.drafts import (
    CorrectionFacts,
    DraftFacts,
    NumbersFacts,
    correction_facts,
    draft_facts,
    numbers_facts,
)

OFFICER, REVIEWER = "经办人", "归口科室负责人"
# 《平湖办法》没有公开专条：第十八条，上级有规定的从其规定。
CITES = (YUBEI.article(16), PINGHU.article(18))
DISCLOSURE = "《中华人民共和国政府信息公开条例》"


@rule(
    "YB-16-place-stated",
    title="公告媒体和日期已登记",
    cites=CITES,
    facts=draft_facts,
    binds="act",
    outside="《中华人民共和国政府采购法实施条例》第八条",
)
def place_is_stated(facts: DraftFacts, parameters: Parameters) -> Refusal | None:
    """向社会公开的，须写明在哪个媒体、哪个网址、哪一日公开。"""
    if not facts.missing:
        return None
    shown = tuple((label, "未登记") for label in facts.missing)
    words = f"没有登记{'、'.join(facts.missing)}"
    return Refusal(words, shown, OFFICER, facts.prepare_page)


@rule(
    "YB-16-numbers-masked",
    title="个人号码已遮盖",
    cites=CITES,
    facts=numbers_facts,
    binds="act",
    outside=f"《中华人民共和国个人信息保护法》第二十五条、{DISCLOSURE}第十五条",
)
def numbers_are_masked(facts: NumbersFacts, parameters: Parameters) -> Refusal | None:
    """将要公开的文字里，不得留有认得出的身份证件、电话、账号和邮箱。"""
    if not facts.remaining:
        return None
    places = "、".join(dict.fromkeys(place for place, _ in facts.remaining))
    return Refusal(f"{places}里还有个人号码", facts.remaining, OFFICER, facts.page)


@rule(
    "YB-16-second-reviewer",
    title="处理的人不审查",
    cites=CITES,
    facts=draft_facts,
    binds="act",
    outside=f"{DISCLOSURE}第十七条",
)
def second_person_reviews(facts: DraftFacts, parameters: Parameters) -> Refusal | None:
    """公开前的审查由处理公告稿以外的人办理。"""
    if not facts.is_by_preparer:
        return None
    shown = (("处理人", facts.preparer), ("审查人", facts.preparer))
    return Refusal("公告稿是本人处理的，须由另一人审查", shown, REVIEWER, facts.page)


@rule(
    "YB-16-correction-differs",
    title="更正有实",
    cites=CITES,
    facts=correction_facts,
    binds="act",
    outside="财办库〔2020〕50号",
    of_form=True,
)
def correction_differs(facts: CorrectionFacts, parameters: Parameters) -> Refusal | None:
    """更正公告写明哪一项由什么改为什么，改后的与原来的不同。"""
    same = tuple((place, "与原内容相同") for place, before, after in facts.items if before == after)
    if facts.items and not same:
        return None
    words = "更正后的内容与原内容相同" if same else "没有写明更正哪一项"
    return Refusal(words, same, OFFICER, facts.page)


@rule(
    "YB-16-duty-stands",
    title="应公开的不作废",
    cites=CITES,
    facts=draft_facts,
    binds="act",
)
def duty_stands(facts: DraftFacts, parameters: Parameters) -> Refusal | None:
    """依法应当公开的事项，公告稿不得作废；拟错的更正稿可以作废。"""
    if not facts.has_duty:
        return None
    shown = (("公开义务", "尚未履行"),)
    return Refusal("这是依法应当公开的事项，公告稿不能作废", shown, OFFICER, facts.page)
