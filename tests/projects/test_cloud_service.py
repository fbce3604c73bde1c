from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.history.reading import events_of
from core.history.values import reference
from core.inbox import InboxItem
from core.transitions import NotOffered, NotPermitted, StaleAct, TransitionRefused
from projects.models import CloudAnswerLine, CloudCollection, EstimateLine, Project
from projects.selectors.cloud import consolidation, starting_lines
from projects.services import (
    abandon_collection,
    close_collection,
    confirm_answer,
    estimate_from,
    file_project,
    fill_answer,
    hand_back_answer,
    open_collection,
    register_status,
    revise_project,
    send_back_answer,
)
from tests.budgeting.opened import programmed
from tests.projects.clouds import (
    AFTER,
    answer_of,
    closed,
    collecting,
    confirmed,
    filled,
    fresh,
    line,
    prices,
)
from tests.steps import verdict
from tests.world import DAY, build_world

pytestmark = pytest.mark.django_db


def rules_of(refused):
    return [v.rule for v in refused.value.refusals]


class TestOpening:
    """《平湖办法》第七条第（二）项：只收集市级财政保障部门。"""

    def test_asks_each_unit_and_tells_its_officer(self, world):
        row = collecting(world)

        assert [str(a.purchaser) for a in row.answers.all()] == [
            "区文化和旅游发展委员会", "区教育委员会",
        ]  # fmt: skip
        assert [p.price_fen for p in row.prices.all()] == [360_000, 120_050, 980_000]
        assert InboxItem.objects.filter(title__contains="收集 2026 年度云资源").count() == 2
        assert events_of(reference(row))[0].title == "发起云资源收集"

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"nature": "township"}, "单位性质为镇街（自 2025-10-01）"),
            ({"nature": "public_welfare_one"}, "单位性质为公益一类事业单位（自 2025-10-01）"),
            ({"funding": "partly"}, "经费来源为财政补助（自 2025-10-01），不由财政负担"),
        ],
    )
    def test_refuses_a_unit_the_treasury_does_not_keep(self, world, changed, said):
        values = {"nature": "department", "staffing": "administrative", "funding": "treasury"}
        register_status(
            world.purchasers["教委"], since=date(2025, 10, 1), basis="示编〔2025〕9号",
            **(values | changed), **world.zhao.acts(),
        )  # fmt: skip

        with pytest.raises(TransitionRefused) as refused:
            collecting(world)

        (why,) = refused.value.refusals
        assert (why.rule, why.article.short) == (
            "PH-7.2-treasury-departments", "平湖第七条第（二）项",
        )  # fmt: skip
        assert dict(why.compared) == {"区教育委员会": said}
        assert not CloudCollection.objects.exists()

    def test_refuses_a_unit_of_another_district(self, world):
        far = build_world("far", prefix="far")
        units = [far.purchasers["教委"]]
        with pytest.raises(TransitionRefused, match="不是市级财政保障部门") as refused:
            collecting(world, units=units)
        assert refused.value.refusals[0].compared == (("区教育委员会", "不在本辖区"),)

    def test_refuses_no_unit_at_all(self, world):
        with pytest.raises(TransitionRefused, match="没有选定"):
            collecting(world, units=[])

    def test_a_year_has_one_round_at_a_time(self, world):
        collecting(world)
        with pytest.raises(TransitionRefused, match="正在收集，不能另起一轮"):
            collecting(world)
        assert collecting(world, year=2027).round_number == 1

    def test_a_year_belongs_to_who_collected_it_first(self, world):
        closed(world)
        values = {"year": 2026, "answers_due_on": AFTER, "prices": prices()}
        with pytest.raises(TransitionRefused, match="已由其他单位组织收集"):
            open_collection(
                world.purchasers["教委"], units=[world.purchasers["教委"]], **values,
                **world.chen.acts(),
            )  # fmt: skip

    def test_the_office_of_the_programme_collects(self, world):
        """专项 2024—2026 归文旅委：教委不能收集 2026 年度的；2027 年度没有专项。"""
        programmed(world, DAY)
        unit = world.purchasers["教委"]
        values = {"answers_due_on": AFTER, "prices": prices(), "units": [unit]}
        with pytest.raises(TransitionRefused) as refused:
            open_collection(unit, year=2026, **values, **world.chen.acts())
        assert rules_of(refused) == ["PH-2.5-programme-office"]
        assert open_collection(unit, year=2027, **values, **world.chen.acts()).year == 2027
        assert collecting(world).year == 2026

    def test_only_an_officer_of_the_unit_opens_it(self, world):
        values = {"year": 2026, "answers_due_on": AFTER, "prices": prices()}
        for actor in (world.chen, world.wang, world.zhao):
            with pytest.raises(NotPermitted):
                open_collection(
                    world.purchasers["文旅委"], units=[world.purchasers["教委"]], **values,
                    **actor.acts(),
                )  # fmt: skip

    def test_a_repeated_key_opens_nothing_twice(self, world):
        first = collecting(world, key="k1")
        assert collecting(world, key="k1") == first
        assert CloudCollection.objects.count() == 1


