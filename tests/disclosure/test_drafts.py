"""《政府信息公开条例》第十七条: what is published was reviewed by a second person first."""

from __future__ import annotations

from datetime import date

import pytest

from core.events import OutboxEvent
from core.history.reading import acts_of, refusals_of
from core.history.verify import verify
from core.transitions import NotOffered, NotPermitted, TransitionRefused, perform
from disclosure.models import (
    DraftStatus,
    DutyStatus,
    Ground,
    NoticeDraft,
    NoticeKind,
    PublishedNotice,
    fields_of,
)
from disclosure.services import (
    approve_draft,
    correct_notice,
    discard_draft,
    prepare_draft,
    send_back_draft,
    send_draft,
)
from tests import steps
from tests.disclosure.cases import (
    ADDRESS,
    ANNOUNCED,
    MEDIUM,
    PUBLISHED,
    SIGNED,
    Purchase,
    corrected,
    drafted,
    notice,
    reviewed,
    sent,
)

PLACE = {"medium": MEDIUM, "address": ADDRESS, "published_on": ANNOUNCED}


@pytest.fixture
def purchase(world):
    return Purchase(world)


@pytest.fixture
def draft(purchase):
    """A contract's draft: its place is not registered by the act."""
    return drafted(purchase, NoticeKind.CONTRACT, purchase.contract(), opened_on=SIGNED)


@pytest.fixture
def waiting(world, draft):
    return sent(world, draft, ANNOUNCED)


def key_of(draft: NoticeDraft, label: str) -> str:
    return next(f.key for f in fields_of(draft.sections) if f.place.endswith(label))


class TestPreparing:
    """张 registers where and when, and withholds; the text is made anew from its source."""

    def test_the_day_of_the_medium_enters_the_text(self, world, draft):
        assert "合同公告日期" not in str(draft.sections)

        prepare_draft(draft, **PLACE, **world.zhang.acts(ANNOUNCED))

        found = steps.fresh(draft)
        assert "2026年4月13日" in str(found.sections)
        assert (found.medium, found.preparer) == (MEDIUM, world.zhang.user)

    def test_the_day_an_act_registered_stands(self, world, purchase):
        found = drafted(purchase, NoticeKind.TENDER_CONSULTATION, purchase.tender(), PUBLISHED)

        prepare_draft(found, **PLACE, **world.zhang.acts(ANNOUNCED))

        assert steps.fresh(found).published_on == PUBLISHED

    def test_what_is_withheld_says_why_and_may_be_disclosed_again(self, world, draft):
        key = key_of(draft, "履约地点")
        acts = world.zhang.acts(ANNOUNCED)
        prepare_draft(draft, withheld={key: Ground.SECURITY, "x/y/1": "privacy"}, **PLACE, **acts)

        found = steps.fresh(draft)
        assert found.withheld == {key: Ground.SECURITY}
        assert "示范区文化中心" not in str(found.shown_sections())
        assert "依法不予公开：公开后可能危及" in str(found.shown_sections())
        prepare_draft(found, **PLACE, **acts)
        assert "示范区文化中心" in str(steps.fresh(draft).shown_sections())

    def test_a_number_in_the_source_is_masked_and_listed(self, world, purchase):
        contract = purchase.contract(place="区文化馆，联系 13812345678")
        found = drafted(purchase, NoticeKind.CONTRACT, contract, opened_on=SIGNED)

        assert "13812345678" not in str(found.sections)
        assert found.masked == [
            {"place": "合同主要信息·履约地点", "kind": "手机号码", "shown": "138****5678"}
        ]

    def test_a_correction_of_the_source_arrives(self, world, draft):
        from contracts.models import Contract

        steps.edit(Contract.objects.get(), place="区图书馆")
        prepare_draft(draft, **PLACE, **world.zhang.acts(ANNOUNCED))

        assert "区图书馆" in str(steps.fresh(draft).sections)


