"""审定、批复与控制数的法定条件；金额单位为分。"""

from __future__ import annotations

from budgeting.facts import (
    CeilingFacts,
    ConditionFacts,
    DecisionFacts,
    MeetingFacts,
    all_conditions,
    ceiling_facts,
    condition_facts,
    decision_facts,
    meeting_facts,
)
from budgeting.rules.review import FINANCE, REVIEW
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule


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
    "YB-9.2-decided-within-request",
    title="审定不超过申请",
    cites=(YUBEI.article(9, 2), PINGHU.article(8)),
    facts=meeting_facts,
    binds="act",
)
def decision_is_within_request(facts: MeetingFacts, parameters: Parameters) -> Refusal | None:
    """审定金额不得超过申请的财政资金。"""
    if not facts.excessive:
        return None
    shown: list[tuple[str, str]] = []
    for project, approved, requested in facts.excessive:
        shown += [(f"{project}·审定", format_yuan(approved)), ("申请", format_yuan(requested))]
    return Refusal("审定金额超过申请金额", tuple(shown), "决策机构秘书", facts.page)


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
    "YB-9.2-approved-within-request",
    title="批复不超过申请",
    cites=(YUBEI.article(9, 2), PINGHU.article(8)),
    facts=decision_facts,
    binds="act",
)
def approval_is_within_request(facts: DecisionFacts, parameters: Parameters) -> Refusal | None:
    """批复金额不得超过申请的财政资金。"""
    if facts.approved_fen <= facts.requested_fen:
        return None
    shown = (
        ("批复金额", format_yuan(facts.approved_fen)),
        ("申请金额", format_yuan(facts.requested_fen)),
    )
    return Refusal("批复金额超过申请金额", shown, FINANCE, facts.page)


@rule(
    "YB-9.2-conditions-fulfilled",
    title="采购前的条件已落实",
    cites=REVIEW,
    facts=condition_facts,
    binds="act",
)
def early_conditions_are_fulfilled(facts: ConditionFacts, parameters: Parameters) -> Refusal | None:
    """附条件同意中须在采购环节前落实的条件，批复之前须经提出机构确认。"""
    if not facts.unfulfilled:
        return None
    shown = tuple((text, status) for text, status in facts.unfulfilled)
    return Refusal("采购环节前须落实的条件尚未落实", shown, "经办人、会审人", facts.page)


@rule(
    "YB-9.2-conditions-all-fulfilled",
    title="会审所附的条件都已落实",
    cites=REVIEW,
    facts=all_conditions,
    binds="act",
)
def all_conditions_are_fulfilled(facts: ConditionFacts, parameters: Parameters) -> Refusal | None:
    """附条件同意的各项条件，不论应在哪个环节落实，办结之前都须经提出机构确认。"""
    if not facts.unfulfilled:
        return None
    return Refusal("会审所附的条件尚未落实", facts.unfulfilled, "经办人、会审人", facts.page)


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
    """批复须列明项目，且都是该购买主体当年处在预算环节的项目。"""
    if not facts.projects:
        return Refusal("批复没有列入项目", (), FINANCE, facts.page)
    if not facts.misplaced:
        return None
    shown = tuple((name, "不属该购买主体、年度或不在预算环节") for name in facts.misplaced)
    return Refusal("批复列入了不该列入的项目", shown, FINANCE, facts.page)


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
    return Refusal(
        f"“{facts.project}”的批复金额超过控制数可用余额", tuple(shown), FINANCE, facts.page
    )
