"""《政府采购法实施条例》第五十条: a contract is announced within two working days."""

from __future__ import annotations

from datetime import date

import pytest

from core.history.reading import events_of
from core.transitions import TransitionRefused
from disclosure import handlers
from disclosure.facts import due_on
from disclosure.models import DisclosureDuty, DutyKind, DutyStatus, NoticeKind, PublishedNotice
from disclosure.services import open_duty, register_publication
from tests import steps
from tests.disclosure.cases import ADDRESS, ANNOUNCED, MEDIUM, SIGNED, Purchase, event, notice

DUE = date(2026, 4, 14)


@pytest.fixture
def contract(world):
    return Purchase(world).contract()


@pytest.fixture
def duty(contract):
    handlers.open_duty_to_announce_contract(event("contracts.contract.conclude", contract))
    return DisclosureDuty.objects.get(kind=DutyKind.CONTRACT_NOTICE)


def register(world, duty, on, **changes):
    return register_publication(
        duty,
        medium=MEDIUM,
        address=ADDRESS,
        published_on=on,
        **world.zhang.acts(max(on, SIGNED)),
        **changes,
    )


class TestDuty:
    """Signing opens it, for this contract, once."""

    def test_it_runs_from_the_signing(self, duty, contract):
        assert (duty.opened_on, due_on(duty)) == (SIGNED, DUE)
        assert str(duty) == f"公开合同公告（{contract}）"

    def test_it_runs_over_days_of_rest(self, contract):
        steps.edit(contract, signed_on=date(2026, 2, 12))
        handlers.open_duty_to_announce_contract(event("contracts.contract.conclude", contract))

        assert due_on(DisclosureDuty.objects.get()) == date(2026, 2, 14)  # a Saturday that works

    def test_told_twice_it_opens_once(self, duty, contract):
        handlers.open_duty_to_announce_contract(event("contracts.contract.conclude", contract))

        assert DisclosureDuty.objects.count() == 1

    def test_it_stands_beside_that_of_the_project(self, world, duty):
        open_duty(duty.project, **world.zhao.acts())

        assert DisclosureDuty.objects.filter(project=duty.project).count() == 2


class TestAnnouncing:
    """Registering the publication freezes the notice in the same transaction."""

    def test_it_freezes_the_notice(self, world, duty):
        register(world, duty, ANNOUNCED)

        found = notice(NoticeKind.CONTRACT)
        assert (found.published_on, found.medium, found.address) == (ANNOUNCED, MEDIUM, ADDRESS)
        assert steps.fresh(duty).status == DutyStatus.FULFILLED

    def test_a_repeated_click_freezes_one(self, world, duty):
        register(world, duty, ANNOUNCED, key="k")

        assert register(world, duty, ANNOUNCED, key="k").is_repeat
        assert PublishedNotice.objects.count() == 1

    def test_before_the_signing_it_is_refused_and_nothing_is_frozen(self, world, duty):
        with pytest.raises(TransitionRefused, match="公开日早于起算日"):
            register(world, duty, date(2026, 4, 9))

        assert not PublishedNotice.objects.exists()

    @pytest.mark.parametrize(("day", "late"), [(14, []), (16, ["逾期 2 日公开"])])
    def test_late_is_recorded(self, world, duty, day, late):
        register(world, duty, date(2026, 4, day))

        fulfilled = next(e for e in events_of(duty.stream()) if e.act.endswith("fulfil"))
        assert [verdict.message for verdict in fulfilled.late] == late
        assert notice(NoticeKind.CONTRACT).published_on == date(2026, 4, day)

    def test_what_cannot_be_frozen_is_not_registered(self, world, duty, monkeypatch):
        monkeypatch.setattr("disclosure.services.notice_text", lambda *_: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            register(world, duty, ANNOUNCED)

        assert steps.fresh(duty).status == DutyStatus.OPEN

    def test_the_other_duty_freezes_nothing(self, world):
        duty = open_duty(steps.file(world), **world.zhao.acts(SIGNED))

        register(world, duty, ANNOUNCED)

        assert not PublishedNotice.objects.exists()
