"""专项：实施期、年度预算、三年总评的结论；取消的不再入库；项目库的状态由环节推得。"""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from budgeting.models import ConclusionStatus, FundingProgramme, ProgrammeBudget
from budgeting.navigation.programmes import programme_todos
from budgeting.selectors.library import in_library
from budgeting.selectors.programmes import programme_line
from budgeting.services import (
    AlreadyConcluded,
    issue_reply,
    propose_conclusion,
    set_programme_budget,
    set_up_programme,
    sign_by_bureau,
    sign_by_office,
    withdraw_conclusion,
)
from config.demo.papers import pre_reviewed
from core.history.verify import verify
from core.transitions import NotPermitted, TransitionRefused
from projects.models import Project
from projects.services import withdraw_project
from tests import steps
from tests.budgeting.steps import Desk
from tests.world import DAY

pytestmark = pytest.mark.django_db
KIND = "information"


def set_up(world, first=2024, last=2026, **changes):
    values = {
        "programme": KIND,
        "name": "信息化专项",
        "first_year": first,
        "last_year": last,
        "number": "示财专〔2024〕1号",
        "office": world.organisations["文旅委"],
    } | changes
    by = values.pop("by", world.zhao)
    return set_up_programme(world.jurisdiction, **values, **by.acts(DAY))


def budget(world, term, fen, year=2026):
    given = {"year": year, "amount_fen": fen, "number": "示财专〔2026〕2号"}
    return set_programme_budget(term, **given, **world.zhao.acts(DAY))


def conclude(world, term, outcome="keep"):
    row = propose_conclusion(
        term,
        outcome=outcome,
        findings="三年总评",
        number="示政数〔2026〕9号",
        **world.zhao.acts(DAY),
    )
    sign_by_office(row, **world.wang.acts(DAY))
    sign_by_bureau(steps.fresh(row), **world.bai.acts(DAY))
    return steps.fresh(row)


def filed(world, **changes):
    values = {
        "programme": KIND,
        "duty": "承担相关改革的信息系统建设任务",
        "grant_number": "财预〔2025〕3号",
        **pre_reviewed("预审〔2025〕3号", DAY),
        "leading_group_minutes": "纪要〔2025〕7号",
        "funds": [world.fund(186_000_000, "本级财政管理资金")],
    } | changes
    return steps.file(world, **values)


class TestTerms:
    """《平湖办法》第十六条：实施期限原则上为三年；到期评价后保留、调整或取消。"""

    def test_at_most_three_years(self, world):
        with pytest.raises(TransitionRefused) as refused:
            set_up(world, 2024, 2027)
        assert {v.rule for v in refused.value.refusals} == {"PH-16-term-of-three-years"}
        assert set_up(world, 2024, 2026).last_year == 2026

    def test_the_next_follows_a_conclusion_and_does_not_overlap(self, world):
        term = set_up(world)
        with pytest.raises(TransitionRefused, match="现在不能设立新的实施期"):
            set_up(world, 2026, 2028)
        with pytest.raises(TransitionRefused) as refused:
            set_up(world, 2027, 2029)
        assert dict(refused.value.refusals[0].compared) == {"没有结论的": str(term)}
        conclude(world, term)
        assert set_up(world, 2027, 2029).first_year == 2027
        assert verify().differences == []

    def test_a_cancelled_one_is_not_set_up_again(self, world):
        conclude(world, set_up(world), "cancel")
        with pytest.raises(TransitionRefused) as refused:
            set_up(world, 2027, 2029)
        assert "已取消的" in dict(refused.value.refusals[0].compared)

    def test_only_finance_sets_up(self, world):
        with pytest.raises(NotPermitted):
            set_up(world, by=world.zhang)
        assert not FundingProgramme.objects.exists()


