"""申报的页面：从台账、声明、填报、草稿到签批与提交，都经由网页。"""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from core.drafts.models import Draft
from core.history.reading import refusals_of
from core.money import format_yuan
from core.views.listing import Column, listing
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.models import InternalSignature, Project, SignatureStatus, Stage
from projects.services import file_project, sign, submit_project
from projects.views.cases import COLUMNS
from tests.world import DAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(world, monkeypatch) -> World:
    for place in (
        "core.views.acts.today", "projects.views.frame.today", "projects.views.rights.today",
        "projects.views.typed.today", "core.views.desk.today",
    ):  # fmt: skip
        monkeypatch.setattr(place, lambda: DAY)
    return world


@pytest.fixture
def as_(world):
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(
            getattr(world, name).user, backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signed_in


@pytest.fixture
def project(world) -> Project:
    return file_project(world.plans["文旅委"], world.filing(), **world.zhang.acts())


def url(name: str, pk: int | None = None) -> str:
    return reverse(f"projects:{name}", args=[] if pk is None else [pk])


def steps(project: Project) -> list[InternalSignature]:
    return list(project.signatures.exclude(status=SignatureStatus.CANCELLED))


def signed(world: World, project: Project) -> Project:
    for actor, step in zip((world.li, world.wang), steps(project), strict=True):
        sign(step, **actor.acts())
    return project


def all_no() -> dict[str, str]:
    return dict.fromkeys(EXCLUSIONS, "no")


def rows(prefix: str, values: list[dict[str, object]]) -> dict[str, object]:
    data: dict[str, object] = {f"{prefix}-TOTAL_FORMS": len(values), f"{prefix}-INITIAL_FORMS": 0}
    for index, row in enumerate(values):
        data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return data


def typed(world: World, **changes: object) -> dict[str, object]:
    """走查甲的填报，如同从表单提交。"""
    filing = world.filing()
    estimate = [
        {
            "name": e.name, "catalogue_item": e.catalogue_item.pk, "quantity": e.quantity,
            "unit": e.unit, "unit_price": f"{e.unit_price_fen / 100:.2f}",
            "expense_kind": e.expense_kind,
        }
        for e in filing.estimate
    ]  # fmt: skip
    indicators = [
        {k: getattr(i, k) for k in ("level", "name", "operator", "value", "unit", "weight")}
        for i in filing.indicators
    ]
    return {
        "name": filing.name, "kind": "service", "service_nature": "public",
        "catalogue_item": filing.catalogue_item.pk, "basis": filing.basis, "need": filing.need,
        "is_market_suitable": "on", "is_provider_capable": "on", "unit": "元",
        "total": "1,860,000.00", "proposed_method": "consultation", "programme": "",
        **{f"negative_{key}": "no" for key in NEGATIVE_LIST},
        **rows("estimate", estimate),
        **rows("funds", [{"fund": world.funds["部门预算"].pk, "amount": "1860000"}]),
        **rows("indicators", indicators),
        "key": "k" * 32,
        **changes,
    }  # fmt: skip


def opened_form(client: Client, world: World) -> str:
    """声明五项均为否之后，表单的网址。"""
    answer = client.post(url("declare", world.plans["文旅委"].pk), all_no())
    assert answer.status_code == 302
    return answer["Location"]


class TestList:
    def test_shows_own_projects_with_amounts(self, as_, project):
        text = as_("zhang").get(url("list")).content.decode()

        assert project.name in text
        assert "1,860,000.00" in text

    def test_hides_unsubmitted_projects_from_finance_and_foreign_ones_from_all(self, as_, project):
        for name in ("zhao", "chen", "admin"):
            assert project.name not in as_(name).get(url("list")).content.decode()

    def test_filters_by_stage_text_and_ignores_nonsense(self, as_, project):
        client = as_("zhang")

        assert (
            project.name
            in client.get(url("list"), {"stage": "filing", "q": "平台"}).content.decode()
        )
        assert project.name not in client.get(url("list"), {"stage": "budget"}).content.decode()
        for query in (
            {"stage": "x"},
            {"year": "9" * 30},
            {"q": "\0"},
            {"sort": "officer__password"},
        ):
            assert client.get(url("list"), query).status_code == 200

    def test_pages_by_place_both_ways_under_every_sort(self, as_, world):
        made = [
            file_project(
                world.plans["文旅委"],
                replace(
                    world.filing(),
                    name=f"项目{n:02d}",
                    estimate=[world.estimate(100, str(n % 3 + 1))],
                ),
                **world.zhang.acts(),
            )
            for n in range(7)
        ]
        for sort in ("", "name", "-total_fen", "total_fen", "-number"):
            seen, address = [], f"/projects/?sort={sort}"
            while address:
                page = listing(
                    RequestFactory().get(address), Project.objects.all(), COLUMNS,
                    filename="x", per_page=3,
                )  # fmt: skip
                seen += page.rows
                back, address = page.newer_url, page.older_url
            assert sorted(p.pk for p in seen) == [p.pk for p in made]
            page = listing(
                RequestFactory().get(back), Project.objects.all(), COLUMNS, filename="x", per_page=3
            )
            assert page.rows == seen[3:6]

    @pytest.mark.parametrize("sort", ["first_filed_on", "-first_filed_on"])
    def test_pages_through_empty_values_which_stand_last(self, world, sort):
        made = [
            file_project(world.plans["文旅委"], world.filing(), **world.zhang.acts())
            for _ in range(5)
        ]
        for each in made[1:3]:
            submit_project(signed(world, each), **world.zhang.acts())
        columns = (Column("首次提交日", lambda p: "", sort="first_filed_on"),)
        seen, address, back = [], f"/projects/?sort={sort}", ""
        while address:
            page = listing(
                RequestFactory().get(address), Project.objects.all(), columns,
                filename="x", per_page=1,
            )  # fmt: skip
            seen += page.rows
            back, address = page.newer_url, page.older_url
        returned = []
        while back:
            page = listing(
                RequestFactory().get(back), Project.objects.all(), columns,
                filename="x", per_page=1,
            )  # fmt: skip
            returned += page.rows
            back = page.newer_url

        assert [p.first_filed_on is None for p in seen] == [False, False, True, True, True]
        assert {p.pk for p in seen} == {p.pk for p in made}
        assert returned == seen[-2::-1]

    def test_answers_400_to_a_place_it_did_not_give(self, as_, project):
        assert as_("zhang").get(url("list"), {"after": "WzEsMV0"}).status_code == 400

    def test_exports_all_matching_rows_neutralised(self, as_, world):
        filing = replace(world.filing(), name='=HYPERLINK("x")')
        file_project(world.plans["文旅委"], filing, **world.zhang.acts())

        answer = as_("zhang").get(url("list"), {"export": "csv"})
        text = b"".join(answer.streaming_content).decode("utf-8")

        assert text.startswith("\ufeff编号,项目名称")
        assert "'=HYPERLINK" in text
        assert "1860000.00" in text


class TestPlan:
    def test_sums_visible_projects_against_the_department_budget(self, as_, world, project):
        plan = world.plans["文旅委"]
        text = as_("zhang").get(url("plan", plan.pk)).content.decode()

        assert "1,860,000.00" in text
        assert format_yuan(plan.budget_total_fen) in text
        assert format_yuan(plan.budget_total_fen - 186_000_000) in text
        assert "填报新项目" in text

    def test_tells_finance_nothing_of_what_is_not_submitted(self, as_, world, project):
        text = as_("zhao").get(url("plan", world.plans["文旅委"].pk)).content.decode()

        assert "1,860,000.00" not in text
        assert "填报新项目" not in text


class TestDeclare:
    """《渝北办法》第七条：五项排除，先于一切填写。"""

    @pytest.mark.parametrize("question", ["national_security", "secrecy"])
    def test_stops_at_a_classified_matter_and_keeps_nothing(self, as_, world, question):
        client = as_("zhang")
        answer = client.post(
            url("declare", world.plans["文旅委"].pk), {question: "yes", "name": "绝密平台"}
        )

        text = answer.content.decode()
        assert answer.status_code == 422
        assert "涉密项目须走涉密采购渠道，请联系本单位保密工作机构" in text
        assert "绝密平台" not in text
        assert not Project.objects.exists()
        assert not Draft.objects.exists()
        assert set(client.session.keys()) <= {
            "_auth_user_id",
            "_auth_user_backend",
            "_auth_user_hash",
        }

    def test_refuses_other_exclusions_with_the_article(self, as_, world):
        answer = as_("zhang").post(
            url("declare", world.plans["文旅委"].pk), {**all_no(), "justice": "yes"}
        )

        assert answer.status_code == 422
        assert "第七条" in answer.content.decode()

    def test_asks_again_when_a_question_is_open(self, as_, world):
        answer = as_("zhang").post(url("declare", world.plans["文旅委"].pk), {"justice": "no"})

        assert answer.status_code == 422

    def test_the_form_does_not_open_without_it(self, as_, world):
        plan = world.plans["文旅委"].pk
        client = as_("zhang")

        assert client.get(url("new", plan))["Location"] == url("declare", plan)
        assert client.post(url("new", plan), typed(world))["Location"] == url("declare", plan)
        assert not Project.objects.exists()

    def test_is_closed_to_others(self, as_, world):
        plan = world.plans["文旅委"].pk

        assert as_("li").get(url("declare", plan)).status_code == 403
        assert as_("chen").get(url("declare", plan)).status_code == 404


class TestFile:
    """《渝北办法》第九条第（一）项：填报。"""

    def test_creates_the_whole_project_and_opens_the_chain(self, as_, world):
        client = as_("zhang")
        address = opened_form(client, world)

        answer = client.post(address, typed(world))

        project = Project.objects.get()
        assert answer["Location"] == url("case", project.pk)
        assert project.total_fen == 186_000_000
        assert project.exclusions == dict.fromkeys(EXCLUSIONS, False)
        assert project.negative_list == dict.fromkeys(NEGATIVE_LIST, False)
        assert [e.amount_fen for e in project.estimate_lines.all()] == [
            114_000_000, 42_000_000, 30_000_000,
        ]  # fmt: skip
        assert project.fund_lines.get().amount_fen == 186_000_000
        assert project.indicators.count() == 4
        assert len(steps(project)) == 2
        page = client.get(answer["Location"]).content.decode()
        assert "1,860,000.00" in page

    def test_files_once_however_often_it_is_sent(self, as_, world):
        client = as_("zhang")
        address = opened_form(client, world)

        first = client.post(address, typed(world))
        second = client.post(address, typed(world))

        assert first["Location"] == second["Location"]
        assert Project.objects.count() == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"unit": "万元", "total": "1860000"},
            {"total": "186"},
            {"funds-0-amount": "186"},
            {"total": "18600000000", "estimate-0-unit_price": "1545000000"},
        ],
    )
    def test_catches_yuan_typed_as_ten_thousands_and_saves_nothing(self, as_, world, changes):
        client = as_("zhang")
        answer = client.post(opened_form(client, world), typed(world, **changes))

        text = answer.content.decode()
        assert answer.status_code == 422
        assert "疑似把元填成万元" in text
        assert "公共文化信息服务平台运维" in text
        assert not Project.objects.exists()

    def test_reads_amounts_in_ten_thousands(self, as_, world):
        client = as_("zhang")
        changes = {
            "unit": "万元", "total": "186", "funds-0-amount": "186",
            "estimate-0-unit_price": "9.5", "estimate-1-unit_price": "3.5",
            "estimate-2-unit_price": "2.5",
        }  # fmt: skip
        client.post(opened_form(client, world), typed(world, **changes))

        assert Project.objects.get().total_fen == 186_000_000

    def test_keeps_every_row_as_typed_when_one_is_wrong(self, as_, world):
        client = as_("zhang")
        changes = {"estimate-1-quantity": "十二", "indicators-2-weight": "101"}
        answer = client.post(opened_form(client, world), typed(world, **changes))

        text = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="十二"' in text
        assert "测算明细第 2 行 数量" in text
        assert "绩效目标第 3 行 权重" in text
        assert not Project.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [
            {"total": "1860001"},
            {"name": ""},
            {"catalogue_item": "999999"},
            {"estimate-TOTAL_FORMS": "many"},
            {"estimate-0-quantity": "0"},
            {"estimate-0-quantity": "NaN"},
            {"estimate-0-unit_price": "9999999999999"},
            {"name": "a\0b"},
        ],
    )
    def test_refuses_what_cannot_be_read(self, as_, world, changes):
        client = as_("zhang")
        answer = client.post(opened_form(client, world), typed(world, **changes))

        assert answer.status_code == 422
        assert not Project.objects.exists()

    def test_refuses_the_same_fund_twice(self, as_, world):
        client = as_("zhang")
        fund = {"fund": world.funds["部门预算"].pk, "amount": "930000"}
        answer = client.post(
            opened_form(client, world), typed(world, **rows("funds", [fund, fund]))
        )

        assert answer.status_code == 422
        assert "部门预算" in answer.content.decode()


