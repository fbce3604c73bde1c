"""采购包规则所问的事实；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass

from core.rules import Context
from projects.models import (
    REACHED,
    SEVEN_STAGES,
    CaseDocument,
    Package,
    PackageStatus,
    Project,
    Stage,
)


def current_packages(project: Project) -> list[Package]:
    """项目现在的采购包，按包号。"""
    return list(Package.objects.current().filter(project=project))


@dataclass(frozen=True)
class PackageFacts:
    """划分采购包：拟分各包的预算、批复金额（核减过的，为核减之后）。"""

    page: str
    approved_fen: int
    budgets: tuple[tuple[str, int], ...]


def package_facts(subject: Project | CaseDocument, context: Context) -> PackageFacts:
    """`context.data["packages"]` 是拟分的各包；没有时按现有的包。"""
    project = subject.case()
    planned = context.data.get("packages")
    budgets = (
        tuple((str(p["name"]), int(p["budget_fen"])) for p in planned)
        if planned is not None
        else tuple((p.name, p.budget_fen) for p in current_packages(project))
    )
    return PackageFacts(
        page=project.get_absolute_url(),
        approved_fen=(project.approved_fen or 0) - project.cut_fen,
        budgets=budgets,
    )


@dataclass(frozen=True)
class ProgressFacts:
    """各采购包到了哪里：（包，状态，到达的环节）；已终止采购的不计。

    `behind` 还没有越过项目所在的环节，`fallen_back` 落在项目所在的环节之前。
    """

    page: str
    stage: str
    packages: tuple[tuple[str, str, str], ...]
    behind: tuple[tuple[str, str], ...]
    fallen_back: tuple[tuple[str, str], ...]


def progress_facts(project: Project, context: Context) -> ProgressFacts:
    live = [p for p in current_packages(project) if p.status != PackageStatus.CANCELLED]
    here = SEVEN_STAGES.index(Stage(project.stage))
    return ProgressFacts(
        page=project.get_absolute_url(),
        stage=project.stage,
        packages=tuple((str(p), p.status, REACHED[p.status].value) for p in live),
        behind=tuple((str(p), p.get_status_display()) for p in live if _reached(p) <= here),
        fallen_back=tuple((str(p), p.get_status_display()) for p in live if _reached(p) < here),
    )


def _reached(package: Package) -> int:
    return SEVEN_STAGES.index(REACHED[package.status])
