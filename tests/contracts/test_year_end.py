"""年终结账与开账：逐项办理，每项各有结果；结账之后不再过账，再跑一遍没有害处。"""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from budgeting.models import (
    AdjustmentKind,
    AdjustmentStatus,
    Allocation,
    BudgetAdjustment,
    Ceiling,
    LedgerEntry,
    YearClosing,
)
from budgeting.services import (
    Posting,
    Share,
    approve_adjustment,
    close_ceiling,
    draft_adjustment,
    ledger_differences,
    open_ceiling,
    set_ceiling,
)
from budgeting.services import decommit as decommit_funds
from budgeting.services import release as release_funds
from contracts.selectors.closing import totals, year_lines
from contracts.services import close_year
from core.history.verify import verify
from core.transitions import NotPermitted, TransitionRefused
from tests import purchase, steps
from tests.budgeting.steps import Desk
from tests.contracts.scenes import Case, shared
from tests.contracts.test_carry_over import LAST, LEFT, NEXT, advance_paid
from tests.procurement.scenes import rows_now
from tests.world import World

FUND, NUMBER = "部门预算", "示财结〔2026〕1号"


def advance_paid_and_increased(world: World) -> Case:
    """A contract paid in part, and 1,000.00 of the project's budget that nobody used."""
    case = advance_paid(world)
    project = case.contract.case()
    line = Allocation.objects.get(project=project)
    row = draft_adjustment(
        project,
        kind=AdjustmentKind.INCREASE,
        allocation=line,
        amount_fen=100_000,
        number="示财预调〔2026〕1号",
        reason="备用",
        **world.zhao.acts(purchase.FILED),
    )
    approve_adjustment(row, **world.bai.acts(purchase.FILED))
    return case


built, case = shared(advance_paid_and_increased)


def ceiling(year=2026):
    return Ceiling.objects.get(
        purchaser__organisation__short_name="文旅委", year=year, fund__name=FUND
    )


def reclaim():
    return BudgetAdjustment.objects.get(kind=AdjustmentKind.RECLAIM)


def close(case, on=LAST, by="zhao"):
    (result,) = close_year([ceiling()], number=NUMBER, **getattr(case.world, by).acts(on))
    return result


def closed(case):
    """Carried, drafted, reclaimed by another, and closed."""
    close(case)
    approve_adjustment(reclaim(), **case.world.bai.acts(LAST))
    return close(case)


class TestOneAct:
    """《平湖办法》第十六条：资金拨付实施期限为当年年度。"""

    def test_each_item_has_its_outcome_and_the_rest_waits_for_another(self, case):
        result = close(case)

        assert [(i.title, i.is_done) for i in result.items] == [
            ("结转", True),
            ("年末收回", True),
            ("结账", False),
        ]
        assert "1,000.00 元，待另一名财政审核人批准" in result.items[1].words
        assert not result.is_closed
        assert reclaim().status == AdjustmentStatus.DRAFTED
        assert Allocation.objects.get(ceiling__year=2027).committed_fen == LEFT

    def test_run_again_it_drafts_and_carries_nothing_twice(self, case):
        close(case)
        entries, drafts = LedgerEntry.objects.count(), BudgetAdjustment.objects.count()

        again = close(case)

        assert [(i.title, i.is_done) for i in again.items] == [("年末收回", True), ("结账", False)]
        assert (LedgerEntry.objects.count(), BudgetAdjustment.objects.count()) == (entries, drafts)

    def test_closes_when_all_is_settled(self, case):
        result = closed(case)

        assert result.is_closed
        row = YearClosing.objects.get()
        line = Allocation.objects.get(ceiling__year=2026)
        assert (row.carried_fen, row.paid_fen) == (LEFT, line.paid_fen)
        assert row.returned_fen == ceiling().amount_fen - ceiling().allocated_fen
        before = rows_now()
        assert close(case).items == ()
        assert rows_now() == before
        assert ledger_differences() == []

    def test_before_the_last_day_nothing_is_done(self, case):
        result = close(case, on=date(2026, 12, 30))

        assert not any(item.is_done for item in result.items)
        assert "年度还没有终了" in result.items[-1].words
        assert not BudgetAdjustment.objects.filter(kind="reclaim").exists()

    def test_a_reservation_is_named_as_what_stands_in_the_way(self, case):
        line = Allocation.objects.get(ceiling__year=2026)
        steps.edit(line, reserved_fen=50_000)

        result = close(case)

        stuck = next(item for item in result.items if item.title == "预留")
        assert "500.00 元还没有签合同" in stuck.words
        with pytest.raises(TransitionRefused) as refused:
            close_ceiling(ceiling(), **case.world.zhao.acts(LAST))
        assert dict(refused.value.refusals[0].compared)["预留而没有签合同"] == "500.00"

    def test_only_finance_closes(self, case):
        with pytest.raises(NotPermitted):
            close_ceiling(ceiling(), **case.world.zhang.acts(LAST))