class TestDraft:
    def test_is_kept_restored_and_dropped_when_filed(self, as_, world):
        client = as_("zhang")
        address = opened_form(client, world)
        name = f"projects.filing:{world.plans['文旅委'].pk}"
        half = typed(world, name="写到一半", total="", **{"estimate-0-quantity": "十"})

        saved = client.post(
            url("draft_save"), {**half, "draft_form": name}, headers={"accept": "application/json"}
        )
        page = client.get(address).content.decode()

        assert saved.status_code == 200
        assert "写到一半" in page
        assert 'value="十"' in page
        assert "已恢复" in page
        assert client.post(address, typed(world)).status_code == 302
        assert not Draft.objects.exists()

    def test_belongs_to_its_writer_alone(self, as_, world):
        name = f"projects.filing:{world.plans['文旅委'].pk}"

        assert as_("chen").post(url("draft_save"), {"draft_form": name}).status_code == 404
        assert as_("li").post(url("draft_save"), {"draft_form": name}).status_code == 403
        assert as_("zhang").post(url("draft_save"), {"draft_form": "x"}).status_code == 404
        assert not Draft.objects.exists()

    def test_can_be_given_up(self, as_, world):
        client = as_("zhang")
        name = f"projects.filing:{world.plans['文旅委'].pk}"
        client.post(url("draft_save"), {"draft_form": name, "name": "x"})

        client.post(url("draft_save"), {"draft_form": name, "discard": "1"})

        assert not Draft.objects.exists()


