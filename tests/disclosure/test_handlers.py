"""The stages announce; duty and draft follow, however often it is told."""

from __future__ import annotations

import pytest

from config.docs.moves import all_moves
from contracts.models import AcceptanceStatus
from core.events.delivery import HANDLERS
from disclosure import handlers
from disclosure.models import DisclosureDuty, DraftStatus, DutyKind, NoticeDraft, NoticeKind
from procurement.models import FailureGround, TenderStatus
from tests import purchase as walk
from tests import steps
from tests.disclosure.cases import NOTIFIED, PUBLISHED, SIGNED, Purchase, event


@pytest.fixture
def purchase(world):
    return Purchase(world)


def told_twice(handler, name, row, on=PUBLISHED) -> NoticeDraft | None:
    for _ in range(2):
        handler(event(name, row, on))
    assert NoticeDraft.objects.count() == DisclosureDuty.objects.count()
    return NoticeDraft.objects.order_by("-pk").first()


def failed(purchase, **changes):
    values = {
        "status": TenderStatus.FAILED,
        "failure_ground": FailureGround.TOO_FEW,
        "failure_note": "截止时只收到两家的响应文件。",
        "ended_on": PUBLISHED,
    }
    return purchase.tender(**values | changes)


def test_they_listen_to_moves_there_are():
    moves = {machine.act(move) for machine, move in all_moves()}
    heard = {
        name
        for name, consumers in HANDLERS.items()
        if any(consumer.startswith("disclosure.handlers.") for consumer, _ in consumers)
    }
    assert heard <= moves


class TestWhatIsAnnounced:
    """One duty and one draft for each, waiting for the officer; nothing is published by itself."""

    def test_a_reply(self, purchase):
        draft = told_twice(
            handlers.announce_requirements, "projects.project.approve_budget", purchase.project
        )

        assert (draft.kind, draft.status) == (NoticeKind.REQUIREMENTS, DraftStatus.DRAFTED)
        assert draft.duty.kind == DutyKind.PROJECT_AND_REQUIREMENTS
        assert not draft.is_dated

    def test_an_intention_made_public(self, purchase):
        purchase.intention()
        name = "projects.project.register_intention"
        draft = told_twice(handlers.announce_intention, name, purchase.project)

        assert draft.title == "区文化和旅游发展委员会2026年3月政府采购意向"
        assert draft.address == "https://www.example.gov.cn/intention/1"
        assert draft.is_dated

    @pytest.mark.parametrize(
        ("method", "kind"),
        [
            ("open", NoticeKind.TENDER_OPEN),
            ("consultation", NoticeKind.TENDER_CONSULTATION),
            ("single_source", None),
        ],
    )
    def test_a_tender_by_its_method(self, purchase, method, kind):
        tender = purchase.tender(method)
        draft = told_twice(handlers.announce_tender, "procurement.tender.publish", tender)

        assert (draft.kind if draft else None) == kind

    def test_a_result_runs_from_the_decision(self, purchase):
        draft = told_twice(handlers.announce_result, "procurement.award.notify", purchase.award())

        assert (draft.published_on, draft.duty.opened_on) == (NOTIFIED, walk.DECIDED)

    def test_a_failure(self, purchase):
        draft = told_twice(handlers.announce_failure, "procurement.tender.fail", failed(purchase))

        assert (draft.kind, draft.medium, draft.published_on) == (NoticeKind.FAILED, "", None)

    def test_a_contract_runs_from_its_signing(self, purchase):
        contract = purchase.contract()
        draft = told_twice(handlers.announce_contract, "contracts.contract.conclude", contract)

        assert (draft.kind, draft.duty.opened_on) == (NoticeKind.CONTRACT, SIGNED)
        assert str(draft.duty) == f"公开合同公告（{contract}）"

    def test_an_acceptance_of_a_public_service(self, purchase):
        row = purchase.acceptance()
        draft = told_twice(handlers.announce_acceptance, "contracts.acceptance.approve", row)

        assert (draft.kind, draft.duty.kind) == (NoticeKind.ACCEPTANCE, DutyKind.ACCEPTANCE)

    def test_an_evaluation(self, purchase):
        row = purchase.evaluation()
        draft = told_twice(handlers.announce_evaluation, "performance.evaluation.conclude", row)

        assert (draft.kind, draft.duty.kind) == (NoticeKind.EVALUATION, DutyKind.EVALUATION)

    def test_a_contract_terminated(self, purchase):
        contract = purchase.contract()
        handlers.announce_contract(event("contracts.contract.conclude", contract))
        draft = told_twice(handlers.announce_termination, "contracts.contract.terminate", contract)

        assert draft.kind == NoticeKind.TERMINATION
        assert draft.title.endswith("合同终止公告")

    def test_a_package_given_up_after_its_intention_was_announced(self, purchase):
        purchase.intention()
        handlers.announce_intention(event("projects.project.register_intention", purchase.project))
        draft = told_twice(
            handlers.announce_termination, "projects.package.cancel", purchase.package
        )

        assert draft.title.endswith("采购终止公告")


class TestWhatIsNot:
    """Nothing to announce where nothing was, or where the law asks for nothing."""

    def test_an_exempt_intention(self, purchase):
        purchase.intention(published_on=None, exemption="因不可预见的原因急需开展")
        name = "projects.project.register_intention"

        assert told_twice(handlers.announce_intention, name, purchase.project) is None

    def test_an_own_purchase_that_was_not_announced(self, purchase):
        award = purchase.award(medium="", address="")

        assert told_twice(handlers.announce_result, "procurement.award.notify", award) is None

    def test_the_failure_of_what_was_never_announced(self, purchase):
        tender = failed(purchase, published_on=None)

        assert told_twice(handlers.announce_failure, "procurement.tender.fail", tender) is None

    @pytest.mark.parametrize("what", ["contracts.contract.terminate", "projects.package.cancel"])
    def test_the_end_of_what_was_never_announced(self, purchase, what):
        row = purchase.contract() if what.startswith("contracts") else purchase.package

        assert told_twice(handlers.announce_termination, what, row) is None

    def test_the_acceptance_of_a_service_for_the_office_itself(self, purchase):
        steps.edit(purchase.project, service_nature="duty")
        row = purchase.acceptance()
        steps.fresh(row)

        name = "contracts.acceptance.approve"
        assert told_twice(handlers.announce_acceptance, name, row) is None

    def test_the_acceptance_of_a_milestone(self, purchase):
        contract = purchase.contract()
        values = {"title": "上半年", "due_on": date_of("2026-11-10"), "position": 1}
        from contracts.models import Milestone

        milestone = steps.put(Milestone(contract=contract, **values))
        row = purchase.acceptance(contract, milestone=milestone, status=AcceptanceStatus.PASSED)

        name = "contracts.acceptance.approve"
        assert told_twice(handlers.announce_acceptance, name, row) is None


def date_of(text):
    from datetime import date

    return date.fromisoformat(text)


def test_the_reason_of_an_end_is_the_one_stated(world):
    """Through the services: the tender fails, the package is given up, the reason is announced."""
    from procurement.services import cancel_package, fail_tender
    from tests.world import deliver_all

    tender = walk.opened(world)
    fail_tender(tender, ground="grave_change", reason="统一建设", **world.zhang.acts(walk.DEADLINE))
    deliver_all()
    package = steps.fresh(tender.package)
    cancel_package(package, note="任务取消，不再采购。", **world.wang.acts(walk.DEADLINE))
    deliver_all()

    draft = NoticeDraft.objects.get(kind=NoticeKind.TERMINATION)
    assert "任务取消，不再采购。" in str(draft.sections)
