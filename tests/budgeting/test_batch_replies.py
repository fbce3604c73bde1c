"""Replies of several purchasers in one go, their Word files, what goes before a meeting."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import pytest
import time_machine
from docx.shared import Pt

from accounts.services import assign_role, create_user
from budgeting.models import BudgetReply, Ceiling, MeetingSheet
from budgeting.services import (
    DecisionInput,
    agree,
    conclude_review,
    issue_reply,
    prepare_decision,
    prepare_meeting,
    prepare_reply,
    record_decision,
    return_project,
)
from core.documents.models import Document
from core.documents.rendering import render_html
from core.history.reading import acts_of, refusals_of
from core.transitions import NotPermitted
from projects.models import InternalSignature, Project, Stage
from projects.services import file_project, sign, submit_project
from tests.budgeting.steps import (
    DECIDED,
    FILED,
    PDF,
    REPLIED,
    REVIEWED,
    Desk,
    concluded,
    decided,
    drafted,
    review_of,
    submitted,
)
from tests.steps import edit
from tests.world import PASSWORD, SINCE, Actor, World, deliver_all

pytestmark = pytest.mark.django_db
FEN = 180_000_000


def head_of_neighbour(world: World) -> Actor:
    """教委's section head, whom the small cast lacks."""
    place = world.organisations["教委"]
    by: dict[str, Any] = {"by": None, "on": FILED}
    user = create_user(
        username="zheng", full_name="郑理", organisation=place, password=PASSWORD, **by
    )
    role = assign_role(user, role="section_head", organisation=place, since=SINCE, **by)
    return Actor(user, role)


def of_neighbour(world: World, name: str = "校园网运维") -> Project:
    """A project of 教委 with its review concluded."""
    project = file_project(world.plans["教委"], world.filing(name=name), **world.chen.acts(FILED))

    signers = {"section_head": head_of_neighbour(world), "division_leader": world.gao}
    rows = InternalSignature.objects.filter(project=project).order_by("position")
    for step in rows:
        sign(step, **signers[step.role].acts(FILED))
    submit_project(project, **world.chen.acts(FILED))
    deliver_all()
    _conclude(world, project)
    return Project.objects.get(pk=project.pk)


def _conclude(world: World, project: Project) -> None:
    review = review_of(project)
    for name, actor in (("财政局", world.zhao), ("发改委", world.qian), ("经信委", world.sun)):
        agree(review.opinions.get(reviewer__short_name=name), **actor.acts(REVIEWED))
    conclude_review(review, proposed_fen=FEN, summary="可行。", **world.zhao.acts(REVIEWED))


def decide_all(world: World, *projects: Project) -> None:
    decision = prepare_decision(
        world.organisations["财政局"],
        meeting="局务会",
        decided_on=DECIDED,
        number="纪要〔2026〕3号",
        lines=[DecisionInput(p, "approve", FEN) for p in projects],
        file=("纪要.pdf", "application/pdf", PDF),
        **world.zhao.acts(DECIDED),
    )
    record_decision(decision, **world.zhao.acts(DECIDED))


def two_units(world: World) -> tuple[Project, Project]:
    first, second = concluded(world), of_neighbour(world)
    decide_all(world, first, second)
    return first, second


def send(desk: Desk, url: str, **changed: Any) -> Any:
    """Open a batch and send it as it stands, or with some of its fields changed."""
    page = desk.get(url)
    data: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page):
        data.setdefault(name, []).append(value)
    for name in re.findall(r'type="checkbox" name="(item-[^"]+-include)"', page):
        data[name] = "on"
    return desk.client.post(url.partition("?")[0], data | changed)


class TestPrepare:
    """成批拟制：一个购买主体、一个年度、一批，一份批复。"""

    def test_draws_up_one_reply_for_each_purchaser(self, world):
        first, second = two_units(world)
        with time_machine.travel(DECIDED):
            response = send(Desk(world.zhao), "/budget/replies/prepare/")
        assert "办成 2 件" in Desk.text(response)
        made = BudgetReply.objects.order_by("pk")
        assert [(r.purchaser, r.round_number, r.status) for r in made] == [
            (first.purchaser, 1, "draft"),
            (second.purchaser, 1, "draft"),
        ]
        assert [line.approved_fen for r in made for line in r.lines.all()] == [FEN, FEN]

    def test_a_returned_project_holds_up_no_other_of_its_purchaser(self, world):
        kept, returned = concluded(world), concluded(world, name="退回的项目")
        decide_all(world, kept)
        return_project(review_of(returned), objections=["缺测算"], **world.zhao.acts(DECIDED))
        with time_machine.travel(REPLIED):
            desk = Desk(world.zhao)
            send(desk, "/budget/replies/prepare/")
            send(desk, "/budget/replies/issue/")
        assert Project.objects.get(pk=kept.pk).stage == Stage.PROCUREMENT
        assert Project.objects.get(pk=returned.pk).stage == Stage.FILING

    def test_what_was_decided_since_the_page_was_opened_is_not_replied_unseen(self, world):
        first, _ = two_units(world)
        with time_machine.travel(DECIDED):
            key = f"item-{first.purchaser_id}-2026-shown"
            response = send(Desk(world.zhao), "/budget/replies/prepare/", **{key: "1:1"})
        assert "办成 1 件，未办 1 件" in Desk.text(response)
        assert not BudgetReply.objects.filter(purchaser=first.purchaser).exists()

    def test_a_second_reply_of_the_year_is_the_second_batch(self, world):
        project, later = concluded(world), concluded(world, name="第二批的项目")
        decide_all(world, project, later)
        replies = [
            prepare_reply(
                p.purchaser,
                bureau=world.organisations["财政局"],
                year=2026,
                lines=[(p, FEN)],
                **world.zhao.acts(DECIDED),
            )
            for p in (project, later)
        ]
        assert [r.round_number for r in replies] == [1, 2]
        assert "第 2 批" in str(replies[1])