class TestRevise:
    def revision(self, client: Client, world: World, project: Project, **changes):
        page = client.get(url("edit", project.pk))
        seen = {k: page.context[k] for k in ("version", "shown")}
        return client.post(url("edit", project.pk), typed(world, **{**seen, **changes}))

    def test_is_prefilled_and_opens_a_new_chain(self, as_, world, project):
        client = as_("zhang")
        text = client.get(url("edit", project.pk)).content.decode()
        answer = self.revision(client, world, project, name="新名称")

        project.refresh_from_db()
        assert "95,000.00" in text
        assert answer["Location"] == url("case", project.pk)
        assert project.name == "新名称"
        assert {s.chain for s in steps(project)} == {2}

    def test_is_refused_when_another_changed_it_meanwhile(self, as_, world, project):
        answer = self.revision(as_("zhang"), world, project, version=99)

        assert answer.status_code == 409
        assert Project.objects.get().name == project.name

    def test_is_for_the_officer_in_filing(self, as_, world, project):
        assert as_("li").get(url("edit", project.pk)).status_code == 403
        submit_project(signed(world, project), **world.zhang.acts())
        client = as_("zhang")

        assert client.get(url("edit", project.pk)).status_code == 302
        assert client.post(url("edit", project.pk), typed(world)).status_code == 409


