"""采购意向清单的筛查：七十条真实意向，与逐条读过之后定的结论一一比对。"""

from __future__ import annotations

from collections import Counter

import pytest

from core.transitions import NotPermitted, TransitionRefused
from projects.models import IntentionList, ListedIntention
from projects.services import (
    confirm_intentions,
    decide_intention,
    discard_intentions,
    receive_intentions,
)
from projects.services.intentions import NotDecidable, NotScreened
from tests import steps
from tests.projects.intentions import (
    ON,
    ORGANS,
    REVIEWED,
    cells,
    one,
    received,
    register,
    reviewed,
    screened,
    upload,
)
from tests.world import build_world

pytestmark = pytest.mark.django_db
RULES = {
    "purchaser": "YB-5-intention-purchaser",
    "purchaser_unknown": "YB-5-intention-purchaser-known",
    "works": "YB-7-intention-not-works",
    "works_inside": "YB-7-intention-no-works-inside",
    "goods": "YB-7-intention-not-goods",
    "outside": "YB-7-intention-information",
    "unclear": "YB-7-intention-kind-clear",
    "sensitive": "YB-7-intention-not-sensitive",
    "missing": "YB-9.1-intention-complete",
    "thirty_days": "YB-9.3-intention-month",
    "amount": "YB-9.1-intention-amount",
    "near_limit": "YB-11-intention-near-limit",
    "split": "YB-11-intention-not-split",
}
EFFECTS = {"accept": "none", "refuse": "unmet", "review": "warn"}


def marks(row, state):
    return sorted(g["rule"] for g in row.grounds if g["state"] == state)


def named(words):
    return sorted(RULES[word] for word in words)


def confirm(world, row):
    return confirm_intentions(row, **world.zhao.acts(ON))


def settle(world, made, outcome="refuse"):
    """Everything that waits for a person is decided."""
    for row in made.rows.filter(outcome="review").select_related("intentions__bureau"):
        decide_intention(row, outcome=outcome, reason="已问清。", **world.zhao.acts(ON))


class TestTheReviewedFile:
    """The file is complete, and says why wherever the conclusion is not 可入计划."""

    def test_has_seventy_rows_of_twenty_three_units(self):
        assert [row["number"] for row in REVIEWED] == list(range(1, 71))
        assert len({row["unit"] for row in REVIEWED}) == 23

    @pytest.mark.parametrize("row", REVIEWED, ids=lambda r: str(r["number"]))
    def test_gives_its_reason(self, row):
        assert (row["outcome"] == "accept") == (not row.get("grounds"))
        assert (row["outcome"] == "accept") == bool(row.get("kind"))

    def test_counts(self):
        found = Counter(row["outcome"] for row in REVIEWED)
        assert found == {"refuse": 44, "accept": 14, "review": 12}


class TestSeventyRows:
    """《渝北办法》第五条、第七条、第九条第（三）项：结论、理由和提示都相同。"""

    @pytest.fixture
    def judged(self, world):
        register(world)
        return list(received(world).rows.order_by("line"))

    def test_every_conclusion_reason_remark_and_kind_is_the_reviewed_one(self, judged):
        wrong = {}
        for row, want in zip(judged, REVIEWED, strict=True):
            effect = EFFECTS[want["outcome"]]
            found = (row.unit, row.name, row.judged, marks(row, effect), marks(row, "late"))
            expected = (
                want["unit"],
                want["name"],
                want["outcome"],
                named(want.get("grounds", [])),
                named(want.get("flags", [])),
            )
            if found != expected:
                wrong[want["number"]] = (found[2:], expected[2:])
            elif want["outcome"] == "accept" and row.kind != want["kind"]:
                wrong[want["number"]] = (row.kind, want["kind"])
        assert wrong == {}

    def test_amounts_are_taken_from_ten_thousands(self, judged):
        assert judged[12].amount_fen == 75_220_000
        assert sum(row.amount_fen for row in judged) == sum(
            round(float(row["wan"]) * 1_000_000) for row in REVIEWED
        )

    def test_accepted_rows_go_to_the_plans_of_their_purchasers(self, world, judged):
        made = judged[0].intentions
        settle(world, made)
        confirm(world, made)
        placed = ListedIntention.objects.planned().select_related("plan__purchaser__organisation")
        assert {(r.unit, r.name) for r in placed} == {
            (r["unit"], r["name"]) for r in REVIEWED if r["outcome"] == "accept"
        }
        assert all(r.plan.purchaser.organisation.name == r.unit for r in placed)
        assert all(r.plan.year == 2026 for r in placed)

    def test_the_same_file_again_changes_nothing(self, world, judged):
        made = judged[0].intentions
        settle(world, made)
        confirm(world, made)
        again = received(world)
        assert Counter(again.rows.values_list("judged", flat=True)) == {
            "known": 14,
            "refuse": 44,
            "review": 12,
        }
        settle(world, again)
        confirm(world, again)
        assert ListedIntention.objects.planned().count() == 14