class TestTwoSignatures:
    def test_are_of_different_people(self, world):
        term = set_up(world)
        given = {"findings": "总评", "number": "示政数〔2026〕9号"}
        row = propose_conclusion(term, outcome="keep", **given, **world.zhao.acts(DAY))
        with pytest.raises(NotPermitted):
            sign_by_office(row, **world.gao.acts(DAY))
        sign_by_office(row, **world.wang.acts(DAY))
        with pytest.raises(TransitionRefused, match="不得签署自己拟订"):
            sign_by_bureau(steps.fresh(row), **world.zhao.acts(DAY))
        sign_by_bureau(steps.fresh(row), **world.bai.acts(DAY))
        assert steps.fresh(row).status == ConclusionStatus.CONCLUDED

    def test_wait_on_the_desks_of_those_who_sign(self, world):
        def waiting(actor):
            found = programme_todos(actor.user, actor.role, date(2027, 1, 4))
            return [(item.title, item.subject) for item in found]

        term = set_up(world)
        assert waiting(world.zhao) == [("到期专项待三年总评", str(term))]
        given = {"findings": "总评", "number": "示政数〔2026〕9号"}
        row = propose_conclusion(term, outcome="keep", **given, **world.zhao.acts(DAY))
        turn = [("签署三年总评结论", str(row))]
        assert (waiting(world.wang), waiting(world.gao), waiting(world.bai)) == (turn, [], [])
        sign_by_office(row, **world.wang.acts(DAY))
        assert (waiting(world.wang), waiting(world.zhao), waiting(world.bai)) == ([], [], turn)

    def test_until_both_there_is_no_conclusion_and_it_may_be_withdrawn(self, world):
        term = set_up(world)
        given = {"findings": "总评", "number": "示政数〔2026〕9号"}
        row = propose_conclusion(term, outcome="keep", **given, **world.zhao.acts(DAY))
        with pytest.raises(AlreadyConcluded):
            propose_conclusion(term, outcome="cancel", **given, **world.zhao.acts(DAY))
        sign_by_office(row, **world.wang.acts(DAY))
        with pytest.raises(TransitionRefused):
            set_up(world, 2027, 2029)
        withdraw_conclusion(steps.fresh(row), note="数据有误", **world.bai.acts(DAY))
        propose_conclusion(term, outcome="cancel", **given, **world.zhao.acts(DAY))


class TestMoney:
    """到期没有结论的，不得审定和批复；批复不超过专项的年度预算。"""

    RULES = ("PH-16-term-in-force", "PH-7-within-programme-budget")

    def test_no_new_money_after_the_end_without_a_conclusion(self, world):
        term = set_up(world, 2023, 2025)
        project = filed(world)

        verdict = steps.verdict(project, self.RULES[0])
        assert verdict.blocks
        assert verdict.compared == ((str(project), f"{term}已经到期，三年总评没有结论"),)
        conclude(world, term)
        assert "还没有设立新的实施期" in steps.verdict(project, self.RULES[0]).compared[0][1]
        set_up(world, 2026, 2028)
        assert not steps.verdict(project, self.RULES[0]).blocks

    def test_nor_after_a_cancellation(self, world):
        conclude(world, set_up(world), "cancel")
        assert "已经取消" in steps.verdict(filed(world), self.RULES[0]).compared[0][1]

    def test_a_kind_without_a_programme_and_no_kind_are_not_asked(self, world):
        set_up(world, 2023, 2025, programme="cloud")
        for project in (filed(world), steps.file(world, name="不属")):
            answer = steps.answer(project, *self.RULES)
            assert not answer.refusals

    def test_the_yearly_budget_to_the_cent(self, world):
        term = set_up(world)
        project = filed(world)
        asked = project.requested_fen
        assert "还没有定 2026 年度的预算" in steps.verdict(project, self.RULES[1]).message
        budget(world, term, asked - 1)
        verdict = steps.verdict(project, self.RULES[1], approved_fen=asked)
        assert dict(verdict.compared)["尚缺"] == "0.01"
        budget(world, term, asked)
        assert not steps.verdict(project, self.RULES[1], approved_fen=asked).blocks
        assert ProgrammeBudget.objects.count() == 1

    def test_a_decision_and_a_reply_are_refused(self, world):
        term = set_up(world)
        budget(world, term, 100_000_000)
        project = steps.submit(world, filed(world))
        steps.agree_all(world, project)
        steps.conclude(world, project)
        steps.decide(world, project)
        with pytest.raises(TransitionRefused, match=r"年度预算只剩 1,000,000\.00 元"):
            issue_reply(steps.draft_reply(world, project), **world.zhao.acts(steps.REPLIED))
        budget(world, term, 400_000_000)
        issue_reply(steps.draft_reply(world, project), **world.zhao.acts(steps.REPLIED))

        line = programme_line(term, 2026)
        year = line.years[-1]
        assert (year.year, year.approved_fen) == (2026, project.requested_fen)
        assert year.left_fen == 400_000_000 - project.requested_fen
        with pytest.raises(TransitionRefused, match="低于已批复"):
            budget(world, term, project.requested_fen - 1)
        with pytest.raises(TransitionRefused, match="不在专项的实施期"):
            budget(world, term, 5, year=2027)

    def test_a_decision_is_refused_after_the_end(self, world):
        project = steps.submit(world, filed(world))
        steps.agree_all(world, project)
        steps.conclude(world, project)
        set_up(world, 2023, 2025)
        with pytest.raises(TransitionRefused, match="不得安排新的资金"):
            steps.decide(world, project)


