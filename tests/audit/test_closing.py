"""办结：《渝北办法》第十四条、第十六条；封存之后，案卷什么也不再收。"""

from __future__ import annotations

from typing import Any

import pytest

from accounts.recording import COVERED
from budgeting.models import Allocation, BudgetAdjustment, EntryKind, LedgerEntry
from contracts.models import Contract, ContractLine, Incident
from contracts.services import order_mending, record_incident
from core.attachments import attach
from core.documents.models import Document
from core.documents.services import render_document
from core.events import OutboxEvent
from core.history import change
from core.history.canonical import loads
from core.history.merkle import root_of
from core.history.models import EventKind, HistoryEvent
from core.history.reading import events_of, refusals_of
from core.history.sealing import AFTER_SEAL, allow_after_seal, sealed_among, streams_of
from core.history.verify import verify
from core.transitions import (
    NotOffered,
    NotPermitted,
    StreamSealed,
    TransitionRefused,
    moves_of,
    perform,
    preview,
    stateful_models,
)
from disclosure.models import DisclosureDuty
from disclosure.services import open_duty
from projects.models import EstimateLine, Stage
from projects.services import archive_project, close_project, withdraw_project
from tests import steps
from tests.audit import scenes
from tests.audit.scenes import CLOSED
from tests.contracts import subsidies
from tests.contracts.scenes import in_state, rules_of, shared
from tests.steps import fresh, verdict
from tests.world import deliver_all

built, room = shared(scenes.disclosed)


def close(room, by: Any = None, **shown: Any) -> Any:
    return close_project(room.project, **(by or room.world.wang).acts(CLOSED), **shown)


def contract_of(room) -> Contract:
    return Contract.objects.get(package__project=room.pk)


class TestClosing:
    """公开 → 办结。"""

    def test_moves_the_case_on_and_seals_it(self, room):
        close(room, note="全部办完")

        project = room.project
        assert (project.stage, project.sealed_on) == (Stage.CLOSED, CLOSED)
        last, before = events_of(room.stream, limit=2)
        assert (before.act, before.reason) == ("projects.project.close", "全部办完")
        assert (last.kind, last.title) == (EventKind.SEAL, "封存案卷")
        assert OutboxEvent.objects.filter(name="projects.project.close").count() == 1
        assert verify().is_clean

    def test_the_seal_binds_every_leaf_before_it(self, room):
        close(room)

        rows = list(HistoryEvent.objects.filter(stream=room.stream).order_by("seq"))
        seal = loads(rows[-1].body.encode())["seal"]
        before = rows[:-1]
        assert (seal["events"], seal["first"], seal["last"]) == (
            len(before),
            before[0].seq,
            before[-1].seq,
        )
        for name in ("sha256", "sm3"):
            leaves = [bytes.fromhex(getattr(row, f"leaf_{name}")) for row in before]
            assert seal[name] == root_of(leaves, name).hex()

    def test_may_be_done_by_officer_and_leader_of_the_purchaser_alone(self, room):
        for name in ("li", "zhao", "wu", "chen", "gao"):
            with pytest.raises(NotPermitted):
                close(room, by=getattr(room.world, name))
        close(room, by=room.world.zhang)

    def test_is_done_once_however_often_it_is_clicked(self, room):
        close(room, key="k")

        assert close(room, key="k").is_repeat
        assert HistoryEvent.objects.filter(kind=EventKind.SEAL).count() == 1

    @pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.DISCLOSURE}))
    def test_is_refused_in_every_other_stage(self, room, stage):
        in_state(room.project, stage)

        with pytest.raises(NotOffered):
            close(room)

    def test_a_failing_seal_leaves_nothing(self, room, monkeypatch):
        from core.history import log

        def fail(_stream: str) -> Any:
            raise RuntimeError("afterwards")

        monkeypatch.setattr(log, "seal_of", fail)
        before = HistoryEvent.objects.count()
        with pytest.raises(RuntimeError):
            close(room)

        assert (room.project.stage, room.project.sealed_on) == (Stage.DISCLOSURE, None)
        assert HistoryEvent.objects.count() == before

    def test_shows_its_conditions_before_it_is_pressed(self, room, client):
        page = client_of(client, room.world.zhang).get(f"/projects/{room.pk}/").content.decode()

        assert "办结" in page
        assert "该公开的都已公开" in page