class TestSending:
    """Nothing goes to review that lacks its place, comes too early or shows a number."""

    def test_it_moves_and_records_it_once(self, world, waiting):
        act = "disclosure.noticedraft.send"
        assert waiting.status == DraftStatus.UNDER_REVIEW
        assert acts_of(waiting.stream()).count(act) == 1
        assert OutboxEvent.objects.filter(name=act).count() == 1

    def test_without_a_place_it_is_refused(self, world, draft):
        with pytest.raises(TransitionRefused, match="没有登记公告媒体、公告网址、公告日期"):
            send_draft(draft, **world.zhang.acts(ANNOUNCED))

    def test_before_the_duty_began_it_is_refused(self, world, draft):
        early = PLACE | {"published_on": date(2026, 4, 9)}
        prepare_draft(draft, **early, **world.zhang.acts(ANNOUNCED))

        with pytest.raises(TransitionRefused, match="公开日早于起算日"):
            send_draft(steps.fresh(draft), **world.zhang.acts(ANNOUNCED))

    @pytest.mark.parametrize("medium", ["政府采购网（13812345678）", "张 510212199001011234"])
    def test_with_a_number_left_it_is_refused(self, world, draft, medium):
        prepare_draft(draft, **PLACE | {"medium": medium}, **world.zhang.acts(ANNOUNCED))

        with pytest.raises(TransitionRefused, match="公告媒体里还有个人号码") as refused:
            send_draft(steps.fresh(draft), **world.zhang.acts(ANNOUNCED))
        assert "138123" not in str(refused.value.refusals)
        assert len(refusals_of(draft.stream())) == 1

    @pytest.mark.parametrize("name", ["li", "wang", "chen", "zhao", "wu"])
    def test_only_the_purchaser_s_officer_sends(self, world, draft, name):
        with pytest.raises(NotPermitted):
            send_draft(draft, **getattr(world, name).acts(ANNOUNCED))


