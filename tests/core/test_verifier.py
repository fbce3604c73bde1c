"""The stand-alone verifier finds every change, accepts no forgery and never breaks."""

from __future__ import annotations

import io
import json
import random
import struct
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.history import merkle
from core.history.canonical import canonical_bytes, loads
from core.history.verifier import SCRIPT, script_bytes
from core.history.verifier import verify as verifier
from tests.core.small_dossier import KEY, STREAM, Log, created, members, packed, public

H = bytes.fromhex
# RFC 8032, section 7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
# GB/T 32905—2016, appendix A.
SM3 = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]


@pytest.fixture(scope="module")
def log() -> Log:
    return Log()


@pytest.fixture(scope="module")
def parts(log) -> dict[str, bytes]:
    return log.parts()


@pytest.fixture
def judge(tmp_path):
    """The exit code and the words about a dossier given as bytes or parts."""

    def judged(given, held: bytes | None = None, key: str = "") -> tuple[int, str]:
        path = tmp_path / "case.zip"
        path.write_bytes(given if isinstance(given, bytes) else packed(given))
        code, lines = verifier.verify(str(path), held, key)
        return code, "\n".join(lines)

    return judged


class TestCryptography:
    @pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
    def test_the_signatures_of_the_standard_hold(self, key, message, signature):
        assert verifier.ed25519_is_valid(H(key), H(message), H(signature))
        assert not verifier.ed25519_is_valid(H(key), H(message) + b"x", H(signature))

    def test_it_agrees_with_the_library_on_whatever_is_signed(self):
        seeded = random.Random(8032)
        for size in (0, 1, 64, 300):
            message, key = seeded.randbytes(size), Ed25519PrivateKey.generate()
            raw = key.public_key().public_bytes_raw()
            signature = key.sign(message)
            assert verifier.ed25519_is_valid(raw, message, signature)
            flipped = bytearray(signature)
            flipped[seeded.randrange(64)] ^= 1 << seeded.randrange(8)
            assert not verifier.ed25519_is_valid(raw, message, bytes(flipped))

    @pytest.mark.parametrize(
        "key", [bytes(32), b"\x01" + bytes(31), b"\xff" * 32, b"", b"short"], ids=repr
    )
    def test_a_key_that_is_no_point_or_of_small_order_signs_nothing(self, key):
        assert not verifier.ed25519_is_valid(key, b"", bytes(64))

    def test_a_scalar_beyond_the_order_is_refused(self):
        key, _, signature = map(H, RFC_8032[0])
        scalar = int.from_bytes(signature[32:], "little") + verifier._L
        malleable = signature[:32] + scalar.to_bytes(32, "little")
        assert not verifier.ed25519_is_valid(key, b"", malleable)

    @pytest.mark.parametrize(("data", "digest"), SM3)
    def test_the_digests_of_the_standard_come_out(self, data, digest):
        assert verifier.sm3(data).hex() == digest

    def test_it_agrees_with_the_product_on_leaves_roots_and_proofs(self):
        for size in (1, 2, 3, 5, 8, 13):
            for name in merkle.ALGORITHMS:
                leaves = [merkle.leaf_hash(bytes([i]), name) for i in range(size)]
                root = merkle.root_of(leaves, name)
                assert verifier.leaf_hash(b"\x00", name) == leaves[0]
                assert verifier.root_of(leaves, name) == root
                for index in range(size):
                    path = merkle.inclusion_path(index, leaves, name)
                    assert verifier.is_included(leaves[index], index, size, path, root, name)
                for old in range(1, size + 1):
                    path = merkle.consistency_path(old, leaves, name)
                    before = merkle.root_of(leaves[:old], name)
                    assert verifier.is_consistent(old, size, before, root, path, name)


class TestAnHonestDossier:
    def test_passes(self, parts, judge):
        code, words = judge(parts)
        assert code == 0, words
        assert "尚未封存" in words
        assert "不能排除整个日志被重建" in words

    def test_passes_with_the_key_and_the_checkpoint_one_kept(self, log, parts, judge):
        code, words = judge(parts, log.note(3), public(KEY))
        assert code == 0, words
        assert "第 2 号及以前的 1 条在它签署时即已如此" in words
        assert "注意：公钥" not in words

    def test_passes_once_sealed(self, judge):
        log = Log()
        log.seal()
        log.add(STREAM, [], kind="refusal")
        code, words = judge(log.parts())
        assert code == 0, words
        assert "封存了此前 4 条；其后未获准的办理 1 条" in words