class TestSigning:
    """《平湖办法》第十一条、《渝北办法》第十八条：逐级签批。"""

    def test_signs_in_order_by_page(self, as_, world, project):
        first, second = steps(project)

        early = as_("wang").post(url("sign", second.pk), {"comment": ""})
        done = as_("li").post(url("sign", first.pk), {"comment": "同意"})

        assert early.status_code == 422
        assert done["Location"] == url("case", project.pk)
        assert [s.status for s in steps(project)] == ["signed", "pending"]

    def test_send_back_demands_words(self, as_, world, project):
        first = steps(project)[0]

        assert as_("li").post(url("send_back", first.pk), {"points": " "}).status_code == 422
        assert as_("li").post(url("send_back", first.pk), {"points": "补"}).status_code == 302
        assert "签批退回，请修改" in as_("zhang").get("/desk/").content.decode()

    def test_is_forbidden_to_the_officer_and_hidden_from_others(self, as_, world, project):
        first = steps(project)[0]

        assert as_("zhang").post(url("sign", first.pk), {}).status_code == 403
        assert as_("gao").get(url("sign", first.pk)).status_code == 404
        assert as_("zhao").get(url("sign", first.pk)).status_code == 404

    def test_waits_on_one_desk_at_a_time(self, as_, world, project):
        title = f"签批：{project.name}"

        assert title in as_("li").get("/desk/").content.decode()
        assert title not in as_("wang").get("/desk/").content.decode()
        assert "文旅委归口科室负责人" in as_("zhang").get("/desk/").content.decode()
        signed(world, project)
        assert title not in as_("li").get("/desk/").content.decode()
        assert f"提交会审：{project.name}" in as_("zhang").get("/desk/").content.decode()


