"""预算环节的法定条件：会审、审定、批复、控制数。金额单位为分。"""

from __future__ import annotations

from budgeting.facts import (
    CeilingFacts,
    DecisionFacts,
    MeetingFacts,
    ObjectionFacts,
    ReviewFacts,
    RouteFacts,
    ceiling_facts,
    decision_facts,
    meeting_facts,
    objection_facts,
    review_facts,
    route_facts,
)
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule

REVIEW = (YUBEI.article(9, 2), PINGHU.article(15))
OFFICER, FINANCE = "经办人", "财政审核人"


@rule("YB-9.2-review-open", title="会审进行中", cites=REVIEW, facts=review_facts, binds="act")
def review_is_open(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """意见只在本轮会审进行中出具和答复。"""
    if facts.is_open:
        return None
    return Refusal("本轮会审不在进行中", (("会审状态", facts.status),), FINANCE, facts.page)


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
    binds="act", of_form=True,
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


@rule(
    "YB-9.2-decision-after-review",
    title="先审核后审定",
    cites=REVIEW,
    facts=meeting_facts,
    binds="act",
)
def decision_follows_review(facts: MeetingFacts, parameters: Parameters) -> Refusal | None:
    """审核意见形成后，方按程序报批审定。"""
    early = tuple((p, "尚未形成审核意见") for p in facts.unconcluded)
    early += tuple((p, f"审核意见形成于 {d.isoformat()}") for p, d in facts.concluded_later)
    if not early and facts.has_lines:
        return None
    shown = early or (("所列项目", "无"),)
    return Refusal(
        "审定须在审核意见形成之后" if early else "审定没有列入项目",
        (*shown, ("审定日期", facts.decided_on.isoformat())),
        FINANCE,
        facts.page,
    )


@rule("YB-9.2-decision-evidenced", title="审定有据", cites=REVIEW, facts=meeting_facts, binds="act")
def decision_is_evidenced(facts: MeetingFacts, parameters: Parameters) -> Refusal | None:
    """审定须登记会议、日期、文号，并附会议文件。"""
    parts = {"会议": facts.meeting, "文号": facts.number, "会议文件": facts.has_file}
    missing = tuple((name, "缺") for name, value in parts.items() if not value)
    return Refusal("审定登记不全", missing, "决策机构秘书", facts.page) if missing else None


@rule(
    "YB-9.2-decision-recorded", title="已登记审定", cites=REVIEW, facts=decision_facts, binds="act"
)
def decision_is_recorded(facts: DecisionFacts, parameters: Parameters) -> Refusal | None:
    """须按规定程序报批审定后，方可批复。"""
    if not facts.undecided:
        return None
    return Refusal(
        "没有登记同意的审定结论，不得批复",
        tuple((name, "未审定同意") for name in facts.undecided),
        "财政审核人、决策机构秘书",
        facts.page,
    )


@rule(
    "YB-9.2-approved-as-decided",
    title="批复与审定一致",
    cites=REVIEW,
    facts=decision_facts,
    binds="act",
)
def approval_follows_decision(facts: DecisionFacts, parameters: Parameters) -> Refusal | None:
    """批复金额不得超过审定金额。"""
    limits = [d.approved_fen for d in facts.decided if d.outcome == "approve"]
    if not limits or facts.approved_fen <= min(limits):
        return None
    shown = (("批复金额", format_yuan(facts.approved_fen)), ("审定金额", format_yuan(min(limits))))
    return Refusal("批复金额超过审定金额", shown, FINANCE, facts.page)


@rule(
    "YB-9.2-rejection-decided",
    title="不予批准有审定",
    cites=REVIEW,
    facts=decision_facts,
    binds="act",
)
def rejection_is_decided(facts: DecisionFacts, parameters: Parameters) -> Refusal | None:
    """不予批准须有审定结论为据。"""
    if facts.rejected:
        return None
    return Refusal("没有登记“不予批准”的审定结论", (), "决策机构秘书", facts.page)


@rule(
    "YB-9.2-reply-has-lines", title="批复列有项目", cites=REVIEW, facts=decision_facts, binds="act"
)
def reply_has_lines(facts: DecisionFacts, parameters: Parameters) -> Refusal | None:
    """批复须列明项目。"""
    return None if facts.projects else Refusal("批复没有列入项目", (), FINANCE, facts.page)


@rule(
    "YB-11-off-budget-route",
    title="未列预算的审议路径",
    cites=YUBEI.article(11),
    facts=route_facts,
    parameters=("YB-11-standing-committee-fen", "YB-11-party-committee-fen"),
)
def off_budget_route_is_taken(facts: RouteFacts, parameters: Parameters) -> Refusal | None:
    """未列预算的：100 万元至 2000 万元由区政府常务会议审议；2000 万元（含）以上再报区委常委会议审定。"""
    if not facts.is_off_budget:
        return None
    needed = []
    if facts.same_item_total_fen >= parameters["YB-11-standing-committee-fen"]:
        needed.append(("standing_committee", "区政府常务会议"))
    if facts.same_item_total_fen >= parameters["YB-11-party-committee-fen"]:
        needed.append(("party_committee", "区委常委会议"))
    missing = [title for code, title in needed if code not in facts.decided_by]
    if not missing:
        return None
    shown = (("同品目未列预算合计", format_yuan(facts.same_item_total_fen)),)
    return Refusal(
        f"尚缺{'、'.join(missing)}的审定",
        (*shown, *((m, "未审定") for m in missing)),
        "决策机构秘书",
        facts.page,
    )


@rule(
    "YB-11-supplement-number",
    title="追加（调剂）文号",
    cites=YUBEI.article(11),
    facts=decision_facts,
    outside="《中华人民共和国预算法》第十三条",
    binds="act",
)
def supplement_is_numbered(facts: DecisionFacts, parameters: Parameters) -> Refusal | None:
    """未列入预算的不得支出：须先有预算追加或调剂文号。"""
    if not facts.is_off_budget or facts.supplement_number.strip():
        return None
    return Refusal("未列预算的项目没有登记预算追加（调剂）文号", (), FINANCE, facts.page)


@rule(
    "YB-12-within-ceiling",
    title="控制数以内",
    cites=(YUBEI.article(12), PINGHU.article(6)),
    facts=ceiling_facts,
    binds="act",
)
def approval_is_within_ceiling(facts: CeilingFacts, parameters: Parameters) -> Refusal | None:
    """批复金额分资金来源不得超过控制数的可用余额；未下达控制数的不得批复。"""
    short = [
        line for line in facts.lines if not line.is_set or line.needed_fen > line.available_fen
    ]
    if facts.lines and not short:
        return None
    shown = []
    for line in short:
        left = format_yuan(line.available_fen) if line.is_set else "未下达控制数"
        shown += [(f"{line.fund}·需", format_yuan(line.needed_fen)), (f"{line.fund}·可用", left)]
    return Refusal("批复金额超过控制数可用余额", tuple(shown), FINANCE, facts.page)
