"""The year's plan goes to finance with the department's budget, one round after another."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from core.documents.models import Document
from core.history.reading import acts_of, events_of
from core.history.verify import verify
from core.inbox.models import InboxItem
from core.transitions import NotPermitted, RequestKeyMismatch, TransitionRefused
from projects.documents.package import gaps_by_fund, gaps_by_item, moved_since
from projects.documents.package_book import submission_book
from projects.models import PlanSubmission, Project, Stage
from projects.services import (
    BudgetInput,
    file_project,
    revise_project,
    sign,
    submit_plan,
    withdraw_project,
)
from tests import steps
from tests.world import DAY, deliver_all

pytestmark = pytest.mark.django_db


def filed(world, name, *, price_fen=100_000_00, signed=True, **changes):
    """A project of one line; signed by both, so that it may be submitted."""
    changes.setdefault("funds", [world.fund(price_fen)])
    filing = world.filing(name=name, estimate=[world.estimate(price_fen)], **changes)
    project = file_project(world.plans["文旅委"], filing, **world.zhang.acts())
    if signed:
        _sign(world, project)
    return project


def _sign(world, project):
    steps_waiting = project.signatures.filter(status="pending").order_by("position")
    for step, actor in zip(steps_waiting, (world.li, world.wang), strict=True):
        sign(step, **actor.acts())


def budget(world, amount_fen=100_000_00, code="C16070300", fund="部门预算"):
    return BudgetInput(world.funds[fund], world.item(code), amount_fen)


def report(world, *lines, by="zhang", **more):
    actor = getattr(world, by)
    return submit_plan(
        world.plans["文旅委"], budget=lines or (budget(world),), **actor.acts(), **more
    )


def outcomes(submission):
    return {row["name"]: row["outcome"] for row in submission.content["rows"]}


class TestSubmitPlan:
    """《渝北办法》第九条第（二）项：计划与部门预算一并报财政部门。"""

    def test_what_is_ready_goes_to_review_and_what_is_not_holds_up_nothing(self, world):
        ready, waiting = filed(world, "签齐的"), filed(world, "没签的", signed=False)
        bare = filed(world, "没有依据的", basis="")

        made = report(world)

        assert outcomes(made) == {"签齐的": "sent", "没签的": "held", "没有依据的": "held"}
        said = {row["name"]: "".join(row["said"]) for row in made.content["rows"]}
        assert "签批" in said["没签的"]
        assert "依据" in said["没有依据的"]
        stages = [steps.fresh(p).stage for p in (ready, waiting, bare)]
        assert stages == [Stage.BUDGET, Stage.FILING, Stage.FILING]
        assert steps.fresh(ready).versions.count() == 1
        assert acts_of(ready.stream())[-2:] == [
            "projects.project.submit",
            "projects.freeze_version",
        ]

    def test_is_recorded_once_with_its_document_and_finance_is_told(self, world):
        filed(world, "签齐的")
        made = report(world, note="年中追加")

        stream = f"projects.annualplan:{made.plan_id}"
        recorded = [e for e in events_of(stream) if e.act == "projects.submit_plan"]
        assert [(e.reason, e.effective_on) for e in recorded] == [("年中追加", DAY)]
        assert InboxItem.objects.filter(title__startswith="收到年度计划").count() == 1
        deliver_all()
        paper = Document.objects.get(kind="projects.plan_summary")
        assert (paper.state, paper.context["digest"]) == ("ready", made.digest)
        assert steps.fresh(made.plan).budget_total_fen == 100_000_00
        assert verify().is_clean

    def test_nothing_of_it_can_be_changed_or_deleted(self, world):
        filed(world, "签齐的")
        made = report(world)

        for write in (
            lambda: PlanSubmission._base_manager.filter(pk=made.pk)._raw_delete("default"),
            lambda: _raw_update(made),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                write()
        assert PlanSubmission.objects.get(pk=made.pk).digest == made.digest

    def test_a_second_click_answers_with_the_first(self, world):
        filed(world, "签齐的")
        first = report(world, key="k1")

        assert report(world, key="k1") == first
        assert PlanSubmission.objects.count() == 1
        with pytest.raises(RequestKeyMismatch):
            report(world, budget(world, 1), key="k1")

    def test_another_department_finance_and_leaders_may_not(self, world):
        filed(world, "签齐的")
        for name in ("chen", "zhao", "wang", "wu"):
            with pytest.raises(NotPermitted):
                report(world, by=name)
        assert not PlanSubmission.objects.exists()
        assert Project.objects.get().stage == Stage.FILING

    def test_a_step_that_fails_at_the_end_leaves_nothing(self, world, monkeypatch):
        from projects.services import plan_submission

        project = filed(world, "签齐的")

        def broken(*_args, **_more):
            raise RuntimeError("disk full")

        monkeypatch.setattr(plan_submission, "request_document", broken)
        with pytest.raises(RuntimeError):
            report(world)
        assert steps.fresh(project).stage == Stage.FILING
        assert not PlanSubmission.objects.exists()


def _raw_update(row):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE projects_plansubmission SET note = 'x' WHERE id = %s", [row.pk])


class TestRules:
    """A plan without projects, or without its budget, is not taken; the refusal is kept."""

    def test_without_a_project_it_is_refused(self, world):
        with pytest.raises(TransitionRefused) as refused:
            report(world)
        assert [v.rule for v in refused.value.refusals] == ["YB-9.1-plan-lists-projects"]

    @pytest.mark.parametrize("amounts", [(), (0,)])
    def test_without_a_budget_it_is_refused(self, world, amounts):
        filed(world, "签齐的")
        lines = [budget(world, fen) for fen in amounts]
        with pytest.raises(TransitionRefused) as refused:
            submit_plan(world.plans["文旅委"], budget=lines, **world.zhang.acts())

        assert [v.rule for v in refused.value.refusals] == ["YB-9.2-plan-with-budget"]
        assert refused.value.refusals[0].article.short == "渝北第九条第（二）项"
        assert Project.objects.get().stage == Stage.FILING

    def test_one_fen_of_budget_is_a_budget(self, world):
        filed(world, "签齐的")
        assert report(world, budget(world, 1)).budget_total_fen == 1

    def test_items_no_longer_in_force_are_refused(self, world):
        from tests.projects.test_import_errors import expired

        filed(world, "签齐的")
        line = BudgetInput(world.funds["部门预算"], expired(world), 100)
        with pytest.raises(TransitionRefused, match="品目已失效"):
            report(world, line)


class TestDifferences:
    """Against the department's budget by fund and by item, and against the round before."""

    def test_each_fund_and_each_item_is_compared(self, world):
        filed(world, "甲", price_fen=300_00)
        filed(world, "乙", price_fen=200_00, funds=[world.fund(200_00, "本级财政管理资金")])
        made = report(world, budget(world, 250_00), budget(world, 100_00, code="C16100000"))

        funds = {g.name: (g.plan_fen, g.budget_fen, g.gap_fen) for g in gaps_by_fund(made.content)}
        items = {g.name: (g.plan_fen, g.budget_fen, g.gap_fen) for g in gaps_by_item(made.content)}
        assert funds == {
            "部门预算": (300_00, 350_00, 50_00),
            "本级财政管理资金": (200_00, 0, -200_00),
        }
        assert items == {
            "C16070300": (500_00, 250_00, -250_00),
            "C16100000": (0, 100_00, 100_00),
        }
        assert (made.planned_fen, made.budget_total_fen, made.gap_fen) == (500_00, 350_00, -150_00)

    def test_what_is_outside_the_years_budget_is_listed_and_not_compared(self, world):
        filed(world, "甲", price_fen=300_00)
        filed(world, "追加", price_fen=900_00, is_off_budget=True)
        made = report(world, budget(world, 300_00))

        assert (made.project_count, made.planned_fen, made.gap_fen) == (2, 300_00, 0)
        assert [g.gap_fen for g in gaps_by_fund(made.content)] == [0]

    def test_a_partly_commercial_project_asks_for_its_subsidy_only(self, world):
        filed(
            world, "乙", price_fen=1000_00, is_partly_commercial=True, subsidy_fen=150_00,
            commercial_income="门票", funds=[world.fund(150_00)],
        )  # fmt: skip
        assert report(world, budget(world, 150_00)).gap_fen == 0

    def test_the_next_round_says_what_came_went_and_changed(self, world):
        stays, leaves = filed(world, "变", signed=False), filed(world, "走", signed=False)
        first = report(world)
        filed(world, "来", signed=False, price_fen=70_00)
        dearer = world.filing(
            name="变", estimate=[world.estimate(120_000_00)], funds=[world.fund(120_000_00)]
        )
        revise_project(stays, dearer, **world.zhang.acts())
        withdraw_project(leaves, note="不办了", **world.zhang.acts())
        second = report(world)

        moved = [(m.kind, m.name, m.change_fen) for m in moved_since(first.content, second.content)]
        assert moved == [
            ("金额变动", "变", 20_000_00),
            ("新列入", "来", 70_00),
            ("不再列入", "走", -100_000_00),
        ]
        assert (first.round_number, second.round_number) == (1, 2)
        assert moved_since(None, first.content) == []

    def test_a_project_sent_before_is_said_to_be(self, world):
        filed(world, "甲")
        report(world)
        assert outcomes(report(world)) == {"甲": "already"}

    def test_sums_are_exact_whatever_the_quantity(self, world):
        line = world.estimate(33_33, quantity="3.33")
        file_project(
            world.plans["文旅委"],
            world.filing(name="零头", estimate=[line], funds=[world.fund(110_99)]),
            **world.zhang.acts(),
        )
        made = report(world, budget(world, 110_99))
        assert Decimal("3.33") * 33_33 == Decimal("11098.89")
        assert (made.planned_fen, made.gap_fen) == (110_99, 0)


