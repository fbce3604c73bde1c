"""《渝北办法》第八条：指导性目录由财政部门会同有关部门制定，动态调整，及时公布。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.history.reading import events_of
from core.transitions import NotOffered, NotPermitted, TransitionRefused
from projects.models import (
    CatalogueItem,
    CatalogueOpinion,
    CatalogueRevision,
    RevisionStatus,
    ServiceCatalogue,
    differences_of,
)
from projects.services import (
    abandon,
    add_item,
    adopt_revision,
    agree_to_catalogue,
    change_item,
    consult,
    draft_catalogue,
    handle_suggestion,
    register_upper_catalogue,
    remove_item,
    suggest_to_catalogue,
    take_back,
)
from projects.services.catalogue_drafting import CodeTaken, UpperNotLater
from tests import steps
from tests.projects.catalogues import (
    DUE,
    SINCE,
    adopted,
    answered,
    changed,
    consulted,
    drafted,
    fresh,
    item_of,
    opinion_of,
)
from tests.world import DAY

pytestmark = pytest.mark.django_db
NEW = {
    "code": "C16990100",
    "name": "数字证书服务",
    "category": 1,
    "kind": "其他信息技术服务",
    "nature": "均可",
    "content": "签发和更新",
    "note": "",
    "parent_item": None,
}
UPPER = {
    "level": "city",
    "title": "市级目录",
    "number": "市财购〔2024〕1号",
    "since": DAY - timedelta(days=300),
}


def row(code, name="上级"):
    return {"code": code, "name": name, "category": 1, "kind": "", "nature": "", "content": ""}


def upper(world, *codes, **changes):
    items = [row(code) for code in codes or ("C16000000", "C16070000")]
    return register_upper_catalogue(
        world.organisations["财政局"], items=items, **{**UPPER, **changes}, **world.zhao.acts()
    )


def refused_by(refused):
    return [v.rule for v in refused.value.refusals]


def adopt(world, revision, since=SINCE, on=DAY):
    adopt_revision(revision, since=since, number="示财购〔2025〕9号", **world.zhao.acts(on))


class TestDrafting:
    def test_takes_every_item_of_the_version_in_force(self, world):
        base = ServiceCatalogue.objects.get()
        revision = drafted(world)

        assert revision.catalogue.based_on == base
        assert revision.catalogue.items.count() == base.items.count() == 55
        assert differences_of(revision.catalogue) == []
        assert item_of(revision, "C16040000").note == world.item("C16040000").note != ""

    def test_takes_the_shipped_items_where_nothing_is_in_force(self, world):
        steps.edit(ServiceCatalogue.objects.get(), until=DAY)
        assert drafted(world).catalogue.items.count() == 55

    def test_is_for_the_finance_bureau_alone(self, world):
        with pytest.raises(NotPermitted):
            draft_catalogue(
                world.organisations["财政局"], title="x", reason="x", **world.zhang.acts()
            )
        assert not CatalogueRevision.objects.exists()

    def test_a_repeated_request_makes_one_draft(self, world):
        made = [
            draft_catalogue(
                world.organisations["财政局"], title="x", reason="y", key="k1", **world.zhao.acts()
            )
            for _ in range(2)
        ]
        assert made[0] == made[1]
        assert CatalogueRevision.objects.count() == 1

    def test_is_no_catalogue_to_file_by(self, world):
        revision = drafted(world)
        in_force = CatalogueItem.objects.in_force(world.jurisdiction, DAY)
        assert not in_force.filter(catalogue=revision.catalogue).exists()


class TestItems:
    def test_each_adjustment_is_shown_with_its_reason(self, world):
        revision = changed(world, drafted(world))
        add_item(revision, reason="单列。", **NEW, **world.zhao.acts())
        remove_item(item_of(revision, "C17030000"), reason="不再购买。", **world.zhao.acts())

        found = {d.code: d for d in differences_of(fresh(revision).catalogue)}

        assert {c: (d.kind, d.reason) for c, d in found.items()} == {
            "C16060000": ("修改", "密码法施行。"),
            "C16990100": ("增加", "单列。"),
            "C17030000": ("删除", "不再购买。"),
        }
        before = world.item("C16060000").content
        assert found["C16060000"].fields == (("内容", before, "含密评。"),)

    def test_the_last_reason_stands(self, world):
        revision = changed(world, drafted(world))
        item = item_of(revision, "C16060000")
        change_item(item, content="含等保。", reason="另有规定。", **world.zhao.acts())
        assert [d.reason for d in differences_of(revision.catalogue)] == ["另有规定。"]

    def test_a_code_stands_once(self, world):
        revision = drafted(world)
        with pytest.raises(CodeTaken, match="C16060000"):
            add_item(revision, reason="x", **{**NEW, "code": "C16060000"}, **world.zhao.acts())
        assert revision.catalogue.items.count() == 55

    def test_what_is_out_for_opinions_is_not_changed(self, world):
        revision = consulted(world)
        with pytest.raises(NotOffered, match="征求意见"):
            add_item(revision, reason="x", **NEW, **world.zhao.acts())
        with pytest.raises(NotOffered):
            remove_item(item_of(revision, "C17030000"), reason="x", **world.zhao.acts())

    def test_the_version_before_is_not_touched(self, world):
        revision = drafted(world)
        remove_item(item_of(revision, "C17030000"), reason="x", **world.zhao.acts())
        assert world.item("C17030000").catalogue == revision.catalogue.based_on


class TestConsulting:
    def test_asks_each_department_once(self, world):
        revision = consulted(world)

        assert (revision.status, revision.round_number) == ("consulting", 1)
        assert revision.answers_due_on == DUE
        asked = revision.opinions.values_list("organisation__short_name", "status")
        assert set(asked) == {("发改委", "pending"), ("文旅委", "pending")}

    def test_an_unexplained_change_is_refused(self, world):
        revision = drafted(world)
        steps.edit(item_of(revision, "C16060000"), content="另一句")
        with pytest.raises(TransitionRefused, match=r"第八条.*没有写明理由") as refused:
            consulted(world, revision=revision)
        assert refused_by(refused) == ["YB-8-changes-explained"]

    @pytest.mark.parametrize(
        ("code", "values", "lacking"),
        [
            ("C16060000", {"kind": " "}, "种类"),
            ("C16060000", {"nature": ""}, "性质"),
            ("C16060000", {"content": ""}, "内容"),
            ("C16040000", {"note": ""}, "说明"),
        ],
    )
    def test_an_item_half_described_is_refused(self, world, code, values, lacking):
        revision = drafted(world)
        change_item(item_of(revision, code), reason="x", **values, **world.zhao.acts())
        with pytest.raises(TransitionRefused) as refused:
            consulted(world, revision=revision)
        verdict = refused.value.refusals[0]
        assert verdict.rule == "YB-8-items-described"
        assert [lack for _, lack in verdict.refusal.compared] == [lacking]

    def test_a_department_answers_by_its_own_people(self, world):
        revision = consulted(world)
        opinion = opinion_of(world, revision, "发改委")
        for stranger in (world.sun, world.li, world.zhao, world.zhang):
            with pytest.raises(NotPermitted):
                agree_to_catalogue(opinion, text="", **stranger.acts())
        agree_to_catalogue(opinion, text="同意。", **world.qian.acts())
        assert opinion_of(world, revision, "发改委").answered_by == world.qian.user

    def test_a_clerk_alone_does_not_answer_for_the_department(self, world):
        opinion = opinion_of(world, consulted(world), "文旅委")
        with pytest.raises(NotPermitted):
            suggest_to_catalogue(opinion, text="x", **world.zhang.acts())
        suggest_to_catalogue(opinion, text="x", **world.li.acts())

    def test_taken_back_it_begins_another_round(self, world):
        revision = consulted(world)
        agree_to_catalogue(opinion_of(world, revision, "发改委"), text="", **world.qian.acts())
        take_back(revision, note="另有修改。", **world.zhao.acts())

        states = dict(revision.opinions.values_list("organisation__short_name", "status"))
        assert states == {"发改委": "agreed", "文旅委": "cancelled"}
        again = consulted(world, "发改委", revision=fresh(revision))
        assert again.round_number == 2
        assert opinion_of(world, again, "发改委").status == "pending"


class TestAdoption:
    def test_begins_and_ends_the_earlier_one_the_same_day(self, world):
        base = ServiceCatalogue.objects.get()
        revision = adopted(world)

        assert (revision.status, revision.adopted_on) == ("adopted", DAY)
        assert (revision.catalogue.since, revision.catalogue.number) == (
            SINCE,
            "示财购〔2025〕9号",
        )
        assert steps.fresh(base).until == SINCE
        acts = [e.act for e in events_of(revision.stream())]
        assert acts.count("projects.cataloguerevision.adopt") == 1

    def test_the_version_of_a_day_is_the_one_in_force_on_it(self, world):
        revision = adopted(world)
        for day, catalogue in (
            (SINCE - timedelta(days=1), revision.catalogue.based_on),
            (SINCE, revision.catalogue),
        ):
            found = CatalogueItem.objects.in_force(world.jurisdiction, day)
            assert set(found.values_list("catalogue", flat=True)) == {catalogue.pk}

    def test_the_next_one_supersedes_it(self, world):
        first = adopted(world, since=DAY)
        adopted(world, revision=answered(world, consulted(world, revision=drafted(world))))
        assert fresh(first).status == RevisionStatus.SUPERSEDED

    def test_is_refused_while_somebody_may_still_answer(self, world):
        revision = consulted(world)
        agree_to_catalogue(opinion_of(world, revision, "发改委"), text="", **world.qian.acts())
        with pytest.raises(TransitionRefused, match=r"第八条.*尚未收齐") as refused:
            adopt(world, revision)
        verdict = refused.value.refusals[0]
        assert verdict.rule == "YB-8-departments-consulted"
        assert dict(verdict.refusal.compared)["尚未答复"] == "文旅委"

    @pytest.mark.parametrize(("days", "is_refused"), [(0, True), (1, False)])
    def test_waits_to_the_end_of_the_term(self, world, days, is_refused):
        revision, on = consulted(world), DUE + timedelta(days=days)
        if is_refused:
            with pytest.raises(TransitionRefused):
                adopt(world, revision, since=on, on=on)
            assert fresh(revision).status == "consulting"
        else:
            adopt(world, revision, since=on, on=on)
            states = set(revision.opinions.values_list("status", flat=True))
            assert states == {"lapsed"}

    def test_a_suggestion_is_first_dealt_with(self, world):
        revision = consulted(world, "发改委")
        opinion = opinion_of(world, revision, "发改委")
        suggest_to_catalogue(opinion, text="删去卫星传输。", **world.qian.acts())
        with pytest.raises(TransitionRefused) as refused:
            adopt(world, revision)
        assert refused_by(refused) == ["YB-8-suggestions-handled"]
        handle_suggestion(
            opinion_of(world, revision, "发改委"), handling="不采纳，仍有需要。", **world.bai.acts()
        )
        adopt(world, revision)
        assert opinion_of(world, revision, "发改委").handling == "不采纳，仍有需要。"

    @pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False), (1, False)])
    def test_does_not_begin_before_it_is_adopted(self, world, days, is_refused):
        revision, since = answered(world), DAY + timedelta(days=days)
        if is_refused:
            with pytest.raises(TransitionRefused) as refused:
                adopt(world, revision, since=since)
            assert refused_by(refused) == ["YB-8-effective-day"]
        else:
            adopt(world, revision, since=since)

    def test_begins_after_the_version_before(self, world):
        adopted(world)
        later = answered(world, consulted(world, revision=drafted(world)))
        with pytest.raises(TransitionRefused, match="须晚于前一版"):
            adopt(world, later, since=SINCE)
        adopt(world, later, since=SINCE + timedelta(days=1))

    def test_a_draft_of_what_is_no_longer_current_is_refused(self, world):
        older = answered(world)
        adopted(world, revision=answered(world, consulted(world, revision=drafted(world))))
        with pytest.raises(TransitionRefused) as refused:
            adopt(world, older, since=SINCE + timedelta(days=9))
        assert refused_by(refused) == ["YB-8-based-on-current"]

    def test_a_kind_without_item_and_an_item_that_hangs_nowhere_are_pointed_out(self, world):
        revision = drafted(world, parent=upper(world))
        remove_item(item_of(revision, "C17030000"), reason="不再购买。", **world.zhao.acts())
        revision = answered(world, consulted(world, revision=fresh(revision)))
        for rule, shown in (
            ("YB-7-kinds-covered", ("（二）电信和信息传输服务", "卫星传输服务")),
            ("YB-8-hung-under-upper", ("未挂接", "10 条")),
        ):
            verdict = steps.verdict(revision, rule)
            assert (verdict.state, verdict.compared[0]) == ("warn", shown)
        adopt(world, revision)

    def test_a_whole_catalogue_under_an_upper_one_draws_no_remark(self, world):
        codes = ("C16000000", "C17000000", "C23110100", "C23120100", "C23070100")
        revision = answered(
            world, consulted(world, revision=drafted(world, parent=upper(world, *codes)))
        )
        for rule in ("YB-7-kinds-covered", "YB-8-hung-under-upper"):
            assert steps.verdict(revision, rule).state == "met"

    def test_a_failing_last_step_leaves_nothing(self, world, monkeypatch):
        from projects.services import catalogue_adopting

        def fail(*_args):
            raise RuntimeError

        monkeypatch.setattr(catalogue_adopting, "_end_waiting", fail)
        revision = answered(world)
        with pytest.raises(RuntimeError):
            adopt(world, revision)
        assert fresh(revision).status == "consulting"
        assert ServiceCatalogue.objects.get(pk=revision.catalogue.based_on_id).until is None


class TestAbandoning:
    @pytest.mark.parametrize("make", [drafted, consulted])
    def test_keeps_the_draft_and_asks_no_more(self, world, make):
        revision = make(world)
        abandon(revision, note="不再调整。", **world.zhao.acts())
        assert fresh(revision).status == "abandoned"
        assert not CatalogueOpinion.objects.filter(status="pending").exists()

    def test_what_is_adopted_is_not_abandoned(self, world):
        with pytest.raises(NotOffered):
            abandon(adopted(world), note="x", **world.zhao.acts())


MOVES = {
    "consult": {"drafted"},
    "take_back": {"consulting"},
    "adopt": {"consulting"},
    "abandon": {"drafted", "consulting"},
}
STATES = {
    "drafted": drafted,
    "consulting": answered,
    "adopted": adopted,
    "abandoned": None,
    "superseded": None,
}


class TestElsewhere:
    """Every move from every other state is refused."""

    @pytest.mark.parametrize("state", STATES)
    @pytest.mark.parametrize("move", MOVES)
    def test_is_not_offered(self, world, move, state):
        if state in MOVES[move]:
            return
        revision = self.in_state(world, state)
        do, data = {
            "consult": (consult, {"organisations": [], "answers_due_on": DUE}),
            "adopt": (adopt_revision, {"since": SINCE, "number": "x"}),
            "take_back": (take_back, {"note": "x"}),
            "abandon": (abandon, {"note": "x"}),
        }[move]
        with pytest.raises(NotOffered):
            do(revision, **data, **world.zhao.acts())

    def in_state(self, world, state):
        if state == "abandoned":
            revision = drafted(world)
            abandon(revision, note="x", **world.zhao.acts())
        elif state == "superseded":
            revision = adopted(world, since=DAY)
            adopted(world, revision=answered(world, consulted(world, revision=drafted(world))))
        else:
            revision = STATES[state](world)
        assert fresh(revision).status == state
        return fresh(revision)


class TestUpper:
    """财政部令第102号：省以下的编制方式由省级财政部门确定，本级条目能挂到上级条目。"""

    def test_items_hang_under_the_nearest_code_above(self, world):
        revision = drafted(world, parent=upper(world))
        hung = {
            code: item_of(revision, code).parent_item.code
            for code in ("C16070300", "C16070000", "C16010302")
        }
        assert hung == {
            "C16070300": "C16070000",
            "C16070000": "C16070000",
            "C16010302": "C16000000",
        }
        assert item_of(revision, "C17010000").parent_item is None

    def test_is_no_catalogue_to_file_by(self, world):
        upper(world)
        levels = CatalogueItem.objects.in_force(world.jurisdiction, DAY)
        assert set(levels.values_list("catalogue__level", flat=True)) == {"county"}

    def test_a_newer_one_ends_the_older_of_its_level(self, world):
        older = upper(world)
        newer = upper(world, since=DAY)
        assert steps.fresh(older).until == newer.since
        with pytest.raises(UpperNotLater, match="须晚于该日"):
            upper(world, since=DAY)