class TestEveryByteCounts:
    """A flip of any byte of events, proofs, note, key, versions, files; the manifest agrees."""

    def test_a_flipped_byte_is_found(self, parts, judge):
        seeded = random.Random(1)
        missed = []
        evidence = [n for n in parts if n not in ("README.txt", "index.html", "verify.py")]
        for name in evidence:
            places = range(len(parts[name]))
            for at in seeded.sample(places, min(25, len(places))):
                changed = bytearray(parts[name])
                changed[at] ^= 1 << seeded.randrange(8)
                code, _ = judge(parts | {name: bytes(changed)})
                if code == 0:
                    missed.append((name, at))
        assert missed == []

    def test_a_flip_anywhere_in_the_file_is_found_by_its_sums(self, parts, judge):
        data, seeded = packed(parts), random.Random(2)
        whole = members(data)
        for at in seeded.sample(range(len(data)), 150):
            changed = bytearray(data)
            changed[at] ^= 1 << seeded.randrange(8)
            code, _ = judge(bytes(changed))
            try:
                is_same = members(bytes(changed)) == whole
            except Exception:  # noqa: BLE001  whatever the library says, the content is not there
                is_same = False
            assert code in ((0, 1, 2) if is_same else (1, 2)), at

    @pytest.mark.parametrize("gone", ["events/000004.json", "proofs/000004.json"])
    def test_an_event_or_proof_left_out_is_found(self, parts, judge, gone):
        assert judge({n: c for n, c in parts.items() if n != gone})[0] == 1

    def test_an_event_left_out_with_all_its_traces_breaks_the_chain(self, parts, judge):
        about = loads(parts["dossier.json"])
        about["events"].remove(5)
        kept = {n: c for n, c in parts.items() if "000005" not in n and "versions" not in n}
        code, words = judge(kept | {"dossier.json": canonical_bytes(about)})
        assert code == 1
        assert "第 6 号事件之前有缺漏" in words

    def test_a_file_nobody_mentions_is_found(self, parts, judge):
        extra = b"%PDF-1.7 forged"
        code, words = judge(parts | {f"files/{sha256(extra).hexdigest()}.pdf": extra})
        assert code == 1
        assert "没有任何事件提到" in words


class TestForgeries:
    @pytest.mark.parametrize("name", merkle.ALGORITHMS)
    def test_a_forged_proof_is_refused(self, parts, judge, name):
        seeded = random.Random(3)
        original = loads(parts["proofs/000004.json"])
        for _ in range(60):
            path = list(original[name])
            match seeded.randrange(4):
                case 0:
                    path = [seeded.randbytes(32).hex() for _ in range(seeded.randrange(6))]
                case 1:
                    path.insert(seeded.randrange(len(path) + 1), seeded.randbytes(32).hex())
                case 2:
                    path.pop(seeded.randrange(len(path)))
                case _:
                    path = path[::-1] if path != path[::-1] else [*path, path[0]]
            forged = canonical_bytes(original | {name: path})
            assert judge(parts | {"proofs/000004.json": forged})[0] == 1

    def test_another_signer_is_refused_by_the_key_one_kept(self, judge):
        other = Log(key=Ed25519PrivateKey.generate())
        assert judge(other.parts())[0] == 0
        code, words = judge(other.parts(), key=public(KEY))
        assert code == 1
        assert "公钥不同" in words

    def test_a_log_rebuilt_with_the_same_key_is_proven_by_a_checkpoint_one_kept(self, log, judge):
        """政府采购档案不得变造：the superuser holds the key, but not the auditor's note."""
        rebuilt = Log(name="改过的名称")
        parts = rebuilt.parts()
        about = loads(parts["dossier.json"]) | {"name": "改过的名称"}
        parts |= {"dossier.json": canonical_bytes(about)}
        assert judge(parts)[0] == 0

        for size in (3, len(log.bodies)):
            code, words = judge(parts, log.note(size), public(KEY))
            assert code == 1
            assert "改写" in words

    def test_without_its_proof_an_older_checkpoint_settles_nothing(self, parts, log, judge):
        code, words = judge(parts, log.note(2))
        assert code == 2
        assert "没有附通向您留存的检查点" in words

    def test_a_newer_checkpoint_settles_nothing(self, parts, judge):
        longer = Log()
        longer.add(STREAM, [])
        assert judge(parts, longer.note())[0] == 2

    def test_a_held_note_that_is_none_is_refused(self, parts, judge):
        assert judge(parts, b"not a note\n")[0] == 1

    @pytest.mark.parametrize("wrong", [{"events": 3}, {"first": 1}, {"sm3": "0" * 64}])
    def test_a_seal_that_says_something_else_is_refused(self, judge, wrong):
        log = Log()
        log.seal(**wrong)
        assert judge(log.parts())[0] == 1

    def test_what_was_added_after_the_seal_is_named(self, judge):
        log = Log()
        log.seal()
        log.add(STREAM, [created("disclosure.notice", 9, {})], title="更正公告")
        code, words = judge(log.parts())
        assert code == 0
        assert "另有：更正公告" in words


