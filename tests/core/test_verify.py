"""`verify` finds every alteration of the evidence and of the rows it explains."""

import shutil
from datetime import date
from itertools import zip_longest

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import Organisation, User
from accounts.recording import COVERED, UNCOVERED
from accounts.services import create_user
from budgeting.models import Allocation, Ceiling, Obligation, Opinion
from budgeting.services import agree_on_condition, return_project, set_ceiling
from core.attachments import Attachment, store
from core.calendar.clock import start_demo_clock
from core.events import OutboxEvent
from core.history import change, triggers, writer
from core.history.checkpoints import sign_checkpoint
from core.history.models import Checkpoint, HistoryEvent
from core.history.values import row_values
from core.history.verify import Replay, Report, _compare_live_rows, _walk_log, verify
from core.management.commands import verify as command
from projects.models import EstimateLine, Indicator
from tests import steps, surrounding, whole
from tests.core import tampering
from tests.world import DAY, build_world, deliver_all

# The n-th column of every covered table that has so many.
COLUMNS = list(zip_longest(*(c.model._meta.concrete_fields for c in COVERED.values())))
TABLES = [c.model for c in COVERED.values()]
MODELS = [pytest.param(model, id=model.__name__) for model in TABLES]
LOG_COLUMNS = [pytest.param(f, id=f.column) for f in HistoryEvent._meta.concrete_fields]
FUNCTION_THAT_DOES_NOTHING = (
    "CREATE OR REPLACE FUNCTION minggou_refuse_change() RETURNS trigger "
    "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
)
HEAD_COLUMNS = [pytest.param(f, id=f.column) for f in Checkpoint._meta.concrete_fields]