class TestOtherNames:
    """Names that are not in the file: the lists judge words, not rows."""

    @pytest.mark.parametrize(
        ("name", "outcome", "ground"),
        [
            ("智慧水利信息化工程监理服务", "accept", ""),
            ("机房装修工程", "refuse", "works"),
            ("业务系统机房改造", "review", "works_inside"),
            ("政务服务窗口人员服务外包", "review", "unclear"),
            ("打印机购置", "refuse", "goods"),
            ("水利资料档案数字化服务", "accept", ""),
            ("全省计算机设备维修服务", "accept", ""),
            ("涉密网络运维", "review", "sensitive"),
        ],
    )
    def test_are_judged_by_the_words(self, world, name, outcome, ground):
        register(world, "山东省水利厅")
        row = screened(world, name=name)
        assert row.judged == outcome
        if ground:
            assert RULES[ground] in marks(row, EFFECTS[outcome])

    def test_staffing_is_looked_at_by_a_person(self, world):
        register(world, "山东省水利厅")
        row = screened(world, summary="派驻窗口人员十名。")
        assert (row.judged, marks(row, "warn")) == ("review", ["YB-7-intention-no-staffing"])

    @pytest.mark.parametrize(
        ("nature", "outcome"),
        [("department", "accept"), ("public_welfare_one", "refuse"), ("court", "accept")],
    )
    def test_a_registered_nature_goes_before_the_name(self, world, nature, outcome):
        plans = register(world, "示范大学")
        steps.edit(plans["示范大学"].purchaser, nature=nature)
        assert screened(world, unit="示范大学").judged == outcome

    def test_who_only_follows_the_measures_must_be_staffed_and_funded(self, world):
        plans = register(world, "示范区总工会")
        buyer = plans["示范区总工会"].purchaser
        steps.edit(buyer, nature="peoples_organisation", is_funded_by_treasury=False)
        assert screened(world, unit="示范区总工会").judged == "review"


class TestRemarks:
    """Remarks do not refuse."""

    # 一月三十日加三十日是三月一日。
    @pytest.mark.parametrize(
        ("published", "is_flagged"),
        [("2026-01-29", False), ("2026-01-30", False), ("2026-01-31", True)],
    )
    def test_thirty_days_to_the_first_of_the_month(self, world, published, is_flagged):
        register(world, "山东省水利厅")
        row = screened(world, published=published)
        assert (row.judged, marks(row, "late") == named(["thirty_days"])) == ("accept", is_flagged)
        if is_flagged:
            assert dict(row.grounds[0]["compared"])["最早开始"] == "2026-03-02"

    @pytest.mark.parametrize(
        ("wan", "flags"),
        [
            ("0.999999", ["amount"]),
            ("1", []),
            ("98.999999", []),
            ("99", ["near_limit"]),
            ("99.999999", ["near_limit"]),
            ("100", []),
            ("999.999999", []),
            ("1000", ["amount"]),
        ],
    )
    def test_amounts_at_their_limits(self, world, wan, flags):
        register(world, "山东省水利厅")
        assert marks(screened(world, wan=wan), "late") == named(flags)

    @pytest.mark.parametrize(("second", "is_flagged"), [("79.99", False), ("80", True)])
    def test_parts_of_one_name_that_reach_the_limit_together(self, world, second, is_flagged):
        register(world, "山东省水利厅")
        rows = [
            cells(one(name="业务平台运维（一）", wan="20")),
            cells(one(name="业务平台运维（二）", wan=second)),
        ]
        made = received(world, upload(rows))
        assert [bool(marks(r, "late")) for r in made.rows.all()] == [is_flagged] * 2