class TestIssue:
    """成批签发：一份不成，其他照签；没有审定的取不到文号。"""

    def test_signs_each_and_tells_of_each(self, world):
        first, second = two_units(world)
        third = concluded(world, name="没有审定的")
        for project in (first, second, third):
            prepare_reply(
                project.purchaser,
                bureau=world.organisations["财政局"],
                year=2026,
                lines=[(project, FEN)],
                **world.zhao.acts(DECIDED),
            )
        with time_machine.travel(REPLIED):
            desk = Desk(world.zhao)
            page = desk.get("/budget/replies/issue/")
            assert "没有登记同意的审定结论" in page
            response = send(desk, "/budget/replies/issue/")
        text = Desk.text(response)
        assert "办成 2 件，未办 1 件" in text
        assert "没有登记同意的审定结论，不得批复" in text
        stages = [Project.objects.get(pk=p.pk).stage for p in (first, second, third)]
        assert stages == [Stage.PROCUREMENT, Stage.PROCUREMENT, Stage.BUDGET]
        numbers = list(BudgetReply.objects.order_by("pk").values_list("number", flat=True))
        assert numbers == ["示财购复〔2026〕1号", "示财购复〔2026〕2号", ""]
        refused = BudgetReply.objects.get(number="")
        assert [e.refusals[0].rule for e in refusals_of(refused.stream())] == [
            "YB-9.2-decision-recorded"
        ]
        assert acts_of(BudgetReply.objects.first().stream())

    def test_a_ceiling_too_low_for_one_lets_the_other_through(self, world):
        first, second = two_units(world)
        for project in (first, second):
            prepare_reply(
                project.purchaser,
                bureau=world.organisations["财政局"],
                year=2026,
                lines=[(project, FEN)],
                **world.zhao.acts(DECIDED),
            )
        for ceiling in Ceiling.objects.filter(purchaser=first.purchaser):
            edit(ceiling, amount_fen=FEN - 1)
        with time_machine.travel(REPLIED):
            text = Desk.text(send(Desk(world.zhao), "/budget/replies/issue/"))
        assert "超过控制数可用余额" in text
        assert Project.objects.get(pk=first.pk).stage == Stage.BUDGET
        assert Project.objects.get(pk=second.pk).stage == Stage.PROCUREMENT

    def test_nobody_else_may(self, world):
        for url in ("/budget/replies/prepare/", "/budget/replies/issue/"):
            assert Desk(world.qian).client.get(url).status_code == 403
            assert Desk(world.zhang).client.post(url).status_code == 403


