"""A small dossier made without a database, for tests that change it in every way."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.history.canonical import canonical_bytes
from core.history.merkle import ALGORITHMS, consistency_path, inclusion_path, leaf_hash, root_of
from core.history.values import salted_digest
from core.history.verifier import script_bytes

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN, STREAM = "test.example/log", "projects.project:7"
FILE = b"%PDF-1.7 minutes"
SALT = "5a" * 16
Parts = dict[str, bytes]


class Log:
    """A log of several streams, and the dossier of one of them."""

    def __init__(self, key: Ed25519PrivateKey = KEY, name: str = "平台运维") -> None:
        self.key, self.bodies = key, []
        self._previous: dict[str, str] = {}
        self.older: list[int] = []
        self.is_sealed = False
        self.add("accounts.user:1", [])
        project = {"number": "SF-2026-0001", "name": name, "stage": "filing"}
        self.add(STREAM, [created("projects.project", 7, project)])
        self.add("accounts.user:2", [])
        self.older.append(len(self.bodies))
        kept = {"sha256": hashlib.sha256(FILE).hexdigest(), "name": "纪要.pdf", "purpose": "会议"}
        self.add(STREAM, [created("core.attachment", 3, kept)])
        frozen = {"content": {"total_fen": 186_000_000}, "round_number": 1}
        self.add(STREAM, [created("projects.projectversion", 4, frozen)])
        person = {"mobile": {"digest": salted_digest(SALT, "13900001111")}}
        self.add(STREAM, [created("performance.expert", 5, person)])
        self.add("accounts.user:1", [])

    def add(self, stream: str, changes: list[dict[str, Any]], **more: Any) -> int:
        seq = len(self.bodies) + 1
        body = {
            "format": 1, "origin": ORIGIN, "seq": seq, "kind": "change", "act": "x",
            "title": "办理", "stream": stream, "changes": changes,
            "previous": self._previous.get(stream, ""), **more,
        }  # fmt: skip
        self.bodies.append(canonical_bytes(body))
        self._previous[stream] = leaf_hash(self.bodies[-1]).hex()
        return seq

    def seal(self, **wrong: Any) -> None:
        own = self.own()
        leaves = {n: [leaf_hash(self.bodies[s - 1], n) for s in own] for n in ALGORITHMS}
        seal: dict[str, Any] = {"events": len(own), "first": own[0], "last": own[-1]}
        seal |= {name: root_of(each, name).hex() for name, each in leaves.items()}
        self.add(STREAM, [], kind="seal", seal=seal | wrong)
        self.is_sealed = True

    def own(self) -> list[int]:
        mark = f'"stream":"{STREAM}"'.encode()
        return [seq for seq, body in enumerate(self.bodies, 1) if mark in body]

    def leaves(self, algorithm: str, size: int = 0) -> list[bytes]:
        return [leaf_hash(body, algorithm) for body in self.bodies[: size or len(self.bodies)]]

    def note(self, size: int = 0) -> bytes:
        size = size or len(self.bodies)
        roots = {name: root_of(self.leaves(name, size), name).hex() for name in ALGORITHMS}
        moment = "2026-04-10T08:00:00.000000Z"
        text = f"{ORIGIN}\n{size}\nsha256 {roots['sha256']}\nsm3 {roots['sm3']}\n{moment}"
        return f"{text}\n{public(self.key)} {_b64(self.key.sign(text.encode()))}\n".encode()

    def parts(self) -> Parts:
        size, own = len(self.bodies), self.own()
        about = {
            "format": "minggou-dossier-1", "origin": ORIGIN, "stream": STREAM, "checkpoint": size,
            "number": "SF-2026-0001", "name": "平台运维", "events": own, "sealed": self.is_sealed,
            "personal": True, "versions": ["projects.projectversion"],
        }  # fmt: skip
        found = {
            "README.txt": b"x", "index.html": b"x", "verify.py": script_bytes(),
            "dossier.json": canonical_bytes(about), "checkpoint.txt": self.note(),
            "public-key.txt": f"{public(self.key)}\n".encode(),
            "versions/projects.projectversion-4.json":
                canonical_bytes({"content": {"total_fen": 186_000_000}, "round_number": 1}),
            f"files/{hashlib.sha256(FILE).hexdigest()}.pdf": FILE,
        }  # fmt: skip
        personal = {"path": "0.after.mobile", "salt": SALT, "value": "13900001111"}
        found["personal/000006.json"] = canonical_bytes({"seq": 6, "values": [personal]})
        for seq in own:
            path = {n: hexes(inclusion_path(seq - 1, self.leaves(n), n)) for n in ALGORITHMS}
            found[f"events/{seq:06d}.json"] = self.bodies[seq - 1]
            found[f"proofs/{seq:06d}.json"] = canonical_bytes({"seq": seq, "size": size, **path})
        for old in self.older:
            path = {n: hexes(consistency_path(old, self.leaves(n), n)) for n in ALGORITHMS}
            found[f"consistency/{old:06d}.txt"] = self.note(old)
            found[f"consistency/{old:06d}.json"] = canonical_bytes(
                {"from": old, "to": size, **path}
            )
        return found


def created(model: str, pk: int, values: dict[str, Any]) -> dict[str, Any]:
    return {"model": model, "pk": pk, "op": "create", "after": values}


def hexes(path: list[bytes]) -> list[str]:
    return [step.hex() for step in path]


def public(key: Ed25519PrivateKey) -> str:
    return _b64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def packed(parts: Parts, *, with_manifest: bool = True) -> bytes:
    """A ZIP of these parts, with a manifest that agrees: what a careful forger hands over."""
    if with_manifest:
        listed = {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            for name, content in parts.items()
            if name != "manifest.json"
        }
        parts = parts | {"manifest.json": canonical_bytes({"files": listed})}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def members(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}
