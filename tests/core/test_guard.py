"""Guards outside the state machines: asked by services, listed in the rule book, recorded."""

import pytest

from config.docs.moves import moves_by_rule
from core.checks import named_rules_exist
from core.history import unit_of_work
from core.history.reading import refusals_of
from core.rules import Context
from core.transitions import Guard, TransitionRefused, perform, require_kept
from core.transitions.guard import GUARDS
from projects.models import Stage
from tests import steps
from tests.world import DAY


@pytest.fixture
def project(world):
    return steps.file(world)


def ask_for(world, project, asked_fen):
    """One 分 too many where `asked_fen` is two."""
    data = {"holder": "“试”的余额", "asked_fen": asked_fen, "available_fen": 1}
    context = Context(DAY, world.zhao.user, world.zhao.role, data)
    require_kept(GUARDS["budgeting.post"], project, stream=project.stream(), context=context)


def withdraw_and_ask(world, project):
    with unit_of_work():
        perform(project, "withdraw", note="不再需要", **world.zhang.acts(DAY))
        ask_for(world, project, 2)


class TestAGuard:
    def test_lets_pass_what_keeps_its_rules(self, world, project):
        ask_for(world, project, 1)

        assert refusals_of(project.stream()) == []

    def test_refuses_and_records_what_breaks_them(self, world, project):
        with pytest.raises(TransitionRefused, match=r"第十二条：“试”的余额只有 0\.01 元"):
            ask_for(world, project, 2)

        (event,) = refusals_of(project.stream())
        assert (event.act, event.title, event.actor_name) == ("budgeting.post", "资金过账", "赵磊")
        assert ("需", "0.02") in event.refusals[0].compared

    def test_refuses_the_act_under_way_and_undoes_it(self, world, project):
        with pytest.raises(TransitionRefused, match="撤回项目"):
            withdraw_and_ask(world, project)

        (event,) = refusals_of(project.stream())
        assert (event.act, event.actor_name) == ("projects.project.withdraw", "张敏")
        assert (event.reason, event.from_label, event.to_label) == ("不再需要", "申报", "")
        assert steps.fresh(project).stage == Stage.FILING

    def test_stands_in_the_rule_book(self):
        assert "资金过账（`budgeting.post`）" in moves_by_rule()["YB-12-within-balance"]

    def test_of_a_rule_nobody_wrote_is_found_by_the_checks(self, monkeypatch):
        assert named_rules_exist() == []

        monkeypatch.setitem(GUARDS, "tests.act", Guard("tests.act", "试", ("YB-99-nothing",)))
        (error,) = named_rules_exist()
        assert "tests.act names unknown rule YB-99-nothing" in error.msg
