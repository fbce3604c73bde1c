"""补助：分配、拨付、支出报告、退回、结清；每条规则两面，每一步之后的各桶金额。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from contracts.models import (
    SpendingReport,
    SubsidyRelease,
    SubsidyShare,
)
from contracts.services import subsidy as services
from core.history.reading import refusals_of
from core.transitions import NotOffered, NotPermitted, StaleAct, TransitionRefused, shown_digest
from procurement.models import Mode
from procurement.services import open_tender
from projects.models import Package, Project, Stage
from tests.contracts.scenes import also, in_state
from tests.contracts.subsidies import (
    ALLOTTED,
    CHECKED,
    EACH_FEN,
    RELEASED,
    REPORTED,
    TOTAL_FEN,
    accept,
    allotted,
    approved,
    buckets,
    centres,
    release,
    report,
    return_part,
    settle,
    spent,
    used_up,
)
from tests.programme import programme
from tests.steps import edit, file, fresh, put, verdict
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

HALF = EACH_FEN // 2
ITEM_FOUR = "《平湖市政务服务（特定目标类）项目资金管理办法》第七条第（四）项"


@pytest.fixture
def ph(db) -> World:
    """A district that has adopted 《平湖办法》 alone."""
    return build_world(code="sh", adopts=("PH",))


@pytest.fixture
def shares(ph) -> list[SubsidyShare]:
    return allotted(ph)


@pytest.fixture
def share(shares) -> SubsidyShare:
    return shares[0]


def allot(world: World, project: Project, listed, **shown):
    return services.allot_subsidy(project, shares=listed, **world.zhang.acts(ALLOTTED), **shown)


class TestAPath:
    """《平湖办法》第七条第（四）项：补助是转移支付，不经采购和合同。"""

    @pytest.mark.parametrize("adopts", [("PH",), ("YB", "PH")])
    def test_approval_leads_straight_to_implementation(self, db, adopts):
        project = approved(build_world(code="sh", adopts=adopts))

        assert project.stage == Stage.IMPLEMENTATION
        assert not Package.objects.filter(project=project).exists()
        assert buckets(project) == (TOTAL_FEN, 0, 0, 0)

    def test_all_the_money_in_every_bucket_from_first_to_last(self, ph):
        project = approved(ph)
        first, second, *_ = allotted(ph, project)
        assert buckets(project) == (0, TOTAL_FEN, 0, 0)

        release(ph, first, HALF)
        assert buckets(project) == (0, TOTAL_FEN - HALF, HALF, 0)

        accept(ph, report(ph, first, HALF - 1_001, 1))
        release(ph, first, HALF)
        assert buckets(project) == (0, TOTAL_FEN - EACH_FEN, EACH_FEN, 0)

        return_part(ph, first, 1_000)
        assert buckets(project) == (0, TOTAL_FEN - EACH_FEN, EACH_FEN - 1_000, 1_000)

        accept(ph, report(ph, first, HALF))
        settle(ph, first)
        assert buckets(project) == (0, TOTAL_FEN - EACH_FEN, EACH_FEN - 1_000, 1_000)

        used_up(ph, second, 333)
        settle(ph, second, gives_up_rest=True)
        assert buckets(project) == (
            0,
            TOTAL_FEN - 2 * EACH_FEN,
            EACH_FEN - 1_000 + 333,
            1_000 + EACH_FEN - 333,
        )
        assert [fresh(s).status for s in (first, second)] == ["settled", "settled"]
        assert fresh(first).settled_on == CHECKED

    def test_a_tender_is_refused(self, ph, shares):
        project = fresh(shares[0].project)
        package = put(Package(project=project, position=1, name="包", budget_fen=1))
        values = {
            "package": package,
            "mode": Mode.objects.first(),
            "number": "采〔2026〕1号",
            "ceiling_price_fen": 1,
            "price_weight": Decimal(30),
            "mode_approval": "",
        }
        with pytest.raises(TransitionRefused, match="第七条第（四）项") as refused:
            open_tender(project, **values, **ph.zhang.acts(ALLOTTED))
        assert "PH-7.4-subsidy-not-tendered" in {r.rule for r in refused.value.refusals}


class TestAllotting:
    """《平湖办法》第七条第（四）项：补助 8 个镇街道便民服务中心。"""

    def test_lists_the_centres_in_their_order(self, shares):
        assert [s.recipient[:2] for s in shares] == [
            "当湖", "钟埭", "曹桥", "乍浦", "林埭", "新埭", "新仓", "独山",
        ]  # fmt: skip
        assert {(s.amount_fen, s.status, s.allotted_on) for s in shares} == {
            (EACH_FEN, "allotted", ALLOTTED)
        }

    @pytest.mark.parametrize(("more", "state"), [(-1, "unmet"), (0, "met"), (1, "unmet")])
    def test_adds_up_to_the_fen(self, ph, more, state):
        listed = centres(*[EACH_FEN] * 7, EACH_FEN + more)
        found = verdict(approved(ph), "PH-7.4-shares-add-up", shares=listed)

        assert (found.state, found.article.label) == (state, ITEM_FOUR)
        if more:
            assert ("相差", f"{'-' if more < 0 else ''}0.01") in found.compared

    def test_gives_nobody_nothing(self, ph):
        listed = centres(*[EACH_FEN] * 6, 2 * EACH_FEN, 0)
        assert verdict(approved(ph), "PH-7.4-shares-add-up", shares=listed).state == "unmet"

    @pytest.mark.parametrize(("count", "state"), [(7, "unmet"), (8, "met"), (9, "unmet")])
    def test_names_eight_centres(self, ph, count, state):
        found = verdict(approved(ph), "PH-7.4-centres-eight", shares=centres(*[1] * count))

        assert (found.state, found.article.label) == (state, ITEM_FOUR)
        assert found.parameters == {"PH-7.4-centres": 8}

    def test_names_no_centre_twice(self, ph):
        listed = centres()
        listed[7] = {**listed[7], "recipient": f" {listed[0]['recipient']}"}
        found = verdict(approved(ph), "PH-7.4-centres-eight", shares=listed)

        assert ("重复", "当湖便民服务中心") in found.compared

    def test_happens_once(self, ph):
        project = approved(ph)
        assert verdict(project, "PH-7.4-allotted-once").state == "met"
        allot(ph, project, centres())
        with pytest.raises(TransitionRefused, match=ITEM_FOUR):
            allot(ph, project, centres())
        assert SubsidyShare.objects.count() == 8
        assert buckets(project) == (0, TOTAL_FEN, 0, 0)

    def test_a_refusal_leaves_nothing_and_is_recorded(self, ph):
        project = approved(ph)
        with pytest.raises(TransitionRefused, match=r"第七条第（四）项.*合计"):
            allot(ph, project, centres(*[EACH_FEN] * 7, EACH_FEN - 1))
        assert not SubsidyShare.objects.exists()
        assert buckets(project) == (TOTAL_FEN, 0, 0, 0)
        assert refusals_of(project.stream())[0].refusals[0].rule == "PH-7.4-shares-add-up"

    def test_is_for_subsidies_only_whatever_reaches_the_project(self, world):
        plain, other = file(world), file(world, name="另一", **programme(world))
        found = [verdict(p, "PH-7.4-subsidy-only") for p in (plain, other)]

        assert [(v.state, v.article.code) for v in found] == [
            ("unmet", "YB-10"),
            ("unmet", "PH-7.4"),
        ]
        assert verdict(approved(world), "PH-7.4-subsidy-only").state == "met"

    def test_is_not_offered_before_approval(self, ph):
        with pytest.raises(NotOffered):
            allot(ph, file(ph, **programme(ph)), centres())

    def test_is_the_officers_and_a_second_click_is_none(self, ph):
        project = approved(ph)
        with pytest.raises(NotPermitted):
            services.allot_subsidy(project, shares=centres(), **ph.zhao.acts(ALLOTTED))
        assert not allot(ph, project, centres(), key="k").is_repeat
        assert allot(ph, project, centres(), key="k").is_repeat
        assert buckets(project) == (0, TOTAL_FEN, 0, 0)


class TestReleasing:
    """《平湖办法》第七条第（四）项、第十四条：分次拨付，前次的支出核对过，方可再拨。"""

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_stays_within_the_share(self, ph, share, more, state):
        release(ph, share, 400)
        asked = EACH_FEN - 400 + more
        found = verdict(share, "PH-7.4-released-within-share", amount_fen=asked)

        assert (found.state, found.article.label) == (state, ITEM_FOUR)

    @pytest.mark.parametrize("asked", [0, -1])
    def test_is_of_something(self, share, asked):
        assert verdict(share, "PH-7.4-released-within-share", amount_fen=asked).blocks

    @pytest.mark.parametrize("fen", [0, -1])
    def test_nothing_is_refused_before_the_database_has_to(self, ph, share, fen):
        with pytest.raises(TransitionRefused, match="拨付金额须大于零"):
            release(ph, share, fen)
        release(ph, share, 1_000)
        with pytest.raises(TransitionRefused, match="退回金额须大于零"):
            return_part(ph, share, fen)
        assert buckets(share.project) == (0, TOTAL_FEN - 1_000, 1_000, 0)

    def test_says_beforehand_when_nothing_is_left(self, ph, share):
        assert verdict(share, "PH-7.4-released-within-share").state == "met"
        release(ph, share, EACH_FEN)
        assert verdict(share, "PH-7.4-released-within-share").state == "unmet"

    @pytest.mark.parametrize(("accepted", "state"), [(199, "unmet"), (200, "met"), (201, "met")])
    def test_waits_for_half_of_the_earlier_part(self, ph, share, accepted, state):
        release(ph, share, 500)
        return_part(ph, share, 100)
        report(ph, share, 1)
        accept(ph, report(ph, share, accepted))
        found = verdict(share, "PH-7.4-earlier-part-reported")

        assert (found.state, found.article.label) == (state, ITEM_FOUR)
        assert found.parameters == {"PH-7.4-reported-percent": 50}

    def test_a_report_not_checked_does_not_count(self, ph, share):
        release(ph, share, 500)
        report(ph, share, 500)
        with pytest.raises(TransitionRefused, match=r"第七条第（四）项.*尚未报足支出"):
            release(ph, share, 500)
        assert buckets(share.project) == (0, TOTAL_FEN - 500, 500, 0)

    def test_a_double_click_pays_once(self, ph, share):
        assert not release(ph, share, HALF, key="one").is_repeat
        assert release(ph, share, HALF, key="one").is_repeat
        assert SubsidyRelease.objects.count() == 1
        assert buckets(share.project) == (0, TOTAL_FEN - HALF, HALF, 0)

    def test_a_page_seen_before_another_release_is_stale(self, ph, share):
        shown = shown_digest(share)
        release(ph, share, 500, shown=shown)
        with pytest.raises(StaleAct):
            release(ph, share, 500, shown=shown)

    def test_is_the_finance_bureaus(self, ph, share):
        with pytest.raises(NotPermitted):
            services.release_part(share, amount_fen=1, voucher="1", **ph.zhang.acts(ALLOTTED))

    def test_a_failing_last_step_leaves_nothing(self, ph, share, monkeypatch):
        def fail(*_args, **_kwargs):
            raise RuntimeError("afterwards")

        monkeypatch.setattr(services, "pay", fail)
        with pytest.raises(RuntimeError):
            release(ph, share, HALF)
        assert not SubsidyRelease.objects.exists()
        assert buckets(share.project) == (0, TOTAL_FEN, 0, 0)


class TestReporting:
    """《平湖办法》第十二条、第十四条：专款专用，分管领导核对。"""

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_stays_within_what_was_released(self, ph, share, more, state):
        release(ph, share, 1_000)
        return_part(ph, share, 100)
        report(ph, share, 200)
        lines = spent(500, 200 + more)
        found = verdict(share, "PH-7.4-spent-within-released", lines=lines)

        assert (found.state, found.article.label) == (state, ITEM_FOUR)

    def test_lists_something(self, ph, share):
        release(ph, share, 1_000)
        assert verdict(share, "PH-7.4-spent-within-released", lines=[]).blocks
        assert verdict(share, "PH-7.4-spent-within-released").state == "met"

    @pytest.mark.parametrize(
        ("amounts", "state"), [((1, 1), "met"), ((2, 0), "unmet"), ((3, -1), "unmet")]
    )
    def test_every_line_is_above_zero(self, ph, share, amounts, state):
        release(ph, share, 1_000)
        found = verdict(share, "PH-7.4-spending-above-zero", lines=spent(*amounts))

        assert (found.state, found.article.label) == (state, ITEM_FOUR)
        if found.blocks:
            assert found.compared[0][0] == "第 2 行 支出 2"

    def test_a_line_of_nothing_is_refused_before_the_database_has_to(self, ph, share):
        release(ph, share, 1_000)
        with pytest.raises(TransitionRefused, match=r"第七条第（四）项：支出报告有的行"):
            report(ph, share, 2, 0)
        assert not SpendingReport.objects.exists()

    @pytest.mark.parametrize("kind", ["personnel", "bonus", "allowance", "welfare"])
    def test_holds_nothing_prohibited(self, ph, share, kind):
        release(ph, share, 1_000)
        lines = [*spent(1), *spent(1, kind=kind)]
        with pytest.raises(TransitionRefused, match=r"第十四条：支出报告含有禁列支出"):
            services.report_spending(share, period="一季度", lines=lines, **ph.zhang.acts(REPORTED))
        assert not SpendingReport.objects.exists()
        assert verdict(share, "PH-14-subsidy-expenditure", lines=spent(1)).state == "met"

    def test_keeps_its_lines(self, ph, share):
        release(ph, share, 1_000)
        found = report(ph, share, 600, 400)
        assert [(x.position, x.item, x.amount_fen, x.voucher) for x in found.lines.all()] == [
            (1, "支出 1", 600, "记 1"),
            (2, "支出 2", 400, "记 2"),
        ]

    def test_what_is_sent_back_no_longer_counts(self, ph, share):
        release(ph, share, 1_000)
        found = report(ph, share, 1_000)
        services.send_back_report(found, reason="缺发票", **ph.wang.acts(CHECKED))
        assert (fresh(found).status, fresh(found).reason) == ("returned", "缺发票")
        with pytest.raises(NotOffered):
            accept(ph, found)
        accept(ph, report(ph, share, 1_000))
        assert verdict(share, "PH-7.4-settled").state == "met"

    def test_is_checked_by_another_than_the_officer(self, ph, share):
        release(ph, share, 1_000)
        found = report(ph, share, 1_000)
        rule = "PH-12-spending-checked-by-another"
        assert verdict(found, rule, by=ph.wang.user).state == "met"
        assert verdict(found, rule, by=ph.zhang.user).article.code == "PH-12"
        edit(share.project, officer=ph.wang.user)
        with pytest.raises(TransitionRefused, match="第十二条：不得核对自己登记"):
            accept(ph, fresh(found))

    def test_and_than_who_registered_it(self, ph, share):
        """At the officer's desk once, at the leader's now."""
        release(ph, share, 1_000)
        values = {"period": "一季度", "lines": spent(1_000)}
        services.report_spending(share, **values, **also(ph.wang, ph.zhang).acts(REPORTED))
        found = SpendingReport.objects.get()
        with pytest.raises(TransitionRefused, match="第十二条：不得核对自己登记") as refused:
            accept(ph, found)

        assert found.reported_by == ph.wang.user
        assert refused.value.refusals[0].compared[0] == ("支出登记人", "王芳")
        assert fresh(found).checked_by is None

    @pytest.mark.parametrize(
        ("status", "state"), [("submitted", "unmet"), ("accepted", "unmet"), ("returned", "met")]
    )
    def test_who_registered_one_that_counts_does_not_settle(self, ph, share, status, state):
        release(ph, share, 1_000)
        found = in_state(report(ph, share, 1_000), status)
        edit(share.project, officer=ph.leading.user)
        rule, by = "PH-12-spending-checked-by-another", ph.zhang.user

        assert verdict(found, rule, by=by).state == "unmet"
        assert verdict(fresh(share), rule, by=by).state == state
        assert verdict(fresh(share), rule, by=ph.wang.user).state == "met"

    def test_keeps_who_checked_it(self, ph, share):
        release(ph, share, 1_000)
        kept, back = report(ph, share, 400), report(ph, share, 600)
        accept(ph, kept)
        services.send_back_report(back, reason="缺发票", **ph.wang.acts(CHECKED))
        assert [fresh(r).checked_by for r in (kept, back)] == [ph.wang.user] * 2

    def test_registers_once_a_click(self, ph, share):
        release(ph, share, 1_000)
        report(ph, share, 10, key="k")
        report(ph, share, 10, key="k")
        assert SpendingReport.objects.count() == 1


class TestReturningAndSettling:
    """《平湖办法》第七条第（四）项、第十四条：没有用完的退回，都有着落才结清。"""

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_returns_no_more_than_is_unspent(self, ph, share, more, state):
        release(ph, share, 1_000)
        report(ph, share, 600)
        found = verdict(share, "PH-7.4-returned-within-unspent", amount_fen=400 + more)

        assert (found.state, found.article.label) == (state, ITEM_FOUR)

    @pytest.mark.parametrize(
        ("day", "state", "words"),
        [
            (date(2026, 2, 19), "unmet", "退回日 2026-02-19 早于首次拨付日 2026-02-20"),
            (RELEASED, "met", ""),
            (REPORTED, "met", ""),
            (date(2026, 4, 1), "unmet", "退回日 2026-04-01 晚于今日 2026-03-31"),
        ],
    )
    def test_returns_between_the_release_and_today(self, ph, share, day, state, words):
        release(ph, share, 1_000)
        asked = {"on": REPORTED, "amount_fen": 1, "returned_on": day}
        found = verdict(share, "PH-7.4-returned-after-release", **asked)

        assert (found.state, found.message, found.article.label) == (state, words, ITEM_FOUR)

    def test_a_double_click_returns_once(self, ph, share):
        release(ph, share, 1_000)
        assert not return_part(ph, share, 300, key="k").is_repeat
        assert return_part(ph, share, 300, key="k").is_repeat
        assert buckets(share.project) == (0, TOTAL_FEN - 1_000, 700, 300)

    @pytest.mark.parametrize(("returned", "state"), [(399, "unmet"), (400, "met")])
    def test_settles_when_all_that_was_released_is_accounted_for(self, ph, share, returned, state):
        release(ph, share, 1_000)
        accept(ph, report(ph, share, 600))
        return_part(ph, share, returned)
        found = verdict(share, "PH-7.4-settled")

        assert (found.state, found.article.label) == (state, ITEM_FOUR)

    def test_an_unchecked_report_keeps_it_open(self, ph, share):
        release(ph, share, EACH_FEN)
        report(ph, share, EACH_FEN)
        with pytest.raises(TransitionRefused, match="还没有全部核对或者退回"):
            settle(ph, share)

    def test_what_is_not_released_must_be_given_up(self, ph, share):
        used_up(ph, share, 1_000)
        with pytest.raises(TransitionRefused, match="第七条第（四）项：还有未拨付的补助"):
            settle(ph, share)
        assert verdict(share, "PH-7.4-rest-given-up", gives_up_rest=True).state == "met"
        settle(ph, share, gives_up_rest=True)
        assert buckets(share.project) == (0, TOTAL_FEN - EACH_FEN, 1_000, EACH_FEN - 1_000)

    def test_gives_up_once_a_click(self, ph, share):
        settle(ph, share, gives_up_rest=True, key="k")
        assert settle(ph, share, gives_up_rest=True, key="k").is_repeat
        assert buckets(share.project) == (0, TOTAL_FEN - EACH_FEN, 0, EACH_FEN)

    def test_nothing_moves_any_more(self, ph, share):
        used_up(ph, share, EACH_FEN)
        settle(ph, share)
        for act in (release, report, return_part):
            with pytest.raises(NotOffered):
                act(ph, share, 1)
        with pytest.raises(NotOffered):
            settle(ph, share)

    def test_a_share_of_one_centre_touches_no_other(self, ph, shares):
        used_up(ph, shares[0], EACH_FEN)
        sums = [services.sums_of(fresh(s)) for s in shares]
        assert [s.released_fen for s in sums] == [EACH_FEN, *[0] * 7]


class TestTheLastCentre:
    """《平湖办法》第七条第（四）项、第十三条：各中心都结清，项目方进入评估。"""

    def give_up(self, ph, shares):
        for share in shares:
            settle(ph, share, gives_up_rest=True)

    def test_seven_of_eight_leave_the_project_where_it_is(self, ph, shares):
        self.give_up(ph, shares[:7])

        project = fresh(shares[0].project)
        found = verdict(project, "PH-7.4-all-settled")
        assert (project.stage, found.state) == (Stage.IMPLEMENTATION, "unmet")
        assert [name for name, _ in found.compared] == [shares[7].recipient]

    def test_the_eighth_moves_it_to_the_evaluation(self, ph, shares):
        self.give_up(ph, shares)

        project = fresh(shares[0].project)
        found = verdict(project, "PH-7.4-all-settled")
        assert (project.stage, found.state) == (Stage.EVALUATION, "met")
        assert buckets(project) == (0, 0, 0, TOTAL_FEN)


def test_a_district_with_both_reaches_a_subsidy_by_both(world):
    """The money rules hold where 《平湖办法》 is adopted beside 《渝北办法》 as well."""
    share = allotted(world)[0]
    used_up(world, share, EACH_FEN)
    settle(world, share)
    assert buckets(share.project) == (0, TOTAL_FEN - EACH_FEN, EACH_FEN, 0)
