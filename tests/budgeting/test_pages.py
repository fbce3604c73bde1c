"""The pages of the budget stage: walk A, lines 2 and 3, and what each page refuses."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgeting.models import (
    Allocation,
    BudgetReply,
    Ceiling,
    Decision,
    Objection,
    Obligation,
    OpinionStatus,
)
from budgeting.services import set_ceiling
from core.documents.models import Document
from core.history.reading import refusals_of
from core.views.listing import listing
from disclosure.models import DisclosureDuty
from projects.models import Project, Stage
from tests.budgeting.steps import (
    DECIDED,
    FILED,
    REPLIED,
    REVIEWED,
    Desk,
    concluded,
    decided,
    drafted,
    minutes,
    opinion_of,
    review_of,
    submitted,
)
from tests.steps import put
from tests.world import World, deliver_all

pytestmark = pytest.mark.django_db


def test_walk_lines_two_and_three(world: World) -> None:
    """Joint review, obligation, proposal, a reply refused, a decision, a reply, a duty."""
    project = submitted(world)
    with time_machine.travel(REVIEWED):
        _review(world, project)
    with time_machine.travel(DECIDED):
        reply = _reply_refused(world, project)
        _decision(world, project)
    with time_machine.travel(REPLIED):
        finance = Desk(world.zhao)
        finance.post(f"/budget/replies/{reply.pk}/issue/")
        deliver_all()
        page = finance.get(f"/budget/replies/{reply.pk}/")
        assert "示财购复〔2026〕1号" in page
        assert "人民币壹佰捌拾万元整" in page
    project = Project.objects.get(pk=project.pk)
    assert (project.stage, project.approved_fen) == (Stage.PROCUREMENT, 180_000_000)
    assert [a.reserved_fen for a in Allocation.objects.all()] == [180_000_000]
    assert Document.objects.get(kind="budgeting.reply").state in ("ready", "failed")
    assert DisclosureDuty.objects.get(project=project).opened_on == REPLIED


def _review(world: World, project: Project) -> None:
    Desk(world.zhao).post(f"/budget/opinions/{opinion_of(project, '财政局').pk}/agree/")
    Desk(world.qian).post(
        f"/budget/opinions/{opinion_of(project, '发改委').pk}/agree/", text="同意立项。"
    )
    url = f"/budget/opinions/{opinion_of(project, '经信委').pk}/condition/"
    Desk(world.sun).post(url, status=422, condition="", due_stage="")
    Desk(world.sun).post(url, condition="验收前交统一身份认证接入证明", due_stage="implementation")
    obligation = Obligation.objects.get(project=project)
    assert (obligation.text, obligation.status) == ("验收前交统一身份认证接入证明", "open")
    finance = Desk(world.zhao)
    conclude = f"/budget/reviews/{review_of(project).pk}/conclude/"
    finance.post(conclude, status=422, proposed_fen="1,860,000.01", summary="照申请")
    finance.post(conclude, proposed_fen="1,800,000.00", summary="核减呼叫中心费用。")
    tab = Desk(world.zhang).get(f"/budget/projects/{project.pk}/")
    for words in ("验收前交统一身份认证接入证明", "实施环节", "1,800,000.00", "文旅委", "孙丽"):
        assert words in tab


def _reply_refused(world: World, project: Project) -> BudgetReply:
    finance = Desk(world.zhao)
    group = f"{project.purchaser_id}-2026"
    page = finance.get(f"/budget/replies/new/?group={group}")
    assert 'value="1,800,000.00"' in page
    finance.post(
        f"/budget/replies/new/?group={group}",
        **{
            f"project-{project.pk}-include": "on",
            f"project-{project.pk}-approved_fen": "1,800,000.00",
        },
    )
    reply = BudgetReply.objects.get()
    response = finance.post(f"/budget/replies/{reply.pk}/issue/", status=422)
    text = response.content.decode()
    assert "第九条第（二）项" in text
    assert "没有登记同意的审定结论，不得批复" in text
    assert BudgetReply.objects.get().status == "draft"
    assert [e.refusals[0].rule for e in refusals_of(reply.stream())] == ["YB-9.2-decision-recorded"]
    return reply


def _decision(world: World, project: Project) -> None:
    finance = Desk(world.zhao)
    finance.post("/budget/decisions/new/", **_decision_form(world, project), file=minutes())
    decision = Decision.objects.get()
    assert decision.status == "draft"
    page = finance.get(f"/budget/decisions/{decision.pk}/")
    assert "纪要.pdf" in page
    finance.post(f"/budget/decisions/{decision.pk}/record/")
    assert Decision.objects.get().status == "recorded"
    assert "局务会" in Desk(world.zhang).get(f"/budget/projects/{project.pk}/")


def _decision_form(world: World, project: Project) -> dict[str, str]:
    prefix = f"project-{project.pk}"
    return {
        "body": str(world.organisations["财政局"].pk),
        "meeting": "局务会",
        "decided_on": DECIDED.isoformat(),
        "number": "纪要〔2026〕3号",
        f"{prefix}-include": "on",
        f"{prefix}-outcome": "approve",
        f"{prefix}-approved_fen": "1,800,000.00",
    }


# --- 会审 ----------------------------------------------------------------------------------------


def test_opposition_is_answered_and_spoken_again(world: World) -> None:
    project = submitted(world)
    opinion = opinion_of(project, "发改委")
    with time_machine.travel(REVIEWED):
        Desk(world.qian).post(f"/budget/opinions/{opinion.pk}/oppose/", text="与在建平台重复。")
        desk = Desk(world.zhang).get("/desk/")
        assert "答复发改委的异议" in desk
        Desk(world.zhang).post(f"/budget/opinions/{opinion.pk}/answer/", text="已并入统一平台。")
        page = Desk(world.qian).get(f"/budget/opinions/{opinion.pk}/agree/")
        assert "已并入统一平台。" in page
        Desk(world.qian).post(f"/budget/opinions/{opinion.pk}/agree/")
    opinion.refresh_from_db(fields=["status"])
    assert opinion.status == OpinionStatus.AGREED


def test_return_numbers_the_objections_and_asks_for_answers(world: World) -> None:
    project = submitted(world)
    with time_machine.travel(REVIEWED):
        url = f"/budget/reviews/{review_of(project).pk}/return/"
        Desk(world.zhao).post(url, status=422, objections="  \n ")
        Desk(world.zhao).post(url, objections="补充三家询价。\n\n说明与上年差异。")
        assert [o.number for o in Objection.objects.all()] == [1, 2]
        officer = Desk(world.zhang)
        assert "退回意见（2）" in officer.get("/desk/")
        for objection in Objection.objects.all():
            officer.post(f"/budget/objections/{objection.pk}/answer/", text="已补充。")
        assert "已补充。" in officer.get(f"/budget/projects/{project.pk}/")
    assert Project.objects.get(pk=project.pk).stage == Stage.FILING


def test_obligation_is_evidenced_sent_back_and_accepted(world: World) -> None:
    project = submitted(world)
    with time_machine.travel(REVIEWED):
        Desk(world.sun).post(
            f"/budget/opinions/{opinion_of(project, '经信委').pk}/condition/",
            condition="交接入证明",
            due_stage="implementation",
            proposed_fen="1,700,000.00",
        )
        pk = Obligation.objects.get().pk
        Desk(world.zhang).post(f"/budget/obligations/{pk}/evidence/", evidence="证明 1 号")
        assert "确认条件是否落实" in Desk(world.sun).get("/desk/")
        Desk(world.qian).post(f"/budget/obligations/{pk}/accept/", status=403)
        Desk(world.sun).post(f"/budget/obligations/{pk}/send-back/", note="缺盖章。")
        Desk(world.zhang).post(f"/budget/obligations/{pk}/evidence/", evidence="证明 2 号")
        Desk(world.sun).post(f"/budget/obligations/{pk}/accept/")
    assert Obligation.objects.get().status == "fulfilled"


def test_rejection_needs_its_decision(world: World) -> None:
    project = concluded(world)
    with time_machine.travel(DECIDED):
        finance = Desk(world.zhao)
        url = f"/budget/projects/{project.pk}/reject/"
        finance.post(url, status=422, note="不再需要。")
        form = _decision_form(world, project) | {f"project-{project.pk}-outcome": "reject"}
        finance.post("/budget/decisions/new/", **form, file=minutes())
        finance.post(f"/budget/decisions/{Decision.objects.get().pk}/record/")
        assert "办理不予批准" in finance.get("/desk/")
        finance.post(url, note="不再需要。")
    assert Project.objects.get(pk=project.pk).stage == Stage.REJECTED


def test_review_card_shows_effect_and_filters_count(world: World) -> None:
    project = submitted(world)
    with time_machine.travel(REVIEWED):
        card = Desk(world.zhao).get(f"/budget/reviews/{review_of(project).pk}/")
        for words in ("3,000,000.00", "1,860,000.00", "1,140,000.00", "够用"):
            assert words in card
        assert str(project) in Desk(world.qian).get("/budget/reviews/?mine=on")
        Desk(world.qian).post(f"/budget/opinions/{opinion_of(project, '发改委').pk}/agree/")
        assert str(project) not in Desk(world.qian).get("/budget/reviews/?mine=on")
        assert project.number in Desk(world.qian).get("/budget/reviews/?export=csv")


def test_review_desk_pages_by_waiting_day(world: World) -> None:
    """Keyset pages over a computed day that may be empty lose and repeat nothing."""
    names = [f"甲{n}" for n in range(3)] + [f"乙{n}" for n in range(2)]
    for name in names:
        (submitted if name < "乙" else concluded)(world, name=name)
    with time_machine.travel(REVIEWED):
        for sort in ("waiting_on", "-waiting_on"):
            url, seen = f"/budget/reviews/?sort={sort}", []
            with patch.object(listing, "__kwdefaults__", {**listing.__kwdefaults__, "per_page": 2}):
                while url:
                    page = Desk(world.zhao).get(url)
                    seen += re.findall(r"<a href=\"/budget/reviews/\d+/\">(.+?)</a>", page)
                    older = re.search(r'href="([^"]+)" rel="next"', page)
                    url = older[1].replace("&amp;", "&") if older else ""
            assert sorted(seen) == sorted(names), sort


def test_input_rules_do_not_close_the_way_to_their_form(world: World) -> None:
    """A condition still to be typed must not disable the button that leads to its form."""
    project = submitted(world)
    opinion = opinion_of(project, "经信委")
    with time_machine.travel(REVIEWED):
        tab = Desk(world.sun).get(f"/budget/projects/{project.pk}/")
        assert f'href="/budget/opinions/{opinion.pk}/condition/"' in tab
        assert f'href="/budget/opinions/{opinion.pk}/oppose/"' in tab


# --- 审定与批复 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (minutes("纪要.exe"), 415),
        (minutes("纪要.pdf", b"MZ not a pdf"), 415),
        (minutes("纪要.pdf", b"%PDF-" + b"0" * (20 * 1024 * 1024)), 413),
        (None, 422),
    ],
    ids=["type", "content", "size", "none"],
)
def test_decision_takes_only_true_documents(world: World, file: object, status: int) -> None:
    project = concluded(world)
    with time_machine.travel(DECIDED):
        form = _decision_form(world, project) | ({"file": file} if file else {})
        Desk(world.zhao).post("/budget/decisions/new/", status=status, **form)
    assert not Decision.objects.exists()


def test_decision_refuses_tomorrow_nothing_chosen_and_what_is_gone(world: World) -> None:
    project = concluded(world)
    with time_machine.travel(DECIDED):
        finance, form = Desk(world.zhao), _decision_form(world, project)
        late = form | {"decided_on": "2026-01-27"}
        finance.post("/budget/decisions/new/", status=422, **late, file=minutes())
        del form[f"project-{project.pk}-include"]
        finance.post("/budget/decisions/new/", status=422, **form, file=minutes())
        gone = form | {"project-999-include": "on"}
        response = finance.post("/budget/decisions/new/", status=422, **gone, file=minutes())
        assert "情况已经变化" in response.content.decode()


def test_reply_above_ceiling_changes_nothing(world: World) -> None:
    project = concluded(world)
    decided(world, project)
    reply = drafted(world, project)
    ceiling = Ceiling.objects.get(purchaser=project.purchaser, fund=world.funds["部门预算"])
    set_ceiling(
        project.purchaser,
        year=2026,
        fund=ceiling.fund,
        amount_fen=100_000_000,
        number="调减",
        **world.zhao.acts(DECIDED),
    )
    with time_machine.travel(REPLIED):
        response = Desk(world.zhao).post(f"/budget/replies/{reply.pk}/issue/", status=422)
        assert "第十二条" in response.content.decode()
    assert Project.objects.get(pk=project.pk).stage == Stage.BUDGET


def test_issuing_twice_has_one_effect(world: World) -> None:
    project = concluded(world)
    decided(world, project)
    reply = drafted(world, project)
    with time_machine.travel(REPLIED):
        finance = Desk(world.zhao)
        first = finance.post(f"/budget/replies/{reply.pk}/issue/", key="one-key")
        again = finance.client.post(f"/budget/replies/{reply.pk}/issue/", {"key": "one-key"})
        assert (first.status_code, again.status_code) == (302, 302)
    assert Document.objects.count() == 1


# --- 控制数 --------------------------------------------------------------------------------------


def test_ceilings_are_set_by_finance_only(world: World) -> None:
    ceiling = Ceiling.objects.filter(purchaser=world.purchasers["文旅委"]).first()
    url = f"/budget/ceilings/{ceiling.pk}/adjust/"
    with time_machine.travel(DECIDED):
        finance = Desk(world.zhao)
        finance.post(url, amount_fen="2,500,000.00", number="调〔2026〕1号")
        assert Ceiling.objects.get(pk=ceiling.pk).amount_fen == 250_000_000
        finance.post(url, status=409, amount_fen="1", number="调", version="1")
        assert "调整" in finance.get("/budget/ceilings/")
        for other in (world.zhang, world.qian, world.wu, world.admin):
            Desk(other).get("/budget/ceilings/new/", status=403)
            Desk(other).get(url, status=403)
        assert "下达控制数</a>" not in Desk(world.zhang).get("/budget/ceilings/")
        page = Desk(world.chen).get("/budget/ceilings/")
        assert "区文化和旅游发展委员会" not in page


def test_setting_a_ceiling_never_overwrites_one(world: World) -> None:
    with time_machine.travel(DECIDED):
        data = {
            "purchaser": str(world.purchasers["文旅委"].pk),
            "year": "2026",
            "fund": str(world.funds["部门预算"].pk),
            "amount_fen": "9,000,000.00",
            "number": "新",
        }
        response = Desk(world.zhao).post("/budget/ceilings/new/", status=409, **data)
        assert "已下达控制数" in response.content.decode()
        Desk(world.zhao).post("/budget/ceilings/new/", **(data | {"year": "2027"}))
    assert Ceiling.objects.get(year=2027).amount_fen == 900_000_000


def test_ceiling_below_what_is_allocated_is_refused_with_both_amounts(world: World) -> None:
    project = concluded(world)
    decided(world, project)
    reply = drafted(world, project)
    with time_machine.travel(REPLIED):
        Desk(world.zhao).post(f"/budget/replies/{reply.pk}/issue/")
        ceiling = Ceiling.objects.get(allocated_fen__gt=0)
        url = f"/budget/ceilings/{ceiling.pk}/adjust/"
        response = Desk(world.zhao).post(url, status=422, amount_fen="1,000,000.00", number="调")
        page = response.content.decode()
        for words in ("第十二条", "1,000,000.00", "1,800,000.00", "1,200,000.00", "YB-12-ceiling"):
            assert words in page
    (event,) = refusals_of(f"projects.purchaser:{ceiling.purchaser_id}")
    assert (event.title, event.actor_name) == ("下达控制数", "赵磊")
    assert dict(event.refusals[0].compared)["已分配"] == "1,800,000.00"


def test_a_ceiling_only_carried_into_is_set_like_a_new_one(world: World) -> None:
    """What was carried stays on top, and the page says so."""
    same = {"purchaser": world.purchasers["文旅委"], "year": 2027, "fund": world.funds["部门预算"]}
    put(Ceiling(**same, amount_fen=100_000, carried_in_fen=100_000, allocated_fen=100_000))
    data = {name: str(getattr(value, "pk", value)) for name, value in same.items()}
    with time_machine.travel(DECIDED):
        desk = Desk(world.zhao)
        assert "未下达" in desk.get("/budget/ceilings/?year=2027")
        desk.post("/budget/ceilings/new/", amount_fen="9,000,000.00", number="新", **data)
        page = desk.get("/budget/ceilings/?year=2027")
        for words in ("9,001,000.00", "1,000.00", "9,000,000.00", "2026-01-26"):
            assert words in page
        adjusting = desk.get(f"/budget/ceilings/{Ceiling.objects.get(year=2027).pk}/adjust/")
        assert 'value="9,000,000.00"' in adjusting


# --- 看得见与看不见 ------------------------------------------------------------------------------


def test_foreign_and_missing_answer_alike(world: World) -> None:
    project = concluded(world)
    review, opinion = review_of(project), opinion_of(project, "发改委")
    decision = decided(world, project)
    reply = drafted(world, project)
    paths = [
        ("/budget/projects/{}/", project.pk),
        ("/budget/projects/{}/reject/", project.pk),
        ("/budget/reviews/{}/", review.pk),
        ("/budget/reviews/{}/conclude/", review.pk),
        ("/budget/opinions/{}/agree/", opinion.pk),
        ("/budget/decisions/{}/", decision.pk),
        ("/budget/replies/{}/", reply.pk),
        ("/budget/replies/{}/issue/", reply.pk),
    ]
    with time_machine.travel(DECIDED):
        stranger = Desk(world.chen)
        for path, pk in paths:
            foreign = stranger.client.get(path.format(pk))
            missing = stranger.client.get(path.format(999_999))
            assert (foreign.status_code, missing.status_code) == (404, 404), path
            assert foreign.content == missing.content, path


def test_draft_replies_and_decisions_are_not_for_the_purchaser(world: World) -> None:
    project = concluded(world)
    reply = drafted(world, project)
    with time_machine.travel(DECIDED):
        Desk(world.zhang).get(f"/budget/replies/{reply.pk}/", status=404)
        Desk(world.wu).get(f"/budget/replies/{reply.pk}/")


def test_creation_pages_are_for_those_who_may(world: World) -> None:
    with time_machine.travel(DECIDED):
        for actor in (world.zhang, world.qian, world.wu, world.admin):
            Desk(actor).get("/budget/decisions/new/", status=403)
        for actor in (world.zhang, world.qian, world.secretary):
            Desk(actor).get("/budget/replies/new/", status=403)
        Desk(world.secretary).get("/budget/decisions/new/")


def test_queries_do_not_grow_with_rows(world: World) -> None:
    submitted(world)
    counts = []
    with time_machine.travel(REVIEWED):
        finance = Desk(world.zhao)
        for _ in range(2):
            finance.get("/budget/reviews/")
            with CaptureQueriesContext(connection) as queries:
                finance.get("/budget/reviews/")
            counts.append(len(queries))
            for n in range(3):
                submitted(world, name=f"第 {n} 项")
    assert counts[0] == counts[1]


def test_desks_name_what_waits(world: World) -> None:
    project = submitted(world)
    with time_machine.travel(FILED):
        assert "出具会审意见" in Desk(world.qian).get("/desk/")
        assert "发改委" in Desk(world.zhang).get("/desk/")
    with time_machine.travel(DECIDED):
        assert str(project) in Desk(world.zhang).get("/desk/")
