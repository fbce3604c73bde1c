"""承接主体的法定条件：六项条件的审查、取消资格；以及采购包的划分和终止采购。"""

from __future__ import annotations

from datetime import date

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from procurement.facts.attempts import (
    AttemptFacts,
    TouchedFacts,
    attempt_facts,
    touched_facts,
)
from procurement.facts.provider import (
    DebarmentFacts,
    ReviewFacts,
    debarment_facts,
    review_facts,
)
from procurement.rules.preparation import OFFICER, RUNNER, SELECTION


@rule(
    "YB-6-condition-evidenced",
    title="审查有据",
    cites=(YUBEI.article(6), PINGHU.article(4)),
    facts=review_facts,
    binds="act",
    of_form=True,
)
def condition_is_evidenced(facts: ReviewFacts, parameters: Parameters) -> Refusal | None:
    """每项条件的审查写明证据和有效期；有效期起止不倒置。"""
    if not facts.evidence:
        return Refusal("没有写明证据", (("证据", "未填"),), RUNNER, facts.page)
    if facts.valid_from is None:
        return Refusal("没有写明有效期的起始日", (), RUNNER, facts.page)
    if facts.valid_until is not None and facts.valid_until < facts.valid_from:
        shown = (
            ("自", facts.valid_from.isoformat()),
            ("至", facts.valid_until.isoformat()),
        )
        return Refusal("有效期的起止日倒置", shown, RUNNER, facts.page)
    return None


@rule(
    "YB-19-penalty-decided",
    title="取消资格有处罚决定",
    cites=(YUBEI.article(19), PINGHU.article(15)),
    facts=debarment_facts,
    binds="act",
    of_form=True,
)
def debarment_follows_a_penalty(facts: DebarmentFacts, parameters: Parameters) -> Refusal | None:
    """只有弄虚作假、冒领财政资金，经有权机关作出处罚决定的，方取消资格。"""
    parts = {"处罚机关": facts.authority, "处罚决定文号": facts.decision_number}
    missing = tuple((name, "未填") for name, value in parts.items() if not value)
    if facts.decided_on is None or facts.decided_on > facts.on:
        missing += (("处罚日期", str(facts.decided_on or "未填")),)
    if not missing:
        return None
    return Refusal("没有已经作出的处罚决定", missing, "财政审核人", facts.page)


@rule(
    "YB-19-three-years",
    title="取消资格不超过年限",
    cites=(YUBEI.article(19), PINGHU.article(15)),
    facts=debarment_facts,
    parameters=("YB-19-debarment-years",),
    binds="act",
    outside="《中华人民共和国政府采购法》第七十七条",
    of_form=True,
)
def debarment_is_within_limit(facts: DebarmentFacts, parameters: Parameters) -> Refusal | None:
    """取消资格自处罚之日起，不早于处罚日，不超过规定的年限。"""
    years = parameters["YB-19-debarment-years"]
    if facts.since is None or facts.until is None or facts.decided_on is None:
        return Refusal("没有写明起止日期", (), "财政审核人", facts.page)
    latest = _years_later(facts.since, years)
    if facts.decided_on <= facts.since <= facts.until <= latest:
        return None
    shown = (
        ("处罚日", facts.decided_on.isoformat()),
        ("自", facts.since.isoformat()),
        ("至", facts.until.isoformat()),
        ("最迟", latest.isoformat()),
    )
    return Refusal(f"取消资格的起止日期不在 {years} 年之内", shown, "财政审核人", facts.page)


def _years_later(day: date, years: int) -> date:
    """若干年之后的同一日；二月二十九日没有的，为二月二十八日。"""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@rule(
    "YB-9.3-cancel-between-attempts",
    title="两次采购之间终止",
    cites=SELECTION,
    facts=attempt_facts,
    binds="act",
)
def package_is_between_attempts(facts: AttemptFacts, parameters: Parameters) -> Refusal | None:
    """没有正在进行的采购，方可终止采购并释放预留。"""
    if not facts.running:
        return None
    shown = tuple((name, status) for name, status in facts.running)
    return Refusal("还有采购正在进行，不能终止", shown, RUNNER, facts.page)


@rule(
    "YB-10-packages-untouched",
    title="采购尚未启动",
    cites=(YUBEI.article(10), PINGHU.article(4)),
    facts=touched_facts,
    binds="act",
)
def packages_are_untouched(facts: TouchedFacts, parameters: Parameters) -> Refusal | None:
    """启动过采购的（失败的也算，没有发布就作废的不算）不再划分采购包，以免化整为零。"""
    if not facts.touched:
        return None
    return Refusal("已有采购包启动采购，不能再划分", facts.touched, OFFICER, facts.page)