def client_of(client: Any, actor: Any) -> Any:
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestConditions:
    """Each rule is kept on the finished case, and broken by one thing undone."""

    def kept_and_broken(self, room, rule: str, spoil: Any) -> Any:
        assert verdict(room.project, rule, on=CLOSED).state == "met"
        spoil()
        with pytest.raises(TransitionRefused) as refused:
            close(room)
        assert rules_of(refused) == {rule}
        return refused.value.refusals[0]

    def test_every_duty_to_publish_is_fulfilled(self, room):
        """第十六条：服务标准、购买预算、评价方法和服务要求主动公开。"""
        on = {"by": room.world.zhang.user, "acting_as": room.world.zhang.role, "on": CLOSED}

        def reopen() -> None:
            open_duty(room.project, kind="contract_notice", subject=contract_of(room), **on)
            in_state(DisclosureDuty.objects.filter(project=room.pk).first(), "open")

        found = self.kept_and_broken(room, "YB-16-duties-fulfilled", reopen)
        assert "1 项公开义务" in found.message

    def test_an_approved_case_without_any_duty_was_not_disclosed(self, room):
        from tests.core import tampering

        tampering.run(
            f"UPDATE {tampering.table(DisclosureDuty)} SET project_id = %s",
            steps.file(room.world, name="别的项目").pk,
        )
        assert verdict(room.project, "YB-16-duties-fulfilled", on=CLOSED).state == "unmet"

    def test_every_event_is_delivered(self, room):
        def queue() -> None:
            last = HistoryEvent.objects.filter(stream=room.stream).latest("seq").seq
            OutboxEvent.objects.update_or_create(
                seq=last,
                defaults={
                    "name": "x", "stream": room.stream, "subject": "x", "effective_on": CLOSED,
                    "done_at": None, "is_dead": True,
                },
            )  # fmt: skip

        found = self.kept_and_broken(room, "YB-9-events-delivered", queue)
        assert found.mended_by == "系统管理员"

    def test_every_contract_is_paid_or_ended(self, room):
        found = self.kept_and_broken(
            room, "YB-9.6-contracts-settled", lambda: in_state(contract_of(room), "filed")
        )
        assert found.compared[0][1] == "已备案"

    @pytest.mark.parametrize(
        ("papers", "status"),
        [
            ("supplements", "drafted"),
            ("rectifications", "ordered"),
            ("rectifications", "replied"),
            ("acceptances", "draft"),
            ("requests", "verified"),
            ("filings", "submitted"),
        ],
    )
    def test_every_paper_is_finished(self, room, papers, status):
        paper = getattr(contract_of(room), papers).first()

        found = self.kept_and_broken(
            room, "YB-9.5-papers-finished", lambda: in_state(paper, status)
        )
        assert len(found.compared) == 1

    def test_every_adjustment_of_the_budget_is_decided(self, room):
        from tests.contracts.scenes import Case, spare_budget

        case = Case(room.world, contract_of(room).pk)
        spare_budget(case, 100)
        deliver_all()
        row = BudgetAdjustment.objects.get(project=case.project)

        found = self.kept_and_broken(
            room, "YB-9.5-papers-finished", lambda: in_state(row, "drafted")
        )
        assert len(found.compared) == 1

    def test_every_condition_of_the_review_is_fulfilled(self, room):
        from tests.contracts.scenes import Case, condition

        case = Case(room.world, contract_of(room).pk)
        found = self.kept_and_broken(
            room, "YB-9.2-conditions-all-fulfilled", lambda: condition(case, "disclosure")
        )
        assert found.compared == (("交接入证明", "待落实"),)

    def test_a_subsidy_closes_once_every_share_is_settled(self, room):
        world = room.world
        project = subsidies.approved(world)
        share = subsidies.allotted(world, project)[0]
        rule = "YB-9.6-contracts-settled"
        assert verdict(fresh(project), rule, on=CLOSED).state == "unmet"
        for each in type(share).objects.filter(project=project):
            in_state(each, "settled")
        assert verdict(fresh(project), rule, on=CLOSED).state == "met"


