"""会审的法定条件。"""

from __future__ import annotations

from budgeting.facts import (
    ObjectionFacts,
    ReviewFacts,
    objection_facts,
    review_facts,
)
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule

REVIEW = (YUBEI.article(9, 2), PINGHU.article(15))


OFFICER = "经办人"


FINANCE = "财政审核人"


@rule("YB-9.2-review-open", title="会审进行中", cites=REVIEW, facts=review_facts, binds="act")
def review_is_open(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """意见只在本轮会审进行中出具和答复。"""
    if facts.is_open:
        return None
    return Refusal("本轮会审不在进行中", (("会审状态", facts.status),), FINANCE, facts.page)


@rule(
    "YB-9.2-opinion-in-turn",
    title="按审核路径先后出具",
    cites=(YUBEI.article(9, 2), PINGHU.article(11)),
    facts=review_facts,
    binds="act",
)
def opinion_is_in_turn(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """辖区的审核路径分先后的，前一环节出具意见之前，后一环节不得出具。"""
    if not facts.awaited_before:
        return None
    names = "、".join(name for name, _ in facts.awaited_before)
    return Refusal(f"须先由{names}出具意见", facts.awaited_before, names, facts.page)


@rule(
    "YB-9.2-joint-review", title="会同审核意见齐全", cites=REVIEW, facts=review_facts, binds="act"
)
def joint_review_is_complete(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """财政会同各会审机构审核，意见须齐全。"""
    if facts.required and not facts.missing:
        return None
    shown = (
        ("应出具意见", "、".join(facts.required) or "未确定会审机构"),
        ("已出具", "、".join(facts.spoken) or "无"),
        ("尚缺", "、".join(facts.missing) or "—"),
    )
    return Refusal(
        f"会同审核尚缺{'、'.join(facts.missing) or '会审机构'}的意见",
        shown,
        "、".join(facts.missing) or "安全管理员",
        facts.page,
    )


@rule(
    "YB-9.2-no-open-opposition",
    title="没有未了结的异议",
    cites=REVIEW,
    facts=review_facts,
    binds="act",
)
def no_opposition_is_open(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """会审机构提出的异议须答复，并由其重新出具意见。"""
    if not facts.opposed:
        return None
    names = "、".join(facts.opposed)
    return Refusal(
        f"{names}的异议尚未了结",
        tuple((n, "有异议") for n in facts.opposed),
        f"{OFFICER}、{names}",
        facts.page,
    )


@rule(
    "YB-9.2-proposed-within-request",
    title="建议金额不超过申请",
    cites=(YUBEI.article(9, 2), PINGHU.article(8)),
    facts=review_facts,
    binds="act",
    of_form=True,
)
def proposal_is_within_request(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """审核建议金额不得超过申请金额。"""
    if facts.proposed_fen <= facts.requested_fen:
        return None
    shown = (
        ("建议金额", format_yuan(facts.proposed_fen)),
        ("申请金额", format_yuan(facts.requested_fen)),
    )
    return Refusal("建议金额超过申请金额", shown, FINANCE, facts.page)


@rule(
    "YB-9.2-condition-stated",
    title="条件写明",
    cites=REVIEW,
    facts=review_facts,
    binds="act",
    of_form=True,
)
def condition_is_stated(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """附条件同意须写明条件和落实环节，以便跟踪。"""
    if facts.condition.strip() and facts.due_stage:
        return None
    return Refusal("附条件同意须写明条件和落实环节", (), "会审人", facts.page)


@rule(
    "YB-9.2-opposition-reasoned",
    title="异议有理由",
    cites=REVIEW,
    facts=review_facts,
    binds="act",
    of_form=True,
)
def opposition_is_reasoned(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """提出异议须写明理由。"""
    return None if facts.text.strip() else Refusal("提出异议须写明理由", (), "会审人", facts.page)


@rule(
    "YB-9.2-objections-stated",
    title="退回意见写明",
    cites=REVIEW,
    facts=objection_facts,
    binds="act",
    of_form=True,
)
def objections_are_stated(facts: ObjectionFacts, parameters: Parameters) -> Refusal | None:
    """退回修改须逐条写明编号意见。"""
    return None if facts.stated else Refusal("退回修改须至少写明一条意见", (), FINANCE, facts.page)


@rule(
    "YB-9.2-objections-answered",
    title="退回意见已答复",
    cites=REVIEW,
    facts=objection_facts,
    binds="act",
)
def objections_are_answered(facts: ObjectionFacts, parameters: Parameters) -> Refusal | None:
    """再次提交前，上次退回的每一条意见都须答复。"""
    if not facts.unanswered:
        return None
    numbers = "、".join(f"（{n}）" for n in facts.unanswered)
    return Refusal(
        f"退回意见{numbers}尚未答复",
        tuple((f"意见（{n}）", "未答复") for n in facts.unanswered),
        OFFICER,
        facts.page,
    )


@rule(
    "YB-9.2-answer-stated",
    title="答复写明",
    cites=REVIEW,
    facts=objection_facts,
    binds="act",
    of_form=True,
)
def answer_is_stated(facts: ObjectionFacts, parameters: Parameters) -> Refusal | None:
    """答复须有内容。"""
    return None if facts.answer.strip() else Refusal("答复没有内容", (), OFFICER, facts.page)


@rule(
    "YB-9.2-evidence-stated",
    title="凭据写明",
    cites=REVIEW,
    facts=objection_facts,
    binds="act",
    of_form=True,
)
def evidence_is_stated(facts: ObjectionFacts, parameters: Parameters) -> Refusal | None:
    """落实条件须写明凭据。"""
    return None if facts.answer.strip() else Refusal("没有写明落实凭据", (), OFFICER, facts.page)
