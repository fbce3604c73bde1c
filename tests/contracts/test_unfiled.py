"""A contract served and evaluated, but never filed: no way of ending it is barred."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from budgeting.services import ledger_differences
from contracts.facts.money import payable_fen
from contracts.models import Rectification
from contracts.services import (
    order_mending,
    refuse_rectification,
    settle,
    terminate_contract,
)
from projects.models import Stage
from tests import evaluated as judged
from tests import purchase
from tests.budgeting.steps import Desk
from tests.contracts.scenes import shared
from tests.contracts.settled import accepted_unfiled
from tests.steps import edit
from tests.world import deliver_all

built, case = shared(accepted_unfiled)

ON, LATER = date(2026, 12, 1), date(2026, 12, 8)


class TestNeverFiled:
    """《渝北办法》第九条第（四）项、第十九条: settled all the same; then filed, or terminated."""

    def test_the_settlement_waits_for_the_filing(self, case):
        edit(case.contract, grade_percents={"fair": "0"})
        settle(case.contract, grade="fair", **case.world.wang.acts(ON))
        assert case.contract.status == "signed"
        purchase.filed(case.world, case.contract, ON)

        assert (case.contract.status, case.contract.ended_on) == ("completed", ON)
        assert case.money()[:3] == (0, 0, 0)
        assert ledger_differences() == []

    def test_a_failed_one_is_settled_and_terminated_without_a_filing(self, case):
        settle(case.contract, grade="poor", **case.world.wang.acts(ON))
        assert case.contract.status == "signed"
        acts = case.world.zhang.acts(ON)
        row = order_mending(case.contract, demand="整改", workdays=3, **acts)
        refuse_rectification(row, check_note="拒绝", **case.world.li.acts(LATER))
        terminate_contract(case.contract, note="终止", **case.world.wang.acts(LATER))

        assert (case.contract.status, case.package.status) == ("terminated", "terminated")
        assert case.project.stage == Stage.DISCLOSURE
        assert case.money()[:3] == (0, 0, 0)
        assert ledger_differences() == []

    def test_what_is_owed_is_paid_after_the_filing(self, case):
        settle(case.contract, grade="fair", **case.world.wang.acts(ON))
        purchase.filed(case.world, case.contract, ON)

        assert case.contract.status == "filed"
        row = purchase.paid(case.world, case.contract, 3, ON, "12")
        assert row.amount_fen == payable_fen(case.contract)
        assert case.contract.status == "completed"


class TestOnThePages:
    """《渝北办法》第十九条: 不合格的结论、责令整改、认定拒不整改、终止，都在页面上办得成."""

    @pytest.fixture
    def failed(self, case):
        """Found wanting by all three, and concluded so."""
        evaluation = judged.evaluation_of(case.contract)
        judged.hear(case.world, evaluation, "poor", ON)
        with time_machine.travel(ON):
            leader = Desk(case.world.wang)
            url = f"/performance/evaluations/{evaluation.pk}/conclude/"
            assert "评为不合格的先责令限期整改" in leader.get(url)
            leader.post(url, grade="poor", summary="不合格", demand="补齐服务", workdays="3")
        return case

    def test_from_the_conclusion_to_the_termination(self, failed):
        assert failed.contract.status == "signed"
        row = Rectification.objects.get()
        with time_machine.travel(LATER):
            Desk(failed.world.li).post(
                f"/contracts/rectifications/{row.pk}/refuse/", check_note="逾期未改"
            )
            leader, url = Desk(failed.world.wang), f"/contracts/{failed.pk}/terminate/"
            assert "拒不整改，终止合同" in leader.get("/desk/")
            assert f'href="{url}"' in leader.get("/desk/")
            leader.post(url, note="拒不整改，按约定终止")
            assert "拒不整改，终止合同" not in leader.get("/desk/")
        assert (failed.contract.status, failed.package.status) == ("terminated", "terminated")

    def test_from_the_conclusion_to_the_mending_and_the_next_round(self, failed):
        row = f"/contracts/rectifications/{Rectification.objects.get().pk}"
        with time_machine.travel(ON):
            officer = Desk(failed.world.zhang)
            assert "报送合同备案" in officer.get("/desk/")
            officer.post(f"{row}/answer/", reply="已补齐", replied_on="2026-12-01")
            Desk(failed.world.li).post(f"{row}/close/", check_note="属实")
        deliver_all()
        judged.evaluate(failed.world, failed.contract, "poor", LATER)
        assert failed.contract.status == "signed"
        purchase.filed(failed.world, failed.contract, LATER)

        assert (failed.contract.status, failed.contract.ended_on) == ("completed", LATER)
        assert failed.project.stage == Stage.DISCLOSURE
