"""内部签批与领导小组。"""

from __future__ import annotations

from accounts.roles import Role
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import (
    FilingFacts,
    SigningFacts,
    filing_facts,
    signing_facts,
)
from projects.models import SignatureStatus


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
