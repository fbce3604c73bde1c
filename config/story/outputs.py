"""What a story leaves behind: documents and notices as files in one folder."""

from __future__ import annotations

import re
from pathlib import Path

from audit.models import Dossier, JobState
from config.story.scene import Scene
from core.attachments import store
from core.documents.models import Document, RenderState
from disclosure.models import PublishedNotice, PublishedRelease

_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


def write_outputs(scene: Scene, into: Path) -> list[str]:
    """Write every output of the purchase; a line a kind, saying how many lie where."""
    kinds = (
        ("PDF 文书", "pdf", _documents()),
        ("公告数据文件", "notices", _notices(scene)),
        ("OCDS 发布件", "ocds", _releases(scene)),
        ("案卷", "dossier", _dossiers(scene)),
    )
    return [
        f"{title}：{_write(into / folder, files)} 份，在 {into / folder}"
        for title, folder, files in kinds
    ]


def _write(folder: Path, files: list[tuple[str, bytes]]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files:
        (folder / name).write_bytes(content)
    return len(files)


def _documents() -> list[tuple[str, bytes]]:
    ready = Document.objects.filter(state=RenderState.READY).order_by("pk")
    return [
        (f"{at:02d}-{_safe(row.title)}.pdf", store.get(row.sha256))
        for at, row in enumerate(ready, 1)
    ]


def _notices(scene: Scene) -> list[tuple[str, bytes]]:
    rows = PublishedNotice.objects.filter(project_number=scene.project.number).order_by("pk")
    return [(f"{_safe(row.number)}.json", row.sealed()) for row in rows]


def _releases(scene: Scene) -> list[tuple[str, bytes]]:
    rows = PublishedRelease.objects.filter(project_number=scene.project.number).order_by("date")
    return [(f"{_safe(row.release_id)}.json", row.content.encode()) for row in rows]


def _dossiers(scene: Scene) -> list[tuple[str, bytes]]:
    rows = Dossier.objects.filter(project=scene.project, state=JobState.DONE).order_by("pk")
    return [(f"{_safe(row.project.number)}-{row.pk}.zip", store.get(row.sha256)) for row in rows]


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)[:80]
