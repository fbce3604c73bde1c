"""分层分级审批矩阵（《渝北办法》第四条第（三）项）：选哪一行、为什么，谁来维护。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.history.reading import events_of
from core.transitions import NotPermitted
from projects.models import ApprovalTier, Project
from projects.services import (
    TierInput,
    TierRefused,
    add_tier,
    chain_for,
    end_tier,
    file_project,
    missing_holders,
)
from tests.programme import programme
from tests.world import DAY, World

pytestmark = pytest.mark.django_db
MILLION = 100_000_000
BIG = TierInput(
    title="百万元以上",
    roles=("section_head", "division_leader", "principal"),
    basis="示府办〔2025〕9号",
    since=DAY,
    from_fen=MILLION,
)


def keep(world: World, tier: TierInput = BIG, **changes: object) -> ApprovalTier:
    return add_tier(world.jurisdiction, replace(tier, **changes), **world.keeper.acts())


def planned(world: World, total_fen: int = MILLION, **changes: object) -> Project:
    """A project not yet filed, asked on `DAY`."""
    values = {"service_nature": "public", "kind": "service", "total_fen": total_fen, **changes}
    purchaser = values.pop("purchaser", world.purchasers["文旅委"])
    return Project(purchaser=purchaser, year=2026, officer=world.zhang.user, **values)


class TestWhichRow:
    """金额含下限，不含上限；合的各行取最专的。"""

    @pytest.mark.parametrize(
        ("total_fen", "is_big"), [(MILLION - 1, False), (MILLION, True), (MILLION + 1, True)]
    )
    def test_the_lower_bound_belongs_to_the_row(self, world, total_fen, is_big):
        keep(world)
        assert ("principal" in chain_for(planned(world, total_fen), DAY).roles) == is_big

    @pytest.mark.parametrize(
        ("total_fen", "is_small"), [(MILLION - 1, True), (MILLION, False), (MILLION + 1, False)]
    )
    def test_the_upper_bound_does_not(self, world, total_fen, is_small):
        keep(world, from_fen=0, below_fen=MILLION, roles=("division_leader",))
        roles = chain_for(planned(world, total_fen), DAY).roles
        assert (roles == ("division_leader",)) == is_small

    def test_without_a_row_the_default_chain_stays(self, world):
        chain = chain_for(planned(world), DAY)
        assert chain.roles == ("section_head", "division_leader")
        assert "默认" in chain.basis

    def test_a_units_own_row_goes_before_the_general_one(self, world):
        keep(world)
        keep(
            world,
            title="文旅委只有分管",
            purchaser=world.purchasers["文旅委"],
            roles=("division_leader",),
        )
        assert chain_for(planned(world), DAY).label == "经办人 → 分管领导"
        other = planned(world, purchaser=world.purchasers["教委"])
        assert chain_for(other, DAY).roles[-1] == "principal"

    @pytest.mark.parametrize(
        ("condition", "other"),
        [
            ({"service_nature": "duty"}, "服务对象须为“政府履职所需”"),
            ({"programme": "cloud"}, "范围须为“政务云项目”"),
            ({"kind": "small"}, "路径须为“小额采购”"),
        ],
    )
    def test_a_row_for_other_matters_says_why_it_does_not_fit(self, world, condition, other):
        keep(world, **condition)
        chain = chain_for(planned(world), DAY)
        assert chain.weighed[0].misses == (other,)
        assert not chain.weighed[0].is_chosen

    def test_a_special_programme_always_ends_with_the_leading_group(self, world):
        """《平湖办法》第十五条。"""
        keep(world, programme="cloud", roles=("division_leader",))
        chain = chain_for(planned(world, programme="cloud"), DAY)
        assert chain.roles == ("division_leader", "leading_group")
        assert "特定目标类" in chain.basis

    def test_a_row_may_ask_for_the_leading_group(self, world):
        keep(world, needs_leading_group=True)
        assert chain_for(planned(world), DAY).roles[-1] == "leading_group"

    @pytest.mark.parametrize(("days", "applies"), [(-1, False), (0, True), (9, True), (10, False)])
    def test_a_row_has_its_days(self, world, days, applies):
        row = keep(world)
        end_tier(row, until=DAY + timedelta(10), reason="调整", **world.keeper.acts())
        roles = chain_for(planned(world), DAY + timedelta(days)).roles
        assert ("principal" in roles) == applies

    def test_says_which_posts_nobody_holds(self, world):
        keep(world)
        chain = chain_for(planned(world), DAY)
        assert missing_holders(chain, world.purchasers["文旅委"], DAY) == ("主要领导",)


class TestAFiling:
    def test_is_sent_along_the_row_and_says_so(self, world):
        keep(world)
        project = file_project(world.plans["文旅委"], world.filing(), **world.zhang.acts())
        steps = list(project.signatures.order_by("position"))
        assert [s.role for s in steps] == ["section_head", "division_leader", "principal"]
        assert "百万元以上" in steps[0].basis

    def test_already_sent_is_not_moved_by_a_later_row(self, world):
        project = file_project(world.plans["文旅委"], world.filing(), **world.zhang.acts())
        keep(world)
        assert project.signatures.count() == 2

    def test_of_a_programme_is_sent_to_the_group(self, world):
        keep(world, roles=("division_leader",))
        filing = world.filing(**programme(world))
        project = file_project(world.plans["文旅委"], filing, **world.zhang.acts())
        assert [s.role for s in project.signatures.order_by("position")] == [
            "division_leader",
            "leading_group",
        ]


class TestKeeping:
    def test_is_the_security_administrators_alone(self, world):
        for actor in (world.zhang, world.wang, world.zhao, world.admin, world.wu):
            with pytest.raises(NotPermitted):
                add_tier(world.jurisdiction, BIG, **actor.acts())
        assert not ApprovalTier.objects.exists()

    def test_is_recorded(self, world):
        row = keep(world)
        assert [e.title for e in events_of(f"projects.approvaltier:{row.pk}")] == [
            "审批矩阵增加一行"
        ]

    def test_asked_twice_with_one_key_adds_one_row(self, world):
        for _ in range(2):
            add_tier(world.jurisdiction, BIG, key="same", **world.keeper.acts())
        assert ApprovalTier.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"roles": ()}, "至少一级"),
            ({"roles": ("division_leader", "section_head")}, "由低到高"),
            ({"roles": ("section_head", "section_head")}, "由低到高"),
            ({"roles": ("finance",)}, "由低到高"),
            ({"since": DAY - timedelta(1)}, "不能早于今天"),
        ],
    )
    def test_refuses_what_is_no_row(self, world, changes, says):
        with pytest.raises(TierRefused, match=says):
            keep(world, **changes)
        assert not ApprovalTier.objects.exists()

    @pytest.mark.parametrize(
        ("low", "high", "clashes"),
        [
            (0, MILLION, False),
            (0, MILLION + 1, True),
            (MILLION * 2 - 1, None, True),
            (MILLION * 2, None, False),
        ],
    )
    def test_refuses_amounts_that_overlap_under_the_same_conditions(
        self, world, low, high, clashes
    ):
        keep(world, below_fen=MILLION * 2)
        if clashes:
            with pytest.raises(TierRefused, match="重叠"):
                keep(world, from_fen=low, below_fen=high)
        else:
            keep(world, from_fen=low, below_fen=high)

    def test_an_ended_row_makes_room(self, world):
        end_tier(keep(world), until=DAY, reason="有误", **world.keeper.acts())
        assert keep(world).pk

    def test_does_not_end_a_row_in_the_past(self, world):
        row = keep(world)
        with pytest.raises(TierRefused, match="不能早于"):
            end_tier(row, until=DAY - timedelta(1), reason="x", **world.keeper.acts())
        assert ApprovalTier.objects.get(pk=row.pk).until is None


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch):
        from core.calendar import clock

        monkeypatch.setattr(clock.timezone, "localdate", lambda: DAY)

    def client(self, world: World, name: str) -> Client:
        client = Client()
        client.force_login(
            getattr(world, name).user, backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    def typed(self, world: World, **changes: object) -> dict[str, object]:
        return {
            "jurisdiction": world.jurisdiction.pk,
            "title": "百万元以上",
            "from_fen": "1000000",
            "roles": ["principal", "section_head"],
            "basis": "示府办〔2025〕9号",
            "since": DAY.isoformat(),
            **changes,
        }

    def test_the_keeper_adds_a_row_and_it_stands_in_the_list(self, world):
        keeper = self.client(world, "keeper")
        answer = keeper.post(reverse("projects:tier_new"), self.typed(world), follow=True)
        assert "经办人 → 归口科室负责人 → 主要领导" in answer.content.decode()
        assert ApprovalTier.objects.get().from_fen == MILLION

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"roles": []}, "请至少勾选一级签批岗位"),
            ({"below_fen": "1000000"}, "金额上限须大于下限"),
            ({"below_fen": "abc"}, "金额上限"),
            ({"since": "昨天"}, "年-月-日"),
            ({"since": "2025-10-19"}, "不能早于今天"),
        ],
    )
    def test_a_mistake_keeps_what_was_typed(self, world, changes, says):
        keeper = self.client(world, "keeper")
        answer = keeper.post(reverse("projects:tier_new"), self.typed(world, **changes))
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert "示府办〔2025〕9号" in answer.content.decode()
        assert not ApprovalTier.objects.exists()

    def test_the_preview_names_the_row_the_reason_and_the_empty_post(self, world):
        keep(world)
        asked = {
            "purchaser": world.purchasers["文旅委"].pk,
            "total_fen": "1000000.00",
            "service_nature": "duty",
            "kind": "service",
        }
        text = self.client(world, "zhang").get(reverse("projects:tier_preview"), asked)
        assert "没有主要领导任职" in text.content.decode()
        assert "示府办〔2025〕9号" in text.content.decode()

    def test_a_unit_does_not_see_the_row_of_another(self, world):
        keep(world, purchaser=world.purchasers["教委"], title="教委自己的")
        for name, sees in (("zhang", False), ("chen", True), ("wu", True), ("keeper", True)):
            text = self.client(world, name).get(reverse("projects:tiers")).content.decode()
            assert ("教委自己的" in text) == sees, name

    def test_the_keeper_ends_a_row(self, world):
        row, keeper = keep(world), self.client(world, "keeper")
        url = reverse("projects:tier_end", args=[row.pk])
        answer = keeper.post(url, {"until": "2025-10-30", "reason": "调整"})
        assert answer.status_code == 302
        assert ApprovalTier.objects.get().until == date(2025, 10, 30)
        again = keeper.post(url, {"until": "2025-10-01", "reason": "调整"})
        assert again.status_code == 422
