"""The yearly self-evaluation: amounts from the ledger, signed by the leader, the printed table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import performance.services.self_evaluation as services
from budgeting.facts.execution import fund_use, funded_years
from core.documents.models import Document
from core.documents.rendering import render_html
from core.transitions import NotOffered, NotPermitted, StaleAct, TransitionRefused, shown_digest
from performance.models import SelfEvaluation
from performance.services import (
    fill_self_evaluation,
    sign_self_evaluation,
    start_self_evaluation,
)
from projects.models import Stage
from tests import evaluated
from tests.contracts import subsidies
from tests.contracts.scenes import Case, fail, in_state, law, rules_of, shared
from tests.contracts.settled import accepted
from tests.steps import edit, fresh
from tests.world import World, deliver_all

built, case = shared(accepted)

FILLED, SIGNED = date(2027, 1, 11), date(2027, 1, 18)
WORDS = {
    "completion": "系统全年平稳运行，年度目标基本实现。",
    "rate_reason": "尾款按约定在评估结算之后支付。",
    "adjustment_reason": "采购节余收回。",
}
# 2026: 1,800,000.00 approved, 43,200.00 saved, 70 % of 1,756,800.00 paid, the rest carried over.
APPROVED, SAVED, PAID, CARRIED = 180_000_000, 4_320_000, 122_976_000, 52_704_000


def start(case: Case, year: int = 2026, by: str = "zhang", **shown: Any) -> SelfEvaluation:
    acts = getattr(case.world, by).acts(FILLED)
    return start_self_evaluation(case.project, year=year, **acts, **shown)


def fill(case: Case, row: SelfEvaluation, by: str = "zhang", **changes: Any) -> Any:
    actuals = changes.pop("actuals", {})
    results = evaluated.reached(case.project, **actuals)
    acts = getattr(case.world, by).acts(FILLED)
    return fill_self_evaluation(fresh(row), results=results, **(WORDS | changes), **acts)


def sign(case: Case, row: SelfEvaluation, by: str = "wang", on: date = SIGNED, **shown: Any) -> Any:
    return sign_self_evaluation(fresh(row), **getattr(case.world, by).acts(on), **shown)


@pytest.fixture
def draft(case) -> SelfEvaluation:
    return start(case)


@pytest.fixture
def filled(case, draft) -> SelfEvaluation:
    fill(case, draft, actuals={"年服务人次": "45000"})
    return fresh(draft)


class TestTheLedger:
    """《平湖办法》第十六条: the amounts come from the ledger, never from a keyboard."""

    def test_the_year_that_paid(self, case):
        use = fund_use(case.project, 2026)

        assert (use.fiscal.initial_fen, use.fiscal.budget_fen, use.fiscal.executed_fen) == (
            APPROVED,
            APPROVED - SAVED,
            PAID,
        )
        assert use.carried.budget_fen == use.other.budget_fen == 0
        assert use.total == use.fiscal

    def test_the_year_it_was_carried_into(self, case):
        use = fund_use(case.project, 2027)

        assert (use.carried.initial_fen, use.carried.budget_fen, use.carried.executed_fen) == (
            CARRIED,
            CARRIED,
            0,
        )
        assert use.fiscal.budget_fen == 0
        assert funded_years(case.project) == [2026, 2027]


class TestTheGround:
    """《平湖办法》第十六条、第十三条, with their limits."""

    @pytest.mark.parametrize(
        ("year", "state"), [(2025, "unmet"), (2026, "met"), (2027, "met"), (0, "unmet")]
    )
    def test_a_year_with_money_that_has_begun(self, case, year, state):
        found = law(case.project, "PH-16-year-funded", on=FILLED, year=year)

        assert found == (state, "YB-17")

    def test_not_a_year_to_come(self, case):
        found = law(case.project, "PH-16-year-funded", on=date(2026, 12, 31), year=2027)

        assert found[0] == "unmet"

    def test_one_a_year(self, case, draft):
        assert law(case.project, "PH-16-one-a-year", year=2027)[0] == "met"
        assert law(case.project, "PH-16-one-a-year", year=2026)[0] == "unmet"

    @pytest.mark.parametrize(
        ("on", "stage", "state"),
        [
            (date(2026, 12, 31), "implementation", "unmet"),
            (date(2027, 1, 1), "implementation", "met"),
            (date(2026, 12, 31), "evaluation", "met"),
        ],
    )
    def test_when_the_year_or_the_project_is_over(self, case, draft, on, stage, state):
        in_state(case.project, stage)

        assert law(fresh(draft), "PH-16-year-over", on=on)[0] == state

    @pytest.mark.parametrize(("text", "state"), [("完成", "met"), (" ", "unmet")])
    def test_the_completion_is_stated(self, draft, text, state):
        assert law(draft, "PH-16-completion-stated", completion=text)[0] == state

    @pytest.mark.parametrize(
        ("paid", "reason", "state"),
        [
            (PAID, "", "unmet"),
            (PAID, "尾款未到期", "met"),
            (158_111_999, "", "unmet"),
            (158_112_000, "", "met"),
        ],
    )
    def test_a_rate_below_ninety_is_explained(self, monkeypatch, draft, paid, reason, state):
        from budgeting.facts.execution import FundUse, YearUse
        from performance.facts import self_evaluation as facts

        use = YearUse(FundUse(APPROVED, 175_680_000, paid), FundUse(), FundUse())
        monkeypatch.setattr(facts, "fund_use", lambda *_: use)

        assert law(draft, "PH-16-low-rate-explained", rate_reason=reason)[0] == state

    @pytest.mark.parametrize(("reason", "state"), [("采购节余收回", "met"), ("", "unmet")])
    def test_an_adjustment_is_explained(self, draft, reason, state):
        assert law(draft, "PH-16-adjustment-explained", adjustment_reason=reason)[0] == state

    def test_without_an_adjustment_nothing_is_to_explain(self, case):
        row = start(case, 2027)

        assert law(row, "PH-16-adjustment-explained", adjustment_reason="")[0] == "met"

    def test_who_filled_it_in_does_not_sign(self, case, filled):
        zhang, wang = case.world.zhang.user, case.world.wang.user

        assert law(filled, "PH-13-signed-by-another", by=wang)[0] == "met"
        assert law(filled, "PH-13-signed-by-another", by=zhang)[0] == "unmet"


class TestFillingIn:
    def test_the_points_are_rescaled_beside_the_rate(self, filled):
        points = [row.points for row in filled.results.all()]

        assert points == [Decimal(n) for n in ("36.00", "18.00", "18.00", "18.00")]
        assert [row.score for row in filled.results.all()][2] == Decimal("16.20")

    def test_started_once(self, case, draft):
        with pytest.raises(TransitionRefused) as refused:
            start(case)

        assert rules_of(refused) == {"PH-16-one-a-year"}

    def test_a_repeated_click_starts_one(self, case):
        assert start(case, key="k") == start(case, key="k")

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, draft, name):
        with pytest.raises(NotPermitted):
            start(case, 2027, by=name)
        with pytest.raises(NotPermitted):
            fill(case, draft, by=name)

    def test_every_obstacle_at_once(self, case, draft):
        with pytest.raises(TransitionRefused) as refused:
            fill(case, draft, completion="", rate_reason="", adjustment_reason="")

        assert rules_of(refused) == {
            "PH-16-completion-stated",
            "PH-16-low-rate-explained",
            "PH-16-adjustment-explained",
        }
        assert not draft.results.exists()


class TestSigning:
    """《平湖办法》第十三条: 对评价结果的真实性和准确性负责."""

    def test_it_freezes_the_figures_and_makes_the_table(self, case, filled):
        sign(case, filled)
        deliver_all()

        row = fresh(filled)
        assert (row.status, row.signed_by, row.signed_on) == (
            "signed",
            case.world.wang.user,
            SIGNED,
        )
        assert (row.budget_fen, row.executed_fen) == (APPROVED - SAVED, PAID)
        assert (row.execution_score, row.score, row.grade) == (
            Decimal("7.00"),
            Decimal("95.20"),
            "excellent",
        )
        assert Document.objects.get(kind="performance.self_evaluation").state == "ready"
        assert case.recorded("performance.selfevaluation.sign") == (1, 1)

    def test_the_table_is_as_printed(self, case, filled):
        sign(case, filled)
        paper = Document.objects.get(kind="performance.self_evaluation")
        text = render_html(paper.kind, paper.context)
        order = (
            "项目支出绩效自评表",
            "项目名称",
            "主管部门",
            "实施单位",
            "项目资金（万元）",
            "年初预算数",
            "全年预算数（A）",
            "全年执行数（B）",
            "分值",
            "执行率（B/A）",
            "年度资金总额",
            "180.00",
            "175.68",
            "122.976",
            "70.00%",
            "7.00",
            "当年财政拨款",
            "上年结转资金",
            "其他资金",
            "年度总体目标",
            "预期目标",
            "实际完成情况",
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "实际完成值",
            "偏差原因分析及改进措施",
            "总分",
            "95.20",
        )
        at = 0
        for words in order:
            at = text.index(words, at)

    def test_afterwards_the_ledger_moves_on_and_the_table_stands(self, case, filled):
        sign(case, filled)
        edit(case.allocation, approved_fen=APPROVED + 1)

        assert fresh(filled).budget_fen == APPROVED - SAVED
        with pytest.raises(NotOffered):
            fill(case, filled)

    def test_it_is_not_signed_blank(self, case, draft):
        with pytest.raises(TransitionRefused) as refused:
            sign(case, draft)

        assert {"PH-9-indicators-scored", "PH-16-completion-stated"} <= rules_of(refused)

    def test_a_figure_changed_since_it_was_shown_makes_the_page_stale(self, case, filled):
        shown = shown_digest(filled)
        edit(filled.results.first(), score=Decimal(1), reason="改")
        with pytest.raises(StaleAct):
            sign(case, filled, shown=shown)

    @pytest.mark.parametrize("name", ["zhang", "li", "zhao", "wu", "gao"])
    def test_it_is_the_division_leaders(self, case, filled, name):
        with pytest.raises(NotPermitted):
            sign(case, filled, by=name)

    def test_a_repeated_click_signs_once(self, case, filled):
        sign(case, filled, key="k")

        assert sign(case, filled, key="k").is_repeat
        assert Document.objects.filter(kind="performance.self_evaluation").count() == 1

    def test_a_failing_last_step_leaves_nothing(self, case, filled, monkeypatch):
        monkeypatch.setattr(services, "request_document", fail)
        with pytest.raises(RuntimeError):
            sign(case, filled)

        assert fresh(filled).status == "draft"


class TestSubsidies:
    """《平湖办法》第七条第（四）项、第十六条: no contract to evaluate, so the self-evaluation."""

    @pytest.fixture
    def settled(self, world: World) -> Any:
        """All shares settled: the subsidy stands in 评估."""
        shares = subsidies.allotted(world)
        for share in shares:
            subsidies.used_up(world, share, subsidies.EACH_FEN)
            subsidies.settle(world, fresh(share))
        deliver_all()
        return fresh(shares[0].project)

    def evaluated(self, world, project) -> SelfEvaluation:
        on = date(2026, 5, 11)
        row = start_self_evaluation(project, year=2026, **world.zhang.acts(on))
        fill_self_evaluation(
            row, results=evaluated.reached(project), **WORDS, **world.zhang.acts(on)
        )
        return fresh(row)

    def test_signed_it_moves_on(self, world, settled):
        assert settled.stage == Stage.EVALUATION
        assert law(settled, "PH-16-self-evaluated") == ("unmet", "PH-16")
        row = self.evaluated(world, settled)
        sign_self_evaluation(row, **world.wang.acts(date(2026, 5, 12)))

        assert law(settled, "PH-16-self-evaluated") == ("met", "PH-16")
        assert fresh(settled).stage == Stage.DISCLOSURE

    def test_the_second_fund_is_fiscal_too(self, world, settled):
        use = fund_use(settled, 2026)

        assert use.total == use.fiscal
        assert use.fiscal.executed_fen == subsidies.TOTAL_FEN
