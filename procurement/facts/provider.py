"""承接主体规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.rules import Context
from procurement.models import Provider


@dataclass(frozen=True)
class ReviewFacts:
    """一项条件的审查。"""

    page: str
    is_met: bool
    evidence: str
    valid_from: date | None
    valid_until: date | None


def review_facts(provider: Provider, context: Context) -> ReviewFacts:
    data = context.data
    return ReviewFacts(
        page=provider.get_absolute_url(),
        is_met=bool(data.get("is_met")),
        evidence=str(data.get("evidence") or "").strip(),
        valid_from=data.get("valid_from"),
        valid_until=data.get("valid_until"),
    )


@dataclass(frozen=True)
class DebarmentFacts:
    """取消资格：处罚决定与起止日期。"""

    page: str
    authority: str
    decision_number: str
    decided_on: date | None
    since: date | None
    until: date | None
    on: date


def debarment_facts(provider: Provider, context: Context) -> DebarmentFacts:
    data = context.data
    return DebarmentFacts(
        page=provider.get_absolute_url(),
        authority=str(data.get("authority") or "").strip(),
        decision_number=str(data.get("decision_number") or "").strip(),
        decided_on=data.get("decided_on"),
        since=data.get("since"),
        until=data.get("until"),
        on=context.on,
    )
