"""From decision to reply: the number, the money and the stage in one transaction."""

import re

import pytest

import budgeting.services.decision as decision_service
from budgeting.models import (
    Allocation,
    BudgetReply,
    BudgetReview,
    Ceiling,
    Decision,
    LedgerEntry,
    ReplyStatus,
    ReviewStatus,
)
from budgeting.services import (
    CeilingExceeded,
    discard_draft,
    issue_reply,
    prepare_reply,
    record_decision,
    reject_project,
)
from core.documents.models import Document
from core.events import OutboxEvent
from core.history.models import HistoryEvent
from core.history.reading import acts_of, refusals_of
from core.history.verify import verify
from core.inbox import InboxItem
from core.transitions import NotOffered, NotPermitted, RequestKeyMismatch, TransitionRefused
from disclosure.models import DisclosureDuty
from projects.models import Stage
from tests import steps
from tests.world import deliver_all


@pytest.fixture
def decided(world):
    """One project, decided at 1,800,000.00."""
    project = steps.conclude(world, fen=180_000_000)
    steps.decide(world, project)
    return project


def money():
    return list(Ceiling.objects.filter(allocated_fen__gt=0).values_list("allocated_fen", flat=True))


class TestRecordingADecision:
    """《渝北办法》第九条第（二）项: 按规定程序报批审定."""

    def test_it_moves_and_records_it_once(self, world):
        decision = steps.decide(world, steps.conclude(world))

        assert decision.status == "recorded"
        assert acts_of(decision.stream()).count("budgeting.decision.record") == 1

    def test_it_is_refused_without_a_file_naming_the_article(self, world):
        decision = steps.prepared(world, steps.conclude(world), file=None)

        with pytest.raises(TransitionRefused, match="第九条第（二）项：审定登记不全"):
            record_decision(decision, **world.secretary.acts(steps.DECIDED))
        assert len(refusals_of(decision.stream())) == 1

    @pytest.mark.parametrize("name", ["zhang", "qian", "wu"])
    def test_others_neither_prepare_nor_record_it(self, world, name):
        project = steps.conclude(world)
        with pytest.raises(NotPermitted):
            steps.prepared(world, project, by=getattr(world, name))

        assert not Decision.objects.exists()

    def test_a_repeated_click_prepares_one(self, world):
        project = steps.conclude(world)

        first = steps.prepared(world, project, key="k")
        assert steps.prepared(world, project, key="k").pk == first.pk
        with pytest.raises(RequestKeyMismatch):
            steps.prepared(world, project, key="k", number="另一文号")


