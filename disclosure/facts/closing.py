"""办结所问的事实：项目的公开义务。"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from core.rules import Context
from disclosure.models import DisclosureDuty, DutyStatus, NoticeDraft
from projects.models import Project


@dataclass(frozen=True)
class ClosingDuties:
    """办结前的公开：批复过没有，开立了几项义务，还有哪几项义务、哪几份更正公告没有公开。"""

    page: str
    is_approved: bool
    opened: int
    open: tuple[tuple[str, str], ...]


def closing_duties(project: Project, context: Context) -> ClosingDuties:
    duties = list(DisclosureDuty.objects.filter(project=project))
    corrections = NoticeDraft.objects.filter(project=project, duty=None).unpublished()
    return ClosingDuties(
        page=reverse("disclosure:case", args=[project.pk]),
        is_approved=project.approved_fen is not None,
        opened=len(duties),
        open=(
            *((d.matter, d.get_status_display()) for d in duties if d.status == DutyStatus.OPEN),
            *((str(draft), draft.get_status_display()) for draft in corrections),
        ),
    )