class TestReentry:
    """取消后同名项目不得再入库。"""

    RULE = "PH-16-not-cancelled"

    def test_the_same_name_in_another_kind_is_refused(self, world):
        ran = steps.submit(world, filed(world, name="智慧 场馆（一期）"))
        term = set_up(world)
        again = filed(world, name="智慧场馆(一期)", programme="cloud")
        other = filed(world, name="智慧场馆（二期）", programme="cloud")
        assert not steps.verdict(again, self.RULE).blocks
        conclude(world, term, "cancel")

        verdict = steps.verdict(again, self.RULE)
        assert verdict.blocks
        assert ran.number in dict(verdict.compared)["同名的项目"]
        assert not steps.verdict(other, self.RULE).blocks
        same_kind = filed(world, name="全新的项目")
        assert "取消的专项" in dict(steps.verdict(same_kind, self.RULE).compared)

    def test_kept_ones_may_come_again(self, world):
        steps.submit(world, filed(world, name="智慧场馆"))
        conclude(world, set_up(world), "keep")
        assert not steps.verdict(filed(world, name="智慧场馆"), self.RULE).blocks


class TestLibrary:
    def state(self, project):
        return in_library(Project.objects.filter(pk=project.pk)).get().library

    def test_follows_the_stage_and_the_review(self, world):
        project = steps.file(world)
        seen = [self.state(project)]
        project = steps.submit(world, project)
        seen.append(self.state(project))
        steps.agree_all(world, project)
        steps.conclude(world, project)
        seen.append(self.state(project))
        steps.decide(world, project)
        steps.reply(world, project)
        seen.append(self.state(project))
        other = steps.file(world, name="撤回的")
        withdraw_project(other, note="不做了", **world.zhang.acts(DAY))
        seen.append(self.state(other))

        assert seen == ["reserve", "review", "candidate", "budgeted", "dropped"]

    def test_the_page_counts_filters_and_exports(self, world):
        steps.file(world, name="储备的项目")
        steps.submit(world, name="评审的项目")
        with time_machine.travel(DAY):
            finance = Desk(world.zhao)
            page = finance.get("/budget/library/?state=review")
            assert "评审的项目" in page
            assert "储备的项目" not in page
            officer = Desk(world.zhang)
            assert "储备的项目" in officer.get("/budget/library/?state=reserve&year=2026")
            assert "没有符合条件" in officer.get("/budget/library/?q=没有这个")
            csv = officer.client.get("/budget/library/?export=csv")
            assert "入库评审" in b"".join(csv.streaming_content).decode()


class TestPages:
    def test_set_up_budgeted_and_concluded(self, world):
        with time_machine.travel(date(2026, 3, 2)):
            finance = Desk(world.zhao)
            given = {
                "programme": KIND,
                "name": "信息化专项",
                "first_year": "2024",
                "last_year": "2027",
                "number": "示财专〔2024〕1号",
                "office": world.organisations["文旅委"].pk,
            }
            long = Desk.text(finance.post("/budget/programmes/new/", status=422, **given))
            assert "实施期最长 3 年" in long
            given["last_year"] = "2026"
            finance.post("/budget/programmes/new/", **given)
            term = FundingProgramme.objects.get()
            url = f"/budget/programmes/{term.pk}/"
            low = {"year": "2026", "amount_fen": "2000", "number": "示财专〔2026〕2号"}
            finance.post(f"{url}budget/", **low)
            assert "2,000.00" in finance.get(url)
            made = {"outcome": "keep", "findings": "三年都达标", "number": "示政数〔2026〕9号"}
            finance.post(f"{url}conclude/", **made)
            row = term.conclusions.get()
            Desk(world.wang).post(f"/budget/conclusions/{row.pk}/sign/")
            Desk(world.bai).post(f"/budget/conclusions/{row.pk}/confirm/")
            assert "三年都达标" in Desk(world.zhang).get(url)
            assert "保留" in Desk(world.zhang).get("/budget/programmes/")