class TestWord:
    """批复的 Word 稿：GB/T 9704 的版面，与 PDF 同样的内容。"""

    def word(self, world, reply) -> Any:
        response = Desk(world.zhao).client.get(f"/budget/replies/{reply.pk}/word/")
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment")
        return docx.Document(io.BytesIO(response.content))

    def issued(self, world) -> Any:
        project = concluded(world)
        decided(world, project)
        reply = drafted(world, project)
        issue_reply(reply, **world.zhao.acts(REPLIED))
        return reply

    def test_says_what_the_reply_says(self, world):
        word = self.word(world, self.issued(world))
        texts = [p.text for p in word.paragraphs]
        assert texts[0] == "区财政局文件"
        assert texts[1] == "示财购复〔2026〕1号"
        whole = "\n".join(texts)
        assert "预算合计人民币壹佰捌拾万元整（1,800,000.00 元）" in whole
        assert "2026年1月30日" in texts
        assert "抄送：区发展和改革委员会、区经济和信息化委员会。" in whole
        rows = [[c.text for c in row.cells] for row in word.tables[0].rows]
        assert rows[1][3:] == ["1,860,000.00", "1,800,000.00"]
        assert rows[-1] == ["合计", "", "人民币壹佰捌拾万元整", "", "1,800,000.00"]

    def test_keeps_the_format_of_official_papers(self, world):
        word = self.word(world, self.issued(world))
        page = word.sections[0]
        sides = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
        assert [round(side.mm) for side in (page.page_width, page.page_height)] == [210, 297]
        assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
        mark, number = word.paragraphs[:2]
        assert (mark.runs[0].font.size, str(mark.runs[0].font.color.rgb)) == (Pt(44), "D7000F")
        assert "w:pBdr" in number._p.xml
        body = next(p for p in word.paragraphs if p.text.startswith("你单位报送"))
        assert body.runs[0].font.name == "仿宋_GB2312"
        assert body.runs[0].font.size == Pt(16)
        assert body.paragraph_format.first_line_indent == Pt(32)
        assert "PAGE" in page.footer.paragraphs[0]._p.xml
        assert "PAGE" in page.even_page_footer.paragraphs[0]._p.xml

    def test_a_draft_has_no_number_and_no_date(self, world):
        word = self.word(world, drafted(world, concluded(world)))
        texts = [p.text for p in word.paragraphs]
        assert texts[1] == "（待编文号）"
        assert not [t for t in texts if "2026年1月" in t]

    def test_an_issued_reply_is_frozen(self, world):
        reply = self.issued(world)
        edit(Project.objects.get(), name="改了名字")
        word = self.word(world, reply)
        assert "改了名字" not in word.tables[0].rows[1].cells[2].text

    def test_a_draft_is_not_for_the_purchaser_and_an_issued_one_is(self, world):
        project = concluded(world)
        url = f"/budget/replies/{drafted(world, project).pk}/word/"
        assert Desk(world.zhang).client.get(url).status_code == 404
        decided(world, project)
        issue_reply(BudgetReply.objects.get(), **world.zhao.acts(REPLIED))
        assert Desk(world.zhang).client.get(url).status_code == 200
        assert Desk(world.chen).client.get(url).status_code == 404


class TestPapers:
    """审核意见、会签单、上会材料。"""

    @pytest.mark.parametrize(
        ("kind", "words"), [("opinion", "建议核减。"), ("countersign", "孙丽")]
    )
    def test_a_review_is_printed_as_it_stands(self, world, kind, words):
        review = review_of(concluded(world))
        with time_machine.travel(REVIEWED):
            desk = Desk(world.zhao)
            url = f"/budget/reviews/{review.pk}/print/"
            response = desk.client.post(url, {"kind": kind, "key": "one"})
            assert response.url == review.get_absolute_url()
            desk.client.post(url, {"kind": kind, "key": "one"})
        paper = Document.objects.get(kind=f"budgeting.review_{kind}")
        text = render_html(paper.kind, paper.context | {"record_id": 1})
        for expected in (words, "区发展和改革委员会", "1,860,000.00"):
            assert expected in text
        deliver_all()
        assert paper.title in Desk(world.qian).get(review.get_absolute_url())

    def test_an_unknown_paper_is_none(self, world):
        url = f"/budget/reviews/{review_of(submitted(world)).pk}/print/"
        assert Desk(world.zhao).client.post(url, {"kind": "other"}).status_code == 404
        assert Desk(world.zhang).client.post(url, {"kind": "opinion"}).status_code == 403

    def test_a_meeting_gets_all_its_projects_and_its_decision_starts_from_them(self, world):
        first, second = concluded(world), of_neighbour(world)
        desk = Desk(world.zhao)
        with time_machine.travel(DECIDED):
            desk.post("/budget/meetings/new/", status=422, body="", meeting="", meets_on="x")
            desk.post(
                "/budget/meetings/new/",
                body=str(world.organisations["财政局"].pk),
                meeting="局务会",
                meets_on="2026-01-26",
                reviews=[str(review_of(p).pk) for p in (first, second)],
            )
            sheet = MeetingSheet.objects.get()
            page = desk.get(sheet.get_absolute_url())
            assert "人民币叁佰陆拾万元整" in page
            form = desk.get(f"/budget/decisions/new/?sheet={sheet.pk}")
        assert 'value="局务会"' in form
        assert form.count("checked") == 2
        paper = Document.objects.get(kind="budgeting.meeting")
        text = render_html(paper.kind, paper.context | {"record_id": 1})
        for expected in (first.name, second.name, "可用 3,000,000.00", "教委", "3,600,000.00"):
            assert expected in text

    def test_a_purchaser_sees_no_meeting_sheet(self, world):
        project = concluded(world)
        values = {"meeting": "第九次局务会", "meets_on": DECIDED, "reviews": [review_of(project)]}
        body = world.organisations["财政局"]
        with pytest.raises(NotPermitted):
            prepare_meeting(body, **values, **world.zhang.acts(DECIDED))
        sheet = prepare_meeting(body, **values, **world.zhao.acts(DECIDED))
        assert Desk(world.zhang).client.get(sheet.get_absolute_url()).status_code == 404
        assert sheet.meeting not in Desk(world.zhang).get("/budget/meetings/")
        assert sheet.meeting in Desk(world.wu).get(sheet.get_absolute_url())
