"""内部签批与领导小组。"""

from __future__ import annotations

from accounts.roles import Role
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import (
    ConfirmedFacts,
    FilingFacts,
    MetFacts,
    PaperFacts,
    PointsFacts,
    SigningFacts,
    confirmed_facts,
    filing_facts,
    met_facts,
    paper_facts,
    points_facts,
    signing_facts,
)
from projects.models import DONE_SIGNING, SignatureStatus
from projects.rules.scope import OFFICER


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
        if s.status not in DONE_SIGNING
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
    parameters=("PH-15-minutes-as-text",),
)
def leading_group_has_decided(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """项目须经支出领导小组立项审批：领导小组会议同意立项；早先的，以登记的会议纪要为凭。"""
    signed = any(
        s.role == Role.LEADING_GROUP and s.status == SignatureStatus.SIGNED
        for s in facts.signatures
    )
    as_text = parameters["PH-15-minutes-as-text"] and facts.leading_group_minutes.strip()
    if signed and (facts.group_approved or as_text):
        return None
    shown = (
        ("领导小组签批", "已签" if signed else "未签"),
        ("同意立项的会议", "已登记" if facts.group_approved else "未登记"),
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
    """内部监督：经办人（填报过、修改过的人）不得签批自己经办的项目，由人代理或代理他人也不行。"""
    if not facts.is_officer:
        return None
    shown = (("经办人", facts.officer), ("签批人", facts.signer))
    return Refusal("不得签批自己经办的项目", shown, "本单位其他负责人", facts.page)


@rule(
    "YB-18-signs-one-step",
    title="一人只签一步",
    cites=(YUBEI.article(18), PINGHU.article(11)),
    facts=signing_facts,
    binds="act",
)
def signer_signs_one_step(facts: SigningFacts, parameters: Parameters) -> Refusal | None:
    """内部监督：一轮签批中，一人只签一步；兼任两岗、代理他人的，不得接连签署。"""
    if not facts.own_steps:
        return None
    shown = (("签批人", facts.signer), ("已签", "、".join(facts.own_steps)))
    return Refusal("本轮已签过另一步，不得一人签两步", shown, "本单位其他负责人", facts.page)


@rule(
    "PH-11-points-answered",
    title="签批退回意见已答复",
    cites=(PINGHU.article(11), YUBEI.article(18)),
    facts=points_facts,
    binds="act",
)
def points_are_answered(facts: PointsFacts, parameters: Parameters) -> Refusal | None:
    """签批退回的意见须逐条答复，再继续签批和提交。"""
    if not facts.unanswered:
        return None
    return Refusal("签批退回的意见还没有逐条答复", facts.unanswered, OFFICER, facts.page)


@rule(
    "YB-18-signatures-confirmed",
    title="签批经本人确认",
    cites=(YUBEI.article(18), PINGHU.article(11)),
    facts=confirmed_facts,
    binds="act",
)
def signatures_are_confirmed(facts: ConfirmedFacts, parameters: Parameters) -> Refusal | None:
    """纸质签署须经本人确认，方可形成审核意见和批复。"""
    if not facts.unconfirmed:
        return None
    names = "、".join(name for name, _ in facts.unconfirmed)
    return Refusal("内部签批尚未经本人签署或确认", facts.unconfirmed, names, facts.page)


@rule(
    "YB-18-paper-names-holder",
    title="纸质签署人任此岗位",
    cites=(YUBEI.article(18), PINGHU.article(11)),
    facts=paper_facts,
    binds="act",
    of_form=True,
)
def paper_names_the_holder(facts: PaperFacts, parameters: Parameters) -> Refusal | None:
    """所登记的签署人在签署日须任这一岗位，不是经办人，本轮没有签过另一步；日期在送签之后。"""
    shown: list[tuple[str, str]] = []
    if facts.role == Role.LEADING_GROUP:
        shown.append(("领导小组", "以登记会议办理，不以纸质签署代替"))
    if not facts.holds_post:
        shown.append((facts.named, "签署日不任这一岗位"))
    if facts.is_officer:
        shown.append((facts.named, "是本项目的经办人"))
    if facts.own_steps:
        shown.append((facts.named, f"本轮已签{'、'.join(facts.own_steps)}"))
    if facts.signed_on is None or not facts.opened_on <= facts.signed_on <= facts.on:
        shown.append(("签署日", f"须在送签日 {facts.opened_on} 至今天之间"))
    return Refusal("纸质签署不能登记", tuple(shown), OFFICER, facts.page) if shown else None


@rule(
    "YB-18-confirmed-in-person",
    title="本人确认",
    cites=(YUBEI.article(18), PINGHU.article(11)),
    facts=paper_facts,
    binds="act",
)
def paper_is_confirmed_in_person(facts: PaperFacts, parameters: Parameters) -> Refusal | None:
    """纸质签署只能由所登记的签署人本人确认或者否认，代理人不行。"""
    if facts.is_in_person:
        return None
    return Refusal("须由签署人本人办理", (("登记的签署人", facts.named),), facts.named, facts.page)


@rule(
    "PH-15-group-has-met",
    title="领导小组开会审议",
    cites=(PINGHU.article(15), YUBEI.article(4, 3)),
    facts=met_facts,
    parameters=("PH-15-minutes-as-text",),
)
def leading_group_has_met(facts: MetFacts, parameters: Parameters) -> Refusal | None:
    """领导小组的一步以登记会议办理：会议同意立项，方算签批。"""
    if not facts.is_group or facts.has_approved or parameters["PH-15-minutes-as-text"]:
        return None
    return Refusal("没有登记同意立项的领导小组会议", (), "领导小组秘书", facts.page)