class TestSubmitAndWithdraw:
    def test_refusal_names_the_article_and_is_recorded(self, as_, world, project):
        answer = as_("zhang").post(url("submit", project.pk))

        text = answer.content.decode()
        assert answer.status_code == 422
        assert "第十八条" in text
        assert "内部签批尚未齐全" in text
        assert len(refusals_of(project.stream())) == 1
        history = as_("wu").get(url("history", project.pk)).content.decode()
        assert "未获准" in history

    def test_submits_when_everything_holds(self, as_, world, project):
        signed(world, project)

        assert as_("zhang").post(url("submit", project.pk)).status_code == 302
        assert Project.objects.get().stage == Stage.BUDGET
        assert "第 1 轮" in as_("zhang").get(url("case", project.pk)).content.decode()

    def test_withdraws_with_a_reason_and_shows_where_it_ended(self, as_, world, project):
        client = as_("zhang")

        assert client.post(url("withdraw", project.pk), {"note": ""}).status_code == 422
        assert client.post(url("withdraw", project.pk), {"note": "不再需要"}).status_code == 302
        page = client.get(url("case", project.pk))
        assert page.context["stages"][0] == {"label": "申报", "state": "ended", "note": "已撤回"}
        assert [act["title"] for act in page.context["acts"]] == ["归档封存"]


class TestSight:
    PAGES = ("case", "history", "edit", "submit", "withdraw")

    @pytest.mark.parametrize("page", PAGES)
    def test_foreign_and_nonexistent_are_the_same_404(self, as_, project, page):
        client = as_("chen")
        foreign = client.get(url(page, project.pk))
        nowhere = client.get(url(page, 987_654))

        assert foreign.status_code == nowhere.status_code == 404
        assert foreign.content == nowhere.content

    def test_strangers_are_sent_to_sign_in(self, project):
        for name, pk in (("list", None), ("plans", None), ("case", project.pk)):
            assert Client().get(url(name, pk)).status_code == 302

    def test_the_auditor_sees_and_cannot_act(self, as_, world, project):
        client = as_("wu")

        assert client.get(url("case", project.pk)).status_code == 200
        assert client.post(url("submit", project.pk)).status_code == 403
        assert client.post(url("sign", steps(project)[0].pk), {}).status_code == 403
        assert client.get(url("declare", world.plans["文旅委"].pk)).status_code == 403
