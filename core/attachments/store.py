"""Content-addressed storage of files under `MINGGOU_FILES`."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def put(data: bytes) -> str:
    """Store bytes once; returns their SHA-256, hex. Durable before the row that names them."""
    digest = digest_of(data)
    target = path_of(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as temporary:
            temporary.write(data)
            temporary.flush()
            os.fsync(temporary.fileno())
        Path(name).replace(target)
    return digest


def digest_of(data: bytes) -> str:
    """The address those bytes have, stored or not."""
    return hashlib.sha256(data).hexdigest()


def path_of(digest: str) -> Path:
    return Path(settings.MINGGOU_FILES) / digest[:2] / digest[2:4] / digest


def get(digest: str) -> bytes:
    """The stored bytes; raises `FileNotFoundError`."""
    return path_of(digest).read_bytes()


def is_intact(digest: str) -> bool:
    """Whether the stored bytes still have their digest."""
    path = path_of(digest)
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def workfile() -> Path:
    """A new empty file beside the stored ones, for content too large to hold in memory."""
    root = Path(settings.MINGGOU_FILES)
    root.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root, prefix="work-")
    os.close(handle)
    return Path(name)


def put_file(path: Path) -> str:
    """Move a finished file into the store; returns its SHA-256, hex."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        os.fsync(content.fileno())
    target = path_of(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    return digest
