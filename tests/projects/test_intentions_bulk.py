"""Deciding rows of a list of intentions in bulk: each its own transaction, each its own answer."""

from __future__ import annotations

import pytest
import time_machine

from core.history.reading import events_of
from projects.models import ListedIntention
from projects.services import decide_intention
from projects.services.intentions import NotDecidable
from tests.budgeting.steps import Desk
from tests.projects.intentions import ON, cells, one, received, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(ON):
        yield


@pytest.fixture
def made(world):
    """Row 2 accepted, row 3 refused, row 4 for a person."""
    names = ("水利信息平台运维", "耗材管理系统运维", "综合保障服务")
    return received(world, upload([cells(one(name=name)) for name in names]))


def path(made) -> str:
    return f"{made.get_absolute_url()}decide/"


def form_of(made, *rows, **typed):
    """The ticked rows and their forms, as the page was shown."""
    data = {"row": [str(r.pk) for r in rows], "key": "k" * 32}
    for row in rows:
        prefix = f"item-{row.pk}"
        data |= {
            f"{prefix}-include": "on",
            f"{prefix}-outcome": row.outcome if row.judged != "review" else "",
            f"{prefix}-reason": "",
            f"{prefix}-shown": f"{row.outcome}-{row.decided_by_id or 0}",
        }
    return data | {f"item-{rows[int(k[-1])].pk}-{k[:-1]}": v for k, v in typed.items()}


def rows(made):
    return list(ListedIntention.objects.filter(intentions=made).order_by("line"))


class TestTheRules:
    def test_the_three_rows_are_what_the_tests_need(self, made):
        assert [r.judged for r in rows(made)] == ["accept", "refuse", "review"]


class TestConfirming:
    def test_what_agrees_with_the_rules_needs_no_reason(self, world, made):
        accepted, refused, _ = rows(made)
        page = Desk(world.zhao).client.post(path(made), form_of(made, accepted, refused))
        assert "办成 2 件" in page.content.decode()
        assert [r.decision_label for r in rows(made)[:2]] == ["确认", "确认"]
        assert [r.outcome for r in rows(made)] == ["accept", "refuse", "review"]
        titles = [e.title for e in events_of(made.stream())]
        assert titles.count("确认一条意向") == 2

    def test_all_certain_rows_are_offered_at_once_and_no_other(self, world, made):
        shown = Desk(world.zhao).get(f"{path(made)}?scope=certain")
        accepted, refused, doubtful = rows(made)
        assert f'value="{accepted.pk}"' in shown
        assert f'value="{refused.pk}"' in shown
        assert f'name="row" value="{doubtful.pk}"' not in shown
        Desk(world.zhao).client.post(path(made), form_of(made, accepted, refused))
        assert "没有选中可以复核的意向" in Desk(world.zhao).get(f"{path(made)}?scope=certain")


class TestOverruling:
    @pytest.mark.parametrize(("at", "outcome"), [(0, "refuse"), (1, "accept"), (2, "accept")])
    def test_needs_a_reason_and_nothing_is_done_without(self, world, made, at, outcome):
        chosen = rows(made)
        data = form_of(made, *chosen, outcome2="refuse", reason2="已问清。")
        data[f"item-{chosen[at].pk}-outcome"] = outcome
        data[f"item-{chosen[at].pk}-reason"] = " "
        page = Desk(world.zhao).client.post(path(made), data)
        assert page.status_code == 422
        assert "与判断不同的，请写明理由" in page.content.decode()
        assert not any(r.is_decided for r in rows(made))

    def test_with_its_reason_it_counts(self, world, made):
        doubtful = rows(made)[2]
        data = form_of(made, doubtful, outcome0="accept", reason0="是平台运维。")
        assert "办成 1 件" in Desk(world.zhao).client.post(path(made), data).content.decode()
        decided = rows(made)[2]
        assert (decided.outcome, decided.decided_reason) == ("accept", "是平台运维。")
        assert decided.decision_label == "复核"

    def test_the_service_asks_for_it_as_well(self, world, made):
        with pytest.raises(NotDecidable, match="须写明理由"):
            decide_intention(rows(made)[0], outcome="refuse", reason=" ", **world.zhao.acts(ON))
        assert not rows(made)[0].is_decided


class TestEachByItself:
    def test_what_another_has_decided_meanwhile_is_not_overwritten(self, world, made):
        chosen = rows(made)
        data = form_of(made, *chosen[:2])
        decide_intention(chosen[0], outcome="refuse", reason="不属实。", **world.bai.acts(ON))
        page = Desk(world.zhao).client.post(path(made), data).content.decode()
        assert "办成 1 件，未办 1 件" in page
        assert [r.outcome for r in rows(made)[:2]] == ["refuse", "refuse"]
        assert rows(made)[0].decided_by == world.bai.user

    def test_twice_sent_it_is_done_once(self, world, made):
        data = form_of(made, rows(made)[0])
        desk = Desk(world.zhao)
        desk.client.post(path(made), data)
        data[f"item-{rows(made)[0].pk}-shown"] = f"accept-{world.zhao.user.pk}"
        assert "没有重复办理" in desk.client.post(path(made), data).content.decode()

    def test_an_unticked_row_is_left_alone(self, world, made):
        first, second, _ = rows(made)
        data = form_of(made, first, second)
        del data[f"item-{first.pk}-include"]
        Desk(world.zhao).client.post(path(made), data)
        assert [r.is_decided for r in rows(made)[:2]] == [False, True]

    def test_is_for_the_finance_bureau(self, world, made):
        assert Desk(world.wu).client.get(path(made)).status_code == 403
        assert Desk(world.zhang).client.get(path(made)).status_code == 404