def build():
    """Every covered table has a row: a case run to its last payment, a subsidy, one returned."""
    world = build_world()
    create_user(
        username="mobile",
        full_name="有手机",
        organisation=world.organisations["文旅委"],
        password="x" * 12,
        mobile="13900001111",
        by=None,
        on=DAY,
    )
    project = steps.submit(world)
    steps.agree_all(world, project, but=("经信委",))
    agree_on_condition(
        steps.opinion_of(project, "经信委"),
        condition="验收前交统一身份认证接入证明",
        due_stage="evaluation",
        **world.sun.acts(steps.AGREED),
    )
    steps.conclude(world, project)
    steps.decide(world, project)
    steps.reply(world, project)
    whole.buy(world, steps.fresh(project))
    whole.subsidise(world)
    whole.assess(world, project)
    whole.disclose(world, project)
    whole.inspect(world, project)
    whole.keep_books(world, project)
    whole.plan(world)
    returned = steps.submit(world, name="另一个项目")
    return_project(
        steps.review_of(returned), objections=["请说明单价。"], **world.zhao.acts(steps.CONCLUDED)
    )
    surrounding.surround(world)
    deliver_all()
    start_demo_clock(date(2026, 3, 2), by=world.admin.user)
    sign_checkpoint()
    return world


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One expensive world for the whole module, undone at its end."""
    is_demo, settings.MINGGOU_DEMO = settings.MINGGOU_DEMO, True
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
    settings.MINGGOU_DEMO = is_demo


@pytest.fixture(scope="module")
def replayed(built):
    """What the log says every row is."""
    report, replay = Report(), Replay()
    _walk_log(report, replay)
    assert report.differences == []
    return replay


@pytest.fixture(autouse=True)
def scene(built, db):
    """Whatever a test does to the shared world is undone after it, constraints unasked."""
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def intruder():
    """Triggers out of the way while the test tampers; it calls the result to lock again."""
    tampering.unlock()
    return tampering.relock


def found():
    return verify().differences


class TestCleanWorld:
    """A case walked through the services alone has no difference."""

    def test_it_is_clean(self):
        report = verify()

        assert report.differences == []
        assert report.checkpoints == 1
        assert report.events == HistoryEvent.objects.count()
        assert report.root_sha256 == Checkpoint.objects.get().root_sha256

    @pytest.mark.parametrize("model", MODELS)
    def test_every_covered_table_has_a_row(self, model):
        assert model._base_manager.exists()

    def test_it_stays_clean_when_the_log_goes_on(self, scene):
        steps.file(scene, name="之后的项目")

        assert found() == []


class TestRows:
    """Every column of every covered table is compared with what the log says."""

    @pytest.fixture
    def named(self, intruder, replayed):
        """The tables of which differences of a kind are found; the log itself is untouched."""

        def tables(words=""):
            report = Report()
            _compare_live_rows(report, Replay(*(dict(part) for part in vars(replayed).values())))
            return {d.partition(":")[0] for d in report.differences if words in d}

        return tables

    @pytest.mark.parametrize("nth", range(len(COLUMNS)))
    def test_a_changed_column_is_found(self, named, nth):
        """One column of each table at a time."""
        fields = [field for field in COLUMNS[nth] if field]
        for field in fields:
            tampering.change_column(field.model, field)

        assert {field.model._meta.label_lower for field in fields} <= named()

    def test_an_inserted_row_is_found_in_each_table(self, named):
        for model in TABLES:
            tampering.copy_row(model)

        assert named("没有来历") == {model._meta.label_lower for model in TABLES}

    def test_a_deleted_row_is_found_in_each_table(self, named):
        for model in TABLES:
            tampering.delete_row(model)

        assert named("已不见") == {model._meta.label_lower for model in TABLES}

    def test_one_row_more_or_less_is_found_by_the_whole_verification(self, intruder):
        tampering.copy_row(Indicator)
        tampering.delete_row(Opinion)
        intruder()

        assert ["没有来历" in d or "已不见" in d for d in found()] == [True, True]

    @pytest.mark.parametrize(
        ("model", "column"),
        [
            (EstimateLine, "amount_fen"),
            (Indicator, "weight"),
            (Opinion, "text"),
            (Organisation, "short_name"),
            (User, "full_name"),
            (User, "password"),
        ],
    )
    def test_two_rows_that_changed_places_are_found(self, model, column):
        tampering.swap(model, column)

        assert len(found()) >= 2


class TestAnUpgrade:
    """A column that a later version added: no earlier event names it, its default stands."""

    @pytest.fixture
    def ceiling(self, scene, monkeypatch):
        """Set down by a version that had no column for what is carried over."""

        def older(row):
            return {n: v for n, v in row_values(row).items() if n != "carried_in_fen"}

        with monkeypatch.context() as earlier:
            earlier.setattr(writer, "row_values", older)
            set_ceiling(
                scene.purchasers["文旅委"],
                year=2031,
                fund=scene.funds["部门预算"],
                amount_fen=100,
                number="示财预〔2030〕1号",
                **scene.zhao.acts(),
            )
        return Ceiling.objects.get(year=2031)

    def test_what_the_migration_filled_in_is_no_difference(self, ceiling):
        created = HistoryEvent.objects.latest("seq")

        assert "carried_in_fen" not in created.body
        assert found() == []

    def test_any_other_value_is(self, ceiling, intruder):
        tampering.run("UPDATE budgeting_ceiling SET carried_in_fen = 1 WHERE year = 2031")
        intruder()

        assert f"budgeting.ceiling:{ceiling.pk} 的 carried_in_fen 与历史重放不符。" in found()

    def test_the_first_act_that_names_it_begins_at_the_default(self, ceiling, scene):
        with change(title="试", act="core.system_task", by=None, on=DAY) as changes:
            changes.update(ceiling, carried_in_fen=50)

        assert "carried_in_fen" in HistoryEvent.objects.latest("seq").body
        assert [d for d in found() if "重放" in d] == []


class TestLog:
    """No event can be altered, dropped, added or renumbered unseen."""

    @pytest.mark.parametrize("field", LOG_COLUMNS)
    def test_a_changed_column_is_found(self, intruder, field):
        tampering.change_column(HistoryEvent, field)
        intruder()

        assert found()

    @pytest.mark.parametrize("place", ["first", "middle", "last"])
    def test_a_deleted_event_is_found(self, intruder, place):
        last = HistoryEvent.objects.latest("seq").seq
        seq = {"first": 1, "middle": last // 2, "last": last}[place]

        tampering.run("DELETE FROM core_historyevent WHERE seq = %s", seq)
        intruder()

        assert found()

    def test_a_gap_closed_by_renumbering_is_found(self, intruder):
        seq = HistoryEvent.objects.latest("seq").seq
        tampering.run("DELETE FROM core_historyevent WHERE seq = %s", seq - 1)
        tampering.run("UPDATE core_historyevent SET seq = %s WHERE seq = %s", seq - 1, seq)
        intruder()

        assert any("列 seq" in d for d in found())

    def test_two_events_that_changed_places_are_found(self, intruder):
        for before, after in ((5, -1), (6, 5), (-1, 6)):
            tampering.run("UPDATE core_historyevent SET seq = %s WHERE seq = %s", after, before)
        intruder()

        assert found()

    def test_an_invented_event_is_found(self):
        last = HistoryEvent.objects.latest("seq")
        last.seq += 1
        last.save(force_insert=True)

        assert any("列 seq" in d for d in found())

    def test_a_body_that_cannot_be_read_is_told_not_raised(self, intruder):
        tampering.run("UPDATE core_historyevent SET body = '{' WHERE seq = 3")
        intruder()

        assert any("无法解读" in d for d in found())


class TestCheckpoints:
    """A signed head pins the size and both roots of the log."""

    @pytest.mark.parametrize("field", HEAD_COLUMNS)
    def test_a_changed_column_is_found(self, intruder, field):
        tampering.change_column(Checkpoint, field)
        intruder()

        assert any("检查点" in d for d in found())

    def test_a_head_larger_than_the_log_is_found(self, intruder):
        tampering.run("UPDATE core_checkpoint SET size = size + 1")
        intruder()

        assert any("日志现仅" in d for d in found())


class TestTriggers:
    """What refuses changes must itself be there, unchanged."""

    @pytest.mark.parametrize("name", [name for name, _, _ in triggers._expected("sqlite")])
    def test_a_dropped_trigger_is_found(self, name):
        connection.check_constraints()
        table = name.rsplit("_no_", 1)[0]
        suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
        tampering.run(f"DROP TRIGGER {name}{suffix}")

        assert found() == [f"数据库触发器缺失或被改动：{name}。"]

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's way")
    def test_a_trigger_that_does_nothing_is_found(self):
        name = "core_historyevent_no_update"
        tampering.run(f"DROP TRIGGER {name}")
        tampering.run(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON core_historyevent BEGIN SELECT 1; END"
        )

        assert found() == [f"数据库触发器缺失或被改动：{name}。"]

    @pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's ways")
    @pytest.mark.parametrize(
        "sql",
        [
            FUNCTION_THAT_DOES_NOTHING,
            "ALTER TABLE core_historyevent DISABLE TRIGGER core_historyevent_no_update",
        ],
        ids=["a function that does nothing", "a trigger switched off"],
    )
    def test_a_trigger_that_does_nothing_is_found_there(self, sql):
        connection.check_constraints()
        tampering.run(sql)

        assert any("core_historyevent_no_update" in d for d in found())


class TestOutbox:
    """Every announcement stands in the outbox, and nothing else does."""

    def test_a_removed_row_is_found(self):
        OutboxEvent.objects.filter(name="projects.project.approve_budget").delete()

        assert any("应送而不在" in d for d in found())

    def test_an_invented_row_is_found(self):
        OutboxEvent(seq=1, name="x", stream="x", subject="x:1", effective_on=DAY).save()

        assert any("待送表中第 1 条" in d for d in found())


class TestLedger:
    """Buckets equal the sum of their entries, also where both were recorded."""

    def test_a_bucket_that_does_not_match_is_found(self):
        row = Allocation.objects.earliest("pk")
        steps.edit(row, paid_fen=row.paid_fen - 1)

        said = f"“{row.project}”2026 年部门预算的已付为 1,686,527.99 元，台账分录之和为 "
        assert [d for d in found() if "已付" in d] == [f"{said}1,686,528.00 元，相差 0.01 元。"]


class TestCommand:
    """`manage.py verify`: what a cron job and an auditor read."""

    def test_a_clean_database_exits_normally_and_lists_what_is_not_covered(self, capsys):
        call_command("verify")

        shown = capsys.readouterr().out
        assert "核验通过" in shown
        assert all(f"{table}：{reason}" in shown for table, reason in UNCOVERED.items())

    def test_a_difference_is_printed_and_exits_with_one(self, capsys):
        tampering.run("UPDATE budgeting_obligation SET text = 'x'")

        with pytest.raises(SystemExit) as left:
            call_command("verify")

        assert left.value.code == 1
        assert (
            f"budgeting.obligation:{Obligation.objects.get().pk} 的 text" in capsys.readouterr().err
        )

    def test_a_table_nobody_explained_is_found(self, monkeypatch):
        monkeypatch.delitem(UNCOVERED, "core_requestkey")

        assert any("core_requestkey" in d for d in found())


class TestFiles:
    """`manage.py verify --files`: the stored bytes still have their digests."""

    @pytest.fixture
    def stored(self, tmp_path, settings):
        """The attachments' bytes in a folder of their own; the path of the first."""
        digests = list(Attachment.objects.order_by("pk").values_list("sha256", flat=True))
        sources = [store.path_of(digest) for digest in digests]
        settings.MINGGOU_FILES = tmp_path
        for digest, source in zip(digests, sources, strict=True):
            store.path_of(digest).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, store.path_of(digest))
        return store.path_of(digests[0])

    @pytest.fixture(autouse=True)
    def _only_the_attachments(self):
        from core.documents.models import Document

        for document in Document.objects.exclude(sha256=""):
            steps.edit(document, sha256="")

    def test_intact_files_pass(self, stored, capsys):
        call_command("verify", "--files")

        assert "核验通过" in capsys.readouterr().out

    def test_a_flipped_byte_is_found(self, stored, capsys):
        data = bytearray(stored.read_bytes())
        data[40] ^= 1
        stored.write_bytes(bytes(data))

        with pytest.raises(SystemExit):
            call_command("verify", "--files")
        assert "会议纪要.pdf" in capsys.readouterr().err

    def test_a_missing_file_is_found(self, stored, capsys):
        stored.unlink()

        with pytest.raises(SystemExit):
            call_command("verify", "--files")
        assert "缺失" in capsys.readouterr().err


