"""Packages: their budgets, the stage of the project that follows them, and their end."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.services import system_actor
from budgeting.models import Allocation, LedgerEntry
from budgeting.services import available, ledger_differences
from core.history.reading import acts_of
from core.history.verify import verify
from core.transitions import NotPermitted, TransitionRefused, perform
from procurement.models import Tender
from procurement.services import abandon_tender, cancel_package, fail_tender
from projects.models import Package, Project, Stage
from projects.services import EstimateInput, divide_packages, follow_packages, move_package
from tests import purchase, steps
from tests.procurement import scenes
from tests.purchase import APPROVED, DEADLINE, INTENDED, PUBLISHED
from tests.steps import fresh, put

pytestmark = pytest.mark.django_db
SIX = (30_000_001, 29_999_999, 30_000_000, 40_000_000, 40_000_000, 10_000_000)


def cancel(world, project, position, on=INTENDED):
    package = purchase.package_of(project, position)
    cancel_package(package, note="任务取消", **world.wang.acts(on))
    return fresh(project)


def award(project, position):
    """The package awarded, as its tender's notice would move it."""
    for move in ("start", "award"):
        move_package(purchase.package_of(project, position), move, on=PUBLISHED)
    return follow_packages(project, on=PUBLISHED)


class TestDividing:
    """《渝北办法》第十条: the packages' budgets sum to the reply, to the 分."""

    def test_the_reply_makes_one_package_of_the_whole(self, world):
        package = Package.objects.get(project=purchase.replied(world))

        assert (package.budget_fen, package.position, package.status) == (APPROVED, 1, "planned")

    @pytest.mark.parametrize("budgets", [(APPROVED,), (100_000_000, 80_000_000), SIX])
    def test_they_sum_to_the_reply(self, world, budgets):
        project = scenes.divided(world, purchase.replied(world), *budgets)

        found = Package.objects.filter(project=project).values_list("budget_fen", flat=True)
        assert (tuple(found), sum(found)) == (budgets, APPROVED)
        assert verify().differences == []

    def test_a_cent_more_or_less_is_refused(self, world):
        project = purchase.replied(world)

        def seen(step):
            rows = [{"name": "甲", "budget_fen": 1}, {"name": "乙", "budget_fen": APPROVED + step}]
            return steps.verdict(project, "YB-10-packages-add-up", packages=rows).state

        assert [seen(step) for step in (-2, -1, 0)] == ["unmet", "met", "unmet"]
        assert steps.verdict(project, "YB-10-packages-add-up", packages=[]).state == "unmet"

    def test_the_refusal_names_the_article_and_the_difference(self, world):
        with pytest.raises(TransitionRefused, match="第十条") as refused:
            scenes.divided(world, purchase.replied(world), APPROVED - 1, 2)

        shown = dict(refused.value.refusals[0].compared)
        assert (shown["合计"], shown["相差"]) == ("1,800,000.01", "0.01")
        assert Package.objects.get().budget_fen == APPROVED

    @pytest.mark.parametrize("wrong", [(APPROVED, 0), (APPROVED + 1, -1)])
    def test_the_database_takes_no_empty_package(self, world, wrong):
        project = purchase.replied(world)

        with pytest.raises(IntegrityError), transaction.atomic():
            scenes.divided(world, project, *wrong)

    def test_they_may_be_divided_again_before_any_tender(self, world):
        project = scenes.divided(world, purchase.replied(world), *SIX)

        project = scenes.divided(world, project, 100_000_000, 80_000_000)

        assert Package.objects.filter(project=project).count() == 2


