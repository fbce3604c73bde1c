"""案卷：同一案卷、同一检查点，字节相同；拿到它的人不用系统也能核验。"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.services import create_user
from audit.documents import write_dossier
from audit.models import Dossier, DossierDownload, JobState, Verification
from audit.services import (
    LOST_AFTER,
    build_dossier,
    export_dossier,
    record_download,
    request_verification,
    work_off,
)
from core.attachments import Attachment, store
from core.history import change
from core.history.bundle import evidence, older_sizes
from core.history.canonical import canonical_bytes, loads
from core.history.checkpoints import recompute_roots, sign_checkpoint, signing_key
from core.history.merkle import leaf_hash, verify_consistency, verify_inclusion
from core.history.models import Checkpoint, EventKind, HistoryEvent, PersonalValue
from core.history.proofs import prove
from core.history.verifier import script_bytes
from core.history.verifier import verify as verifier
from core.history.verify import verify
from core.transitions import NotPermitted, RequestKeyMismatch
from tests import steps
from tests.audit import scenes
from tests.audit.scenes import CLOSED
from tests.contracts.scenes import shared
from tests.core import tampering
from tests.core.small_dossier import members, packed
from tests.steps import edit, fresh

built, room = shared(scenes.closed)
SECRET = "13955554444"


@pytest.fixture
def bound(room, tmp_path):
    """The dossier of the case, as bytes."""

    def bind(**asked: Any) -> bytes:
        path = tmp_path / "bound.zip"
        path.write_bytes(b"")
        write_dossier(evidence(room.stream, **asked), path)
        return path.read_bytes()

    return bind


@pytest.fixture
def judge(tmp_path):
    def judged(given: Any, held: str = "", key: str = "") -> tuple[int, str]:
        path = tmp_path / "judged.zip"
        path.write_bytes(given if isinstance(given, bytes) else packed(given))
        code, lines = verifier.verify(str(path), held.encode() or None, key)
        return code, "\n".join(lines)

    return judged


class TestContents:
    def test_holds_every_event_of_the_case_exactly_as_it_stands_in_the_log(self, room, bound):
        parts = members(bound())
        rows = HistoryEvent.objects.filter(stream=room.stream)
        assert {n for n in parts if n.startswith("events/")} == {
            f"events/{row.seq:06d}.json" for row in rows
        }
        for row in rows:
            assert parts[f"events/{row.seq:06d}.json"].decode() == row.body

    def test_tells_the_story_in_sentences_and_lists_the_files(self, bound):
        page = members(bound())["index.html"].decode()
        assert "张敏（区文化和旅游发展委员会，经办人）" in page
        assert "由“已签订”转为“已备案”" in page
        assert "封存案卷" in page
        assert "元</td>" in page
        assert 'href="files/' in page
        assert "<script" not in page
        assert 'src="' not in page
        assert 'href="http' not in page

    def test_holds_every_attachment_and_document_under_its_digest(self, bound):
        parts = members(bound())
        files = {n.removeprefix("files/").partition(".")[0]: c for n, c in parts.items()
                 if n.startswith("files/")}  # fmt: skip
        assert files
        for digest, content in files.items():
            assert store.get(digest) == content

    def test_holds_the_frozen_versions(self, bound):
        parts = members(bound())
        (version,) = (n for n in parts if n.startswith("versions/projects.projectversion"))
        assert loads(parts[version])["round_number"] == 1

    def test_the_same_case_at_the_same_checkpoint_is_the_same_bytes(self, room, bound):
        first = bound()
        edit(room.world.zhang.user, full_name="张改名")
        edit(room.world.organisations["文旅委"], name="区文旅局")
        assert bound() == first

    def test_carries_the_verifier_that_is_handed_out(self, bound):
        assert members(bound())["verify.py"] == script_bytes()


class TestVerifying:
    def test_passes_alone_in_an_empty_folder(self, room, bound, tmp_path):
        """`python3 -I -S`: nothing installed, nothing configured."""
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        data = bound()
        (folder / "案卷.zip").write_bytes(data)
        (folder / "verify.py").write_bytes(members(data)["verify.py"])
        (folder / "note.txt").write_text(Checkpoint.objects.first().note)
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify.py", "案卷.zip", "--checkpoint", "note.txt"],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert "核验通过" in done.stdout
        assert "号事件封存了此前" in done.stdout

    def test_finds_an_altered_attachment(self, bound, judge):
        parts = members(bound())
        name = next(n for n in parts if n.startswith("files/"))
        code, words = judge(parts | {name: parts[name] + b"x"})
        assert code == 1
        assert "内容已变" in words

    def test_finds_an_altered_version_row_in_the_database(self, room, bound, judge):
        tampering.unlock()
        tampering.run("UPDATE projects_projectversion SET content = '{}'")
        code, words = judge(bound())
        assert code == 1
        assert "与事件所载的不同" in words

    def test_says_that_a_lost_file_is_missing(self, bound, judge):
        store.path_of(Attachment.objects.first().sha256)
        parts = members(bound())
        gone = next(n for n in parts if n.startswith("files/"))
        code, words = judge({n: c for n, c in parts.items() if n != gone})
        assert code == 1
        assert "缺少“" in words

    def test_an_open_case_is_said_to_be_open(self, room, judge, tmp_path):
        other = steps.file(room.world, name="未封存的项目")
        sign_checkpoint()
        path = tmp_path / "open.zip"
        path.write_bytes(b"")
        write_dossier(evidence(other.stream()), path)
        code, words = judge(path.read_bytes())
        assert code == 0
        assert "尚未封存" in words


class TestARebuiltLog:
    """A superuser drops the triggers, edits the past, rebuilds every leaf and signs anew."""

    def rebuild(self, seq: int, old: str, new: str) -> None:
        tampering.unlock()
        tampering.run(
            "UPDATE core_historyevent SET body = REPLACE(body, %s, %s) WHERE seq = %s",
            old, new, seq,
        )  # fmt: skip
        previous: dict[str, str] = {}
        for row in HistoryEvent.objects.order_by("seq"):
            body = loads(row.body.encode()) | {"previous": previous.get(row.stream, "")}
            if row.kind == EventKind.SEAL:
                body |= {"seal": self._seal(row)}
            raw = canonical_bytes(body)
            leaves = {name: leaf_hash(raw, name).hex() for name in ("sha256", "sm3")}
            tampering.run(
                "UPDATE core_historyevent SET body=%s, leaf_sha256=%s, leaf_sm3=%s WHERE seq=%s",
                raw.decode(), leaves["sha256"], leaves["sm3"], row.seq,
            )  # fmt: skip
            previous[row.stream] = leaves["sha256"]
        self._sign_anew()
        tampering.relock()

    def _seal(self, row: HistoryEvent) -> dict[str, Any]:
        from core.history.merkle import root_of

        before = HistoryEvent.objects.filter(stream=row.stream, seq__lt=row.seq).order_by("seq")
        seal = loads(row.body.encode())["seal"]
        for name in ("sha256", "sm3"):
            leaves = before.values_list(f"leaf_{name}", flat=True)
            seal[name] = root_of([bytes.fromhex(leaf) for leaf in leaves], name).hex()
        return seal

    def _sign_anew(self) -> None:
        """Every checkpoint ever signed, over the new tree, by the real key."""
        import base64

        from core.history.checkpoints import public_key_text, statement
        from core.history.log import instant

        for held in Checkpoint.objects.all():
            rows = HistoryEvent.objects.filter(seq__lte=held.size).order_by("seq")
            _, roots = recompute_roots(rows)
            text = statement(held.size, roots, instant(held.signed_at))
            signature = base64.b64encode(signing_key().sign(text.encode())).decode()
            tampering.run(
                "UPDATE core_checkpoint SET root_sha256=%s, root_sm3=%s, note=%s WHERE size=%s",
                roots["sha256"], roots["sm3"], f"{text}\n{public_key_text()} {signature}\n",
                held.size,
            )  # fmt: skip
            tampering.run(
                "UPDATE disclosure_publishedcheckpoint SET root_sha256=%s, root_sm3=%s, note=%s"
                " WHERE size=%s",
                roots["sha256"], roots["sm3"], f"{text}\n{public_key_text()} {signature}\n",
                held.size,
            )  # fmt: skip

    def test_is_proven_by_a_checkpoint_published_before(self, room, bound, judge):
        published = [c.note for c in Checkpoint.objects.all()]
        assert judge(bound(), published[0])[0] == 0
        first = HistoryEvent.objects.filter(stream=room.stream).earliest("seq")

        self.rebuild(first.seq, "张敏", "李四")

        assert "李四" in HistoryEvent.objects.get(pk=first.seq).body
        assert not [d for d in verify().differences if "检查点" in d or "叶值" in d]
        assert judge(bound())[0] == 0
        for note in published:
            code, words = judge(bound(), note)
            assert code == 1
            assert "改写" in words


class TestProofs:
    """All proofs from one pass are the proofs of RFC 9162."""

    def test_every_event_and_every_older_tree(self, room):
        head = Checkpoint.objects.last()
        leaves = {
            name: [bytes.fromhex(leaf) for leaf in HistoryEvent.objects.order_by("seq")
                   .values_list(f"leaf_{name}", flat=True)[: head.size]]
            for name in ("sha256", "sm3")
        }  # fmt: skip
        sizes = [1, 2, 7, head.size // 2, head.size - 1]
        found = prove(head, events=range(1, head.size + 1), older=sizes)
        for name, own in leaves.items():
            root = bytes.fromhex(getattr(head, f"root_{name}"))
            for seq in range(1, head.size + 1):
                path = [bytes.fromhex(step) for step in found.inclusion[seq][name]]
                assert verify_inclusion(own[seq - 1], seq - 1, head.size, path, root, name)
        from core.history.merkle import root_of

        for size in sizes:
            path = [bytes.fromhex(step) for step in found.consistency[size]["sha256"]]
            before = root_of(leaves["sha256"][:size])
            root = bytes.fromhex(head.root_sha256)
            assert verify_consistency(size, head.size, before, root, path)

    def test_the_last_checkpoint_of_each_day_and_the_one_named(self, room):
        steps.file(room.world, name="又一个")
        sign_checkpoint()
        head = Checkpoint.objects.last()
        earlier = list(Checkpoint.objects.filter(size__lt=head.size).values_list("size", flat=True))
        assert older_sizes(head) == earlier[-1:]
        assert older_sizes(head, earlier[0]) == [earlier[0], earlier[-1]]


class TestPersonalValues:
    """By default digests alone; with the values for an auditor who asked."""

    @pytest.fixture
    def told(self, room):
        """A personal value in an event of a case."""
        other = steps.file(room.world, name="有个人信息的项目")
        person = create_user(
            username="x1", full_name="某人", organisation=room.world.organisations["文旅委"],
            password="x" * 12, by=None, on=CLOSED,
        )  # fmt: skip
        with change(
            title="登记手机", act="tests.phone", by=None, on=CLOSED, stream=other.stream()
        ) as changes:
            changes.update(person, mobile=SECRET)
        sign_checkpoint()
        return other.stream()

    def bytes_of(self, stream: str, tmp_path, **asked: Any) -> bytes:
        return scenes.dossier_bytes(stream, tmp_path, **asked)

    def test_are_left_out_by_default(self, told, tmp_path, judge):
        data = self.bytes_of(told, tmp_path)
        assert SECRET.encode() not in data
        assert judge(data)[0] == 0

    def test_are_there_for_whom_it_is_permitted_and_match_their_digests(
        self, told, tmp_path, judge
    ):
        data = self.bytes_of(told, tmp_path, with_personal=True)
        assert SECRET.encode() in data
        code, words = judge(data)
        assert code == 0, words
        parts = members(data)
        name = next(n for n in parts if n.startswith("personal/"))
        forged = parts[name].replace(SECRET.encode(), b"13900000000")
        assert judge(parts | {name: forged})[0] == 1

    def test_are_gone_once_erased(self, told, tmp_path, judge):
        PersonalValue.objects.all().delete()
        data = self.bytes_of(told, tmp_path, with_personal=True)
        assert SECRET.encode() not in data
        assert judge(data)[0] == 0


class TestExporting:
    """《渝北办法》第十五条第（四）项。"""

    def ask(self, room, name: str = "wu", **asked: Any) -> Dossier:
        acts = getattr(room.world, name).acts(CLOSED)
        return export_dossier(room.project, reason="年度审计", **asked, **acts)

    def test_is_bound_by_the_worker_and_recorded_apart_from_the_case(self, room):
        last = HistoryEvent.objects.filter(stream=room.stream).count()
        dossier = self.ask(room)
        assert dossier.is_waiting
        assert work_off(on=CLOSED) == 1

        dossier = fresh(dossier)
        assert (dossier.state, dossier.event_count) == (JobState.DONE, last)
        assert store.is_intact(dossier.sha256)
        assert store.path_of(dossier.sha256).stat().st_size == dossier.size
        assert HistoryEvent.objects.filter(stream=room.stream).count() == last
        assert work_off(on=CLOSED) == 0
        assert verify().is_clean

    def test_signs_a_checkpoint_that_covers_the_case(self, room):
        other = steps.file(room.world, name="刚填报的")
        dossier = export_dossier(other, reason="x", **room.world.wu.acts(CLOSED))
        work_off(on=CLOSED)
        assert fresh(dossier).checkpoint_size == Checkpoint.objects.last().size

    @pytest.mark.parametrize("name", ["wu", "wang"])
    def test_may_be_asked_by_auditor_and_leader(self, room, name):
        assert self.ask(room, name).pk

    @pytest.mark.parametrize("name", ["zhang", "li", "zhao", "chen", "gao", "admin"])
    def test_may_be_asked_by_nobody_else(self, room, name):
        with pytest.raises(NotPermitted):
            self.ask(room, name)

    def test_personal_values_are_for_the_auditor_alone(self, room):
        with pytest.raises(NotPermitted):
            self.ask(room, "wang", with_personal=True)
        dossier = self.ask(room, with_personal=True)
        visible = Dossier.objects.visible_to
        assert list(visible(room.world.wu.user)) == [dossier]
        assert list(visible(room.world.wang.user)) == []

    def test_one_click_is_one_dossier(self, room):
        first = self.ask(room, key="k")
        assert self.ask(room, key="k") == first
        with pytest.raises(RequestKeyMismatch):
            export_dossier(room.project, reason="别的", key="k", **room.world.wu.acts(CLOSED))

    def test_a_download_says_who_when_and_which_bytes(self, room):
        dossier = self.ask(room)
        work_off(on=CLOSED)
        record_download(fresh(dossier), **room.world.wang.acts(date(2026, 12, 30)))

        taken = DossierDownload.objects.get()
        assert (taken.taken_by, taken.taken_on) == (room.world.wang.user, date(2026, 12, 30))
        assert taken.sha256 == fresh(dossier).sha256
        event = HistoryEvent.objects.latest("seq")
        assert (event.act, event.stream) == ("audit.download_dossier", dossier.stream())

    def test_a_damaged_log_gives_no_dossier(self, room):
        tampering.unlock()
        tampering.run("UPDATE core_historyevent SET leaf_sha256 = %s WHERE seq = 3", "0" * 64)
        dossier = build_dossier(self.ask(room), on=CLOSED)
        assert dossier.state == JobState.FAILED
        assert "LogDamaged" in dossier.problem

    def test_work_that_was_lost_is_taken_up_again(self, room):
        dossier = self.ask(room)
        lost = timezone.now() - LOST_AFTER * 2
        edit(dossier, state=JobState.RUNNING, started_at=timezone.now())
        assert work_off(on=CLOSED) == 0
        edit(dossier, started_at=lost)
        assert work_off(on=CLOSED) == 1


class TestVerifyingTheLog:
    def test_runs_in_the_background_and_keeps_its_result(self, room):
        run = request_verification(**room.world.wu.acts(CLOSED))
        assert work_off(on=CLOSED) == 1
        run = fresh(run)
        assert run.is_clean
        assert run.events == HistoryEvent.objects.count() - 1
        assert run.seconds is not None
        assert verify().is_clean

    def test_names_what_differs(self, room):
        tampering.run("UPDATE contracts_contract SET amount_fen = amount_fen + 1")
        run = request_verification(**room.world.wu.acts(CLOSED))
        work_off(on=CLOSED)
        assert any("amount_fen" in d for d in fresh(run).differences)

    def test_is_for_the_auditor_alone(self, room):
        for name in ("zhang", "wang", "zhao", "admin"):
            with pytest.raises(NotPermitted):
                request_verification(**getattr(room.world, name).acts(CLOSED))
        assert not Verification.objects.exists()
