"""同一单位、同一年度、同一品目的项目：核对是否化整为零。"""

from __future__ import annotations

from dataclasses import dataclass

from core.money import format_yuan
from core.rules import Context
from projects.models import Project, Stage

LEFT = (Stage.WITHDRAWN, Stage.REJECTED)


@dataclass(frozen=True)
class SplittingFacts:
    """金额单位为分；合计含本项目，`others` 是其余各项目的编号、名称、提交日与金额。"""

    page: str
    item: str
    same_item_count: int
    same_item_total_fen: int
    own_total_fen: int
    proposed_method: str
    reason: str
    others: tuple[tuple[str, str], ...]


def splitting_facts(project: Project, context: Context) -> SplittingFacts:
    same = Project.objects.filter(
        purchaser=project.purchaser_id,
        year=project.year,
        catalogue_item__code=project.catalogue_item.code if project.catalogue_item else "",
    ).exclude(stage__in=LEFT)
    rows = list(same.order_by("pk"))
    return SplittingFacts(
        page=project.get_absolute_url(),
        item=str(project.catalogue_item or ""),
        same_item_count=len(rows),
        same_item_total_fen=sum(row.total_fen for row in rows),
        own_total_fen=project.total_fen,
        proposed_method=project.proposed_method,
        reason=project.splitting_reason,
        others=tuple(_listed(row) for row in rows if row.pk != project.pk),
    )


def _listed(project: Project) -> tuple[str, str]:
    day = project.first_filed_on
    filed = f"{day.isoformat()} 提交" if day else "尚未提交"
    return f"{project.number} {project.name}", f"{format_yuan(project.total_fen)}（{filed}）"