class TestTouchedPackages:
    """第十条: what was begun is not divided any more, that nothing slips below a threshold."""

    def refused(self, world, project):
        with pytest.raises(TransitionRefused, match="第十条：已有采购包启动采购") as refused:
            scenes.divided(world, fresh(project), 100_000_000, 80_000_000)
        return refused.value.refusals[0]

    def test_a_tender_in_preparation_counts(self, world):
        row = scenes.preparing(world)

        refusal = self.refused(world, row.case())

        assert refusal.rule == "YB-10-packages-untouched"
        assert dict(refusal.compared) == {str(row): "拟制文件"}

    def test_one_put_aside_before_it_was_published_does_not(self, world):
        """The old package stays with its draft; the new ones begin anew."""
        row = scenes.preparing(world)
        abandon_tender(row, note="应分包采购", **world.zhang.acts(INTENDED))
        old = row.package

        project = scenes.divided(world, fresh(row.case()), 100_000_000, 80_000_000)

        current = Package.objects.current().filter(project=project)
        assert [(p.position, p.budget_fen) for p in current] == [(1, 100_000_000), (2, 80_000_000)]
        assert (fresh(old).status, Tender.objects.get().package) == ("replaced", old)
        assert acts_of(project.stream())[-3:] == [
            "projects.project.divide_packages",
            "projects.package.supersede",
            "projects.list_packages",
        ]
        assert verify().differences == []

    def test_divided_so_they_are_bought_and_divided_once_more(self, world):
        row = scenes.preparing(world)
        abandon_tender(row, note="应分包采购", **world.zhang.acts(INTENDED))
        project = scenes.divided(world, fresh(row.case()), 100_000_000, 80_000_000)
        project = scenes.divided(world, project, APPROVED - 1, 1)
        assert Package.objects.filter(project=project).count() == 3

        for position in (1, 2):
            award(project, position)

        assert fresh(project).stage == Stage.CONTRACT
        assert steps.verdict(project, "YB-10-packages-add-up").state == "met"

    def test_a_draft_of_another_package_still_counts(self, world):
        project = scenes.divided(world, purchase.replied(world), 100_000_000, 80_000_000)
        one = purchase.tender(world, project)
        abandon_tender(one, note="方式选错", **world.zhang.acts(INTENDED))
        two = purchase.tender(world, project, package=purchase.package_of(project, 2), number="2")

        assert dict(self.refused(world, project).compared) == {str(two): "拟制文件"}

    def test_a_failed_one_counts_for_good(self, world):
        row = scenes.published(world)
        fail_tender(row, ground="too_few", reason="只有两家。", **world.zhang.acts(DEADLINE))

        assert dict(self.refused(world, row.case()).compared) == {str(row): "采购失败"}

    def test_a_package_under_tender_and_one_cancelled_count(self, world):
        project = scenes.divided(world, purchase.replied(world), APPROVED - 1, 1)
        move_package(purchase.package_of(project), "start", on=PUBLISHED)
        assert dict(self.refused(world, project).compared) == {"包 1 甲": "采购中"}

        move_package(purchase.package_of(project), "fail", on=PUBLISHED)
        cancel(world, project, 2)
        assert dict(self.refused(world, project).compared) == {"包 2 乙": "已终止采购"}

    def test_untouched_ones_may_be_divided(self, world):
        project = purchase.replied(world)

        assert steps.verdict(project, "YB-10-packages-untouched").state == "met"


class TestStageOfTheProject:
    """《渝北办法》第九条: the project stands where its least advanced live package stands."""

    @pytest.mark.parametrize(
        ("statuses", "stage"),
        [
            (["planned", "accepted"], Stage.PROCUREMENT),
            (["procuring", "awarded"], Stage.PROCUREMENT),
            (["awarded", "accepted"], Stage.CONTRACT),
            (["contracted", "accepted"], Stage.IMPLEMENTATION),
            (["terminated", "accepted"], Stage.EVALUATION),
            (["cancelled", "awarded"], Stage.CONTRACT),
            (["cancelled", "terminated"], Stage.DISCLOSURE),
            (["settled", "accepted"], Stage.EVALUATION),
            (["settled", "terminated"], Stage.DISCLOSURE),
            (["cancelled", "cancelled"], Stage.TERMINATED),
            (["accepted"] * 5 + ["procuring"], Stage.PROCUREMENT),
            (["accepted"] * 4 + ["cancelled", "contracted"], Stage.IMPLEMENTATION),
            (["accepted"] * 6, Stage.EVALUATION),
        ],
    )
    def test_it_follows_the_slowest(self, world, statuses, stage):
        project = put(
            Project(
                number="SF-2026-9999",
                name="多包项目",
                year=2026,
                service_nature="duty",
                purchaser=world.purchasers["文旅委"],
                officer=world.zhang.user,
                stage="procurement",
            )
        )
        for at, status in enumerate(statuses, 1):
            put(Package(project=project, position=at, name="包", budget_fen=1, status=status))

        assert follow_packages(project, on=PUBLISHED).stage == stage
        assert follow_packages(project, on=PUBLISHED).version == fresh(project).version

    def test_two_packages_walked_one_after_the_other(self, world):
        project = scenes.divided(world, scenes.ready(world), 100_000_000, 80_000_000)

        scenes.completed(world, project, 1)
        assert fresh(project).stage == Stage.PROCUREMENT
        scenes.completed(world, project, 2)

        assert fresh(project).stage == Stage.CONTRACT
        assert acts_of(project.stream()).count("projects.project.finish_procurement") == 1
        assert verify().differences == []

    def test_six_packages_one_of_them_given_up(self, world):
        project = scenes.divided(world, purchase.replied(world), *SIX)
        for position in (1, 2, 3, 4, 6):
            assert award(project, position).stage == Stage.PROCUREMENT

        assert cancel(world, project, 5).stage == Stage.CONTRACT
        assert Allocation.objects.get().reserved_fen == APPROVED - SIX[4]
        assert verify().differences == []

    def test_it_does_not_move_before_its_packages(self, world):
        project = purchase.replied(world)
        user, role = system_actor()
        acts = {"by": user, "acting_as": role, "on": PUBLISHED}

        with pytest.raises(TransitionRefused, match="第九条：还有采购包没有到达") as refused:
            perform(project, "finish_procurement", **acts)
        assert refused.value.refusals[0].rule == "YB-9-packages-reached"
        with pytest.raises(TransitionRefused, match="第九条：还有可以继续的采购包") as refused:
            perform(project, "end_without_packages", **acts)
        assert refused.value.refusals[0].rule == "YB-9-no-package-left"

    def test_it_does_not_go_back_while_every_package_is_awarded(self, world):
        project = purchase.awarded(world).case()
        user, role = system_actor()

        with pytest.raises(TransitionRefused, match="没有采购包退回采购") as refused:
            perform(project, "return_to_procurement", by=user, acting_as=role, on=PUBLISHED)
        assert refused.value.refusals[0].rule == "YB-9-package-back-in-procurement"

    @pytest.mark.parametrize("move", ["finish_procurement", "end_without_packages"])
    def test_nobody_moves_it_by_hand(self, world, move):
        project = purchase.replied(world)

        for actor in (world.zhang, world.wang, world.zhao, world.zhou):
            with pytest.raises(NotPermitted):
                perform(project, move, **actor.acts(PUBLISHED))

    @pytest.mark.parametrize("move", ["start", "cancel"])
    def test_nor_does_anybody_move_a_package_without_its_tender(self, world, move):
        package = purchase.package_of(purchase.replied(world))

        for actor in (world.zhang, world.zhou, world.zhao):
            with pytest.raises(NotPermitted):
                perform(package, move, **actor.acts(PUBLISHED))


