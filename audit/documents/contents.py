"""案卷里有什么：目录页、说明、冻结的版本、附件与文书。事件和证明由 `core.history.bundle` 给出。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.template.loader import render_to_string

from accounts.recording import COVERED
from core.attachments import store
from core.history.bundle import Evidence
from core.history.canonical import canonical_bytes
from core.history.values import row_values
from core.history.verifier import script_bytes

FORMAT = "minggou-dossier-1"
ATTACHMENT, DOCUMENT = "core.attachment", "core.document"


@dataclass(frozen=True)
class StoredFile:
    """案卷中的一份附件或文书：名称、用途、摘要，在案卷中的位置。"""

    name: str
    kind: str
    sha256: str
    path: str
    is_present: bool


@dataclass(frozen=True)
class FrozenRow:
    """一行只增不改的数据：申报版本、支付、公告等。"""

    title: str
    path: str
    content: bytes


def files_of(found: Evidence) -> list[StoredFile]:
    """事件提到的各份附件和已生成的文书；同样的内容只放一份。"""
    listed = []
    for (label, _), row in sorted(found.rows.items()):
        if label not in (ATTACHMENT, DOCUMENT) or not row["sha256"]:
            continue
        is_document = label == DOCUMENT
        name = f"{row['title']}.pdf" if is_document else row["name"]
        listed.append(
            StoredFile(
                name=name,
                kind="文书" if is_document else row["purpose"],
                sha256=row["sha256"],
                path=f"files/{row['sha256']}{_suffix(name)}",
                is_present=store.path_of(row["sha256"]).exists(),
            )
        )
    first = {each.sha256: each for each in reversed(listed)}
    return [StoredFile(**vars(f) | {"path": first[f.sha256].path}) for f in listed]


def _suffix(name: str) -> str:
    found = re.search(r"\.[a-z0-9]{1,8}$", name.lower())
    return found[0] if found else ""


def frozen_labels() -> list[str]:
    """哪些模型的行一经写入即不再改。"""
    return sorted(c.model._meta.label_lower for c in COVERED.values() if c.is_append_only)


def versions_of(found: Evidence) -> list[FrozenRow]:
    """冻结的各行，取自数据表：与事件不符的，核验时自会查出。"""
    frozen = set(frozen_labels())
    rows = []
    for label, pk in sorted(key for key in found.rows if key[0] in frozen):
        model = apps.get_model(label)
        row = model._base_manager.filter(pk=pk).first()
        if row is not None:
            content = canonical_bytes(row_values(row))
            title = f"{model._meta.verbose_name} {pk}"
            rows.append(FrozenRow(title, f"versions/{label}-{pk}.json", content))
    return rows


def description(found: Evidence) -> dict[str, Any]:
    """dossier.json：这是哪个项目的案卷、到哪个检查点、有哪些事件。"""
    label, _, pk = found.stream.rpartition(":")
    project = found.rows[label, int(pk)]
    return {
        "format": FORMAT,
        "origin": found.checkpoint.note.partition("\n")[0],
        "stream": found.stream,
        "number": project["number"],
        "name": project["name"],
        "checkpoint": found.size,
        "events": found.sequence,
        "sealed": found.is_sealed,
        "personal": found.with_personal,
        "versions": frozen_labels(),
    }


def pages(found: Evidence, about: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """给人看的三份：目录与经过、说明、核验程序。"""
    context = {
        "about": about,
        "note": found.checkpoint.note,
        "events": list(found.views()),
        "files": files_of(found),
        "versions": versions_of(found),
    }
    yield "index.html", render_to_string("audit/dossier_index.html", context).encode()
    yield "README.txt", render_to_string("audit/dossier_readme.txt", context).encode()
    yield "verify.py", script_bytes()
