"""审计人员的阅览室：清单、经过、一条事件、导出、核验；只看不改。"""

from __future__ import annotations

import re
from typing import Any

import pytest

from accounts.models import User
from audit.models import Dossier, Verification
from audit.services import work_off
from core.attachments import store
from core.history.canonical import loads
from core.history.checkpoints import sign_checkpoint
from core.history.merkle import leaf_hash, verify_inclusion
from core.history.models import Checkpoint, EventKind, HistoryEvent
from core.history.reading import events_of
from core.transitions import NotPermitted, TransitionRefused
from projects.services import submit_project
from tests import steps
from tests.audit import scenes
from tests.contracts.scenes import shared
from tests.world import build_world

built, room = shared(scenes.bought)


@pytest.fixture
def wu(room, client):
    return signed_in(client, room.world.wu.user)


def signed_in(client: Any, user: User) -> Any:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    content = (
        b"".join(response.streaming_content) if response.streaming else response.content
    ).decode()
    return re.sub(r"\s+", " ", content)


def refuse_one(room) -> Any:
    """An attempt that its role does not allow, in a case of its own."""
    project = steps.file(room.world, name="被拒的项目")
    with pytest.raises(NotPermitted):
        submit_project(project, **room.world.wang.acts())
    return project


class TestTheListOfCases:
    def test_shows_every_case_of_the_jurisdiction_and_no_other(self, room, wu):
        other = build_world(code="far", prefix="far")
        steps.file(other, name="外辖区的项目")
        page = text(wu.get("/audit/cases/"))
        assert room.project.name in page
        assert "外辖区的项目" not in page

    def test_counts_what_was_refused_and_what_was_late(self, room, wu):
        refused = refuse_one(room)
        rows = {c.pk: c for c in wu.get("/audit/cases/").context["listing"].rows}
        assert rows[refused.pk].refused_count == 1
        late = HistoryEvent.objects.filter(stream=room.stream, body__contains='"state":"late"')
        assert rows[room.pk].late_count == late.count()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=被拒", {"被拒的项目"}),
            ("stage=filing", {"被拒的项目"}),
            ("flag=refused", {"被拒的项目"}),
            ("flag=sealed", set()),
            ("least=1800000&most=1800000", {"公共文化信息服务平台运维"}),
            ("year=2026&sort=-refused_count", {"被拒的项目", "公共文化信息服务平台运维"}),
            ("stage=nonsense&flag=x&least=abc", {"被拒的项目", "公共文化信息服务平台运维"}),
        ],
    )
    def test_is_narrowed_and_sorted(self, room, wu, query, found):
        refuse_one(room)
        rows = wu.get(f"/audit/cases/?{query}").context["listing"].rows
        assert {row.name for row in rows} == found

    def test_is_exported_with_amounts_in_yuan(self, room, wu):
        refuse_one(room)
        table = text(wu.get("/audit/cases/?export=csv"))
        assert "金额（元）" in table
        assert "1800000.00" in table