WRITES = {
    "a row of its own": lambda room, c: c.update(contract_of(room), place="别处"),
    "a part of a document": lambda room, c: c.update(
        ContractLine.objects.filter(contract__package__project=room.pk).first(), name="别名"
    ),
    "a line of the filing": lambda room, c: c.update(
        EstimateLine.objects.filter(project=room.pk).first(), name="别名"
    ),
    "a deletion": lambda room, c: c.delete(
        Incident.objects.filter(contract__package__project=room.pk).first()
    ),
    "a posting to its ledger": lambda room, c: c.create(
        LedgerEntry(
            allocation=Allocation.objects.filter(project=room.pk).first(),
            kind=EntryKind.RELEASE,
            amount_fen=1,
            effective_on=CLOSED,
        )
    ),
    "an attachment": lambda room, c: attach(
        c,
        ("补.pdf", "application/pdf", b"%PDF-1.7"),
        to=contract_of(room),
        purpose="补",
        by=room.world.zhang.user,
        on=CLOSED,
    ),
}


class TestASealedCase:
    """Nothing of it changes any more, by whatever door."""

    @pytest.fixture
    def sealed(self, room):
        close(room)
        return room

    def test_refuses_every_move_of_every_document(self, sealed):
        """All moves of all rows of the case, declared in whatever state."""
        tried = 0
        for model in stateful_models():
            for row in model._base_manager.all():
                if row.stream() != sealed.stream:
                    continue
                for move in moves_of(model):
                    with pytest.raises(StreamSealed, match="已于 2026-12-28 封存"):
                        perform(row, move.name, **sealed.world.wang.acts(CLOSED))
                    tried += 1
        assert tried > 60
        assert verify().is_clean

    def test_offers_nothing_and_its_act_pages_say_why(self, sealed, client):
        contract = contract_of(sealed)
        acting = sealed.world.wang
        offered = [
            offer
            for row in (sealed.project, contract)
            for offer in preview(row, by=acting.user, acting_as=acting.role, on=CLOSED)
        ]
        page = client_of(client, acting).get(f"/contracts/{contract.pk}/terminate/")
        assert offered == []
        assert "封存" in page.content.decode()

    @pytest.mark.parametrize("stream", ["", "tests", "own"])
    @pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
    def test_refuses_a_raw_change_whatever_stream_it_names(self, sealed, write, stream):
        before = HistoryEvent.objects.count()
        named = sealed.stream if stream == "own" else stream

        with (
            pytest.raises(StreamSealed),
            change(title="改动", act="tests.change", by=None, on=CLOSED, stream=named) as changes,
        ):
            write(sealed, changes)

        assert HistoryEvent.objects.exclude(kind=EventKind.REFUSED).count() == before
        assert verify().is_clean

    def test_refuses_the_services_that_make_new_papers(self, sealed):
        acts = sealed.world.zhang.acts(CLOSED)
        with pytest.raises(StreamSealed):
            order_mending(contract_of(sealed), demand="整改", workdays=5, **acts)
        with pytest.raises((StreamSealed, TransitionRefused)):
            record_incident(contract_of(sealed), term="x", occurred_on=CLOSED, note="x", **acts)

    def test_records_the_attempt_itself(self, sealed):
        with pytest.raises(StreamSealed):
            perform(contract_of(sealed), "terminate", **sealed.world.wang.acts(CLOSED))

        (refused,) = refusals_of(sealed.stream)
        assert refused.obstacle == "案卷已于 2026-12-28 封存"
        assert verify().is_clean

    def test_takes_what_is_allowed_by_name(self, sealed, monkeypatch):
        monkeypatch.setattr("core.history.sealing.AFTER_SEAL", dict(AFTER_SEAL))
        allow_after_seal("tests.correct", "更正公告依法可在办结之后发布")

        with change(
            title="更正", act="tests.correct", by=None, on=CLOSED, stream=sealed.stream
        ) as changes:
            changes.update(contract_of(sealed), place="更正后的地点")

        assert events_of(sealed.stream, limit=1)[0].title == "更正"

    def test_still_has_its_documents_rendered(self, sealed):
        document = (
            Document.objects.exclude(sha256="").filter(subject__startswith="contracts.").first()
        )
        in_state_raw(document, "failed")

        render_document(fresh(document), on=CLOSED)

        assert fresh(document).state == "ready"

    def test_leaves_the_neighbours_alone(self, sealed):
        other = steps.file(sealed.world, name="别的项目")
        withdraw_project(other, note="不办了", **sealed.world.zhang.acts(CLOSED))
        assert fresh(other).stage == Stage.WITHDRAWN