class TestIssuing:
    """《渝北办法》第九条第（二）项、第十二条: issued once, with all its effects."""

    def test_no_number_before_the_decision(self, world):
        project = steps.conclude(world)
        reply = steps.draft_reply(world, project)

        with pytest.raises(TransitionRefused, match="第九条第（二）项：没有登记同意的审定结论"):
            issue_reply(reply, **world.zhao.acts(steps.REPLIED))

        assert (steps.fresh(reply).status, steps.fresh(reply).number) == (ReplyStatus.DRAFT, "")
        assert steps.fresh(project).stage == Stage.BUDGET
        assert money() == []

    def test_it_moves_the_project_and_records_it_once(self, world, decided):
        reply = steps.reply(world, decided)

        now = steps.fresh(decided)
        assert (now.stage, now.approved_fen) == (Stage.PROCUREMENT, 180_000_000)
        assert now.reply_number == reply.number == "示财购复〔2026〕1号"
        assert acts_of(decided.stream()).count("projects.project.approve_budget") == 1
        assert OutboxEvent.objects.filter(name="projects.project.approve_budget").count() == 1

    def test_it_reserves_the_money_and_closes_the_review(self, world, decided):
        steps.reply(world, decided)

        allocation = Allocation.objects.get()
        assert (allocation.approved_fen, allocation.reserved_fen) == (180_000_000, 180_000_000)
        assert [e.kind for e in LedgerEntry.objects.all()] == ["approve", "reserve"]
        assert BudgetReview.objects.get().status == ReviewStatus.CLOSED
        assert verify().differences == []

    def test_it_asks_for_the_document_and_opens_the_duty(self, world, decided):
        reply = steps.reply(world, decided)

        assert Document.objects.get().number == reply.number
        assert DisclosureDuty.objects.get().project == decided
        assert (
            InboxItem.objects.visible_to(world.zhang.user)
            .filter(title__startswith="项目预算已批复")
            .exists()
        )

    def test_a_repeated_click_issues_once(self, world, decided):
        reply = steps.draft_reply(world, decided)

        first = issue_reply(reply, key="k", **world.zhao.acts(steps.REPLIED))
        second = issue_reply(reply, key="k", **world.zhao.acts(steps.REPLIED))

        assert (first.is_repeat, second.is_repeat) == (False, True)
        assert money() == [180_000_000]
        assert Document.objects.count() == 1

    def test_an_amount_above_the_decision_is_refused(self, world, decided):
        reply = steps.draft_reply(world, decided, fen=180_000_001)

        with pytest.raises(TransitionRefused, match="批复金额超过审定金额"):
            issue_reply(reply, **world.zhao.acts(steps.REPLIED))

    def test_only_the_finance_bureau_issues(self, world, decided):
        reply = steps.draft_reply(world, decided)

        for actor in (world.secretary, world.qian, world.zhang, world.wu):
            with pytest.raises(NotPermitted):
                issue_reply(reply, **actor.acts(steps.REPLIED))
        assert money() == []

    def test_a_repeated_click_prepares_one(self, world, decided):
        made = [
            prepare_reply(
                world.purchasers["文旅委"],
                bureau=world.organisations["财政局"],
                year=2026,
                lines=[(decided, 180_000_000)],
                key="k",
                **world.zhao.acts(steps.REPLIED),
            )
            for _ in range(2)
        ]

        assert made[0].pk == made[1].pk
        assert BudgetReply.objects.count() == 1


class TestBatch:
    """One reply for several projects: all of them, or none."""

    @pytest.fixture
    def two(self, world):
        return [
            steps.conclude(
                world, name=name, estimate=[world.estimate(fen)], funds=[world.fund(fen)]
            )
            for name, fen in (("甲", 100_000_000), ("乙", 150_000_000))
        ]

    def test_both_move_in_one_transaction(self, world, two):
        steps.decide(world, *two)

        steps.reply(world, *two)

        assert [steps.fresh(p).stage for p in two] == [Stage.PROCUREMENT] * 2
        assert money() == [250_000_000]
        assert Document.objects.count() == 1

    def test_one_undecided_leaves_both_unchanged(self, world, two):
        steps.decide(world, two[0])
        reply = steps.draft_reply(world, *two)

        with pytest.raises(TransitionRefused, match="没有登记同意的审定结论"):
            issue_reply(reply, **world.zhao.acts(steps.REPLIED))

        assert [steps.fresh(p).stage for p in two] == [Stage.BUDGET] * 2
        assert (money(), Allocation.objects.count()) == ([], 0)

    def test_one_refused_in_the_middle_leaves_both_unchanged(self, world, two):
        steps.decide(world, *two)
        reply = steps.draft_reply(world, *two)
        steps.edit(reply.lines.last(), approved_fen=150_000_001)

        with pytest.raises(TransitionRefused, match="批复金额超过审定金额"):
            issue_reply(reply, **world.zhao.acts(steps.REPLIED))

        assert [steps.fresh(p).stage for p in two] == [Stage.BUDGET] * 2
        assert steps.fresh(reply).number == ""
        assert money() == []

    def test_the_second_counts_what_the_first_took(self, world, two):
        steps.decide(world, *two)
        steps.edit(
            Ceiling.objects.get(purchaser=two[0].purchaser, fund=world.funds["部门预算"]),
            amount_fen=249_999_999,
        )
        reply = steps.draft_reply(world, *two)

        with pytest.raises(TransitionRefused, match="控制数可用余额"):
            issue_reply(reply, **world.zhao.acts(steps.REPLIED))
        assert money() == []