class TestAnswering:
    """《平湖办法》第八条第（二）项：现用的和新申请的；第十一条：两人经手。"""

    def test_is_filled_by_one_and_confirmed_by_another(self, world):
        collection = collecting(world)
        answer = confirmed(world, collection, "教委")

        assert (answer.status, answer.confirmed_on) == ("confirmed", DAY)
        assert str(answer.filled_by) == "陈晨"
        assert [x.needed for x in answer.lines.all()] == [Decimal(11)]

    def test_filling_again_replaces_the_lines(self, world):
        collection = collecting(world)
        filled(world, collection, "教委")
        answer = filled(world, collection, "教委", line(collection, "X1", 2))

        assert [(x.price.code, x.current) for x in answer.lines.all()] == [("X1", Decimal(2))]

    def test_none_is_an_answer(self, world):
        collection = collecting(world)
        answer = answer_of(world, collection, "教委")
        fill_answer(answer, is_none=True, **world.chen.acts())
        confirm_answer(fresh(answer), **world.gao.acts())

        assert fresh(answer).is_none
        assert consolidation(collection).units[1].said == "不使用政务云"

    @pytest.mark.parametrize(
        ("numbers", "reason", "said"),
        [
            ((1, 2, 0), "", "拟退 2，现用 1"),
            ((1, 0, 1), " ", "新申请 1，没有理由"),
        ],
    )
    def test_refuses_what_is_not_explained(self, world, numbers, reason, said):
        collection = collecting(world)
        with pytest.raises(TransitionRefused) as refused:
            filled(world, collection, "教委", line(collection, "S1", *numbers, reason=reason))
        assert rules_of(refused) == ["PH-8.2-new-resources-explained"]
        assert refused.value.refusals[0].compared == (("S1", said),)
        assert not CloudAnswerLine.objects.exists()

    def test_refuses_nothing_said_and_both_said(self, world):
        collection = collecting(world)
        answer = answer_of(world, collection, "教委")
        with pytest.raises(TransitionRefused, match="没有填写云资源"):
            fill_answer(answer, **world.chen.acts())
        with pytest.raises(TransitionRefused, match="又填了数量"):
            fill_answer(
                answer, lines=[line(collection, "S1", 1)], is_none=True, **world.chen.acts()
            )

    def test_nobody_confirms_their_own(self, world):
        answer = filled(world, collecting(world), "教委")
        assert verdict(answer, "PH-11-cloud-two-hands", by=world.gao.user).state == "met"
        refused = verdict(answer, "PH-11-cloud-two-hands", by=world.chen.user)
        assert (refused.state, refused.article.short) == ("unmet", "平湖第十一条")

    def test_other_units_and_other_roles_may_not(self, world):
        collection = collecting(world)
        answer = answer_of(world, collection, "教委")
        for actor in (world.zhang, world.gao, world.zhao):
            with pytest.raises(NotPermitted):
                fill_answer(answer, is_none=True, **actor.acts())
        answer = filled(world, collection, "教委")
        for actor in (world.wang, world.chen):
            with pytest.raises(NotPermitted):
                confirm_answer(answer, **actor.acts())

    def test_the_leader_sends_it_back(self, world):
        answer = filled(world, collecting(world), "教委")
        send_back_answer(answer, reason="漏了备份存储。", **world.gao.acts())
        answer = fresh(answer)
        assert (answer.status, answer.returned_reason) == ("returned", "漏了备份存储。")
        with pytest.raises(NotOffered):
            confirm_answer(answer, **world.gao.acts())

    def test_the_organiser_hands_it_back_and_it_is_answered_anew(self, world):
        collection = collecting(world)
        answer = confirmed(world, collection, "教委")
        hand_back_answer(answer, reason="请说明用途。", **world.zhang.acts())
        assert (fresh(answer).status, fresh(answer).confirmed_by) == ("returned", None)
        assert InboxItem.objects.filter(title__contains="退回 2026 年度").exists()

        assert confirmed(world, collection, "教委").status == "confirmed"

    def test_a_page_seen_before_is_stale(self, world):
        collection = collecting(world)
        answer = answer_of(world, collection, "教委")
        filled(world, collection, "教委")
        with pytest.raises(StaleAct):
            fill_answer(answer, is_none=True, version=answer.version, **world.chen.acts())


