"""一个采购包的各次采购。"""

from __future__ import annotations

from dataclasses import dataclass

from core.rules import Context
from procurement.models import Tender, TenderStatus
from projects.models import Package

ENDED = (TenderStatus.FAILED, TenderStatus.DECIDED)


@dataclass(frozen=True)
class AttemptFacts:
    """还在进行的采购：（哪一次，状态）。"""

    page: str
    running: tuple[tuple[str, str], ...]


def attempt_facts(package: Package, context: Context) -> AttemptFacts:
    rows = Tender.objects.filter(package=package).exclude(status__in=ENDED)
    return AttemptFacts(
        page=package.project.get_absolute_url(),
        running=tuple((f"第 {t.attempt} 次采购", t.get_status_display()) for t in rows),
    )
