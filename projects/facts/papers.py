"""随申报上传的附件：每种以最近一份为准。"""

from __future__ import annotations

from core.attachments import Attachment
from core.history.values import reference
from projects.models import Paper, Project


def purpose_of(kind: str) -> str:
    """附件登记的用途。"""
    return f"申报附件：{Paper(kind).label}"


def papers_of(project: Project) -> dict[str, Attachment]:
    """各种附件最近的一份；没有的不在其中。"""
    kinds = {purpose_of(kind): str(kind) for kind in Paper}
    rows = Attachment.objects.filter(subject=reference(project), purpose__in=kinds).order_by("pk")
    return {kinds[row.purpose]: row for row in rows}