class TestTheStoryOfACase:
    def test_is_told_in_sentences_with_differences_in_units_and_words(self, room, wu):
        first = text(wu.get(f"/audit/cases/{room.pk}/"))
        assert "张敏（区文化和旅游发展委员会，经办人）" in first
        told = [e.sentence for e in events_of(room.stream, limit=500)]
        assert any("由“拟订中”转为“已签订”" in sentence for sentence in told)
        labels = {
            (d.label, d.before, d.after) for e in events_of(room.stream, limit=500) for d in e.diffs
        }
        shown = {label: after for label, _, after in labels}
        assert shown["合同·合同金额"].endswith(" 元")
        assert shown["项目·路径"] == "服务采购"
        assert shown["项目·经办人"] == "张敏"
        assert shown["项目·适合市场化方式提供"] in ("是", "否")
        assert not any(re.search(r"（分）", label) for label in shown)

    def test_pages_by_key_and_narrows_by_kind_person_and_day(self, room, wu):
        page = wu.get(f"/audit/cases/{room.pk}/").context
        assert page["listing"].older_url
        older = wu.get(page["listing"].older_url).context["events"]
        assert older[0].seq < page["events"][-1].seq
        li = room.world.li.user.pk
        for query, is_right in {
            "kind=act": lambda e: e.kind == "act",
            "kind=late": lambda e: bool(e.late),
            f"actor={li}": lambda e: e.actor_name == "李建国",
            "since=2026-12-01": lambda e: e.effective_on.isoformat() >= "2026-12-01",
            "until=2025-10-31": lambda e: e.effective_on.isoformat() <= "2025-10-31",
        }.items():
            events = wu.get(f"/audit/cases/{room.pk}/?{query}").context["events"]
            assert events, query
            assert all(is_right(e) for e in events), query

    def test_shows_a_refusal_with_rule_article_and_values(self, room, wu):
        project = steps.file(room.world, name="缺签批")
        with pytest.raises(TransitionRefused):
            submit_project(project, **room.world.zhang.acts())
        page = text(wu.get(f"/audit/cases/{project.pk}/?kind=refusal"))
        assert "未获准" in page
        assert "PH-11-internal-chain-signed" in page
        assert re.search(r"《[^》]+》第.+?条", page)

    def test_is_exported_sentence_by_sentence(self, room, wu):
        table = text(wu.get(f"/audit/cases/{room.pk}/?export=csv"))
        assert "填报项目" in table

    def test_questions_asked_do_not_grow_with_the_events(
        self, room, wu, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(60):
            wu.get(f"/audit/cases/{room.pk}/")


class TestOneEvent:
    @pytest.fixture
    def event(self, room):
        sign_checkpoint()
        return HistoryEvent.objects.filter(stream=room.stream).earliest("seq")

    def test_shows_body_leaves_rules_and_proof(self, room, wu, event):
        page = text(wu.get(f"/audit/events/{event.seq}/"))
        assert event.leaf_sha256 in page
        assert event.leaf_sm3 in page
        assert Checkpoint.objects.last().root_sha256 in page

    def test_gives_the_exact_body_and_a_proof_that_holds(self, wu, event):
        body = wu.get(f"/audit/events/{event.seq}/body/").content
        proof = loads(wu.get(f"/audit/events/{event.seq}/proof/").content)
        head = Checkpoint.objects.last()
        assert body.decode() == event.body
        for name in ("sha256", "sm3"):
            path = [bytes.fromhex(step) for step in proof[name]]
            leaf, root = leaf_hash(body, name), bytes.fromhex(getattr(head, f"root_{name}"))
            assert verify_inclusion(leaf, event.seq - 1, head.size, path, root, name)

    def test_of_no_case_of_the_jurisdiction_is_not_there(self, room, wu):
        apart = HistoryEvent.objects.exclude(stream__startswith="projects.project").first()
        for seq in (apart.seq, 999_999):
            assert wu.get(f"/audit/events/{seq}/").status_code == 404

    def test_waits_for_a_checkpoint(self, room, wu):
        steps.file(room.world, name="刚填报的")
        last = HistoryEvent.objects.latest("seq")
        assert "还没有检查点涵盖" in text(wu.get(f"/audit/events/{last.seq}/"))


class TestExportingOnThePage:
    def test_is_asked_bound_and_taken(self, room, wu):
        answer = wu.post(f"/audit/cases/{room.pk}/dossiers/", {"reason": "年度审计", "key": "k1"})
        dossier = Dossier.objects.get()
        assert answer.url == dossier.get_absolute_url()
        assert "正在后台装订" in text(wu.get(answer.url))
        work_off(on=scenes.CLOSED)
        assert fresh_sha(dossier) in text(wu.get(answer.url))

        taken = wu.post(f"/audit/cases/dossiers/{dossier.pk}/download/")
        assert b"".join(taken.streaming_content) == store.get(fresh_sha(dossier))
        assert ".zip" in taken.headers["Content-Disposition"]
        assert "吴刚" in text(wu.get(answer.url))

    def test_wants_a_reason_and_a_checkpoint_that_was_signed(self, room, wu):
        answer = wu.post(f"/audit/cases/{room.pk}/dossiers/", {"reason": "", "against": "999999"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "请填写导出事由" in page
        assert "没有签署过这个叶数的检查点" in page
        assert not Dossier.objects.exists()

    def test_is_offered_to_nobody_else(self, room, client):
        page = signed_in(client, room.world.zhang.user).get(f"/audit/cases/{room.pk}/dossiers/")
        assert "申请导出" not in page.content.decode()
        answer = client.post(f"/audit/cases/{room.pk}/dossiers/", {"reason": "x"})
        assert answer.status_code == 403
        assert HistoryEvent.objects.latest("seq").kind == EventKind.REFUSED


def fresh_sha(dossier: Dossier) -> str:
    return str(Dossier.objects.get(pk=dossier.pk).sha256)


class TestVerifyingOnThePage:
    def test_is_asked_and_its_result_shown(self, room, wu):
        answer = wu.post("/audit/verify/", {"key": "k2"})
        assert wu.post("/audit/verify/", {"key": "k2"}).url == answer.url
        assert "正在后台核验" in text(wu.get(answer.url))
        work_off(on=scenes.CLOSED)
        page = text(wu.get(answer.url))
        assert "没有差异" in page
        assert Verification.objects.get().root_sha256 in page
        assert "全部相符" in text(wu.get("/audit/"))

    def test_the_checkpoint_is_given_to_be_kept(self, room, wu):
        assert wu.get("/audit/checkpoint/").content.decode() == Checkpoint.objects.last().note