class TestAtomicity:
    """A failing last step leaves neither number, stage nor money."""

    @pytest.mark.parametrize(
        ("last", "error"),
        [
            ("allocate_and_reserve", CeilingExceeded(0, "签发批复", (), None)),
            ("close_review", RuntimeError("x")),
            ("_request_pdf", RuntimeError("x")),
        ],
    )
    def test_nothing_is_left(self, world, decided, monkeypatch, last, error):
        reply = steps.draft_reply(world, decided)
        before = HistoryEvent.objects.count()

        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr(decision_service, last, fail)
        with pytest.raises(type(error)):
            issue_reply(reply, **world.zhao.acts(steps.REPLIED))

        assert (steps.fresh(reply).number, steps.fresh(decided).stage) == ("", Stage.BUDGET)
        assert (money(), HistoryEvent.objects.count()) == ([], before)
        assert verify().is_clean


class TestNumbers:
    """Numbers run without a gap within bureau and year."""

    def test_they_count_up(self, world):
        small = {"estimate": [world.estimate(100)], "funds": [world.fund(100)]}
        numbers = [steps.reply(world, name=name, **small).number for name in ("甲", "乙")]

        assert numbers == ["示财购复〔2026〕1号", "示财购复〔2026〕2号"]

    def test_a_refused_reply_uses_none(self, world, decided):
        undecided = steps.conclude(world, name="未审定")
        with pytest.raises(TransitionRefused):
            issue_reply(steps.draft_reply(world, undecided), **world.zhao.acts(steps.REPLIED))

        assert re.search(r"〕1号$", steps.reply(world, decided).number)

    def test_drafts_may_be_many_without_a_number(self, world, decided):
        steps.draft_reply(world, decided)
        steps.draft_reply(world, decided)

        assert BudgetReply.objects.filter(number="").count() == 2


class TestDiscarding:
    """A draft made in error is discarded, with its reason; what has effect is not."""

    def test_a_draft_is_discarded_and_never_issued(self, world, decided):
        reply = steps.draft_reply(world, decided)
        discard_draft(reply, note="金额有误。", **world.zhao.acts(steps.REPLIED))

        assert steps.fresh(reply).status == ReplyStatus.DISCARDED
        with pytest.raises(NotOffered, match="已作废"):
            issue_reply(reply, **world.zhao.acts(steps.REPLIED))

    def test_what_was_issued_is_not_discarded(self, world, decided):
        reply = steps.reply(world, decided)

        with pytest.raises(NotOffered, match="已签发"):
            discard_draft(reply, note="x", **world.zhao.acts(steps.REPLIED))

    def test_a_discarded_decision_decides_nothing(self, world):
        project = steps.conclude(world)
        draft = steps.prepared(world, project)
        discard_draft(draft, note="x", **world.secretary.acts(steps.DECIDED))

        assert steps.verdict(project, "YB-9.2-decision-recorded").state == "unmet"


class TestRejection:
    """《渝北办法》第九条第（二）项: 不予批准 rests on its own decision."""

    def test_it_ends_the_project_and_its_review(self, world):
        project = steps.conclude(world)
        steps.decide(world, project, outcome="reject")

        reject_project(project, note="重复建设。", **world.zhao.acts(steps.REPLIED))
        deliver_all()

        assert steps.fresh(project).stage == Stage.REJECTED
        assert BudgetReview.objects.get().status == ReviewStatus.CLOSED
        assert acts_of(project.stream()).count("projects.project.reject") == 1

    def test_an_instance_read_long_ago_still_ends_the_present_round(self, world):
        project = steps.conclude(world)
        steps.decide(world, project, outcome="reject")
        project.round_number = 0

        reject_project(project, note="重复建设。", **world.zhao.acts(steps.REPLIED))

        assert BudgetReview.objects.get().status == ReviewStatus.CLOSED

    def test_without_a_decision_it_is_refused(self, world):
        project = steps.conclude(world)

        with pytest.raises(TransitionRefused, match="没有登记“不予批准”的审定结论"):
            reject_project(project, note="x", **world.zhao.acts(steps.REPLIED))
        assert steps.fresh(project).stage == Stage.BUDGET
