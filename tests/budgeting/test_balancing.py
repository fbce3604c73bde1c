"""A shortfall of released funds: balanced by a release, by another fund, or by a cut."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from budgeting.facts.balancing import BalancingFacts
from budgeting.facts.execution import fund_use
from budgeting.facts.released import gap_of, pools
from budgeting.models import Allocation, BudgetAdjustment, Ceiling, CeilingRound, FundRelease
from budgeting.rules import cut_leaves_a_budget
from budgeting.selectors.adjustments import adjusted_fen
from budgeting.services import (
    NotReleased,
    Posting,
    approve_adjustment,
    commit,
    correct_release,
    draft_adjustment,
    ledger_differences,
    record_release,
    set_ceiling,
)
from core.history.verify import verify
from core.transitions import StaleAct, TransitionRefused, shown_digest
from projects.models import Package
from projects.services import divide_packages, move_package
from tests import steps
from tests.budgeting.funds import FUND, SECOND
from tests.budgeting.steps import Desk
from tests.contracts.scenes import rules_of
from tests.steps import edit, fresh

pytestmark = pytest.mark.django_db

APPROVED, RELEASED = 180_000_000, 150_000_000
GAP = APPROVED - RELEASED
JUNE, AFTER = date(2026, 6, 1), date(2027, 1, 1)


@pytest.fixture
def project(world):
    """1,800,000.00 reserved on one fund of which 1,500,000.00 have been released."""
    made = fresh(steps.reply(world, fen=APPROVED).lines.get().project)
    release(world, RELEASED)
    return made


@pytest.fixture
def other(world, project) -> Ceiling:
    """Another fund of the same purchaser, nothing taken from it."""
    return set_ceiling(
        project.purchaser,
        year=2026,
        fund=world.funds[SECOND],
        amount_fen=40_000_000,
        number="示财预〔2026〕31号",
        **world.zhao.acts(JUNE),
    )


def release(world, fen, fund=FUND, number="示财下〔2026〕1号", **changes) -> FundRelease:
    given: dict[str, Any] = {
        "year": 2026,
        "purchaser": None,
        "amount_fen": fen,
        "number": number,
        "released_on": date(2026, 2, 1),
        "issuer": "市财政局",
    } | changes
    return record_release(world.funds[fund], **given, **world.zhao.acts(JUNE))


def line_of(project) -> Allocation:
    rows = Allocation.objects.select_related("ceiling__fund")
    return rows.get(project=project, ceiling__fund__name=FUND)


def draft(world, project, fen, kind, on=JUNE, **changes) -> BudgetAdjustment:
    given = {
        "kind": kind,
        "allocation": line_of(project),
        "amount_fen": fen,
        "number": "示财预调〔2026〕51号",
        "reason": "上级资金只下达一部分",
    } | changes
    return draft_adjustment(fresh(project), **given, **world.zhao.acts(on))


def balanced(world, project, fen, kind, **changes) -> BudgetAdjustment:
    row = draft(world, project, fen, kind, **changes)
    approve_adjustment(row, **world.bai.acts(JUNE))
    return fresh(row)


def gap(project) -> int:
    return gap_of(line_of(project).ceiling)


def package_of(project) -> Package:
    return Package.objects.get(project=project)


class TestTheGap:
    """《平湖办法》第八条: 结合资金下达情况；缺口是预留、承诺和支付比下达的多出的数."""

    def test_is_what_is_reserved_beyond_what_is_released(self, project):
        assert gap(project) == GAP
        (pool,) = pools(line_of(project).ceiling.fund, 2026)
        assert (pool.gap_fen, pool.beyond_fen) == (GAP, 0)

    def test_a_fund_nobody_releases_has_none(self, world):
        made = steps.reply(world, fen=APPROVED).lines.get().project
        assert gap(made) == 0

    def test_a_release_says_what_it_left_of_the_gap(self, world, project):
        rows = [release(world, fen, number=f"示财下〔2026〕{fen}号") for fen in (GAP - 1, 2)]
        seen = [(row.gap_before_fen, row.gap_after_fen) for row in rows]
        assert seen == [(GAP, 1), (1, 0)]

    def test_the_first_release_of_a_fund_had_no_gap_before(self, world, project):
        first = FundRelease.objects.get()
        assert (first.gap_before_fen, first.gap_after_fen) == (0, GAP)

    def test_what_names_a_purchaser_is_reckoned_alone(self, world, project):
        row = release(world, 100, number="示财下〔2026〕9号", purchaser=project.purchaser)
        assert (row.gap_before_fen, row.gap_after_fen) == (APPROVED, APPROVED - 100)
        assert gap(project) == APPROVED - 100


class TestAnotherFundBearsIt:
    """《渝北办法》第十二条: 既有预算中统筹安排；同一购买主体的另一项资金承担."""

    def test_the_line_shrinks_and_the_other_fund_takes_it(self, world, project, other):
        row = balanced(world, project, GAP, "switch", target=other)

        first, second = Allocation.objects.filter(project=project).order_by("pk")
        assert (first.approved_fen, first.reserved_fen) == (RELEASED, RELEASED)
        assert (second.approved_fen, second.reserved_fen) == (GAP, GAP)
        assert fresh(other).allocated_fen == GAP
        assert (row.before_fen, row.after_fen) == (APPROVED, RELEASED)
        assert (row.receiver_before_fen, row.receiver_after_fen) == (0, GAP)
        assert (row.gap_before_fen, row.gap_after_fen) == (GAP, 0)
        assert (ledger_differences(), verify().differences) == ([], [])

    def test_the_project_keeps_its_total_and_its_package(self, world, project, other):
        balanced(world, project, GAP, "switch", target=other)

        assert adjusted_fen(fresh(project)) is None
        assert package_of(project).budget_fen == APPROVED
        assert fund_use(project, 2026).total.budget_fen == APPROVED

    def test_the_next_commitment_is_possible_again(self, world, project, other):
        posting = Posting(project, world.zhao.user, world.zhao.role, JUNE)
        with pytest.raises(NotReleased):
            commit(project, APPROVED, posting)
        balanced(world, project, GAP, "switch", target=other)
        commit(project, APPROVED, posting)
        assert ledger_differences() == []

    def test_a_part_leaves_the_rest_of_the_gap(self, world, project, other):
        row = balanced(world, project, GAP - 1, "switch", target=other)
        assert (row.gap_before_fen, row.gap_after_fen, gap(project)) == (GAP, 1, 1)

    def test_not_a_cent_more_than_the_gap(self, world, project, other):
        with pytest.raises(
            TransitionRefused, match=r"第十二条：.*缺口只有 300,000\.00 元"
        ) as refused:
            draft(world, project, GAP + 1, "switch", target=other)
        assert rules_of(refused) == {"YB-12-balancing-within-gap"}

    @pytest.mark.parametrize(("more", "passes"), [(-1, True), (0, True), (1, False)])
    def test_the_other_fund_is_the_limit_to_the_cent(self, world, project, other, more, passes):
        edit(other, amount_fen=10_000_000)
        if passes:
            assert balanced(world, project, 10_000_000 + more, "switch", target=other).after_fen
            return
        with pytest.raises(TransitionRefused, match=r"可用余额只有 100,000\.00 元") as refused:
            draft(world, project, 10_000_000 + more, "switch", target=other)
        assert rules_of(refused) == {"YB-12-switch-within-other-fund"}

    @pytest.mark.parametrize(("more", "passes"), [(-1, True), (0, True), (1, False)])
    def test_no_gap_is_opened_in_the_other_fund(self, world, project, other, more, passes):
        release(world, 20_000_000, SECOND, "示财下〔2026〕2号")
        if passes:
            assert balanced(world, project, 20_000_000 + more, "switch", target=other).after_fen
            return
        with pytest.raises(TransitionRefused, match=r"只有 200,000\.00 元.*新的缺口") as refused:
            draft(world, project, 20_000_000 + more, "switch", target=other)
        assert rules_of(refused) == {"YB-12-switch-within-other-fund"}

    def test_committed_money_stays_where_it_is(self, world, project, other):
        """The gap is larger than what is still reserved: the contract keeps its fund."""
        commit(project, RELEASED - 10, Posting(project, world.zhao.user, world.zhao.role, JUNE))
        row = FundRelease.objects.get()
        correcting(world, row)
        release(world, 100_000_000, number="示财下〔2026〕2号")
        reserved = APPROVED - RELEASED + 10
        assert gap(project) > reserved
        with pytest.raises(TransitionRefused, match=r"预留只有 300,000\.10 元") as refused:
            draft(world, project, reserved + 1, "switch", target=other)
        assert rules_of(refused) == {"YB-12-balancing-within-reserved"}

    def test_neither_the_same_fund_nor_another_unit_nor_another_year(self, world, project, other):
        foreign = set_ceiling(
            world.purchasers["教委"],
            year=2026,
            fund=world.funds[SECOND],
            amount_fen=100,
            number="示财预〔2026〕32号",
            **world.zhao.acts(JUNE),
        )
        for target in (line_of(project).ceiling, foreign, None):
            with pytest.raises(TransitionRefused, match="另一项资金") as refused:
                draft(world, project, 1, "switch", target=target)
            assert rules_of(refused) == {"YB-12-balancing-fits"}

    def test_it_is_asked_again_when_it_is_approved(self, world, project, other):
        row = draft(world, project, GAP, "switch", target=other)
        release(world, 1, number="示财下〔2026〕2号")
        with pytest.raises(TransitionRefused) as refused:
            approve_adjustment(row, **world.bai.acts(JUNE))
        assert rules_of(refused) == {"YB-12-balancing-within-gap"}
        assert line_of(project).approved_fen == APPROVED

    def test_what_was_shown_must_still_stand(self, world, project, other):
        row = draft(world, project, 100, "switch", target=other)
        shown = {"version": row.version, "shown": shown_digest(fresh(row))}
        release(world, 1, number="示财下〔2026〕2号")
        with pytest.raises(StaleAct):
            approve_adjustment(row, **shown, **world.bai.acts(JUNE))

    def test_two_drafts_do_not_both_balance_the_same_gap(self, world, project, other):
        rows = [draft(world, project, GAP, "switch", target=other) for _ in range(2)]
        approve_adjustment(rows[0], **world.bai.acts(JUNE))
        with pytest.raises(TransitionRefused) as refused:
            approve_adjustment(rows[1], **world.bai.acts(JUNE))
        assert "YB-12-balancing-within-gap" in rules_of(refused)

    def test_a_year_that_is_over_is_not_balanced(self, world, project, other):
        with pytest.raises(TransitionRefused, match="不再追加、调剂和核减"):
            draft(world, project, 1, "switch", AFTER, target=other)

    def test_not_by_who_drew_it_up(self, world, project, other):
        row = draft(world, project, 1, "switch", target=other)
        with pytest.raises(TransitionRefused) as refused:
            approve_adjustment(row, **world.zhao.acts(JUNE))
        assert rules_of(refused) == {"YB-18-adjustment-by-another"}


class TestACut:
    """核减: 依靠这项资金的预算、控制数和采购包一并减少，不留给别的项目."""

    def test_line_ceiling_and_package_fall_together(self, world, project):
        before = line_of(project).ceiling
        row = balanced(world, project, GAP, "cut", package=package_of(project))

        line = line_of(project)
        assert (line.approved_fen, line.reserved_fen) == (RELEASED, RELEASED)
        assert line.ceiling.amount_fen == before.amount_fen - GAP
        assert line.ceiling.allocated_fen == before.allocated_fen - GAP
        assert package_of(project).budget_fen == RELEASED
        assert (row.before_fen, row.after_fen) == (APPROVED, RELEASED)
        assert (row.gap_before_fen, row.gap_after_fen) == (GAP, 0)
        assert adjusted_fen(fresh(project)) == RELEASED
        assert fund_use(project, 2026).total.budget_fen == RELEASED
        assert (ledger_differences(), verify().differences) == ([], [])

    def test_what_is_divided_afterwards_is_what_is_left(self, world, project):
        balanced(world, project, GAP, "cut", package=package_of(project))
        rows = [{"name": "一", "budget_fen": RELEASED - 1}, {"name": "二", "budget_fen": 2}]
        with pytest.raises(TransitionRefused) as refused:
            divide_packages(fresh(project), packages=rows, **world.zhang.acts(JUNE))
        assert rules_of(refused) == {"YB-10-packages-add-up"}
        rows[1]["budget_fen"] = 1
        divide_packages(fresh(project), packages=rows, **world.zhang.acts(JUNE))
        live = Package.objects.current().filter(project=project)
        assert [p.budget_fen for p in live] == [RELEASED - 1, 1]
        assert ledger_differences() == []

    @pytest.mark.parametrize(("less", "passes"), [(0, False), (1, True)])
    def test_something_is_left_of_the_package(self, world, project, less, passes):
        edit(package_of(project), budget_fen=500)
        if passes:
            balanced(world, project, 500 - less, "cut", package=package_of(project))
            assert package_of(project).budget_fen == less
            return
        with pytest.raises(TransitionRefused, match=r"预算只有 5\.00 元") as refused:
            draft(world, project, 500 - less, "cut", package=package_of(project))
        assert rules_of(refused) == {"YB-12-cut-within-package"}

    @pytest.mark.parametrize(("fen", "passes"), [(7, True), (8, False)])
    def test_what_was_carried_in_is_not_cut(self, fen, passes):
        package = {"package": "包 1", "package_fits": True, "package_fen": 100}
        facts = BalancingFacts(
            "", "cut", "2026 年部门预算", fen, 100, 100, granted_fen=7, **package
        )
        refusal = cut_leaves_a_budget(facts, {})
        assert (refusal is None) is passes
        assert passes or "控制数只有 0.07 元" in refusal.message

    def test_a_package_in_procurement_is_not_cut(self, world, project):
        move_package(package_of(project), "start", on=JUNE)
        with pytest.raises(TransitionRefused, match="还没有进入采购的包") as refused:
            draft(world, project, 1, "cut", package=package_of(project))
        assert rules_of(refused) == {"YB-12-balancing-fits"}

    def test_not_a_cent_more_than_the_gap(self, world, project):
        with pytest.raises(TransitionRefused) as refused:
            draft(world, project, GAP + 1, "cut", package=package_of(project))
        assert rules_of(refused) == {"YB-12-balancing-within-gap"}

    def test_a_ceiling_made_in_rounds_is_adjusted_in_its_rounds(self, world, project):
        ceiling = line_of(project).ceiling
        same = {"purchaser": ceiling.purchaser, "year": 2026, "fund": ceiling.fund}
        steps.put(
            CeilingRound(
                **same,
                round="second_down",
                amount_fen=ceiling.amount_fen,
                stated_on=JUNE,
                number="示财预〔2026〕5号",
            )
        )
        balanced(world, project, GAP, "cut", package=package_of(project))

        last = CeilingRound.objects.latest("pk")
        assert (last.round, last.amount_fen) == ("adjusted", ceiling.amount_fen - GAP)
        assert last.number == "示财预调〔2026〕51号"
        assert ledger_differences() == []


def correcting(world, row) -> None:
    correct_release(row, note="金额有误", **world.zhao.acts(JUNE))


class TestPages:
    """The gap on its page, balanced there, seen by those whose money it is."""

    def test_from_the_gap_to_the_approval(self, world, project, other):
        line = line_of(project)
        pool, act = (
            f"/budget/releases/pools/{line.ceiling_id}/",
            f"/budget/projects/{project.pk}/balance/",
        )
        given = {
            "allocation": str(line.pk),
            "kind": "switch",
            "amount_fen": "300000.01",
            "target": str(other.pk),
            "package": "",
            "number": "示财预调〔2026〕52号",
            "reason": "上级资金没有到位",
        }
        with time_machine.travel(JUNE):
            finance = Desk(world.zhao)
            assert "缺 300,000.00，怎样平衡" in finance.get("/budget/releases/")
            for words in ("300,000.00", "须在承诺之前平衡", "资金调剂或者核减"):
                assert words in finance.get(pool)
            page = Desk.text(finance.post(act, status=422, **given))
            assert "缺口只有 300,000.00 元" in page
            assert "上级资金没有到位" in page
            page = Desk.text(finance.post(act, status=422, **(given | {"target": ""})))
            assert "资金调剂须选择改由承担的资金" in page
            page = Desk.text(finance.post(act, status=422, **(given | {"kind": "cut"})))
            assert "核减须选择采购包" in page
            assert "只有资金调剂才选择改由承担的资金" in page
            finance.post(act, **(given | {"amount_fen": "300000"}))
            row = BudgetAdjustment.objects.get()
            approve = f"/budget/adjustments/{row.pk}/approve/"
            second = Desk(world.bai)
            assert "300,000.00 → 0.00" in second.get(approve)
            second.post(approve)
            page = finance.get(pool)
            for words in ("示财预调〔2026〕52号", "改由本级财政管理资金承担", "不缺"):
                assert words in page
            assert "下达缺口 300,000.00 → 0.00" in finance.get(f"/budget/projects/{project.pk}/")

    def test_a_unit_sees_its_own_pool_and_balances_nothing(self, world, project, other):
        url = f"/budget/releases/pools/{line_of(project).ceiling_id}/"
        with time_machine.travel(JUNE):
            page = Desk(world.zhang).get(url)
            assert "缺口" in page
            assert "资金调剂或者核减</" not in page
            Desk(world.chen).get(url, status=404)
            Desk(world.zhang).get(f"/budget/projects/{project.pk}/balance/", status=403)

    def test_the_general_form_does_not_offer_them(self, world, project):
        with time_machine.travel(JUNE):
            page = Desk(world.zhao).get(f"/budget/projects/{project.pk}/adjust/")
        assert 'value="increase"' in page
        assert 'value="switch"' not in page