class TestApproving:
    """One act: the notice frozen, the duty fulfilled, by somebody else than who prepared it."""

    def test_it_freezes_and_fulfils_at_once(self, world, waiting):
        approve_draft(waiting, **world.li.acts(ANNOUNCED))

        found, now = notice(NoticeKind.CONTRACT), steps.fresh(waiting)
        assert (found.published_on, found.medium) == (ANNOUNCED, MEDIUM)
        assert (now.status, now.notice_number) == ("published", found.number)
        assert (now.reviewer, now.reviewed_on) == (world.li.user, ANNOUNCED)
        assert now.duty.status == DutyStatus.FULFILLED
        assert found.fields == now.shown_sections()
        assert verify().is_clean

    def test_two_clicks_publish_once(self, world, waiting):
        approve_draft(waiting, key="k", **world.li.acts(ANNOUNCED))

        assert approve_draft(waiting, key="k", **world.li.acts(ANNOUNCED)).is_repeat
        assert PublishedNotice.objects.count() == 1

    def test_a_failing_last_step_leaves_nothing(self, world, waiting, monkeypatch):
        monkeypatch.setattr("disclosure.services.reviewing._next_number", lambda *_: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            approve_draft(waiting, **world.li.acts(ANNOUNCED))

        assert steps.fresh(waiting).status == DraftStatus.UNDER_REVIEW
        assert not PublishedNotice.objects.exists()

    def test_who_prepared_it_may_not_review_it(self, world, waiting):
        known = world.zhang.role
        role = steps.put(
            type(known)(
                user=world.zhang.user,
                role="section_head",
                organisation=known.organisation,
                since=date(2026, 1, 1),
            )
        )
        acts = {"by": world.zhang.user, "acting_as": role, "on": ANNOUNCED}
        with pytest.raises(TransitionRefused, match=r"第十六条.*须由另一人审查"):
            approve_draft(waiting, **acts)
        assert not PublishedNotice.objects.exists()

    def test_a_number_that_slipped_in_is_refused(self, world, waiting):
        sections = [{"heading": "一、合同编号", "text": ["联系 138 1234 5678"], "rows": []}]
        steps.edit(waiting, sections=sections)

        with pytest.raises(TransitionRefused, match="合同编号·正文里还有个人号码"):
            approve_draft(steps.fresh(waiting), **world.li.acts(ANNOUNCED))

    @pytest.mark.parametrize("name", ["zhang", "wang", "chen", "zhao", "wu"])
    def test_only_the_head_of_section_reviews(self, world, waiting, name):
        with pytest.raises(NotPermitted):
            approve_draft(waiting, **getattr(world, name).acts(ANNOUNCED))

    def test_what_changed_meanwhile_is_not_approved(self, world, waiting):
        from core.transitions import StaleAct, shown_digest

        shown = shown_digest(waiting)
        steps.edit(waiting, title="另一个标题")

        with pytest.raises(StaleAct):
            approve_draft(waiting, shown=shown, **world.li.acts(ANNOUNCED))


class TestReturning:
    """A return says why; the officer mends it and sends it again."""

    def test_it_comes_back_with_its_reason_and_goes_again(self, world, waiting):
        send_back_draft(waiting, reason="服务要求过细", **world.li.acts(ANNOUNCED))
        found = steps.fresh(waiting)
        assert (found.status, found.return_reason) == (DraftStatus.RETURNED, "服务要求过细")

        reviewed(world, found, ANNOUNCED)

        assert notice(NoticeKind.CONTRACT).is_intact
        assert steps.fresh(waiting).return_reason == ""


class TestCorrecting:
    """更正公告 names what, from what, to what and why; the first notice stays as it is."""

    @pytest.fixture
    def published(self, world, waiting):
        approve_draft(waiting, **world.li.acts(ANNOUNCED))
        return steps.fresh(waiting)

    def test_it_is_drafted_reviewed_and_linked(self, world, published):
        made = corrected(world, published, "履约地点", "区图书馆")
        assert made.supersedes == published.notice_number
        assert "原为“示范区文化中心”，现更正为“区图书馆”。" in str(made.sections)

        reviewed(world, made, date(2026, 4, 20))

        found = notice(NoticeKind.CORRECTION)
        assert found.supersedes == published.notice_number
        assert "2026年4月20日" in found.sealed().decode()
        assert steps.fresh(published).status == DraftStatus.PUBLISHED

    def test_two_clicks_draft_one(self, world, published):
        first = corrected(world, published, "履约地点", "区图书馆", key="k")

        assert corrected(world, published, "履约地点", "区图书馆", key="k").pk == first.pk

    def test_a_second_correction_is_another_notice(self, world, published):
        for place in ("区图书馆", "区博物馆"):
            reviewed(world, corrected(world, published, "履约地点", place), ANNOUNCED)

        assert PublishedNotice.objects.filter(supersedes=published.notice_number).count() == 2

    def test_a_correction_to_the_same_is_refused(self, world, published):
        with pytest.raises(TransitionRefused, match="与原内容相同"):
            corrected(world, published, "履约地点", "示范区文化中心")

    def test_a_correction_of_nothing_is_refused(self, world, published):
        acts = world.zhang.acts(ANNOUNCED)
        with pytest.raises(TransitionRefused, match="没有写明更正哪一项"):
            correct_notice(published, items=[], reason="有误", **acts)

    def test_a_mistaken_one_is_discarded(self, world, published):
        made = corrected(world, published, "履约地点", "区图书馆")

        discard_draft(made, note="原公告无误", **world.zhang.acts(ANNOUNCED))

        assert steps.fresh(made).status == DraftStatus.DISCARDED

    def test_a_notice_the_law_asks_for_is_not_discarded(self, world, purchase):
        draft = drafted(purchase, NoticeKind.INTENTION, purchase.intention(), PUBLISHED)

        with pytest.raises(TransitionRefused, match="公告稿不能作废"):
            discard_draft(draft, note="不想公开", **world.zhang.acts(PUBLISHED))


ELSEWHERE = [
    (move, state)
    for move, sources in {
        "prepare": ("drafted", "returned"),
        "send": ("drafted", "returned"),
        "discard": ("drafted", "returned"),
        "approve": ("under_review",),
        "send_back": ("under_review",),
        "correct": ("published",),
    }.items()
    for state in DraftStatus.values
    if state not in sources
]


@pytest.mark.parametrize(("move", "state"), ELSEWHERE)
def test_a_move_is_not_offered_in_any_other_state(world, move, state):
    row = steps.put(
        NoticeDraft(
            project=steps.file(world),
            kind="contract",
            subject="contracts.contract:1",
            title="公告",
            drafted_on=PUBLISHED,
            status=state,
        )
    )
    with pytest.raises(NotOffered):
        perform(row, move, **world.zhang.acts(PUBLISHED))