class TestPages:
    """The officer fills in the budget, sees the differences, reports; finance sees what came."""

    def form(self, *amounts, **more):
        from projects.models import CatalogueItem, FundSource

        fund = FundSource.objects.get(name="部门预算").pk
        item = CatalogueItem.objects.get(code="C16070300").pk
        rows = {
            "budget-TOTAL_FORMS": str(len(amounts)), "budget-INITIAL_FORMS": "0",
            "note": "", "step": "submit",
        }  # fmt: skip
        for at, amount in enumerate(amounts):
            rows |= {
                f"budget-{at}-fund": fund,
                f"budget-{at}-item": item,
                f"budget-{at}-amount_fen": amount,
            }
        return rows | more

    def url(self, world):
        return f"/projects/plans/{world.plans['文旅委'].pk}/submit/"

    def test_differences_are_shown_before_and_nothing_is_kept(self, world, client):
        filed(world, "甲")
        client.force_login(world.zhang.user)
        page = client.post(self.url(world), self.form("90000", step="check"))

        assert page.status_code == 200
        assert "-10,000.00" in page.content.decode()
        assert not PlanSubmission.objects.exists()

    def test_bad_rows_are_told_at_their_field_and_stay_as_typed(self, world, client):
        filed(world, "甲")
        client.force_login(world.zhang.user)
        page = client.post(self.url(world), self.form("九万", "90000"))

        body = page.content.decode()
        assert page.status_code == 422
        assert "部门预算安排第 1 行 金额（元）" in body
        assert 'value="九万"' in body
        twice = client.post(self.url(world), self.form("1", "2"))
        assert (twice.status_code, "填了不止一行" in twice.content.decode()) == (422, True)
        assert not PlanSubmission.objects.exists()

    def test_an_empty_budget_is_refused_by_its_article(self, world, client):
        filed(world, "甲")
        client.force_login(world.zhang.user)
        page = client.post(self.url(world), self.form())

        assert page.status_code == 422
        assert "第九条第（二）项" in page.content.decode()

    def test_reported_it_shows_each_projects_outcome(self, world, client):
        filed(world, "甲")
        filed(world, "乙", signed=False)
        client.force_login(world.zhang.user)
        page = client.post(self.url(world), self.form("90000"), follow=True)

        body = page.content.decode()
        assert "1 个项目提交会审，1 个未能提交" in body
        assert "本次提交会审" in body
        assert "未能提交" in body

    def test_finance_sees_it_and_no_way_into_what_was_not_submitted(self, world, client):
        held = filed(world, "乙", signed=False)
        made = report(world)
        client.force_login(world.zhao.user)

        assert (
            str(made.plan.purchaser) in client.get("/projects/plans/submissions/").content.decode()
        )
        body = client.get(made.get_absolute_url()).content.decode()
        assert "乙" in body
        assert held.get_absolute_url() not in body
        client.force_login(world.chen.user)
        assert client.get(made.get_absolute_url()).status_code == 404
        assert client.get(self.url(world)).status_code == 404

    def test_the_plan_page_counts_by_stage_and_narrows(self, world, client):
        filed(world, "甲")
        filed(world, "乙", signed=False, price_fen=50_00)
        report(world)
        client.force_login(world.zhang.user)
        url = f"/projects/plans/{world.plans['文旅委'].pk}/"
        page = client.get(url)

        states = {s["label"]: (s["count"], s["total_fen"]) for s in page.context["states"]}
        assert states == {"申报": (1, 50_00), "预算": (1, 100_000_00)}
        assert page.context["whole"] == (2, 100_050_00)
        narrowed = client.get(url, {"stage": "budget", "q": "甲"})
        assert [line.project.name for line, _ in narrowed.context["lines"]] == ["甲"]
        assert "没有符合条件的项目" in client.get(url, {"q": "没有"}).content.decode()

    def test_plans_are_narrowed_by_year_and_unit(self, world, client):
        client.force_login(world.zhao.user)
        purchaser = world.purchasers["教委"].pk
        page = client.get("/projects/plans/", {"purchaser": purchaser})
        assert {p.purchaser_id for p in page.context["listing"].rows} == {purchaser}
        assert client.get("/projects/plans/", {"year": "1999"}).status_code == 200


