"""把案卷装成 ZIP：只存不压，时间固定，次序固定；同一案卷、同一检查点，字节相同。"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path
from typing import Any

from audit.documents.contents import description, files_of, pages, versions_of
from core.attachments import store
from core.history.bundle import Evidence
from core.history.canonical import canonical_bytes

MOMENT = (1980, 1, 1, 0, 0, 0)


class Binder:
    """往 ZIP 里放文件，一边放一边记清单。"""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._listed: dict[str, dict[str, Any]] = {}

    def add(self, name: str, content: bytes) -> None:
        self._archive.writestr(_entry(name), content)
        digest = hashlib.sha256(content).hexdigest()
        self._listed[name] = {"sha256": digest, "size": len(content)}

    def add_file(self, name: str, path: Path) -> None:
        """大文件一段一段地放，不整份读进内存。"""
        entry = _entry(name)
        entry.file_size = path.stat().st_size
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            content.seek(0)
            with self._archive.open(entry, "w") as member:
                shutil.copyfileobj(content, member, 1 << 20)
        self._listed[name] = {"sha256": digest, "size": entry.file_size}

    def finish(self) -> None:
        self._archive.writestr(_entry("manifest.json"), canonical_bytes({"files": self._listed}))


def write_dossier(found: Evidence, path: Path) -> None:
    """写成一个 ZIP。`path` 是空的工作文件。"""
    about = description(found)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        binder = Binder(archive)
        for part, content in pages(found, about):
            binder.add(part, content)
        binder.add("dossier.json", canonical_bytes(about))
        for part, content in found.parts():
            binder.add(part, content)
        for version in versions_of(found):
            binder.add(version.path, version.content)
        for part, digest in sorted({f.path: f.sha256 for f in files_of(found)}.items()):
            if store.path_of(digest).exists():
                binder.add_file(part, store.path_of(digest))
        binder.finish()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry
