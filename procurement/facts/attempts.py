"""采购包的各次采购。"""

from __future__ import annotations

from dataclasses import dataclass

from core.rules import Context
from procurement.models import Tender, TenderStatus
from projects.models import Package, PackageStatus, Project

ENDED = (TenderStatus.FAILED, TenderStatus.DECIDED, TenderStatus.ABANDONED)


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


@dataclass(frozen=True)
class TouchedFacts:
    """已经动了的采购包：（包，状态），以及启动过的各次采购：（哪一次，状态）。"""

    page: str
    touched: tuple[tuple[str, str], ...]


def touched_facts(project: Project, context: Context) -> TouchedFacts:
    return TouchedFacts(page=project.get_absolute_url(), touched=touched(project))


def touched(project: Project) -> tuple[tuple[str, str], ...]:
    """失败之后退回待采购的包也动过：它的采购仍在案卷里；没有发布过就作废的不算。"""
    packages = Package.objects.current().filter(project=project)
    tenders = Tender.objects.filter(package__project=project).select_related("package")
    return (
        *((str(p), p.get_status_display()) for p in packages.exclude(status=PackageStatus.PLANNED)),
        *((str(t), t.get_status_display()) for t in tenders.exclude(status=TenderStatus.ABANDONED)),
    )