class TestClosing:
    """《平湖办法》第八条第（二）项：收齐或者到期，汇总测算下一年度费用。"""

    def test_adds_up_what_is_needed_at_its_price(self, world):
        row = closed(world)

        assert (row.status, row.closed_on) == ("closed", DAY)
        assert row.total_fen == 22 * 360_000 + 4 * 120_050
        sheet = consolidation(row)
        assert [(u.unit, u.amounts) for u in sheet.units] == [
            ("文旅委", (11 * 360_000, 0, 0)),
            ("教委", (11 * 360_000, 4 * 120_050, 0)),
        ]
        assert (sheet.amounts, sheet.total_fen) == ((22 * 360_000, 4 * 120_050, 0), row.total_fen)
        assert [c.label for c in sheet.categories] == ["政务云（私有云）", "政务云（公有云）"]

    def test_waits_for_the_late_until_the_day_is_past(self, world):
        collection = collecting(world)
        confirmed(world, collection, "文旅委")
        with pytest.raises(TransitionRefused) as refused:
            close_collection(collection, **world.zhang.acts())
        assert dict(refused.value.refusals[0].compared)["教委"] == f"待填报，自 {DAY}"

        close_collection(fresh(collection), **world.zhang.acts(AFTER))
        assert answer_of(world, collection, "教委").status == "lapsed"
        assert consolidation(collection).units[1].said == "逾期未报，未计入"

    def test_nothing_is_closed_with_no_answer(self, world):
        collection = collecting(world)
        with pytest.raises(TransitionRefused, match="还没有单位报出"):
            close_collection(collection, **world.zhang.acts(AFTER))

    def test_what_is_closed_stays(self, world):
        row = closed(world)
        answer = answer_of(world, row, "教委")
        with pytest.raises(TransitionRefused, match="另起一轮"):
            hand_back_answer(answer, reason="改。", **world.zhang.acts())
        with pytest.raises(NotOffered):
            fill_answer(answer, is_none=True, **world.chen.acts())
        with pytest.raises(NotOffered):
            close_collection(row, **world.zhang.acts())
        assert fresh(row).status == "closed"

    def test_a_new_round_takes_the_place_of_the_one_before(self, world):
        first = closed(world)
        second = collecting(world)
        assert (second.round_number, fresh(first).status) == (2, "closed")
        closed(world, second)
        assert (fresh(first).status, fresh(second).status) == ("superseded", "closed")

    def test_an_abandoned_round_cancels_its_answers(self, world):
        collection = collecting(world)
        confirmed(world, collection, "教委")
        abandon_collection(collection, note="价格有误。", **world.zhang.acts())
        assert fresh(collection).status == "abandoned"
        assert {a.status for a in collection.answers.all()} == {"cancelled"}
        assert collecting(world).round_number == 2


