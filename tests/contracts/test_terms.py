"""What a contract must say before it is signed: every rule kept and broken, at its limit."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from contracts.models import Contract, Instalment
from core.rules import RULES
from core.transitions import TransitionRefused
from tests import purchase
from tests.contracts.scenes import Case, condition, in_state, law, rules_of, shared
from tests.purchase import AWARDED, NOTIFIED, SIGNED, sign_chain
from tests.steps import edit, put
from tests.world import World

FOUR = ("is_fixed", "is_continuous", "has_stable_funds", "has_stable_price")


def drafted(world: World) -> Case:
    return Case(world, purchase.drafted(world).pk)


built, case = shared(drafted)


def test_every_rule_names_an_article_of_both_regulations():
    """A district that adopted only one of them is answered from its own."""
    own = [rule for rule in RULES.values() if rule.module.startswith("contracts.rules.")]
    ours = [rule for rule in own if not rule.module.endswith(".subsidy")]

    assert len(ours) > 40
    assert [r.id for r in ours if {a.regulation.code for a in r.cites} != {"YB", "PH"}] == []


class TestCompleteness:
    """《渝北办法》第九条第（四）项: 时间、范围、内容、服务要求、资金支付方式和违约责任."""

    def test_a_whole_contract_lacks_nothing(self, case):
        assert law(case.contract, "YB-9.4-terms-complete") == ("met", "YB-9.4")

    @pytest.mark.parametrize(
        "name", ["scope", "content", "requirements", "payment_terms", "liability"]
    )
    def test_no_clause_is_blank(self, case, name):
        edit(case.contract, **{name: "　 "})

        assert law(case.contract, "YB-9.4-terms-complete") == ("unmet", "YB-9.4")

    @pytest.mark.parametrize("changes", [{"lines": []}, {"grade_percents": {}}])
    def test_what_is_bought_and_how_it_is_graded_is_stated(self, case, changes):
        purchase.revise(case.world, case.contract, **changes)

        assert law(case.contract, "YB-9.4-terms-complete") == ("unmet", "YB-9.4")

    @pytest.mark.parametrize(
        ("by_agent", "authorisation", "state"),
        [(False, "", "met"), (True, "", "unmet"), (True, " ", "unmet"), (True, "授〔1〕", "met")],
    )
    def test_an_agent_signs_with_an_authorisation(self, case, by_agent, authorisation, state):
        edit(case.contract, is_signed_by_agent=by_agent, authorisation=authorisation)

        assert law(case.contract, "YB-9.4-agent-authorised") == (state, "YB-9.4")


class TestAmounts:
    """《渝北办法》第二条、第九条第（四）项、第十二条: 逐项、逐期、成交、预留，分毫不差."""

    @pytest.mark.parametrize(("more", "state"), [(-1, "unmet"), (0, "met"), (1, "unmet")])
    def test_the_lines_add_up(self, case, more, state):
        edit(case.line, amount_fen=AWARDED + more)

        assert law(case.contract, "YB-2-lines-add-up") == (state, "YB-2")

    @pytest.mark.parametrize(("more", "state"), [(-1, "unmet"), (0, "met"), (1, "unmet")])
    def test_the_instalments_add_up(self, case, more, state):
        edit(case.instalment(2), amount_fen=case.instalment(2).amount_fen + more)

        assert law(case.contract, "YB-9.4-instalments-add-up") == (state, "YB-9.4")

    @pytest.mark.parametrize(
        ("kinds", "state"),
        [
            (("advance", "progress", "progress"), "unmet"),
            (("advance", "progress", "final"), "met"),
            (("advance", "final", "final"), "unmet"),
        ],
    )
    def test_there_is_one_final_instalment(self, case, kinds, state):
        for position, kind in enumerate(kinds, 1):
            edit(case.instalment(position), kind=kind)

        assert law(case.contract, "YB-9.4-instalments-add-up") == (state, "YB-9.4")

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_the_amount_stays_within_the_award(self, case, more, state):
        edit(case.contract, amount_fen=AWARDED + more)

        assert law(case.contract, "YB-9.4-amount-as-awarded") == (state, "YB-9.4")

    @pytest.mark.parametrize(("more", "state"), [(-1, "unmet"), (0, "met"), (1, "met")])
    def test_the_package_covers_it(self, case, more, state):
        edit(case.package, budget_fen=AWARDED + more)

        assert law(case.contract, "YB-12-within-reservation") == (state, "YB-12")

    @pytest.mark.parametrize(("more", "state"), [(-1, "unmet"), (0, "met"), (1, "met")])
    def test_the_reservation_covers_it(self, case, more, state):
        edit(case.allocation, reserved_fen=AWARDED + more)

        assert law(case.contract, "YB-12-within-reservation") == (state, "YB-12")


class TestTerm:
    """《渝北办法》第九条第（四）项: 一般不超过 1 年，四项条件都具备的不超过 3 年."""

    @pytest.mark.parametrize(
        ("ends_on", "conditions", "state"),
        [
            (date(2027, 4, 29), (), "met"),
            (date(2027, 4, 30), (), "met"),
            (date(2027, 5, 1), (), "unmet"),
            (date(2027, 5, 1), FOUR, "met"),
            (date(2029, 4, 29), FOUR, "met"),
            (date(2029, 4, 30), FOUR, "met"),
            (date(2029, 5, 1), FOUR, "unmet"),
        ],
    )
    def test_one_year_or_three(self, case, ends_on, conditions, state):
        edit(case.contract, ends_on=ends_on, **dict.fromkeys(conditions, True))

        assert law(case.contract, "YB-9.4-term-length") == (state, "YB-9.4")

    @pytest.mark.parametrize("missing", FOUR)
    def test_three_years_need_all_four_conditions(self, case, missing):
        met = {name: name != missing for name in FOUR}
        edit(case.contract, ends_on=date(2028, 4, 30), **met)

        assert law(case.contract, "YB-9.4-term-length") == ("unmet", "YB-9.4")

    @pytest.mark.parametrize(
        ("starts_on", "ends_on", "state"),
        [
            (date(2028, 2, 29), date(2029, 2, 28), "met"),
            (date(2028, 2, 29), date(2029, 3, 1), "unmet"),
            (date(2027, 3, 1), date(2028, 2, 29), "met"),
            (date(2027, 3, 1), date(2028, 3, 1), "unmet"),
            (date(2027, 1, 31), date(2028, 1, 30), "met"),
            (date(2027, 1, 31), date(2028, 1, 31), "unmet"),
        ],
    )
    def test_a_year_ends_on_the_day_before_or_the_months_last(
        self, case, starts_on, ends_on, state
    ):
        edit(case.contract, starts_on=starts_on, ends_on=ends_on)

        assert law(case.contract, "YB-9.4-term-length") == (state, "YB-9.4")


class TestChain:
    """《渝北办法》第十八条、《平湖办法》第十一条: 逐级签批完毕方可签订."""

    @pytest.mark.parametrize(
        ("states", "state"),
        [
            (("pending", "pending"), "unmet"),
            (("signed", "pending"), "unmet"),
            (("signed", "returned"), "unmet"),
            (("signed", "signed"), "met"),
        ],
    )
    def test_every_step_is_signed(self, case, states, state):
        for step, status in zip(case.contract.signatures.all(), states, strict=True):
            in_state(step, status)

        assert law(case.contract, "YB-18-contract-chain-signed") == (state, "YB-18")

    def test_a_revision_opens_the_chain_anew(self, case):
        sign_chain(case.world, case.contract)
        purchase.revise(case.world, case.contract, place="区图书馆")

        assert law(case.contract, "YB-18-contract-chain-signed") == ("unmet", "YB-18")
        sign_chain(case.world, case.contract)
        assert law(case.contract, "YB-18-contract-chain-signed") == ("met", "YB-18")


class TestConditionsOfTheReview:
    """《渝北办法》第九条第（二）项: 实施环节前须落实的条件，签订之前确认."""

    RULE = "YB-9.2-conditions-before-implementation"

    @pytest.mark.parametrize(
        ("due_stage", "state"),
        [
            ("procurement", "unmet"),
            ("contract", "unmet"),
            ("implementation", "unmet"),
            ("evaluation", "met"),
            ("disclosure", "met"),
        ],
    )
    def test_only_what_is_due_by_then_stands_in_the_way(self, case, due_stage, state):
        condition(case, due_stage)

        assert law(case.contract, self.RULE) == (state, "YB-9.2")

    @pytest.mark.parametrize(
        ("status", "state"), [("open", "unmet"), ("evidenced", "unmet"), ("fulfilled", "met")]
    )
    def test_it_is_confirmed_by_the_body_that_asked(self, case, status, state):
        condition(case, "implementation", status)

        assert law(case.contract, self.RULE) == (state, "YB-9.2")


class TestTheOtherParty:
    """《渝北办法》第十九条: 取消资格期内不得签订."""

    @pytest.mark.parametrize(
        ("signed_on", "state"),
        [
            (date(2026, 4, 9), "met"),
            (date(2026, 4, 10), "unmet"),
            (date(2026, 4, 20), "unmet"),
            (date(2026, 4, 21), "met"),
        ],
    )
    def test_the_day_of_signing_counts(self, case, signed_on, state):
        purchase.debar(case.world, case.contract, date(2026, 4, 10), date(2026, 4, 20))
        asked = {"signed_on": signed_on, "on": date(2026, 4, 30)}

        assert law(case.contract, "YB-19-party-not-debarred", **asked) == (state, "YB-19")


class TestDayOfSigning:
    """《渝北办法》第九条第（四）项: 通知书发出后三十日内；逾期照办，记为逾期."""

    @pytest.mark.parametrize(
        ("signed_on", "state"),
        [
            (date(2026, 3, 22), "unmet"),
            (date(2026, 3, 23), "met"),
            (date(2026, 4, 10), "met"),
            (date(2026, 4, 11), "unmet"),
        ],
    )
    def test_between_the_notice_and_today(self, case, signed_on, state):
        found = law(case.contract, "YB-9.4-signed-after-notice", on=SIGNED, signed_on=signed_on)

        assert found == (state, "YB-9.4")

    def test_never_before_the_notice_is_sent(self, case):
        edit(case.contract.award, notified_on=None)

        asked = {"on": SIGNED, "signed_on": SIGNED}
        assert law(case.contract, "YB-9.4-signed-after-notice", **asked)[0] == "unmet"
        assert law(case.contract, "YB-9.4-signed-in-time", **asked)[0] == "met"

    @pytest.mark.parametrize(
        ("notified_on", "signed_on", "state"),
        [
            (date(2026, 3, 23), date(2026, 4, 21), "met"),
            (date(2026, 3, 23), date(2026, 4, 22), "met"),
            (date(2026, 3, 23), date(2026, 4, 23), "late"),
            # The thirtieth day is Saturday 04-25: Monday is in time.
            (date(2026, 3, 26), date(2026, 4, 27), "met"),
            (date(2026, 3, 26), date(2026, 4, 28), "late"),
        ],
    )
    def test_the_thirtieth_day_is_in_time(self, case, notified_on, signed_on, state):
        edit(case.contract.award, notified_on=notified_on)
        asked = {"on": date(2026, 4, 30), "signed_on": signed_on}

        assert law(case.contract, "YB-9.4-signed-in-time", **asked) == (state, "YB-9.4")

    def test_without_a_calendar_nothing_is_guessed(self, case):
        """Twelve months on, the thirtieth day falls into a year that is not announced yet."""
        edit(case.contract.award, notified_on=date(2026, 12, 10))
        asked = {"on": date(2027, 1, 5), "signed_on": date(2027, 1, 4)}

        assert law(case.contract, "YB-9.4-signed-in-time", **asked)[0] == "unknown"
        purchase.load_calendar(2027)
        assert law(case.contract, "YB-9.4-signed-in-time", **asked)[0] == "met"


class TestASignatureThatBreaksThemAll:
    """Every obstacle is named at once, each with its article."""

    def test_it_names_each_of_them(self, case):
        edit(case.contract, scope="", amount_fen=AWARDED + 1, is_signed_by_agent=True)
        edit(case.contract, ends_on=date(2030, 1, 1))
        edit(case.package, budget_fen=AWARDED)
        condition(case, "implementation")
        purchase.debar(case.world, case.contract, SIGNED, SIGNED)

        with pytest.raises(TransitionRefused, match=r"第十八条：.*第九条第（二）项：") as refused:
            purchase.sign_only(case.world, case.contract, date(2026, 3, 22), on=SIGNED)
        assert rules_of(refused) == {
            *("YB-9.4-terms-complete", "YB-2-lines-add-up", "YB-9.4-instalments-add-up"),
            *("YB-9.4-amount-as-awarded", "YB-12-within-reservation", "YB-9.4-term-length"),
            *(
                "YB-9.4-agent-authorised",
                "YB-18-contract-chain-signed",
                "YB-9.4-signed-after-notice",
            ),
            "YB-9.2-conditions-before-implementation",
        }

    def test_the_database_itself_keeps_the_rest(self, case):
        for wrong in ({"amount_fen": 0}, {"ends_on": date(2026, 4, 30)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                edit(case.contract, **wrong)
        other = Contract(award=case.contract.award, package=case.package, drafted_on=NOTIFIED)
        with pytest.raises(IntegrityError), transaction.atomic():
            put(other)
        with pytest.raises(IntegrityError), transaction.atomic():
            edit(Instalment.objects.first(), amount_fen=0)