class TestTheWorkbook:
    """报出的各项数写成工作簿，与报送的内容分毫不差。"""

    def sheets(self, submission, before=None):
        book = CalamineWorkbook.from_filelike(io.BytesIO(submission_book(submission, before)))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    def test_holds_the_figures_the_codes_and_the_differences(self, world):
        filed(world, "平台运维", price_fen=100_000_01)
        submission = report(world, budget(world, 90_000_00), note="预算待追加。")
        sheets = self.sheets(submission)
        facts = dict(sheets["汇总"][1:])
        assert facts["计划申请财政资金（元）"] == 100_000.01
        assert facts["部门预算减计划（元）"] == -10_000.01
        assert facts["差异说明"] == "预算待追加。"
        assert facts["报送内容摘要（SHA-256）"] == submission.digest
        (row,) = sheets["所列项目"][1:]
        assert row[1:6] == ["平台运维", "C16070300", "软件运维服务", 100_000.01, 100_000.01]
        assert sheets["部门预算"][1:] == [
            ["部门预算", "C16070300", "软件运维服务", 90_000],
            ["合计", "", "", 90_000],
        ]
        assert sheets["按品目编码"][1:] == [["C16070300", 100_000.01, 90_000, -10_000.01]]
        assert sheets["按资金来源"][1:] == [["部门预算", 100_000.01, 90_000, -10_000.01]]
        assert "与上一轮的差异" not in sheets

    def test_a_held_project_says_why(self, world):
        filed(world, "未签的项目", signed=False)
        row = self.sheets(report(world))["所列项目"][1]
        assert row[7] == "未能提交"
        assert "签" in row[8]

    def test_lists_what_moved_since_the_round_before(self, world):
        filed(world, "平台运维")
        first = report(world)
        filed(world, "新的项目", price_fen=50_000_00)
        moved = self.sheets(report(world), first.content)["与上一轮的差异"]
        assert [row[0] for row in moved[1:]] == ["新列入"]
        assert moved[1][3:] == ["", 50_000, 50_000]

    def test_text_that_looks_like_a_formula_stays_text(self, world):
        filed(world, "=1+1")
        data = submission_book(report(world), None)
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            sheets = [book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/")]
        assert sheets
        assert not [sheet for sheet in sheets if b"<f>" in sheet]
        assert self.sheets(report(world))["所列项目"][1][1] == "=1+1"

    def test_is_downloaded_by_who_sees_the_round(self, world):
        filed(world, "平台运维")
        url = f"{report(world).get_absolute_url()}workbook/"
        for actor, status in ((world.zhang, 200), (world.zhao, 200), (world.chen, 404)):
            client = Client()
            backend = "django.contrib.auth.backends.ModelBackend"
            client.force_login(actor.user, backend=backend)
            answer = client.get(url)
            assert answer.status_code == status
        assert Client().get(url).status_code == 302
