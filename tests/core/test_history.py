"""The evidence: nothing recorded changes without its event, and no event changes at all."""

import re

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import Organisation, User
from accounts.services import create_user
from budgeting.models import LedgerEntry
from core.history import UnrecordedWriteError, change, triggers
from core.history.canonical import is_canonical, loads
from core.history.checkpoints import sign_checkpoint
from core.history.merkle import leaf_hash
from core.history.models import Checkpoint, EventKind, HistoryEvent, PersonalValue
from core.history.reading import HIDDEN, events_of
from core.history.values import salted_digest
from core.history.verify import verify
from core.transitions import NotPermitted
from projects.models import ProjectVersion
from projects.services import submit_project
from tests import steps
from tests.world import DAY

CANARY = "13998765432"


def run(sql, *params):
    """One raw statement, in its own savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def person(world):
    """A clerk whose mobile number must never be seen in the log."""
    return create_user(
        username="canary",
        full_name="金丝雀",
        organisation=world.organisations["文旅委"],
        password="correct horse battery",
        mobile=CANARY,
        by=None,
        on=DAY,
    )


WRITES = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "update": lambda row: type(row).objects.filter(pk=row.pk).update(name="x"),
    "query set delete": lambda row: type(row).objects.filter(pk=row.pk).delete(),
    "bulk_create": lambda row: type(row).objects.bulk_create([type(row)(name="x")]),
    "bulk_update": lambda row: type(row).objects.bulk_update([row], ["name"]),
    "create": lambda row: type(row).objects.create(name="x"),
}


class TestGuard:
    """A recorded row changes only through `change()`."""

    @pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
    def test_a_write_outside_change_is_refused(self, world, write):
        bureau = world.organisations["财政局"]

        with pytest.raises(UnrecordedWriteError, match=r"accounts\.Organisation"):
            write(bureau)

        assert verify().is_clean

    def test_an_unmarked_model_cannot_be_written_through_change(self, db):
        with (
            pytest.raises(UnrecordedWriteError),
            change(title="x", act="x", by=None, on=DAY) as changes,
        ):
            changes.create(Checkpoint(size=1, signed_at=None))

    def test_the_guard_closes_again_after_a_change(self, world):
        bureau = steps.edit(world.organisations["财政局"], short_name="财政")

        with pytest.raises(UnrecordedWriteError):
            bureau.save()

    def test_a_change_that_changes_nothing_records_nothing(self, world):
        before = HistoryEvent.objects.count()

        steps.edit(world.organisations["财政局"], short_name="财政局")

        assert HistoryEvent.objects.count() == before

    def test_a_failing_change_leaves_neither_row_nor_event(self, world):
        before = HistoryEvent.objects.count()

        with pytest.raises(RuntimeError):
            steps.edit_then_fail(world.organisations["财政局"], short_name="别名")

        assert Organisation.objects.filter(short_name="财政局").exists()
        assert HistoryEvent.objects.count() == before


class TestTriggers:
    """The database itself refuses to change what is append-only, on both databases."""

    @pytest.fixture
    def written(self, world):
        steps.reply(world)
        sign_checkpoint()
        connection.check_constraints()

    @pytest.mark.parametrize("model", [HistoryEvent, Checkpoint, LedgerEntry, ProjectVersion])
    @pytest.mark.parametrize(
        "sql", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"]
    )
    def test_update_and_delete_are_refused(self, written, model, sql):
        table, column = model._meta.db_table, model._meta.concrete_fields[-1].column
        before = model.objects.count()

        with pytest.raises(DatabaseError, match="append-only"):
            run(sql.format(table=table, column=column))

        assert model.objects.count() == before > 0

    @pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only there")
    def test_truncate_is_refused(self, written):
        with pytest.raises(DatabaseError, match="append-only"):
            run(f"TRUNCATE {HistoryEvent._meta.db_table}")

    def test_install_puts_dropped_triggers_back(self, db):
        triggers.remove()
        assert len(triggers.missing()) >= 8

        triggers.install()

        assert triggers.missing() == []

    def test_every_migrate_puts_them_back(self, db):
        triggers.remove()

        call_command("migrate", verbosity=0)

        assert triggers.missing() == []


class TestPersonalFields:
    """《个人信息保护法》第四十七条: committed to by a salted digest, erasable without a trace."""

    def test_no_event_ever_holds_the_number(self, world, person):
        steps.edit(person, mobile="13900000000")
        steps.edit(person, mobile=CANARY)

        assert not HistoryEvent.objects.filter(body__contains=CANARY).exists()
        assert not HistoryEvent.objects.filter(body__contains=person.password[:12]).exists()

    def test_the_digest_is_salted_and_opens_with_the_kept_value(self, person):
        kept = PersonalValue.objects.get(value=CANARY)
        body = loads(HistoryEvent.objects.get(pk=kept.event_seq).body.encode())

        digest = body["changes"][0]["after"]["mobile"]["digest"]

        assert digest == salted_digest(kept.salt, CANARY)
        assert kept.path == "0.after.mobile"

    def test_the_same_number_twice_has_two_digests(self, world, person):
        steps.edit(world.zhang.user, mobile=CANARY)

        salts = PersonalValue.objects.filter(value=CANARY).values_list("salt", flat=True)

        assert len(set(salts)) == 2

    def test_a_password_is_never_kept(self, person):
        assert not PersonalValue.objects.filter(value__contains=person.password).exists()

    def test_the_page_shows_that_it_is_hidden(self, person):
        (event,) = events_of(f"accounts.user:{person.pk}")

        shown = {d.label: d.after for d in event.diffs}
        assert shown["账号·手机号"] == HIDDEN
        assert shown["账号·姓名"] == "金丝雀"

    def test_an_erased_value_leaves_every_leaf_valid(self, person):
        steps.edit(person, mobile="")
        PersonalValue.objects.filter(value=CANARY).delete()

        assert verify().differences == []
        assert all(
            leaf_hash(e.body.encode(), "sha256").hex() == e.leaf_sha256
            for e in HistoryEvent.objects.all()
        )

    @pytest.mark.parametrize("column", ["value", "salt"])
    def test_a_kept_value_that_was_altered_is_found(self, person, column):
        PersonalValue.objects.filter(value=CANARY).update(**{column: "00"})

        assert any("个人字段" in d for d in verify().differences)


class TestEventBody:
    """An event tells what was so then, in one spelling, whatever is renamed later."""

    def test_it_names_people_and_organisations_as_they_were(self, world):
        project = steps.file(world)
        steps.edit(world.zhang.user, full_name="张改名")
        steps.edit(world.organisations["文旅委"], name="区文化局")

        event = events_of(project.stream())[-1]

        assert (event.actor_name, event.actor_organisation) == ("张敏", "区文化和旅游发展委员会")
        assert event.acting_role == "经办人"

    def test_it_is_canonical_and_repeats_its_columns(self, world):
        project = steps.file(world)

        event = HistoryEvent.objects.filter(stream=project.stream()).latest("seq")
        body = loads(event.body.encode())

        assert is_canonical(event.body.encode())
        assert (body["seq"], body["act"], body["effective_on"]) == (
            event.seq,
            "projects.file",
            "2025-10-20",
        )

    def test_it_holds_only_the_columns_that_changed(self, world):
        steps.edit(world.organisations["财政局"], short_name="财政")

        body = loads(HistoryEvent.objects.latest("seq").body.encode())

        (entry,) = body["changes"]
        assert (entry["before"], entry["after"]) == (
            {"short_name": "财政局"},
            {"short_name": "财政"},
        )

    def test_it_chains_to_the_event_before_in_its_case(self, world):
        project = steps.file(world)
        steps.sign_all(world, project)

        events = list(HistoryEvent.objects.filter(stream=project.stream()).order_by("seq"))

        leaves = [""] + [e.leaf_sha256 for e in events[:-1]]
        assert [loads(e.body.encode())["previous"] for e in events] == leaves


class TestSequence:
    """Numbers without a gap, also where acts failed in between."""

    def test_numbers_run_from_one_without_a_gap(self, world):
        project = steps.file(world)
        with pytest.raises(NotPermitted):
            submit_project(project, **world.wu.acts())
        steps.submit(world, project)

        numbers = list(HistoryEvent.objects.order_by("seq").values_list("seq", flat=True))

        assert numbers == list(range(1, len(numbers) + 1))

    def test_a_refusal_is_an_event_of_its_own_kind(self, world):
        project = steps.file(world)
        with pytest.raises(NotPermitted):
            submit_project(project, **world.wu.acts())

        event = HistoryEvent.objects.latest("seq")
        body = loads(event.body.encode())

        assert (event.kind, event.actor_id) == (EventKind.REFUSED, world.wu.user.pk)
        assert (body["changes"], body["announce"], body["to"]) == ([], "", ["", ""])

    def test_the_leaves_are_hexadecimal_digests(self, world):
        event = HistoryEvent.objects.latest("seq")

        assert re.fullmatch(r"[0-9a-f]{64}", event.leaf_sha256)
        assert re.fullmatch(r"[0-9a-f]{64}", event.leaf_sm3)


class TestSystemActor:
    """Jobs act as a named system user who cannot sign in."""

    def test_it_has_no_usable_password(self, world):
        assert not User.objects.get(username="system").has_usable_password()

    def test_nobody_is_a_superuser(self, world):
        assert not hasattr(User, "is_superuser")
