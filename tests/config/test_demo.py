"""The demonstration: three districts told through the services, once, into an empty database."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Jurisdiction, User
from config.demo.load import FIRST_DAY, NotEmpty, holds, load_demo, shown_accounts
from config.demo.people import SHOWN_ACCOUNTS
from core.calendar.clock import today
from core.calendar.models import DemoClock
from core.documents.models import Document
from core.documents.rendering import TEMPLATES, render_pdf
from core.events import OutboxEvent
from core.history.models import Checkpoint, HistoryEvent
from core.history.verify import verify
from core.transitions import STAYS, moves_of, stateful_models
from projects.models import Project, Purchaser

STATES = [
    pytest.param(model, state, id=f"{model.__name__}-{state}")
    for model in stateful_models()
    for state in sorted({s for m in moves_of(model) for s in (*m.sources, m.to)} - {STAYS})
]


@pytest.mark.usefixtures("demonstration", "db")
class TestContents:
    """Every state a visitor may want to see is there."""

    @pytest.mark.parametrize(("model", "state"), STATES)
    def test_every_state_of_every_machine_is_shown(self, model, state):
        assert model.objects.filter(**{model.STATE_FIELD: state}).exists()

    def test_it_is_as_large_as_promised(self):
        assert Project.objects.count() >= 20
        district = Jurisdiction.objects.get(code="sf")
        assert Purchaser.objects.filter(organisation__jurisdiction=district).count() >= 12

    def test_its_record_is_clean_and_signed(self):
        report = verify()

        assert report.differences == []
        assert Checkpoint.objects.get().size == report.events

    @pytest.mark.parametrize("kind", sorted(TEMPLATES))
    def test_a_document_of_every_kind_goes_through_the_engine(self, kind):
        document = Document.objects.filter(kind=kind).earliest("pk")

        assert render_pdf(kind, document.context | {"record_id": 1}).startswith(b"%PDF")

    def test_nothing_waits_undelivered(self):
        assert not OutboxEvent.objects.undone().exists()

    def test_the_clock_stands_on_its_first_day(self):
        assert (today(), holds()) == (FIRST_DAY, "demo")
        assert not HistoryEvent.objects.filter(effective_on__gt=FIRST_DAY).exists()

    def test_every_shown_account_has_a_desk(self):
        accounts = shown_accounts()

        assert [name for name, _, _ in accounts] == list(SHOWN_ACCOUNTS)
        assert all(desk for _, _, desk in accounts)

    def test_loading_again_does_nothing(self):
        before = HistoryEvent.objects.count()

        assert load_demo() is False
        assert HistoryEvent.objects.count() == before

    @pytest.mark.parametrize("username", SHOWN_ACCOUNTS)
    def test_a_shown_account_signs_in_with_the_printed_password(self, username):
        from config.demo.district import PASSWORD

        assert User.objects.get(username=username).check_password(PASSWORD)


class TestRefusal:
    """A database that holds anything else is left alone."""

    def test_a_database_with_people_is_refused_and_unchanged(self, world, settings):
        settings.MINGGOU_DEMO = True
        before = HistoryEvent.objects.count()

        with pytest.raises(NotEmpty, match="未作任何改动"):
            load_demo()
        with pytest.raises(CommandError, match="已有其他数据"):
            call_command("load_demo")

        assert HistoryEvent.objects.count() == before
        assert not DemoClock.objects.exists()

    def test_the_command_tells_an_empty_database(self, db):
        assert held() == ("empty", 3)

    def test_the_command_tells_a_database_with_people(self, world):
        assert held() == ("other", 1)


def held() -> tuple[str, int]:
    """What the database holds, as the function and as the command's exit code say it."""
    with pytest.raises(SystemExit) as left:
        call_command("is_demo")
    return holds(), left.value.code