class TestHostileInput:
    """Whatever is handed over, the answer is 1 or 2 and one screen of words."""

    @pytest.mark.parametrize(
        "data", [b"", b"PK", b"PK\x03\x04" + bytes(50), b"x" * 1000], ids=["0", "PK", "cut", "x"]
    )
    def test_no_zip_at_all(self, judge, data):
        assert judge(data)[0] == 2

    @pytest.mark.parametrize(
        "name",
        ["../evil", "/etc/passwd", "events/../../x.json", "a\\b", "events/000002.JSON", "x\ny"],
    )
    def test_a_name_that_is_none_of_ours(self, parts, judge, name):
        assert judge(parts | {name: b"x"})[0] == 1

    def test_a_name_twice(self, parts, judge):
        out = io.BytesIO(packed(parts))
        with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("events/000002.json", b"{}")
        code, words = judge(out.getvalue())
        assert code == 1
        assert "重复" in words

    def test_a_compressed_bomb(self, parts, judge):
        out = io.BytesIO(packed(parts))
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("events/000099.json", b"0" * 50_000_000)
        assert judge(out.getvalue())[0] == 1

    def test_sizes_that_lie(self, parts, judge):
        data = bytearray(packed(parts))
        at = data.rindex(b"PK\x01\x02")
        data[at + 20 : at + 28] = struct.pack("<II", 0xFFFFFF00, 0xFFFFFF00)
        assert judge(bytes(data))[0] == 1

    @pytest.mark.parametrize(
        "content",
        [
            b"[" * 100_000,
            b'{"a":1,"a":2}',
            b'{"seq":1e5}',
            b'{"seq":NaN}',
            b'{"seq":' + b"9" * 10_000 + b"}",
            b"\xff\xfe",
            b"[]",
            b"{}",
            b"null",
            b'{"seq": 2}',
        ],
        ids=["deep", "twice", "float", "nan", "huge", "utf16", "list", "empty", "null", "space"],
    )
    def test_json_that_is_none(self, parts, judge, content):
        for name in [n for n in parts if n.endswith(".json")]:
            assert judge(parts | {name: content})[0] in (1, 2), name

    def test_values_of_other_types(self, parts, judge):
        """Each member of each object replaced by each other type."""
        for name in [n for n in parts if n.endswith(".json") and "events" not in n]:
            value = loads(parts[name])
            for member in value:
                for other in (None, True, -1, "x", [], {}, [[]], {"a": 1}):
                    changed = canonical_bytes(value | {member: other})
                    if changed != parts[name]:
                        assert judge(parts | {name: changed})[0] in (0, 1), (name, member, other)

    def test_an_event_of_other_types_under_a_valid_proof(self, judge):
        for changes in ([None], [[]], [{"model": 1}], [{"model": "a.b", "pk": "1", "op": "x"}]):
            log = Log()
            log.add(STREAM, changes)
            assert judge(log.parts())[0] == 1

    def test_a_dossier_without_the_file_that_says_what_it_is(self, judge):
        assert judge({"index.html": b"x"})[0] == 2


class TestTheCommand:
    """`python3 -I -S verify.py`, in a folder that holds nothing else."""

    @pytest.fixture
    def run(self, tmp_path):
        (tmp_path / "verify.py").write_bytes(script_bytes())

        def ran(*arguments: str) -> tuple[int, str]:
            done = subprocess.run(
                [sys.executable, "-I", "-S", "verify.py", *arguments],
                cwd=tmp_path,
                capture_output=True,
                encoding="utf-8",
                env={"PYTHONIOENCODING": "utf-8"},
                timeout=60,
                check=False,
            )
            assert done.stderr == ""
            return done.returncode, done.stdout

        return ran

    def test_needs_nothing_else(self, run, tmp_path, parts, log):
        (tmp_path / "案卷.zip").write_bytes(packed(parts))
        (tmp_path / "note.txt").write_bytes(log.note(3).replace(b"\n", b"\r\n"))
        code, words = run("案卷.zip", "--checkpoint", "note.txt", "--key", public(KEY))
        assert code == 0
        assert "核验通过" in words

    def test_says_what_failed(self, run, tmp_path, parts):
        (tmp_path / "x.zip").write_bytes(packed(parts | {"events/000002.json": b"{}"}))
        code, words = run("x.zip")
        assert code == 1
        assert "核验未通过" in words

    @pytest.mark.parametrize("arguments", [(), ("a", "b"), ("--what",), ("absent.zip",)])
    def test_says_how_it_is_used(self, run, arguments):
        assert run(*arguments)[0] == 2

    def test_is_written_for_python_3_9_with_the_standard_library_alone(self):
        import ast

        module = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 9))
        imported = {
            alias.name.partition(".")[0]
            for node in ast.walk(module)
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {
            (node.module or "").partition(".")[0]
            for node in ast.walk(module)
            if isinstance(node, ast.ImportFrom)
        }
        assert imported <= set(sys.stdlib_module_names)


def test_the_canonical_bytes_are_the_products(parts):
    for name in [n for n in parts if n.endswith(".json")]:
        assert verifier.canonical(json.loads(parts[name])) == parts[name]