class TestAClosedYear:
    RULE = "PH-16-year-open"

    def test_takes_no_posting_and_no_other_ceiling(self, case):
        project, line = case.contract.case(), Allocation.objects.get(ceiling__year=2026)
        open_one = steps.verdict(project, self.RULE, ceiling=ceiling())
        assert open_one.state == "met"
        closed(case)
        steps.edit(line, reserved_fen=7)
        posting = Posting(project, **case.world.zhao.acts(NEXT))

        with pytest.raises(TransitionRefused, match="已于 2026-12-31 结账") as refused:
            release_funds(project, 7, posting)
        assert refused.value.refusals[0].rule == self.RULE
        with pytest.raises(TransitionRefused, match="不再过账"):
            set_ceiling(
                case.world.purchasers["文旅委"],
                year=2026,
                fund=case.world.funds[FUND],
                amount_fen=999_999_999,
                number=NUMBER,
                **case.world.zhao.acts(NEXT),
            )

    def test_leaves_the_next_year_open(self, case):
        closed(case)
        line = Allocation.objects.get(ceiling__year=2027)
        posting = Posting(case.contract.case(), **case.world.zhao.acts(NEXT))
        decommit_funds(case.contract.case(), [Share(line, 5)], posting)
        assert steps.fresh(line).released_fen == 5


class TestOpening:
    def test_sets_the_next_years_ceiling_once(self, case):
        closed(case)
        acts = case.world.zhao.acts(NEXT)
        first = open_ceiling(ceiling(), amount_fen=1000, number="示财预〔2027〕1号", **acts)
        again = open_ceiling(ceiling(), amount_fen=2000, number="示财预〔2027〕2号", **acts)

        assert (first.done, again.done, again.words) == (True, False, "已经下达过，没有改动")
        after = ceiling(2027)
        assert (after.granted_fen, after.carried_in_fen) == (1000, LEFT)
        assert verify().differences == []

    def test_says_why_not(self, case):
        opened = open_ceiling(
            ceiling(), amount_fen=1000, number="示财预〔2027〕1号", **case.world.zhang.acts(NEXT)
        )
        assert not opened.done
        assert opened.words
        assert not Ceiling.objects.filter(year=2027).exists()


class TestPages:
    def test_shown_closed_and_opened(self, case):
        with time_machine.travel(LAST):
            finance = Desk(case.world.zhao)
            page = finance.get("/contracts/year-end/?year=2026")
            for words in ("待收回", "1,000.00", "有没办完的"):
                assert words in page
            assert "1,000.00" in finance.get("/contracts/year-end/?year=2026&state=有没办完的")
            assert "1,000.00" not in finance.get("/contracts/year-end/?year=2026&state=已结账")
            url = f"/contracts/year-end/close/?year=2026&fund={case.world.funds[FUND].pk}"
            none = Desk.text(finance.post(url, status=422, number=NUMBER))
            assert "请至少勾选一项" in none
            chosen = [str(ceiling().pk)]
            done = Desk.text(finance.post(url, status=200, number=NUMBER, chosen=chosen))
            assert "待另一名财政审核人批准收回" in done
            foreign = finance.post(url, status=422, number=NUMBER, chosen=["999999"])
            assert "核对后重新勾选" in Desk.text(foreign)
            approve_adjustment(reclaim(), **case.world.bai.acts(LAST))
            assert "已结账" in Desk.text(
                finance.post(url, status=200, number=NUMBER, chosen=chosen)
            )
            assert "本级财政管理资金" in finance.get("/contracts/year-end/open/?year=2026")
            opening = f"/contracts/year-end/open/?year=2026&fund={case.world.funds[FUND].pk}"
            assert "请至少勾选一项" in Desk.text(
                finance.post(opening, status=422, number="示财预〔2027〕1号")
            )
            ticked = f"ceiling-{ceiling().pk}"
            given = {f"{ticked}-include": "on", f"{ticked}-amount_fen": "12.34"}
            assert "请填写下达文号" in Desk.text(finance.post(opening, status=422, **given))
            finance.post(opening, status=200, number="示财预〔2027〕1号", **given)
            assert ceiling(2027).granted_fen == 1234
            assert Desk(case.world.zhang).client.get(url).status_code == 403

    def test_the_sheet_adds_up(self, case):
        lines = year_lines(case.world.zhao.user, 2026)
        assert totals(lines)[0] == sum(line.ceiling.amount_fen for line in lines)
        assert len(year_lines(case.world.zhang.user, 2026)) < len(lines)
