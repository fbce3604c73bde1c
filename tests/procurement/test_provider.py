"""Providers: the credit code, registration, the six conditions, debarment."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attachments import Attachment
from core.history.reading import refusals_of
from core.history.verify import verify
from core.transitions import NotPermitted, RequestKeyMismatch, TransitionRefused
from procurement.credit_code import CHARACTERS, CodeProblem, check_digit, problem_of
from procurement.models import Condition, Debarment, Provider, Qualification
from procurement.services import (
    AlreadyRegistered,
    CodeRefused,
    debar_provider,
    register_provider,
    review_condition,
)
from tests import purchase, steps
from tests.procurement import scenes
from tests.purchase import INTENDED
from tests.world import build_world

VALID = [
    "91420111751839827U",
    "91512081MA62K0260E",
    "11320000MB151840XJ",
    "9131000063159284XQ",
]
bodies = st.text(CHARACTERS, min_size=17, max_size=17)


def register(world, code=VALID[0], by="zhang", **changes):
    values = {
        "registrar": world.organisations["文旅委"],
        "name": "明川信息",
        "kind": "enterprise",
        "registered_with": "区市场监督管理局",
    } | changes
    return register_provider(
        world.jurisdiction, credit_code=code, **values, **getattr(world, by).acts(INTENDED)
    )


class TestCreditCode:
    """GB 32100-2015: eighteen characters, the last computed from the others."""

    @pytest.mark.parametrize("code", VALID)
    def test_a_real_code_is_right(self, code):
        assert problem_of(code) is None

    @pytest.mark.parametrize(
        ("code", "digit"), [("91350100M000100Y4Z", "3"), ("91350100M0001TGQXM", "1")]
    )
    def test_a_wrong_check_digit_is_told_from_a_malformed_code(self, code, digit):
        assert check_digit(code[:17]) == digit
        assert problem_of(code[:17] + digit) is None
        # The first ends in Z, which is no character of the standard at all.
        expected = CodeProblem.MALFORMED if code[-1] == "Z" else CodeProblem.CHECK_DIGIT
        assert problem_of(code) is expected

    @pytest.mark.parametrize(
        "code",
        [
            "",
            VALID[0][:17],
            VALID[0] + "0",
            VALID[0].lower(),
            f" {VALID[0][:17]}",
            "９" + VALID[0][1:],
            *(VALID[0][:17] + letter for letter in "IOZSV"),
        ],
    )
    def test_another_length_or_character_is_malformed(self, code):
        assert problem_of(code) is CodeProblem.MALFORMED

    def test_a_remainder_of_none_is_a_nought(self):
        assert check_digit("0" * 17) == "0"

    @given(bodies, st.integers(0, 16), st.sampled_from(CHARACTERS))
    def test_one_wrong_character_is_always_found(self, body, at, other):
        code = body + check_digit(body)
        typed = code[:at] + other + code[at + 1 :]

        assert (problem_of(typed) is None) == (other == code[at])


@pytest.mark.django_db
class TestRegistration:
    """《渝北办法》第六条: one row a provider and district, by the officials, with its code."""

    def test_it_is_recorded_with_the_district_and_the_registrar(self, world):
        made = register(world)

        assert (made.jurisdiction(), made.owner()) == (
            world.jurisdiction,
            world.organisations["文旅委"],
        )
        assert verify().differences == []

    def test_a_malformed_code_is_refused_whatever_the_note(self, world):
        with pytest.raises(CodeRefused, match="不是 18 位规定字符"):
            register(world, VALID[0][:17], code_note="确有此代码")

        assert not Provider.objects.exists()

    def test_a_wrong_check_digit_needs_a_note(self, world):
        code = "91350100M0001TGQXM"

        for note in ("", "  "):
            with pytest.raises(CodeRefused, match="校验位不符"):
                register(world, code, code_note=note)

        assert register(world, code, code_note="执照原件如此").credit_code == code

    def test_the_same_code_is_registered_once_in_a_district(self, world):
        register(world)

        with pytest.raises(AlreadyRegistered, match="已登记为“明川信息”"):
            register(world, name="另一个名称")
        assert register(build_world("ff", prefix="far")).pk

    def test_a_repeated_click_registers_once(self, world):
        first = register(world, key="k")

        assert register(world, key="k") == first
        with pytest.raises(RequestKeyMismatch):
            register(world, VALID[1], key="k")

    @pytest.mark.parametrize("name", ["zhang", "zhou", "zhao"])
    def test_officers_the_centre_and_finance_register(self, world, name):
        assert register(world, by=name).pk

    def test_nobody_else_does_and_the_attempt_is_recorded(self, world):
        far = build_world("ff", prefix="far")
        for actor in (world.li, world.wang, world.qian, world.wu, far.zhang):
            world.actors["other"] = actor
            with pytest.raises(NotPermitted):
                register(world, by="other")

        stream = f"accounts.organisation:{world.organisations['文旅委'].pk}"
        assert len(refusals_of(stream)) == 5
        assert not Provider.objects.exists()

    def test_a_district_sees_its_own_register_only(self, world):
        made, far = register(world), build_world("ff", prefix="far")

        for actor in (world.zhang, world.zhou, world.zhao, world.wu, world.chen):
            assert list(Provider.objects.visible_to(actor.user)) == [made]
        assert not Provider.objects.visible_to(far.zhang.user).exists()


@pytest.mark.django_db
class TestConditions:
    """《渝北办法》第六条: each of the six reviewed on evidence and for a time."""

    def review(self, world, row, **changes):
        values = {"condition": 1, "is_met": True, "evidence": "营业执照", "valid_from": INTENDED}
        return review_condition(row, **(values | changes), **world.zhang.acts(INTENDED))

    def test_a_review_says_on_what_and_from_when(self, world):
        row = register(world)

        for blank in ({"evidence": "  "}, {"valid_from": None}):
            with pytest.raises(TransitionRefused, match="第六条：没有写明") as refused:
                self.review(world, row, **blank)
            assert refused.value.refusals[0].rule == "YB-6-condition-evidenced"

        assert not Qualification.objects.exists()

    def test_its_end_is_not_before_its_beginning(self, world):
        row, found = register(world), []
        for step in (-1, 0, 1):
            data = {
                "evidence": "证照",
                "valid_from": INTENDED,
                "valid_until": scenes.day(INTENDED, step),
            }
            found.append(steps.verdict(row, "YB-6-condition-evidenced", on=INTENDED, **data).state)

        assert found == ["unmet", "met", "met"]

    def test_a_new_review_is_a_new_row_and_the_latest_counts(self, world):
        from procurement.facts.bids import latest_reviews

        row = purchase.provider(world)
        self.review(world, row, condition=4, is_met=False, evidence="欠缴税款")

        assert Qualification.objects.filter(provider=row, condition=4).count() == 2
        met = {number: review.is_met for number, review in latest_reviews(row).items()}
        assert met == dict.fromkeys(Condition.values, True) | {4: False}

    def test_its_evidence_is_kept_with_it(self, world):
        self.review(world, register(world), file=steps.FILE)

        kept = Attachment.objects.get(subject=f"procurement.qualification:{self.only().pk}")
        assert kept.purpose == "条件证据"
        assert verify().differences == []

    def only(self):
        return Qualification.objects.get()


@pytest.mark.django_db
class TestDebarring:
    """《渝北办法》第十九条: on a penalty decided, for three years at most, then over by itself."""

    SINCE = date(2024, 6, 1)

    def state(self, world, rule, on=INTENDED, **changes):
        data = {
            "authority": "区财政局",
            "decision_number": "示财罚〔2024〕3号",
            "decided_on": self.SINCE,
            "since": self.SINCE,
            "until": date(2027, 5, 31),
        } | changes
        return steps.verdict(purchase.provider(world), rule, on=on, **data).state

    def test_a_penalty_has_an_authority_a_number_and_a_day_gone_by(self, world):
        rule = "YB-19-penalty-decided"
        missing = ({"authority": " "}, {"decision_number": ""}, {"decided_on": None})
        days = [scenes.day(INTENDED, step) for step in (-1, 0, 1)]

        assert [self.state(world, rule, **blank) for blank in missing] == ["unmet"] * 3
        states = [self.state(world, rule, decided_on=on) for on in days]
        assert states == ["met", "met", "unmet"]

    def test_three_years_are_the_most(self, world):
        days = [scenes.day(date(2027, 6, 1), step) for step in (-1, 0, 1)]

        states = [self.state(world, "YB-19-three-years", until=on) for on in days]

        assert states == ["met", "met", "unmet"]

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"since": date(2024, 5, 31)}, "unmet"),
            ({"since": date(2024, 6, 2)}, "met"),
            ({"until": date(2024, 5, 31)}, "unmet"),
            ({"until": date(2024, 6, 1)}, "met"),
            ({"since": None}, "unmet"),
            ({"until": None}, "unmet"),
        ],
    )
    def test_it_runs_from_the_penalty_forwards(self, world, changes, expected):
        assert self.state(world, "YB-19-three-years", **changes) == expected

    def test_from_a_leap_day_it_ends_on_the_last_of_february(self, world):
        leap = {"since": date(2024, 2, 29), "decided_on": date(2024, 2, 29)}
        days = [date(2027, 2, 28), date(2027, 3, 1)]

        states = [self.state(world, "YB-19-three-years", until=on, **leap) for on in days]

        assert states == ["met", "unmet"]

    def test_one_day_more_is_refused_with_the_article(self, world):
        with pytest.raises(TransitionRefused, match="第十九条：取消资格的起止日期不在 3 年之内"):
            debar_provider(
                purchase.provider(world),
                authority="区财政局",
                decision_number="示财罚〔2024〕3号",
                decided_on=self.SINCE,
                grounds="提供虚假材料。",
                since=self.SINCE,
                until=date(2027, 6, 2),
                **world.zhao.acts(INTENDED),
            )

        assert not Debarment.objects.exists()

    def test_it_ends_by_itself(self, world):
        out = scenes.barred(world)
        days = [date(2027, 5, 30), date(2027, 5, 31), date(2027, 6, 1)]

        assert [out in Provider.objects.debarred(on) for on in days] == [True, True, False]
        assert not Provider.objects.debarred(date(2024, 5, 30)).exists()