class TestStartingLines:
    def test_last_years_need_is_this_years_current(self, world):
        closed(world)
        answer = answer_of(world, collecting(world, year=2027), "教委")
        assert starting_lines(answer) == {
            "S1": (Decimal(11), 0, 0, ""), "S2": (Decimal(4), 0, 0, ""),
        }  # fmt: skip

    def test_a_new_round_starts_from_the_round_before(self, world):
        closed(world)
        answer = answer_of(world, collecting(world), "教委")
        assert starting_lines(answer)["S1"] == (10, 2, 3, "扩容")


def cloud_project(world, collection=None, estimate=None):
    """A cloud project of 文旅委, its lines from the collection unless said otherwise."""
    lines = estimate or estimate_from(collection, world.item("C16080300"))
    filing = world.filing(programme="cloud", estimate=lines)
    return file_project(world.plans["文旅委"], filing, **world.zhang.acts())


class TestFiling:
    """《平湖办法》第八条第（二）项：政务云项目按收集的汇总测算。"""

    CLOSED, LINES = "PH-8.2-collection-closed", "PH-8.2-lines-from-collection"

    def test_lines_carry_where_they_come_from(self, world):
        row = closed(world)
        project = cloud_project(world, row)
        lines = EstimateLine.objects.filter(project=project)

        assert [(x.cloud_price.code, x.quantity, x.unit_price_fen) for x in lines] == [
            ("S1", Decimal(22), 360_000), ("S2", Decimal(4), 120_050),
        ]  # fmt: skip
        assert {x.cloud_price.collection_id for x in lines} == {row.pk}
        assert project.total_fen == row.total_fen
        for rule in (self.CLOSED, self.LINES):
            assert verdict(project, rule).state == "met"

    def test_nothing_is_filed_without_a_closed_collection(self, world):
        collection = collecting(world)
        project = cloud_project(world, estimate=[world.estimate(100_00)])
        refused = verdict(project, self.CLOSED)
        assert refused.blocks
        assert refused.article.short == "平湖第八条第（二）项"
        assert dict(refused.compared) == {
            "项目年度": "2026", "正在收集": f"{collection}，2 个单位中 0 个已报出",
        }  # fmt: skip
        assert verdict(project, self.LINES).state == "met"

    @pytest.mark.parametrize("change", [{"quantity": Decimal(21)}, {"unit_price_fen": 1}])
    def test_other_numbers_are_refused_with_the_base_shown(self, world, change):
        row = closed(world)
        first, second = estimate_from(row, world.item("C16080300"))
        project = cloud_project(world, estimate=[replace(first, **change), second])
        refused = verdict(project, self.LINES)
        assert refused.blocks
        said = dict(refused.compared)[first.name]
        assert said.startswith("汇总 22 台·年 × 3,600.00 = 79,200.00 元，所填 ")

    def test_a_line_left_out_or_added_or_twice_is_named(self, world):
        row = closed(world)
        first, _ = estimate_from(row, world.item("C16080300"))
        project = cloud_project(world, estimate=[first, first, world.estimate(100)])
        said = [text for _, text in verdict(project, self.LINES).compared[1:]]
        assert said[0] == "填了不止一行"
        assert said[1].startswith("汇总没有这一项")
        assert said[2].endswith("没有填")

    def test_a_new_round_asks_for_the_filing_to_follow(self, world):
        project = cloud_project(world, closed(world))
        second = closed(world, collecting(world))
        refused = verdict(project, self.LINES)
        assert ("明细", "取自被替代的一轮") in refused.compared

        filing = world.filing(
            programme="cloud", estimate=estimate_from(second, world.item("C16080300"))
        )
        revise_project(project, filing, **world.zhang.acts())
        assert verdict(Project.objects.get(pk=project.pk), self.LINES).state == "met"

    def test_other_programmes_are_not_asked(self, world):
        filing = world.filing(programme="information")
        project = file_project(world.plans["文旅委"], filing, **world.zhang.acts())
        for rule in (self.CLOSED, self.LINES):
            assert verdict(project, rule).state == "met"
