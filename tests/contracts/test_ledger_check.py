"""The contracts' part of the ledger's check: shares and payments against the allocations."""

from __future__ import annotations

import pytest

from budgeting.services import Posting, carry_over, request_check
from contracts.models import ContractSlice, Payment
from contracts.services import settle_share
from tests import purchase, steps
from tests.contracts import subsidies
from tests.world import deliver_all

pytestmark = pytest.mark.django_db
ON = purchase.FILED


def checked(world):
    row = request_check(world.jurisdiction, **world.zhao.acts(ON))
    deliver_all()
    return steps.fresh(row)


def codes(world):
    return [d["code"] for d in checked(world).differences]


class TestAContract:
    @pytest.fixture
    def contract(self, world):
        contract = purchase.filed(world)
        purchase.paid(world, contract, 1, ON)
        return contract

    def test_signed_filed_and_paid_agrees(self, world, contract):
        row = checked(world)

        assert row.is_clean, row.differences
        assert dict(row.lines)["合同年度份额"] == 1
        assert Payment.objects.exists()

    def test_a_share_paid_without_a_posting_is_found(self, world, contract):
        row = ContractSlice.objects.get()
        steps.edit(row, paid_fen=row.paid_fen + 1)
        found = checked(world).differences

        assert [d["code"] for d in found] == [
            "slices.committed_fen",
            "slices.paid_fen",
            "contract.paid",
        ]
        assert [d["gap_fen"] for d in found] == [1, -1, 1]
        assert found[2]["url"] == contract.get_absolute_url()
        assert contract.number in found[2]["sentence"]

    def test_a_contract_larger_than_its_shares_is_found(self, world, contract):
        steps.edit(contract, amount_fen=contract.amount_fen + 1)
        assert codes(world) == ["contract.amount"]

    def test_money_carried_over_past_the_contract_is_found(self, world, contract):
        row = ContractSlice.objects.get()
        posting = Posting(contract, world.zhao.user, world.zhao.role, ON)
        carry_over(contract.case(), row.allocation, 5, posting)

        assert codes(world) == ["slices.committed_fen"] * 2


class TestASubsidy:
    @pytest.fixture
    def shares(self, world):
        return subsidies.allotted(world)

    def test_released_returned_and_settled_agrees(self, world, shares):
        first, second, *_ = shares
        subsidies.used_up(world, first, 1_000)
        subsidies.release(world, second, 500)
        subsidies.return_part(world, second, 200)
        settle_share(steps.fresh(first), gives_up_rest=True, **world.wang.acts(subsidies.CHECKED))
        row = checked(world)

        assert row.is_clean, row.differences
        assert dict(row.lines)["补助分配"] == len(shares)

    def test_a_share_that_grew_is_found(self, world, shares):
        steps.edit(shares[0], amount_fen=shares[0].amount_fen + 3)
        (found,) = checked(world).differences

        assert (found["code"], found["gap_fen"]) == ("subsidy.committed", -3)
