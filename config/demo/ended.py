"""The demonstration's ends: a case that left the way is archived, a finished one is closed."""

from __future__ import annotations

from datetime import date

from config.demo.announcing import publish_all
from config.demo.telling import Telling
from core.events import drain
from projects.models import Project, Stage
from projects.services import archive_project, close_project

ARCHIVED = date(2026, 2, 26)
CLOSED = date(2026, 2, 27)


def tell_ends(t: Telling) -> None:
    """Withdrawn cases are archived; of the finished ones one stays in 公开, the next is closed."""
    own = Project.objects.filter(purchaser__organisation__jurisdiction=t.district.jurisdiction)
    for project in own.filter(stage=Stage.WITHDRAWN, sealed_on=None):
        leader = t.actor(project.owner().short_name, "division_leader")
        archive_project(project, note="撤回后归档。", **leader.acts(ARCHIVED))
    for project in own.filter(stage=Stage.DISCLOSURE).order_by("pk")[1:2]:
        tell_closing(t, project, CLOSED)
    drain()


def tell_closing(t: Telling, project: Project, on: date) -> None:
    """Everything still to be published is published, then the case is closed and sealed."""
    place = project.owner().short_name
    publish_all(t, place, project, on)
    drain()
    leader = t.actor(place, "division_leader")
    close_project(project, note="各项公开义务均已履行。", **leader.acts(on))