class TestDirtyRows:
    """Everything that cannot be read is said, and a person looks at it."""

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"wan": "二十"}, "预算金额(万元)”是“二十”"),
            ({"wan": "-3"}, "不能为负数"),
            ({"wan": "0"}, "是 0"),
            ({"wan": ""}, "没有填写"),
            ({"published": "昨天"}, "发布时间”是“昨天"),
            ({"published": "2026-02-30"}, "应如 2026-01-30"),
            ({"unit": ""}, "“采购单位”没有填写"),
            ({"name": ""}, "“采购项目名称”没有填写"),
            ({"name": "运维" * 101}, "超过 200 字"),
        ],
    )
    def test_are_said_and_reviewed(self, world, changes, words):
        register(world, "山东省水利厅")
        row = screened(world, **changes)
        assert row.judged in ("review", "refuse")
        ground = next(g for g in row.grounds if g["rule"] == "YB-9.1-intention-readable")
        assert words in str(ground["compared"])

    def test_a_month_in_another_hand(self, world):
        register(world, "山东省水利厅")
        line = cells(one())
        for text, is_read in (
            ("2026/3", True),
            ("2026-03", True),
            ("三月", False),
            ("2026年13月", False),
        ):
            row = received(world, upload([[*line[:8], text, ""]])).rows.get()
            assert (row.month is not None) == is_read

    def test_a_repeated_row_is_looked_at(self, world):
        register(world, "山东省水利厅")
        made = received(world, upload([cells(one()), cells(one())]))
        assert list(made.rows.values_list("judged", "duplicate_of")) == [
            ("accept", 0),
            ("review", 2),
        ]


class TestConfirming:
    def test_waits_for_every_review(self, world):
        register(world)
        made = received(world)
        with pytest.raises(TransitionRefused, match=r"第九条第（一）项.*待人工复核") as refused:
            confirm(world, made)
        assert [v.rule for v in refused.value.refusals] == ["YB-9.1-intentions-decided"]
        assert not ListedIntention.objects.planned().exists()

    def test_names_all_that_have_no_plan_and_writes_none(self, world):
        register(world, ORGANS[0])
        made = received(world)
        settle(world, made)
        with pytest.raises(TransitionRefused) as refused:
            confirm(world, made)
        verdict = refused.value.refusals[0]
        assert verdict.rule == "YB-9.1-intentions-placed"
        assert len(verdict.refusal.compared) == sum(
            r["outcome"] == "accept" and r["unit"] != ORGANS[0] for r in REVIEWED
        )
        assert not ListedIntention.objects.planned().exists()

    def test_a_row_that_cannot_be_read_is_not_accepted_by_word(self, world):
        register(world, "山东省水利厅")
        made = received(world, upload([cells(one(wan="许多"))]))
        settle(world, made, "accept")
        with pytest.raises(TransitionRefused, match="放不进计划"):
            confirm(world, made)

    def test_two_of_one_name_do_not_both_go_in(self, world):
        register(world, "山东省水利厅")
        made = received(world, upload([cells(one()), cells(one())]))
        settle(world, made, "accept")
        with pytest.raises(TransitionRefused, match="放不进计划"):
            confirm(world, made)

    def test_an_overruled_row_goes_in_with_its_reason(self, world):
        register(world, "山东省水利厅")
        made = received(world, upload([cells(one(name="耗材管理系统运维"))]))
        row = made.rows.get()
        assert row.judged == "refuse"
        decide_intention(row, outcome="accept", reason="是系统运维。", **world.zhao.acts(ON))
        confirm(world, made)
        placed = ListedIntention.objects.planned().get()
        assert (placed.judged, placed.outcome, placed.decided_reason) == (
            "refuse",
            "accept",
            "是系统运维。",
        )
        assert placed.decided_by == world.zhao.user

    def test_what_is_in_a_plan_is_not_decided_again(self, world):
        register(world, "山东省水利厅")
        made = received(world, upload([cells(one())]))
        confirm(world, made)
        again = received(world, upload([cells(one())])).rows.get()
        with pytest.raises(NotDecidable):
            decide_intention(again, outcome="refuse", reason="x", **world.zhao.acts(ON))

    def test_a_failing_last_row_leaves_nothing(self, world, monkeypatch):
        register(world)
        made = received(world)
        settle(world, made)
        monkeypatch.setattr(ListedIntention, "year", property(lambda _row: 1999))
        with pytest.raises((TransitionRefused, KeyError)):
            confirm(world, made)
        assert steps.fresh(made).status == "open"
        assert not ListedIntention.objects.planned().exists()

    def test_discarded_it_is_written_nowhere(self, world):
        register(world)
        made = received(world)
        discard_intentions(made, note="重复上传。", **world.zhao.acts(ON))
        assert steps.fresh(made).status == "discarded"


class TestWho:
    def test_finance_alone(self, world):
        with pytest.raises(NotPermitted):
            receive_intentions(world.organisations["财政局"], reviewed(), **world.zhang.acts(ON))
        assert not IntentionList.objects.exists()

    def test_a_repeated_request_makes_one_list(self, world):
        assert received(world, key="k") == received(world, key="k")

    def test_not_where_the_measures_are_not_adopted(self, db):
        lake = build_world("sh", adopts=("PH",), prefix="lake")
        with pytest.raises(NotScreened):
            received(lake)
        assert not IntentionList.objects.exists()
