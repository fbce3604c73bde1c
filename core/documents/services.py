"""Asking for a document inside an act, and rendering what was asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from accounts.models import RoleAssignment, User
from core.attachments import store
from core.documents.models import Document, RenderState
from core.documents.rendering import RendererMissing, render_pdf
from core.events.delivery import on as on_event
from core.events.models import OutboxEvent
from core.history.values import reference, referenced_pk
from core.history.writer import change

REQUESTED = "core.document.requested"


def request_document(
    *,
    kind: str,
    subject: models.Model,
    stream: str,
    title: str,
    number: str,
    context: dict[str, Any],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> Document:
    """Queue a document in the open transaction; the worker renders it after commit."""
    with change(
        title=f"形成文书：{title}",
        act=REQUESTED,
        by=by,
        acting_as=acting_as,
        on=on,
        stream=stream,
        announce=REQUESTED,
    ) as changes:
        return changes.create(
            Document(
                kind=kind,
                subject=reference(subject),
                title=title,
                number=number,
                context=context,
                made_on=on,
            )
        )


def documents_of(subject: models.Model) -> models.QuerySet[Document]:
    return Document.objects.filter(subject=reference(subject))


@on_event(REQUESTED)
def render_requested(event: OutboxEvent) -> None:
    """Render one queued document; doing it again changes nothing."""
    render_document(Document.objects.get(pk=referenced_pk(event.subject)), on=event.effective_on)


def render_document(document: Document, *, on: date) -> Document:
    """Render, store by content and freeze the digest; a missing engine is noted, to be retried."""
    if document.state == RenderState.READY:
        return document
    try:
        pdf = render_pdf(document.kind, document.context | {"record_id": document.pk})
        values = {"state": RenderState.READY, "sha256": store.put(pdf), "problem": ""}
    except RendererMissing as missing:
        values = {"state": RenderState.FAILED, "problem": str(missing)}
    with change(
        title="生成文书",
        act="core.document.render",
        by=None,
        on=on,
        subject=document,
        stream=_stream_of(document),
    ) as changes:
        return changes.update(document, **values)


def retry_failed(*, on: date) -> int:
    """Render again what failed for want of the engine; returns how many are ready now."""
    failed = Document.objects.filter(state=RenderState.FAILED)
    return sum(render_document(d, on=on).state == RenderState.READY for d in failed)


def _stream_of(document: Document) -> str:
    return OutboxEvent.objects.get(name=REQUESTED, subject=reference(document)).stream
