"""Signed tree heads: Ed25519 over size, both roots and the log's origin."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.history.log import instant
from core.history.merkle import CompactRange, leaf_hash
from core.history.models import Checkpoint, HistoryEvent

_followers: list[Callable[[], object]] = []


class LogDamaged(RuntimeError):
    """The stored rows do not give the stored leaves: nothing may be signed."""


def follow_checkpoints(follower: Callable[[], object]) -> None:
    """Register a function called in the transaction in which a checkpoint is signed."""
    if follower not in _followers:
        _followers.append(follower)


def sign_checkpoint() -> Checkpoint | None:
    """Sign the present tree head if the log grew; the rows are re-read and recomputed first.

    Returns None when nothing was appended since the last one. Raises `LogDamaged`.
    """
    with transaction.atomic(), closing(_events()) as events:
        last = Checkpoint.objects.last()
        size, roots = recompute_roots(events, last)
        if size == 0 or (last is not None and last.size >= size):
            return None
        moment = timezone.now()
        text = statement(size, roots, instant(moment))
        signature = base64.b64encode(signing_key().sign(text.encode())).decode()
        checkpoint = Checkpoint(
            size=size,
            root_sha256=roots["sha256"],
            root_sm3=roots["sm3"],
            signed_at=moment,
            note=f"{text}\n{public_key_text()} {signature}\n",
        )
        checkpoint.save(force_insert=True)
        for follower in _followers:
            follower()
        return checkpoint


def _events() -> Generator[HistoryEvent, None, None]:
    """The whole log in order. Close it inside its transaction: the cursor ends with that."""
    yield from HistoryEvent.objects.order_by("seq").iterator()


def recompute_roots(
    events: Iterable[HistoryEvent], last: Checkpoint | None = None
) -> tuple[int, dict[str, str]]:
    """Size and hex roots of both trees, from the bodies.

    Raises `LogDamaged` on a bad leaf, or where the log up to `last` no longer gives its roots.
    """
    trees = {"sha256": CompactRange("sha256"), "sm3": CompactRange("sm3")}
    size = 0
    for event in events:
        size += 1
        for name, tree in trees.items():
            leaf = leaf_hash(event.body.encode("utf-8"), name)
            if leaf.hex() != getattr(event, f"leaf_{name}"):
                raise LogDamaged(f"第 {event.seq} 条历史事件的叶值与正文不符，已停止签署。")
            tree.append(leaf)
        if last is not None and size == last.size:
            _require_same_prefix(trees, last)
    return size, {name: tree.root().hex() for name, tree in trees.items()}


def _require_same_prefix(trees: dict[str, CompactRange], last: Checkpoint) -> None:
    if (trees["sha256"].root().hex(), trees["sm3"].root().hex()) != (
        last.root_sha256,
        last.root_sm3,
    ):
        raise LogDamaged(f"日志前 {last.size} 条与已签署的检查点不符，已停止签署。")


def statement(size: int, roots: dict[str, str], moment: str) -> str:
    """The signed text: origin, size, both roots, time; one per line."""
    return "\n".join(
        [
            settings.HISTORY_ORIGIN,
            str(size),
            f"sha256 {roots['sha256']}",
            f"sm3 {roots['sm3']}",
            moment,
        ]
    )


def signature_is_valid(checkpoint: Checkpoint) -> bool:
    """Whether the note is our key's signature over exactly the columns of the row."""
    roots = {"sha256": checkpoint.root_sha256, "sm3": checkpoint.root_sm3}
    text = statement(checkpoint.size, roots, instant(checkpoint.signed_at))
    signature = checkpoint.note.rstrip("\n").rpartition(" ")[2]
    try:
        raw = base64.b64decode(signature, validate=True)
        if checkpoint.note != _note(text, raw):
            return False
        signing_key().public_key().verify(raw, text.encode())
    except (InvalidSignature, LogDamaged, ValueError):
        return False
    return True


def _note(text: str, signature: bytes) -> str:
    return f"{text}\n{public_key_text()} {base64.b64encode(signature).decode()}\n"


def public_key_text() -> str:
    raw = signing_key().public_key().public_bytes(pem.Encoding.Raw, pem.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def signing_key() -> Ed25519PrivateKey:
    """The log's key from `HISTORY_KEY_FILE`; made on first use with mode 0600."""
    path = Path(settings.HISTORY_KEY_FILE)
    if not path.exists():
        if Checkpoint.objects.exists():
            raise LogDamaged("签名密钥文件缺失，而已有签署过的检查点；请恢复密钥文件。")
        _make_key(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("HISTORY_KEY_FILE does not hold an Ed25519 key")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = Ed25519PrivateKey.generate().private_bytes(
        pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(data)