class TestCancelling:
    """第九条第（三）项、第十二条: a package given up returns exactly its budget to the ceiling."""

    def test_exactly_its_budget_is_released(self, world):
        project = scenes.divided(world, purchase.replied(world), *SIX)
        ceiling = Allocation.objects.get().ceiling
        before = available(ceiling)

        cancel(world, project, 1)

        allocation = Allocation.objects.get()
        assert available(fresh(ceiling)) == before + SIX[0]
        assert allocation.reserved_fen == APPROVED - SIX[0]
        entry = LedgerEntry.objects.get(kind="release")
        assert entry.amount_fen == SIX[0]
        assert entry.document == f"projects.package:{purchase.package_of(project).pk}"

    def test_of_two_funds_each_gets_its_part_back(self, world):
        funds = [world.fund(124_000_000), world.fund(62_000_000, "本级财政管理资金")]
        project = scenes.divided(world, purchase.replied(world, funds=funds), 100, APPROVED - 100)

        cancel(world, project, 1)

        rows = Allocation.objects.order_by("pk")
        assert [a.released_fen for a in rows] == [67, 33]
        assert ledger_differences() == []

    def test_without_any_package_left_the_project_ends(self, world):
        project = scenes.divided(world, purchase.replied(world), 100_000_000, 80_000_000)

        assert cancel(world, project, 1).stage == Stage.PROCUREMENT
        assert cancel(world, project, 2).stage == Stage.TERMINATED

        allocation = Allocation.objects.get()
        assert (allocation.reserved_fen, allocation.released_fen) == (0, APPROVED)
        assert available(allocation.ceiling) == 300_000_000
        assert verify().differences == []

    def test_the_others_still_sum_with_it(self, world):
        """A package cancelled stays on file: what is published after it still adds up."""
        project = scenes.divided(world, scenes.ready(world), 100_000_000, 80_000_000)
        cancel(world, project, 2)

        row = purchase.tender(world, project)
        purchase.publish(world, row)

        assert fresh(row).status == "published"


class TestFilingRules:
    """《平湖办法》第七条第（四）项、《渝北办法》第九条第（一）项: kind and lines of a filing."""

    @pytest.mark.parametrize(
        ("kind", "programme", "expected"),
        [
            ("service", "", "met"),
            ("service", "information", "met"),
            ("subsidy", "township_subsidy", "met"),
            ("subsidy", "", "unmet"),
            ("subsidy", "cloud", "unmet"),
            ("service", "township_subsidy", "unmet"),
            ("small", "township_subsidy", "unmet"),
        ],
    )
    def test_a_subsidy_is_one_in_both_or_in_neither(self, world, kind, programme, expected):
        project = steps.file(world, kind=kind, programme=programme)

        assert steps.verdict(project, "PH-7.4-subsidy-kind").state == expected

    def test_a_line_names_what_is_bought(self, world):
        lines = ["运维", "1号机房运维", "95,000", "９５００００", "￥9.5 万元", "12%"]
        estimate = [
            EstimateInput(name, world.item(), line.quantity, line.unit, line.unit_price_fen)
            for name, line in zip(lines, [world.estimate(100)] * len(lines), strict=True)
        ]
        project = steps.file(world, estimate=estimate)

        verdict = steps.verdict(project, "YB-9.1-lines-named")

        assert [name for _, name in verdict.compared] == lines[2:]
        assert steps.verdict(steps.file(world), "YB-9.1-lines-named").state == "met"


def test_divide_is_one_act_with_its_packages(world):
    project = purchase.replied(world)
    rows = [{"name": "甲", "budget_fen": APPROVED}]
    divide_packages(project, packages=rows, key="k", **world.zhang.acts(INTENDED))
    first = Package.objects.get()

    divide_packages(project, packages=rows, key="k", **world.zhang.acts(INTENDED))

    assert Package.objects.get() == first
