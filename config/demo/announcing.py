"""Telling how notices come about: the officer looks at the draft, the head of section reviews."""

from __future__ import annotations

from datetime import date

from config.demo.telling import Telling
from core.events import drain
from disclosure.models import NoticeDraft
from disclosure.services import approve_draft, prepare_draft, send_draft
from projects.models import Project

MEDIUM = "重庆市政府采购网"
SITE = "https://www.example.gov.cn"


def drafts_of(project: Project) -> list[NoticeDraft]:
    """What still waits to be published, the oldest first."""
    rows = NoticeDraft.objects.filter(project=project).with_case().unpublished()
    return list(rows.order_by("pk"))


def publish_all(t: Telling, place: str, project: Project, on: date) -> None:
    """Every waiting draft of a project is looked at, sent, reviewed and published on one day."""
    drain()
    for draft in drafts_of(project):
        send(t, place, draft, on)
        approve(t, place, draft, on)


def send(
    t: Telling, place: str, draft: NoticeDraft, on: date, withheld: dict[str, str] | None = None
) -> None:
    """The officer registers the medium where the act did not, withholds, and sends."""
    officer = t.actor(place, "officer")
    if withheld or not draft.is_dated or not draft.medium:
        prepare_draft(
            draft,
            medium=draft.medium or MEDIUM,
            address=draft.address or f"{SITE}/{draft.kind}/{draft.pk}.html",
            published_on=on,
            withheld=withheld,
            **officer.acts(on),
        )
    send_draft(draft, **officer.acts(on))


def approve(t: Telling, place: str, draft: NoticeDraft, on: date) -> None:
    approve_draft(draft, **t.actor(place, "section_head").acts(on))
