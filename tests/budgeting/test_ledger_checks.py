"""The ledger is checked once a day and on demand; what does not agree is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.roles import Role
from accounts.services import assign_role, create_user, system_actor
from budgeting.models import Ceiling, LedgerCheck, LedgerEntry
from budgeting.services import (
    Share,
    carry_over,
    commit,
    pay,
    request_check,
    request_nightly,
    run_check,
)
from budgeting.services import checks as checks_module
from budgeting.services.invariants import PARTS
from budgeting.tasks import check_ledgers
from core.history.models import HistoryEvent
from core.inbox import InboxItem
from core.transitions import NotPermitted, RequestKeyMismatch
from tests import steps
from tests.budgeting.funds import ON, by_finance, lines, of_two_funds
from tests.budgeting.steps import Desk
from tests.world import SINCE, deliver_all

pytestmark = pytest.mark.django_db
PAGE = "/budget/ledger/check/"


@pytest.fixture
def project(world):
    return of_two_funds(world)


def checked(world, on=ON, by="zhao"):
    """A check on demand, done by the worker."""
    row = request_check(world.jurisdiction, **getattr(world, by).acts(on))
    deliver_all()
    return steps.fresh(row)


def codes(row):
    return [d["code"] for d in row.differences]


class TestACheck:
    def test_finds_nothing_where_all_agrees(self, world, project):
        row = checked(world)

        assert row.is_clean
        assert row.differences == []
        assert dict(row.lines)["资金分配"] == 2
        assert dict(row.lines)["台账分录"] == 4
        assert row.line_count == sum(n for _, n in row.lines)
        assert [part.title for part in PARTS] == [title for title, _ in row.lines]

    def test_is_queued_and_done_by_the_worker(self, world, project):
        row = request_check(world.jurisdiction, **world.wu.acts(ON))
        assert row.is_waiting
        deliver_all()
        assert steps.fresh(row).finished_at is not None

    def test_done_twice_writes_once(self, world, project):
        row = checked(world)
        last = HistoryEvent.objects.count()

        assert run_check(row, on=ON).finished_at == row.finished_at
        assert HistoryEvent.objects.count() == last

    def test_a_second_request_joins_the_one_that_waits(self, world, project):
        first = request_check(world.jurisdiction, **world.zhao.acts(ON))
        assert request_check(world.jurisdiction, **world.wu.acts(ON)) == first
        deliver_all()
        assert request_check(world.jurisdiction, **world.wu.acts(ON)) != first

    def test_a_repeated_click_is_one_request(self, world, project):
        acts = world.zhao.acts(ON)
        first = request_check(world.jurisdiction, key="k", **acts)
        deliver_all()
        assert request_check(world.jurisdiction, key="k", **acts) == first
        with pytest.raises(RequestKeyMismatch):
            request_check(world.zhao.user.organisation.jurisdiction, key="k", **world.wu.acts(ON))

    @pytest.mark.parametrize("name", ["zhang", "qian", "admin", "keeper", "secretary"])
    def test_nobody_else_asks_for_one(self, world, project, name):
        with pytest.raises(NotPermitted):
            request_check(world.jurisdiction, **getattr(world, name).acts(ON))
        assert not LedgerCheck.objects.exists()

    def test_writes_into_no_case(self, world, project):
        before = HistoryEvent.objects.filter(stream=project.stream()).count()
        row = checked(world)

        assert HistoryEvent.objects.filter(stream=project.stream()).count() == before
        assert HistoryEvent.objects.filter(stream=row.stream()).count() == 2


class TestWhatItFinds:
    """Each invariant, broken behind the services' back."""

    def test_a_bucket_that_is_not_its_entries(self, world, project):
        line = lines()[0]
        steps.edit(line, reserved_fen=line.reserved_fen - 100)
        row = checked(world)

        assert codes(row) == ["bucket.reserved_fen"]
        (found,) = row.differences
        assert found["sentence"] == (
            "“公共文化信息服务平台运维”2026 年部门预算的预留为 1,199,999.00 元，"
            "台账分录之和为 1,200,000.00 元，相差 1.00 元。"
        )
        assert found["gap_fen"] == -100
        assert found["subject"] == f"budgeting.allocation:{line.pk}"
        page = Desk(world.zhao).get(found["url"])
        assert "台账上的数与分录之和不等" in page

    @pytest.mark.parametrize(
        ("values", "found"),
        [
            ({"allocated_fen": 1}, ["ceiling.allocated"]),
            ({"carried_in_fen": 1}, ["ceiling.carried"]),
            ({"set_on": None}, ["ceiling.unset"]),
        ],
    )
    def test_a_ceiling_that_does_not_add_up(self, world, project, values, found):
        row = lines()[0].ceiling
        steps.edit(row, **values)
        result = checked(world)

        assert codes(result) == found
        assert Desk(world.zhao).get(result.differences[0]["url"])

    def test_what_left_a_year_and_did_not_arrive(self, world, project):
        by = by_finance(world, project)
        commit(project, 600, by)
        carry_over(project, lines()[0], 200, by)
        arrived = LedgerEntry.objects.get(kind="carry_in").allocation
        steps.put(
            LedgerEntry(
                allocation=arrived, kind="carry_in", amount_fen=1, effective_on=ON, document="x"
            )
        )
        row = checked(world)

        assert "carry" in codes(row)

    def test_what_arrived_from_nowhere(self, world, project):
        line = lines()[0]
        steps.put(
            LedgerEntry(
                allocation=line, kind="carry_in", amount_fen=7, effective_on=ON, document="x"
            )
        )
        found = {d["code"]: d for d in checked(world).differences}

        assert found["carry"]["gap_fen"] == -7

    def test_money_paid_that_no_contract_knows(self, world, project):
        """The contracts' own check, hung onto the ledger's."""
        by = by_finance(world, project)
        commit(project, 300, by)
        pay(project, [Share(lines()[0], 200)], by)
        row = checked(world)

        assert codes(row) == ["slices.paid_fen", "slices.committed_fen"]
        assert "各合同已付份额之和为 0.00 元" in row.differences[0]["sentence"]

    def test_another_jurisdictions_is_not_this_ones(self, world, project):
        line = lines()[0]
        steps.edit(line, reserved_fen=1)
        elsewhere = system_actor()[0].organisation.jurisdiction
        row = steps.put(LedgerCheck(district=elsewhere, requested_on=ON))

        assert run_check(row, on=ON).is_clean


