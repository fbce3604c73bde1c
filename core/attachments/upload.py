"""Taking in a file: size, name, and what the bytes really are."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Protocol

from django.db import models

from accounts.models import User
from core.attachments import store
from core.attachments.models import Attachment
from core.history.values import reference
from core.history.writer import Changes

LARGEST = 20 * 1024 * 1024
KINDS: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03"),
}
ALLOWED = "PDF、PNG、JPG、DOCX、XLSX"


class UploadRefused(ValueError):
    """The file is not taken; `status` is the HTTP status a door answers (413 or 415)."""

    def __init__(self, message: str, status: int) -> None:
        self.status = status
        super().__init__(message)


class Uploaded(Protocol):
    name: str | None
    size: int | None

    def read(self) -> bytes: ...


def checked_upload(upload: Uploaded) -> tuple[str, str, bytes]:
    """Name, media type and bytes of an acceptable file; raises `UploadRefused`."""
    name = re.sub(r"[\x00-\x1f\x7f/\\]", "", upload.name or "").strip()[-180:]
    if (upload.size or 0) > LARGEST:
        raise UploadRefused(f"文件“{name}”超过 20 MB，没有保存。请压缩或拆分后再上传。", 413)
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix not in KINDS:
        raise UploadRefused(f"文件“{name}”的类型不收，只收 {ALLOWED}，没有保存。", 415)
    media_type, magic = KINDS[suffix]
    data = upload.read()
    if not data.startswith(magic) or not _is_office(suffix, data):
        raise UploadRefused(f"文件“{name}”的内容与扩展名不符，没有保存。请上传原始文件。", 415)
    return name, media_type, data


def _is_office(suffix: str, data: bytes) -> bool:
    """Whether a .docx or .xlsx really holds what it says; other types are known by their magic."""
    part = {".docx": "word/", ".xlsx": "xl/"}.get(suffix)
    if part is None:
        return True
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return False
    return "[Content_Types].xml" in names and any(name.startswith(part) for name in names)


def attach(
    changes: Changes,
    upload: tuple[str, str, bytes],
    *,
    to: models.Model,
    purpose: str,
    by: User,
    on: date,
) -> Attachment:
    """Store a checked file and record its row inside an open change."""
    name, media_type, data = upload
    return changes.create(
        Attachment(
            subject=reference(to),
            purpose=purpose,
            name=name,
            media_type=media_type,
            size=len(data),
            sha256=store.put(data),
            uploaded_by=by,
            uploaded_on=on,
        )
    )
