"""Which rules are asked of an object here and today, and what an open question answers."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import core.rules.registry as registry
from budgeting.services import return_project
from core.calendar.models import CalendarYear
from core.history import change
from core.regulations import PINGHU, YUBEI
from core.rules import Refusal, rule
from core.rules.models import Parameter
from core.rules.registry import DuplicateRule
from core.transitions import TransitionRefused
from disclosure.models import NoticeDraft
from disclosure.services import approve_draft
from projects.models import Project
from projects.services import submit_project
from tests import steps
from tests.disclosure.cases import sent
from tests.programme import programme
from tests.world import DAY, build_world

LIMIT = "YB-4.3-subsidy-limit"
PERCENT = "YB-4.3-subsidy-percent"


def asked(project, *rules):
    return [v.rule for v in steps.answer(project, *rules).verdicts]


@pytest.fixture
def register(monkeypatch):
    """Register a rule for one test only."""
    monkeypatch.setattr(registry, "RULES", {})

    def add(**declared):
        values = {"title": "测试", "cites": YUBEI.article(9, 1), "facts": lambda p, c: p} | declared
        rule("YB-9.1-test", **values)(lambda facts, parameters: Refusal("不成立"))
        made = registry.RULES["YB-9.1-test"]
        monkeypatch.setitem(steps.ask.__globals__["RULES"], made.id, made)
        return made.id

    return add


def set_parameter(key, value, since, jurisdiction=None):
    return steps.put(
        Parameter(key=key, value=value, since=since, jurisdiction=jurisdiction, article="测试")
    )


class TestScope:
    """A rule is asked where its regulation is adopted and reaches the object."""

    def test_a_district_that_adopts_one_regulation_is_asked_only_its_rules(self, db):
        project = steps.file(build_world(adopts=("YB",)))

        assert asked(project, "YB-14-need-described", "PH-11-feasibility") == [
            "YB-14-need-described"
        ]

    def test_the_other_regulation_alone_asks_only_its_own(self, db):
        world = build_world(adopts=("PH",))
        project = steps.file(world, **programme(world))

        assert asked(project, "YB-14-need-described", "PH-11-feasibility") == ["PH-11-feasibility"]

    def test_a_rule_of_both_cites_the_article_in_force_here(self, db):
        world = build_world(adopts=("YB",))

        (verdict,) = steps.answer(steps.file(world), "PH-8-estimate-adds-up").verdicts

        assert verdict.article == YUBEI.article(9, 1)

    def test_the_second_regulation_reaches_only_its_programmes(self, world):
        plain, special = steps.file(world), steps.file(world, **programme(world))

        assert asked(plain, "PH-11-feasibility") == []
        assert asked(special, "PH-11-feasibility") == ["PH-11-feasibility"]
        assert steps.verdict(special, "PH-8-estimate-adds-up").article == PINGHU.article(8)

    def test_an_adoption_that_ended_asks_nothing_more(self, world):
        project = steps.file(world)
        steps.edit(world.jurisdiction.adoptions.get(regulation="YB"), until=DAY)

        assert asked(Project.objects.get(pk=project.pk), "YB-14-need-described") == []

    @pytest.mark.parametrize(
        ("day", "is_asked"),
        [
            (date(2025, 9, 30), False),
            (date(2025, 10, 1), True),
            (date(2025, 12, 31), True),
            (date(2026, 1, 1), False),
        ],
    )
    def test_a_rule_is_asked_from_its_first_day_to_before_its_last(
        self, world, register, day, is_asked
    ):
        rule_id = register(since=date(2025, 10, 1), until=date(2026, 1, 1), binds="act")

        verdicts = steps.answer(steps.file(world), rule_id, on=day).verdicts

        assert bool(verdicts) == is_asked


class TestBindingDay:
    """A change of a value does not reach a project that was filed before it."""

    def subsidised(self, world, percent):
        fen = 186_000_000 * percent // 100
        return steps.submit(
            world,
            is_partly_commercial=True,
            commercial_income="广告",
            subsidy_fen=fen,
            funds=[world.fund(fen)],
        )

    def test_a_resubmission_keeps_the_value_of_the_first_filing(self, world):
        project = self.subsidised(world, 18)
        return_project(
            steps.review_of(project), objections=["请说明。"], **world.zhao.acts(date(2025, 11, 3))
        )
        set_parameter(PERCENT, 10, date(2025, 11, 1))

        verdict = steps.verdict(steps.fresh(project), LIMIT, on=date(2025, 11, 5))

        assert (verdict.state, verdict.parameters) == ("met", {PERCENT: 20})

    def test_a_first_filing_is_bound_by_the_value_of_its_day(self, world):
        project = steps.file(
            world,
            is_partly_commercial=True,
            commercial_income="广告",
            subsidy_fen=33_480_000,
            funds=[world.fund(33_480_000)],
        )
        set_parameter(PERCENT, 10, date(2025, 11, 1))

        assert steps.verdict(project, LIMIT, on=date(2025, 10, 31)).state == "met"
        assert steps.verdict(project, LIMIT, on=date(2025, 11, 1)).state == "unmet"

    def test_a_rule_bound_to_the_act_uses_the_day_of_the_act(self, world, register):
        project = steps.submit(world)
        set_parameter("test-days", 5, date(2025, 1, 1))
        set_parameter("test-days", 9, date(2025, 12, 1))
        rule_id = register(binds="act", parameters=("test-days",))

        verdict = steps.verdict(project, rule_id, on=date(2025, 12, 2))

        assert verdict.parameters == {"test-days": 9}


class TestParameters:
    """A value that is not there is a question that cannot be answered, never a yes."""

    def test_a_missing_value_refuses(self, world):
        project = steps.file(world)
        steps.sign_all(world, project)
        steps.edit(Parameter.objects.get(key=PERCENT), until=DAY)

        with pytest.raises(TransitionRefused, match="没有生效的值") as refused:
            submit_project(steps.fresh(project), **world.zhang.acts())

        assert [(v.rule, v.state) for v in refused.value.refusals] == [(LIMIT, "unknown")]

    def test_a_value_ends_on_its_last_day(self, world):
        steps.edit(Parameter.objects.get(key=PERCENT), until=date(2025, 11, 1))
        project = steps.file(world)

        assert steps.verdict(project, LIMIT, on=date(2025, 10, 31)).state == "met"
        assert steps.verdict(project, LIMIT, on=date(2025, 11, 1)).state == "unknown"

    def test_the_value_of_the_district_wins_over_the_general_one(self, world):
        set_parameter(PERCENT, 15, date(2024, 6, 1), world.jurisdiction)
        set_parameter(PERCENT, 30, date(2025, 6, 1))

        assert steps.verdict(steps.file(world), LIMIT).parameters == {PERCENT: 15}

    def test_the_value_of_another_district_does_not_count(self, world):
        other = build_world(code="ot", prefix="ot")
        set_parameter(PERCENT, 15, date(2024, 6, 1), other.jurisdiction)

        assert steps.verdict(steps.file(world), LIMIT).parameters == {PERCENT: 20}


class TestCalendar:
    """A year whose calendar is not loaded has no deadline."""

    def test_an_unknown_year_refuses(self, world):
        steps.reply(world)
        draft = sent(world, NoticeDraft.objects.get(), date(2026, 2, 9))
        with change(title="x", act="x", by=None, on=DAY, stream="x") as changes:
            changes.delete(CalendarYear.objects.get(year=2026))

        with pytest.raises(TransitionRefused, match="2026 年工作日历尚未载入"):
            approve_draft(draft, **world.li.acts(date(2026, 2, 9)))


class TestEffects:
    """What is not kept refuses, is recorded as late, or is only shown."""

    @pytest.mark.parametrize(
        ("effect", "state", "blocks"),
        [("refuse", "unmet", True), ("record_late", "late", False), ("warn", "warn", False)],
    )
    def test_the_effect_decides_whether_it_blocks(self, world, register, effect, state, blocks):
        verdict = steps.verdict(steps.file(world), register(effect=effect))

        assert (verdict.state, verdict.blocks) == (state, blocks)
        assert verdict.record()["state"] == state

    def test_a_collector_gathers_its_facts_once(self, world):
        project = Project.objects.with_owner().get(pk=steps.file(world).pk)
        with CaptureQueriesContext(connection) as one:
            steps.answer(project, "YB-14-need-described")
        with CaptureQueriesContext(connection) as three:
            steps.answer(project, "YB-14-need-described", "YB-7-exclusions", LIMIT)

        assert len(three) <= len(one)


class TestRegistry:
    """One id, one rule."""

    def test_a_second_rule_with_the_same_id_is_refused(self, register):
        register()

        with pytest.raises(DuplicateRule):
            register()

    @pytest.mark.parametrize("wrong", [{"binds": "someday"}, {"effect": "ignore"}])
    def test_an_unknown_word_is_refused(self, register, wrong):
        with pytest.raises(ValueError, match=r"YB-9\.1-test"):
            register(**wrong)
