"""The review desk: filters that count, who signed and who is awaited, acts on several at once."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from accounts.models import Mandate, MandateKind
from budgeting.models import BudgetReview, Objection, Opinion, OpinionStatus, ReviewStatus
from budgeting.selectors import Waits, precedent_of, review_card, review_desk, review_queue
from budgeting.selectors.card import Effect
from budgeting.services import (
    agree,
    agree_on_condition,
    answer_opinion,
    conclude_review,
    oppose,
)
from core.calendar.arithmetic import Workdays
from core.calendar.loading import workdays
from core.history.reading import acts_of
from core.transitions import attempt_each
from projects.models import Project, Stage
from tests import steps
from tests.budgeting.steps import (
    FILED,
    REVIEWED,
    Desk,
    opinion_of,
    review_of,
    submitted,
)
from tests.steps import edit
from tests.world import World, deliver_all

pytestmark = pytest.mark.django_db
AGREE, CONCLUDE, RETURN = (f"/budget/reviews/{n}/" for n in ("agree", "conclude", "return"))


def several(world: World, count: int = 3) -> list[Project]:
    return [submitted(world, name=f"项目{'甲乙丙丁'[n]}") for n in range(count)]


def ticked(url: str, projects: list[Project]) -> str:
    return f"{url}?" + "&".join(f"review={review_of(p).pk}" for p in projects)


def sent(desk: Desk, url: str, projects: list[Project], status: int = 200, **fields: Any) -> str:
    """Open the batch of these and send it with `fields` typed in each row (callables get it)."""
    page = desk.get(ticked(url, projects))
    return send(desk, url, hidden(page), projects, status, **fields)


def hidden(page: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page):
        if name == "review":
            found.setdefault("review", []).append(value)
        else:
            found[name] = value
    return found


def send(
    desk: Desk, url: str, data: dict[str, Any], projects: list[Project], status: int, **fields: Any
) -> str:
    typed = dict(data)
    for project in projects:
        prefix = f"item-{review_of(project).pk}"
        typed[f"{prefix}-include"] = "on"
        for name, value in fields.items():
            typed[f"{prefix}-{name}"] = value(project) if callable(value) else value
    response = desk.client.post(url, typed)
    assert response.status_code == status, desk.text(response)
    return desk.text(response)


class TestBulk:
    """成批办理：一件不成，不停也不撤其他的；各记各的历史。"""

    def test_agrees_on_all_that_can_be_and_says_why_not_of_the_rest(self, world):
        first, second, third = several(world)
        with time_machine.travel(REVIEWED):
            agree(opinion_of(second, "发改委"), **world.qian.acts(REVIEWED))
            desk = Desk(world.qian)
            text = sent(desk, AGREE, [first, second, third], text="同意。", proposed_fen="")
        assert "办成 2 件，未办 1 件" in text
        assert "不能办理“同意”" in text
        for project in (first, third):
            assert opinion_of(project, "发改委").status == OpinionStatus.AGREED
            assert acts_of(project.stream())[-1].endswith("agree")

    def test_a_refusal_by_rule_stands_in_its_row_and_stops_nothing(self, world):
        first, second, third = several(world)
        with time_machine.travel(REVIEWED):
            text = sent(
                Desk(world.qian),
                AGREE,
                [first, second, third],
                text="同意。",
                proposed_fen=lambda p: "99,999,999.00" if p == second else "",
            )
        assert "建议金额超过申请金额" in text
        assert "第九条第（二）项" in text
        statuses = [opinion_of(p, "发改委").status for p in (first, second, third)]
        assert statuses == ["agreed", "pending", "agreed"]

    def test_sums_up_those_whose_opinions_are_complete(self, world):
        first, second = several(world, 2)
        for name, actor in (("财政局", world.zhao), ("发改委", world.qian), ("经信委", world.sun)):
            agree(opinion_of(first, name), **actor.acts(REVIEWED))
        with time_machine.travel(REVIEWED):
            text = sent(
                Desk(world.zhao),
                CONCLUDE,
                [first, second],
                proposed_fen="1,800,000.00",
                summary="同意列入。",
            )
        assert "会同审核尚缺" in text
        assert review_of(first).status == ReviewStatus.CONCLUDED
        assert review_of(first).proposed_fen == 180_000_000
        assert review_of(second).status == ReviewStatus.OPEN

    def test_returns_each_with_its_own_numbered_text(self, world):
        first, second, other = several(world)
        with time_machine.travel(REVIEWED):
            sent(
                Desk(world.zhao),
                RETURN,
                [first, second],
                objections=lambda p: f"{p.name}：单价偏高\n{p.name}：缺测算",
            )
        for project in (first, second):
            rows = Objection.objects.filter(review__project=project).order_by("number")
            assert [r.text for r in rows] == [
                f"{project.name}：单价偏高",
                f"{project.name}：缺测算",
            ]
            assert Project.objects.get(pk=project.pk).stage == Stage.FILING
        assert Project.objects.get(pk=other.pk).stage == Stage.BUDGET
        assert review_of(other).status == ReviewStatus.OPEN

    def test_a_row_filled_in_wrongly_keeps_everything_typed_and_does_nothing(self, world):
        first, second = several(world, 2)
        with time_machine.travel(REVIEWED):
            text = sent(
                Desk(world.zhao),
                RETURN,
                [first, second],
                status=422,
                objections=lambda p: "单价偏高" if p == first else " ",
            )
        assert "一件也没有办理" in text
        assert "单价偏高" in text
        assert not Objection.objects.exists()

    def test_the_same_form_sent_twice_acts_once(self, world):
        first, second = several(world, 2)
        with time_machine.travel(REVIEWED):
            desk = Desk(world.qian)
            data = hidden(desk.get(ticked(AGREE, [first, second])))
            fields = {"text": "同意。", "proposed_fen": ""}
            send(desk, AGREE, data, [first, second], 200, **fields)
            again = send(desk, AGREE, data, [first, second], 200, **fields)
        assert again.count("没有重复办理") == 2

    def test_what_changed_since_it_was_shown_is_not_acted_on(self, world):
        first, second = several(world, 2)
        with time_machine.travel(REVIEWED):
            desk = Desk(world.qian)
            data = hidden(desk.get(ticked(AGREE, [first, second])))
            data[f"item-{review_of(second).pk}-version"] = "9"
            text = send(desk, AGREE, data, [first, second], 200, text="", proposed_fen="")
        assert "内容已被他人改动" in text
        assert opinion_of(first, "发改委").status == OpinionStatus.AGREED
        assert opinion_of(second, "发改委").status == OpinionStatus.PENDING

    def test_nothing_ticked_is_said_and_others_reviews_are_not_offered(self, world):
        (project,) = several(world, 1)
        desk = Desk(world.qian)
        data = hidden(desk.get(ticked(AGREE, [project])))
        assert desk.client.post(AGREE, data).status_code == 422
        assert "没有选中可以办理的事项" in desk.get(f"{AGREE}?review=999999&review=x&review=")
        assert desk.client.get(CONCLUDE).status_code == 403
        assert Desk(world.wu).client.post(AGREE).status_code == 403

    def test_a_busy_database_fails_one_and_not_the_others(self, world):
        (project,) = several(world, 1)

        def busy():
            raise OperationalError("database is locked")

        done, failed, last = attempt_each([(1, lambda: "甲"), (project, busy), (3, lambda: "丙")])
        assert (done.is_done, failed.is_done, last.is_done) == (True, False, True)
        assert "没有办理" in failed.problem


class TestQueue:
    """会审台：件数即筛选。"""

    def queue(self, world, **wanted):
        waits = Waits(workdays(), REVIEWED)
        desk = world.organisations["发改委"]
        return review_queue(world.qian.user, desk=desk, wanted=wanted, waits=waits)

    def test_every_count_is_what_its_filter_shows(self, world):
        first, second, third = several(world)
        agree(opinion_of(first, "发改委"), **world.qian.acts(REVIEWED))
        oppose(opinion_of(second, "经信委"), text="重复", **world.sun.acts(REVIEWED))
        for name, actor in (("财政局", world.zhao), ("发改委", world.qian), ("经信委", world.sun)):
            agree(opinion_of(third, name), **actor.acts(REVIEWED))
        counts = self.queue(world).counts
        assert counts["mine"] == len(self.queue(world, mine=True).rows) == 1
        for state, found in (("open", 3), ("spoken", 1), ("opposed", 1), ("concluded", 0)):
            assert counts[state] == len(self.queue(world, status=state).rows) == found
        assert counts["long"] == len(self.queue(world, waited=10).rows)

    def test_narrows_by_unit_year_fund_programme_and_day(self, world):
        project = submitted(world)
        assert len(self.queue(world, purchaser=project.purchaser, year=2026).rows) == 1
        assert len(self.queue(world, year=2027).rows) == 0
        assert len(self.queue(world, fund=world.funds["部门预算"]).rows) == 1
        assert len(self.queue(world, fund=world.funds["本级财政管理资金"]).rows) == 0
        assert len(self.queue(world, programme="none").rows) == 1
        assert len(self.queue(world, programme="cloud").rows) == 0
        assert len(self.queue(world, since=FILED).rows) == 1
        assert len(self.queue(world, since=FILED + timedelta(1)).rows) == 0

    @pytest.mark.parametrize(("on", "shown"), [(date(2025, 10, 22), 0), (date(2025, 10, 23), 1)])
    def test_waited_three_working_days_is_three_and_not_two(self, world, on, shown):
        submitted(world)  # on Monday, 20 October
        waits = Waits(workdays(), on)
        queue = review_queue(world.qian.user, desk=None, wanted={"waited": 3}, waits=waits)
        assert len(queue.rows) == shown

    def test_the_grid_says_who_signed_when_and_who_is_awaited_since_when(self, world):
        project = submitted(world)
        agree(opinion_of(project, "发改委"), **world.qian.acts(REVIEWED))
        row = review_desk(self.queue(world).rows.get(), Waits(workdays(), REVIEWED))
        signed = row.cell_of(world.organisations["发改委"])
        awaited = row.cell_of(world.organisations["经信委"])
        assert (signed.label, signed.on) == ("同意", REVIEWED)
        assert (awaited.label, awaited.since, awaited.days) == ("待出具", FILED, 15)
        assert row.waiting == ("财政局", "经信委")

    def test_an_answered_objection_waits_since_the_answer(self, world):
        project = submitted(world)
        oppose(opinion_of(project, "经信委"), text="重复", **world.sun.acts(date(2025, 11, 3)))
        answered = date(2025, 11, 6)
        answer_opinion(opinion_of(project, "经信委"), text="不同", **world.zhang.acts(answered))
        row = review_desk(self.queue(world).rows.get(), Waits(workdays(), REVIEWED))
        assert row.cell_of(world.organisations["经信委"]).since == answered

    def test_a_year_without_calendar_counts_nothing_and_says_so(self, world, monkeypatch):
        submitted(world)
        monkeypatch.setattr("budgeting.views.desk.workdays", lambda: Workdays.of([]))
        with time_machine.travel(REVIEWED):
            page = Desk(world.zhao).get("/budget/reviews/?waited=3")
        assert "年工作日历没有载入，暂无法确定" in page
        assert "等待满 10 个工作日" not in page

    def test_the_export_has_a_column_for_every_reviewer(self, world):
        project = submitted(world)
        agree(opinion_of(project, "发改委"), **world.qian.acts(REVIEWED))
        with time_machine.travel(REVIEWED):
            text = Desk(world.zhao).get("/budget/reviews/?export=csv").lstrip("\ufeff")
        (row,) = csv.DictReader(io.StringIO(text))
        assert row["发改委"] == "同意 2025-11-10"
        assert row["经信委"] == "待出具 自 2025-10-20（15 个工作日）"
        assert row["已等工作日"] == "15"

    @pytest.mark.parametrize("query", ["year=x", "purchaser=abc", "waited=7", "since=yesterday"])
    def test_a_bad_filter_is_said_at_its_field(self, world, query):
        submitted(world)
        assert "field-error" in Desk(world.zhao).get(f"/budget/reviews/?{query}")


class TestCard:
    """审核卡：前后余额、差异、条件，在卡上办理。"""

    def test_effect_before_and_after_as_asked_as_proposed_and_with_all_pending(self, world):
        project, other = several(world, 2)
        agree(opinion_of(project, "发改委"), proposed_fen=150_000_000, **world.qian.acts(REVIEWED))
        (effect,) = review_card(review_of(project), world.zhao.user, on=REVIEWED)["effects"]
        before = 300_000_000
        assert [(s.before_fen, s.needed_fen, s.after_fen) for s in effect.lines] == [
            (before, 186_000_000, 114_000_000),
            (before, 150_000_000, 150_000_000),
            (before, 336_000_000, -36_000_000),
            (600_000_000, 150_000_000, 450_000_000),
        ]
        assert effect.others == 1
        assert other.requested_fen == 186_000_000
        assert effect.verdict == ("连同在办的不够", "late")

    def test_last_years_project_of_the_same_name_is_compared(self, world):
        project = submitted(world)
        assert precedent_of(project) is None
        before = edit(Project.objects.get(pk=submitted(world).pk), year=2025)
        assert precedent_of(project) == before
        card = review_card(review_of(project), world.zhao.user, on=REVIEWED)
        assert card["last_year"]["figures"][0] == (
            "申请财政资金",
            186_000_000,
            186_000_000,
            "+0.0%",
        )

    def test_an_act_on_the_card_comes_back_to_the_card(self, world):
        project = submitted(world)
        url = review_of(project).get_absolute_url()
        opinion = opinion_of(project, "发改委")
        with time_machine.travel(REVIEWED):
            desk = Desk(world.qian)
            page = desk.get(url)
            assert 'name="on_card"' in page
            assert "形成审核意见</summary>" not in page
            act = f"/budget/opinions/{opinion.pk}/condition/"
            wrong = desk.post(act, status=422, on_card="1", condition="", text="先写的")
            text = desk.text(wrong)
            assert "请填写条件" in text
            assert "先写的" in text
            assert "对控制数和资金的影响" in text
            done = desk.post(
                act, on_card="1", condition="交证明", due_stage="contract", proposed_fen=""
            )
        assert done.url == url
        card = Desk(world.zhao).get(url)
        assert "交证明" in card
        assert "待落实条件" in card

    def test_finance_sums_up_on_the_card_from_the_lowest_proposal(self, world):
        project = submitted(world)
        agree(opinion_of(project, "财政局"), **world.zhao.acts(REVIEWED))
        agree(opinion_of(project, "发改委"), proposed_fen=170_000_000, **world.qian.acts(REVIEWED))
        agree_on_condition(
            opinion_of(project, "经信委"),
            condition="交证明",
            due_stage="contract",
            proposed_fen=160_000_000,
            **world.sun.acts(REVIEWED),
        )
        with time_machine.travel(REVIEWED):
            desk = Desk(world.zhao)
            assert 'value="1,600,000.00"' in desk.get(review_of(project).get_absolute_url())
            url = f"/budget/reviews/{review_of(project).pk}/conclude/"
            refused = desk.post(
                url, status=422, on_card="1", proposed_fen="9,999,999.00", summary="照批"
            )
            assert "建议金额超过申请金额" in desk.text(refused)
            assert "在此办理" in desk.text(refused)
            desk.post(url, on_card="1", proposed_fen="1,600,000.00", summary="照批")
        assert review_of(project).proposed_fen == 160_000_000


class TestPath:
    """辖区的审核路径是数据：并行，或者一个环节接一个环节。"""

    @pytest.fixture
    def in_turn(self, world):
        """归口（发改委）→ 分管（经信委）→ 财政。"""
        steps = {"发改委": (1, "归口科室"), "经信委": (2, "分管领导"), "财政局": (3, "财政")}
        rows = Mandate.objects.filter(kind=MandateKind.JOINT_REVIEWER)
        for mandate in rows.select_related("organisation"):
            name = mandate.organisation.short_name
            step, title = steps[name]
            edit(mandate, step=step, step_name=title, position=step)
        return submitted(world)

    def test_a_later_step_cannot_speak_before_the_earlier(self, world, in_turn):
        later = opinion_of(in_turn, "经信委")
        for act, more in (
            (agree, {}),
            (agree_on_condition, {"condition": "交", "due_stage": "contract"}),
            (oppose, {"text": "重复"}),
        ):
            with pytest.raises(Exception, match="须先由归口科室·发改委出具意见"):
                act(later, **more, **world.sun.acts(REVIEWED))
        agree(opinion_of(in_turn, "发改委"), **world.qian.acts(REVIEWED))
        agree(opinion_of(in_turn, "经信委"), **world.sun.acts(REVIEWED))
        assert opinion_of(in_turn, "经信委").status == OpinionStatus.AGREED

    def test_an_unsettled_objection_holds_the_path(self, world, in_turn):
        oppose(opinion_of(in_turn, "发改委"), text="重复", **world.qian.acts(REVIEWED))
        with pytest.raises(Exception, match="须先由归口科室·发改委出具意见"):
            agree(opinion_of(in_turn, "经信委"), **world.sun.acts(REVIEWED))

    def test_only_the_desk_whose_turn_it_is_has_it_to_do_and_waits_since_its_turn(
        self, world, in_turn
    ):
        with time_machine.travel(REVIEWED):
            assert str(in_turn) in Desk(world.qian).get("/desk/")
            assert "出具会审意见" not in Desk(world.sun).get("/desk/")
            assert str(in_turn) not in Desk(world.sun).get("/budget/reviews/?mine=on")
            page = Desk(world.sun).get("/budget/reviews/")
            assert "未轮到" in page
            agree(opinion_of(in_turn, "发改委"), **world.qian.acts(REVIEWED))
            assert "出具会审意见" in Desk(world.sun).get("/desk/")
            assert str(in_turn) in Desk(world.sun).get("/budget/reviews/?mine=on")
        waits = Waits(workdays(), REVIEWED + timedelta(1))
        queue = review_queue(world.sun.user, desk=None, wanted={}, waits=waits)
        row = review_desk(queue.rows.get(), waits)
        assert (row.waiting, row.since, row.days) == (("经信委",), REVIEWED, 1)
        assert row.cell_of(world.organisations["财政局"]).label == "未轮到"

    def test_a_round_keeps_the_path_it_was_opened_under(self, world, in_turn):
        assert [o.step for o in Opinion.objects.order_by("position")] == [1, 2, 3]
        assert BudgetReview.objects.get().opinions.get(position=1).step_name == "归口科室"

    def test_all_in_one_step_speak_in_any_order(self, world):
        project = submitted(world)
        for name, actor in (("经信委", world.sun), ("财政局", world.zhao), ("发改委", world.qian)):
            agree(opinion_of(project, name), **actor.acts(REVIEWED))
        conclude_review(
            review_of(project), proposed_fen=1, summary="可", **world.zhao.acts(REVIEWED)
        )
        deliver_all()
        assert review_of(project).status == ReviewStatus.CONCLUDED


class TestTheEffect:
    """The card says what approving would leave of the ceiling."""

    @pytest.mark.parametrize(("others", "is_said"), [(0, False), (2, True)])
    def test_names_the_others_in_hand_where_there_are_any(self, others, is_said):
        effect = Effect(
            fund="部门预算",
            is_set=True,
            ceiling_fen=100,
            before_fen=100,
            asked_fen=30,
            proposed_fen=None,
            others_fen=20 * others,
            others=others,
            whole_before_fen=100,
        )
        titles = [line.title for line in effect.lines]
        assert (f"连同本单位其他在办的 {others} 个项目" in titles) == is_said
        assert len(titles) == 2 + is_said


class TestWays:
    """审定 and 批复 are made on pages of many cases; the case leads there who makes them."""

    def _panel(self, world, project, name: str) -> str:
        client = Client()
        client.force_login(
            getattr(world, name).user, backend="django.contrib.auth.backends.ModelBackend"
        )
        page = client.get(f"/projects/{project.pk}/").content.decode()
        return page.partition('id="next-step"')[2].partition("</section>")[0]

    def test_a_concluded_case_leads_to_the_decision_and_the_reply(self, world):
        project = steps.submit(world)
        assert "登记审定" not in self._panel(world, project, "zhao")
        steps.agree_all(world, project)
        project = steps.conclude(world, project)

        assert 'href="/budget/decisions/new/"' in self._panel(world, project, "secretary")
        officer = self._panel(world, project, "zhang")
        assert "由审定机构办理" in officer
        assert "当前办理：<strong>审定机构</strong>" in officer
        assert 'href="/budget/decisions/new/"' not in officer

        steps.decide(world, project)
        group = f"{project.purchaser_id}-{project.year}"
        finance = self._panel(world, project, "zhao")
        assert f'href="/budget/replies/new/?group={group}"' in finance
        assert "登记审定" not in finance

        steps.draft_reply(world, project)
        assert "拟制批复" not in self._panel(world, project, "zhao")