class TestNightly:
    """Once a day for every jurisdiction that has ceilings, however often it is woken."""

    def test_once_a_day(self, world, project):
        assert [request_nightly(on=ON), request_nightly(on=ON)] == [1, 0]
        deliver_all()
        assert request_nightly(on=ON) == 0
        assert request_nightly(on=ON + timedelta(days=1)) == 1
        (second, first) = LedgerCheck.objects.all()
        assert first.is_clean
        assert first.requested_by is None
        assert second.is_waiting

    def test_two_schedulers_at_once_make_one(self, world, project, monkeypatch):
        request_nightly(on=ON)
        empty = LedgerCheck.objects.none()
        monkeypatch.setattr(LedgerCheck.objects, "filter", lambda **_: empty)

        assert request_nightly(on=ON) == 0

    def test_the_task_is_the_door(self, world, project):
        assert check_ledgers() == 1
        assert check_ledgers() == 0


class TestNotices:
    """One notice on each desk for each distinct difference."""

    @pytest.fixture(autouse=True)
    def log_keeper(self, world):
        """An audit administrator, who has no other part in the district."""
        place = world.organisations["信息中心"]
        user = create_user(
            username="logs",
            full_name="温岚",
            organisation=place,
            password="x" * 12,
            by=None,
            on=SINCE,
        )
        role = {"role": Role.AUDIT_ADMIN, "organisation": place, "since": SINCE}
        assign_role(user, **role, by=None, on=SINCE)
        return user

    def test_are_put_once(self, world, project):
        line = lines()[0]
        steps.edit(line, reserved_fen=line.reserved_fen - 100)
        for _ in range(3):
            checked(world)
        told = InboxItem.objects.filter(title__startswith="台账不符")

        assert sorted((n.organisation.short_name, n.role) for n in told) == [
            ("信息中心", Role.AUDIT_ADMIN),
            ("财政局", Role.FINANCE),
        ]
        assert {n.url for n in told} == {f"{PAGE}{LedgerCheck.objects.earliest('pk').pk}/"}

    def test_lead_where_both_may_look(self, world, project, log_keeper):
        steps.edit(lines()[0], reserved_fen=1)
        row = checked(world)
        client = Client()
        client.force_login(log_keeper, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(row.get_absolute_url()).content.decode()

        assert "的预留为 0.01 元" in page
        assert f"{PAGE}run/" not in client.get(PAGE).content.decode()

    def test_another_difference_is_another_notice(self, world, project):
        line = lines()[0]
        for gap in (100, 50):
            steps.edit(line, reserved_fen=line.approved_fen - gap)
            checked(world)

        assert InboxItem.objects.filter(title__startswith="台账不符").count() == 4

    def test_none_where_all_agrees(self, world, project):
        checked(world)
        assert not InboxItem.objects.filter(title__startswith="台账不符").exists()


class TestPages:
    def test_a_check_from_the_button_to_the_result(self, world, project):
        desk = Desk(world.zhao)
        steps.edit(lines()[0], reserved_fen=1)
        response = desk.client.post(f"{PAGE}run/", {"key": "abc"})
        assert response.status_code == 302
        assert "正在后台核对" in desk.get(response.url)
        deliver_all()

        page = desk.get(response.url)
        assert "的预留为 0.01 元" in page
        assert "/budget/ledger/entries/?figure=reserved" in page
        assert "1 处不符" in desk.get(PAGE)
        assert "有不符" in desk.get("/budget/ledger/")

    def test_the_history_of_checks(self, world, project):
        checked(world)
        request_nightly(on=ON)
        deliver_all()
        page = Desk(world.wu).get(PAGE)

        assert page.count("全部相符") >= 3
        assert "每日自动" in page
        assert "赵磊" in page

    @pytest.mark.parametrize("name", ["zhang", "qian", "admin", "chen"])
    def test_are_shut_to_others(self, world, project, name):
        row = checked(world)
        desk = Desk(getattr(world, name))
        desk.get(PAGE, status=403)
        desk.get(f"{PAGE}{row.pk}/", status=403)
        assert desk.client.post(f"{PAGE}run/").status_code == 403

    def test_another_jurisdictions_check_is_not_there(self, world, project):
        elsewhere = system_actor()[0].organisation.jurisdiction
        row = steps.put(LedgerCheck(district=elsewhere, requested_on=ON))
        desk = Desk(world.zhao)

        desk.get(f"{PAGE}{row.pk}/", status=404)
        assert str(row) not in desk.get(PAGE)

    def test_a_list_names_only_the_first_two_hundred(self, world, project, monkeypatch):
        monkeypatch.setattr(checks_module, "MOST_KEPT", 1)
        for line in lines():
            steps.edit(line, reserved_fen=1)
        row = checked(world)

        assert (len(row.differences), row.difference_count) == (1, 2)
        assert "只列前 1 处" in Desk(world.zhao).get(f"{PAGE}{row.pk}/")


def test_a_ceiling_without_money_is_no_difference(world, project):
    steps.put(
        Ceiling(purchaser=project.purchaser, year=2030, fund=lines()[0].ceiling.fund, amount_fen=0)
    )
    assert checked(world).is_clean