def in_state_raw(document: Document, state: str) -> None:
    from tests.core import tampering

    sql = f"UPDATE {tampering.table(Document)} SET state = %s WHERE id = %s"
    tampering.run(sql, state, document.pk)


class TestArchiving:
    """撤回、不予批准、已终止的项目归档封存，阶段不变。"""

    def test_seals_a_case_that_ended_on_the_way(self, room):
        world = room.world
        project = steps.submit(world, name="撤回的项目")
        withdraw_project(project, note="不办了", **world.zhang.acts(CLOSED))
        with pytest.raises(TransitionRefused) as refused:
            archive_project(fresh(project), **world.wang.acts(CLOSED))
        assert rules_of(refused) == {"YB-9-events-delivered"}
        steps.deliver_all()

        archive_project(fresh(project), **world.wang.acts(CLOSED))

        assert (fresh(project).stage, fresh(project).sealed_on) == (Stage.WITHDRAWN, CLOSED)
        with pytest.raises(StreamSealed):
            archive_project(fresh(project), **world.wang.acts(CLOSED))

    @pytest.mark.parametrize(
        "stage", sorted(set(Stage) - {Stage.WITHDRAWN, Stage.REJECTED, Stage.TERMINATED})
    )
    def test_is_refused_in_every_other_stage(self, room, stage):
        in_state(room.project, stage)

        with pytest.raises(NotOffered):
            archive_project(room.project, **room.world.wang.acts(CLOSED))


class TestBelonging:
    """Every covered row of the case is known to belong to it."""

    def test_every_row_the_case_wrote_belongs_to_it_or_names_why_not(self, room):
        own = HistoryEvent.objects.filter(stream=room.stream)
        written = {
            (entry["model"], entry["pk"])
            for event in own
            for entry in loads(event.body.encode())["changes"]
        }
        labels = {model._meta.label_lower: model for model in COVERED}
        strays = set()
        for label, pk in written:
            row = labels[label]._base_manager.filter(pk=pk).first()
            if row is not None and room.stream not in streams_of(row):
                strays.add(label)
        # One ceiling is shared by every case of a purchaser, a year and a fund; a release names its
        # case by number only, and nothing ever changes it.
        assert strays == {"budgeting.ceiling", "disclosure.publishedrelease"}

    def test_a_row_of_nobodys_case_belongs_to_none(self, room):
        assert streams_of(room.world.organisations["财政局"]) == set()
        assert sealed_among({room.stream}) == {}
