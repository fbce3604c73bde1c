"""Downloads: attachments and documents, only to those who see what they belong to."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.attachments import Attachment, store
from core.documents.models import Document, RenderState
from core.history.values import referenced_pk
from core.navigation.registry import registry


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """One attachment, always as a download."""
    row = get_object_or_404(Attachment, pk=pk)
    _require_visible(request.user, row.subject)
    return _download(row.sha256, row.name, row.media_type, inline=False)


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document of record as PDF; 404 until the worker has rendered it."""
    row = get_object_or_404(Document, pk=pk)
    _require_visible(request.user, row.subject)
    if row.state != RenderState.READY:
        raise Http404
    return _download(row.sha256, f"{row.number or row.title}.pdf", "application/pdf", inline=True)


def _require_visible(user: Any, subject: str) -> None:
    label = subject.partition(":")[0]
    visible = registry.files.get(label)
    if visible is None or visible(user, referenced_pk(subject)) is None:
        raise Http404


def _download(digest: str, name: str, media_type: str, *, inline: bool) -> HttpResponse:
    response = HttpResponse(store.get(digest), content_type=media_type)
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