def test_no_recorded_change_needs_a_person(scene):
    """A job's change has no actor and is still complete."""
    with change(title="x", act="x", by=None, on=DAY, subject=scene.jurisdiction) as changes:
        changes.update(scene.jurisdiction, name="示范区改")

    assert found() == []


class TestHowMany:
    """All differences are counted, however many are listed."""

    def report(self, most_shown):
        report = Report(most_shown=most_shown)
        for number in range(5):
            report.differs(f"差异 {number}")
        return report

    @pytest.mark.parametrize(("most", "listed", "left"), [(4, 4, 1), (5, 5, 0), (None, 5, 0)])
    def test_what_is_not_listed_is_counted(self, most, listed, left):
        report = self.report(most)
        assert (len(report.differences), report.left_out, report.found) == (listed, left, 5)
        assert not report.is_clean

    def test_the_command_says_so_and_lists_all_when_asked(self, scene, monkeypatch, capsys):
        monkeypatch.setattr(command, "verify", self.report)
        monkeypatch.setattr(command, "MOST_SHOWN", 2)
        with pytest.raises(SystemExit):
            call_command("verify")
        said = capsys.readouterr().err
        assert "共 5 处差异，另有 3 处没有列出（--all 列出全部）" in said
        with pytest.raises(SystemExit):
            call_command("verify", "--all")
        said = capsys.readouterr().err
        assert said.count("差异：") == 5
        assert "没有列出" not in said
