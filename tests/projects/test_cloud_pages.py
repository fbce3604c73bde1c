"""Cloud resources in the browser: rounds, prices, the grid, the consolidation, the filing."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from projects.documents import open_book
from projects.models import CloudAnswerLine, CloudCollection, EstimateLine, Project
from projects.selectors.cloud import lines_of
from tests.projects.clouds import (
    AFTER,
    DUE,
    answer_of,
    closed,
    collecting,
    confirmed,
    filled,
    fresh,
    line,
)
from tests.projects.test_pages import as_, opened_form, rows, typed  # noqa: F401
from tests.world import DAY, build_world

pytestmark = pytest.mark.django_db
HEAD = "规格编号\t类别\t规格\t年单价（元）\t现用\t其中拟退\t新申请\t用途和新申请的理由"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from core.calendar import clock

    monkeypatch.setattr(clock.timezone, "localdate", lambda: DAY)


def client_of(actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name, row=None):
    return reverse(f"projects:{name}", args=[row.pk] if row is not None else [])


def text_of(answer) -> str:
    return answer.content.decode()


class TestReading:
    """The organiser, finance and the auditor see all; a unit asked sees its own; others nothing."""

    def test_who_sees_what(self, world):
        collection = collecting(world, "教委")
        filled(world, collection, "教委")
        answer = answer_of(world, collection, "教委")
        far = build_world("far", prefix="far")
        expected = {
            "zhang": (200, 200, 200, 200), "wang": (200, 200, 200, 200),
            "zhao": (200, 200, 200, 200), "wu": (200, 200, 200, 200),
            "chen": (200, 404, 404, 200), "gao": (200, 404, 404, 200),
        }  # fmt: skip
        addresses = [
            url("cloud", collection), url("cloud_sheet", collection),
            url("cloud_workbook", collection), url("cloud_answer", answer),
        ]  # fmt: skip
        for name, codes in expected.items():
            client = client_of(getattr(world, name))
            assert tuple(client.get(a).status_code for a in addresses) == codes, name
        stranger = client_of(far.chen)
        assert [stranger.get(a).status_code for a in addresses] == [404] * 4

    def test_a_unit_does_not_see_what_others_answered(self, world):
        collection = collecting(world)
        theirs = filled(world, collection, "文旅委")
        client = client_of(world.chen)
        assert client.get(url("cloud_answer", theirs)).status_code == 404
        page = text_of(client.get(url("cloud", collection)))
        assert "区教育委员会" in page
        assert url("cloud_answer", theirs) not in page

    def test_the_list_sorts_and_exports(self, world):
        closed(world)
        collecting(world, year=2027)
        client = client_of(world.zhang)
        page = client.get(url("clouds"), {"sort": "year"})
        assert [c.year for c in page.context["listing"].rows] == [2026, 2027]
        assert "84,002.00" in text_of(page)
        csv = b"".join(client.get(url("clouds"), {"export": "csv"}).streaming_content).decode()
        assert "汇总金额（元）" in csv
        assert "84002.00" in csv

    def test_who_is_pending_since_when(self, world):
        collection = collecting(world)
        filled(world, collection, "文旅委")
        page = text_of(client_of(world.zhang).get(url("cloud", collection)))
        assert "2 个单位中 0 个已报出" in page
        assert "待本单位确认" in page
        assert "待填报" in page

    def test_the_desk_of_each_lists_its_part(self, world):
        collection = collecting(world)
        filled(world, collection, "教委")
        said = {n: text_of(client_of(getattr(world, n)).get("/desk/")) for n in ("zhang", "gao")}
        assert f"填报云资源：{collection}" in said["zhang"]
        assert f"确认云资源填报：{collection}" in said["gao"]


def opening(world, **changes):
    values = {
        "year": "2026", "answers_due_on": str(DUE), "note": "照账单填。",
        "units": [world.purchasers[u].pk for u in ("文旅委", "教委")],
    }  # fmt: skip
    price = {
        "code": "S1", "category": "private", "specification": "4 核 8G", "unit": "台·年",
        "price_fen": "3,600.00", "source": "框架协议", "priced_on": str(DAY),
    }  # fmt: skip
    return values | rows("prices", changes.pop("prices", [price])) | changes


class TestOpening:
    def test_opens_a_round(self, world):
        client = client_of(world.zhang)
        assert "区教育委员会" in text_of(client.get(url("cloud_open")))
        answer = client.post(url("cloud_open"), opening(world))
        row = CloudCollection.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
        assert row.prices.get().price_fen == 360_000

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"answers_due_on": str(DAY)}, "填报期限须在今日之后。"),
            ({"answers_due_on": "x"}, "请填写日期，如 2026-03-01。"),
            ({"units": []}, "请选定要收集的单位。"),
            ({"units": ["x\x00"]}, "要收集的单位"),
            ({"year": "1990"}, "年度"),
            ({"prices-TOTAL_FORMS": "0"}, "价格表至少列一种规格。"),
            ({"prices-0-price_fen": "abc"}, "年单价"),
            ({"prices-0-code": "规格"}, "编号用半角字母"),
            ({"prices-0-category": ""}, "请选择类别。"),
        ],
    )
    def test_mistakes_are_said_and_what_was_typed_is_kept(self, world, change, said):
        answer = client_of(world.zhang).post(url("cloud_open"), opening(world) | change)
        page = text_of(answer)
        assert answer.status_code == 422
        assert said in page
        assert "照账单填。" in page
        assert not CloudCollection.objects.exists()

    def test_a_code_listed_twice(self, world):
        price = {"code": "S1", "category": "private", "specification": "a", "unit": "台",
                 "price_fen": "1", "source": "b", "priced_on": str(DAY)}  # fmt: skip
        answer = client_of(world.zhang).post(url("cloud_open"), opening(world, prices=[price] * 2))
        assert answer.status_code == 422
        assert "规格编号S1填了不止一行。" in text_of(answer)

    def test_a_unit_not_of_the_treasury_is_named_with_its_article(self, world):
        from projects.services import register_status

        register_status(
            world.purchasers["教委"], since=DAY, nature="township", staffing="administrative",
            funding="treasury", basis="示编 1", **world.zhao.acts(),
        )  # fmt: skip
        client = client_of(world.zhang)
        assert "不属市级财政保障部门：单位性质为镇街" in text_of(client.get(url("cloud_open")))
        answer = client.post(url("cloud_open"), opening(world))
        page = text_of(answer)
        assert answer.status_code == 422
        assert "第七条第（二）项" in page
        assert "照账单填。" in page

    def test_only_officers_where_the_regulation_is_adopted(self, world):
        for actor in (world.wang, world.zhao, world.wu):
            assert client_of(actor).get(url("cloud_open")).status_code == 403
        far = build_world("far", adopts=("YB",), prefix="far")
        assert client_of(far.zhang).get(url("cloud_open")).status_code == 403
        assert client_of(far.zhang).post(url("cloud_open"), {}).status_code == 403


class TestFilling:
    def post(self, world, answer, body, **more):
        data = {"sheet-cloud": f"{HEAD}\n{body}", "version": answer.version, **more}
        return client_of(world.chen).post(url("cloud_fill", answer), data)

    def test_is_typed_and_kept(self, world):
        answer = answer_of(world, collecting(world), "教委")
        page = client_of(world.chen).get(url("cloud_fill", answer))
        assert "通用计算 4 核 8G（台·年）" in text_of(page)
        made = self.post(world, answer, "S1\t\t\t\t10\t2\t3\t扩容\nS2\t\t\t\t\t\t\t")
        assert made.status_code == 302
        assert lines_of(answer) == {"S1": (10, 2, 3, "扩容")}

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ("S1\t\t\t\tx\t\t\t", "第 2 行 现用"),
            ("S1\t\t\t\t-1\t\t\t", "第 2 行 现用"),
            ("S1\t\t\t\t1.234\t\t\t", "最多两位小数。"),
            ("S1\t\t\t\t1000000\t\t\t", "数量过大"),
            ("S1\t\t\t\t1\t2\t\t", "拟退 2 多于现用 1。"),
            ("S1\t\t\t\t\t\t4\t", "新申请 4，须写明理由。"),
            ("S9\t\t\t\t1\t\t\t", "价格表中没有规格编号“S9”。"),
            ("\t\t\t\t1\t\t\t", "没有规格编号。"),
            ("S1\t\t\t\t1\t\t\t\nS1\t\t\t\t2\t\t\t", "与第 2 行是同一规格"),
            ("S1\t\t\t\t1\t\t1\t" + "长" * 201, "最多 200 字"),
            ("", "没有填写任何数量。"),
        ],
    )
    def test_each_mistake_is_at_its_cell_and_the_text_is_kept(self, world, body, said):
        answer = answer_of(world, collecting(world), "教委")
        made = self.post(world, answer, body)
        page = text_of(made)
        assert made.status_code == 422
        assert said in page
        assert body in page.replace("&quot;", '"')
        assert not CloudAnswerLine.objects.exists()
        assert fresh(answer).status == "pending"

    @pytest.mark.parametrize("text", ["", "\x00", "随便写的", '"没有配对\tx', "规格编号\t现用"])
    def test_a_text_without_headings_is_said_to_be_so(self, world, text):
        answer = answer_of(world, collecting(world), "教委")
        data = {"sheet-cloud": text, "version": answer.version}
        made = client_of(world.chen).post(url("cloud_fill", answer), data)
        assert made.status_code == 422
        assert "第 1 行须是列名" in text_of(made)

    def test_none_is_an_answer_but_not_with_numbers(self, world):
        answer = answer_of(world, collecting(world), "教委")
        both = self.post(world, answer, "S1\t\t\t\t1\t\t\t", is_none="1")
        assert both.status_code == 422
        assert "又填了数量" in text_of(both)
        assert self.post(world, answer, "", is_none="1").status_code == 302
        assert "声明不使用政务云" in text_of(client_of(world.gao).get(answer.get_absolute_url()))

    def test_last_years_need_is_prefilled_as_the_base(self, world):
        closed(world)
        answer = answer_of(world, collecting(world, year=2027), "教委")
        page = client_of(world.chen).get(url("cloud_fill", answer))
        sheet = page.context["sheet"]
        assert sheet["text"] == sheet["base"]
        assert (
            "S1\t通用计算 4 核 8G（台·年）\t11\t\t\t\t政务云（私有云）\t3,600.00" in sheet["text"]
        )
        assert "2026 年度政务云资源收集（第 1 轮）" in text_of(page)

    def test_somebody_elses_change_makes_it_stale(self, world):
        collection = collecting(world)
        answer = answer_of(world, collection, "教委")
        filled(world, collection, "教委")
        made = self.post(world, answer, "S1\t\t\t\t7\t\t\t")
        assert made.status_code == 409
        assert "\t7\t" in text_of(made)
        assert lines_of(answer)["S1"][0] == 10

    def test_is_for_the_officer_of_the_unit(self, world):
        answer = answer_of(world, collecting(world), "教委")
        for actor, code in ((world.zhang, 403), (world.gao, 403), (world.zhao, 403)):
            assert client_of(actor).get(url("cloud_fill", answer)).status_code == code
            assert client_of(actor).post(url("cloud_fill", answer), {}).status_code == code

    def test_what_was_confirmed_is_not_filled_again(self, world):
        collection = collecting(world)
        answer = confirmed(world, collection, "教委")
        assert client_of(world.chen).get(url("cloud_fill", answer)).status_code == 302
        made = self.post(world, answer, "S1\t\t\t\t7\t\t\t")
        assert made.status_code == 409


class TestConfirming:
    def test_the_leader_sees_the_lines_and_confirms(self, world):
        answer = filled(world, collecting(world), "教委")
        client = client_of(world.gao)
        page = text_of(client.get(url("cloud_confirm", answer)))
        assert "39,600.00" in page
        assert client.post(url("cloud_confirm", answer)).status_code == 302
        assert fresh(answer).status == "confirmed"

    def test_sending_back_needs_a_reason(self, world):
        answer = filled(world, collecting(world), "教委")
        client = client_of(world.gao)
        refused = client.post(url("cloud_send_back", answer), {"reason": " "})
        assert refused.status_code == 422
        assert "请填写理由。" in text_of(refused)
        assert client.post(url("cloud_send_back", answer), {"reason": "漏项"}).status_code == 302
        assert "漏项" in text_of(client_of(world.chen).get(url("cloud_fill", answer)))

    def test_the_organiser_hands_back_until_it_is_closed(self, world):
        collection = collecting(world, "教委")
        answer = confirmed(world, collection, "教委")
        client = client_of(world.zhang)
        assert client.post(url("cloud_hand_back", answer), {"reason": "说明"}).status_code == 302
        answer = confirmed(world, collection, "教委")
        client.post(url("cloud_close", collection))
        late = client.post(url("cloud_hand_back", answer), {"reason": "说明"})
        assert late.status_code == 422
        assert "另起一轮" in text_of(late)
        assert client_of(world.chen).post(url("cloud_hand_back", answer)).status_code == 422


class TestClosing:
    def test_is_refused_while_units_are_awaited(self, world, monkeypatch):
        collection = collecting(world)
        confirmed(world, collection, "文旅委")
        client = client_of(world.zhang)
        refused = client.post(url("cloud_close", collection))
        assert refused.status_code == 422
        assert "第八条第（二）项" in text_of(refused)

        from core.calendar import clock

        monkeypatch.setattr(clock.timezone, "localdate", lambda: AFTER)
        assert client.post(url("cloud_close", collection)).status_code == 302
        assert "逾期未报" in text_of(client.get(url("cloud_sheet", collection)))

    def test_others_may_not(self, world):
        collection = collecting(world)
        for name in ("cloud_close", "cloud_abandon"):
            made = client_of(world.chen).post(url(name, collection), {"note": "x"})
            assert made.status_code == 403
        assert fresh(collection).status == "open"

    def test_is_abandoned_with_a_reason(self, world):
        collection = collecting(world)
        client = client_of(world.zhang)
        assert client.post(url("cloud_abandon", collection), {}).status_code == 422
        assert (
            client.post(url("cloud_abandon", collection), {"note": "价格有误"}).status_code == 302
        )


class TestSheet:
    """Unit × category × specification, with totals; as a page, CSV and workbook."""

    def test_the_page_and_its_files_agree(self, world):
        collection = closed(world)
        client = client_of(world.zhang)
        page = text_of(client.get(url("cloud_sheet", collection)))
        for words in ("84,002.00", "79,200.00", "4,802.00", "39,600.00"):
            assert words in page
        address = url("cloud_sheet", collection)
        csv = b"".join(client.get(address, {"export": "csv"}).streaming_content).decode()
        assert "政务云（私有云）,S1,通用计算 4 核 8G,台·年,教委,10,2,3,11,3600,39600,扩容" in csv
        made = client.get(url("cloud_workbook", collection))
        book = open_book("x.xlsx", made.content)
        assert [sheet.name for sheet in book.sheets] == ["单位一览", "汇总明细", "价格表"]
        assert book.sheet("单位一览").rows[3][:5] == ["合计", 79_200, 4_802, 0, 84_002]
        last = book.sheet("汇总明细").rows[-1]
        assert (last[0], last[10]) == ("总计", 84_002)

    def test_what_looks_like_a_formula_stays_text(self, world):
        collection = collecting(world, "教委")
        evil = line(collection, "S1", 0, 0, 1, reason="=1+1")
        confirmed(world, collection, "教委", evil)
        client = client_of(world.zhang)
        address = url("cloud_sheet", collection)
        csv = b"".join(client.get(address, {"export": "csv"}).streaming_content).decode()
        assert "'=1+1" in csv
        made = client.get(url("cloud_workbook", collection))
        assert open_book("x.xlsx", made.content).sheet("汇总明细").rows[1][11] == "=1+1"


class TestFilingForm:
    """《平湖办法》第八条第（二）项: the lines come from the round; no other numbers are taken."""

    def taken(self, client, world, address):
        data = typed(world) | {"use_collection": "1"}
        return client.post(address, data)

    def test_takes_the_lines_and_keeps_what_was_typed(self, as_, world):  # noqa: F811
        closed(world)
        client = as_("zhang")
        address = opened_form(client, world)
        assert "取用收集结果" in text_of(client.get(address))
        page = text_of(self.taken(client, world, address))
        assert not Project.objects.exists()
        assert "公共文化信息服务平台运维" in page
        assert 'value="政务云（私有云）：通用计算 4 核 8G（S1）"' in page
        assert re.search(r'name="estimate-0-quantity" value="22"', page)
        assert 'name="total" value="84,002.00"' in page

    def cloud(self, world, quantity):
        item = world.item("C16080300").pk
        names = ("name", "quantity", "unit_price")
        lines = [
            dict(zip(names, values, strict=True))
            | {"catalogue_item": item, "expense_kind": "rental", "unit": "台·年"}
            for values in (
                ("政务云（私有云）：通用计算 4 核 8G（S1）", quantity, "3600"),
                ("政务云（公有云）：对象存储 1 TB（S2）", "4", "1200.50"),
            )
        ]
        total = "84002" if quantity == "22" else "80402"
        return typed(world, programme="cloud", total=total, **rows("estimate", lines))

    def test_the_same_lines_are_filed_with_where_they_come_from(self, as_, world):  # noqa: F811
        row = closed(world)
        client = as_("zhang")
        made = client.post(opened_form(client, world), self.cloud(world, "22"))
        assert made.status_code == 302
        lines = EstimateLine.objects.all()
        assert {each.cloud_price.collection for each in lines} == {row}
        page = text_of(client.get(Project.objects.get().get_absolute_url()))
        assert "取自" in page

    def test_other_numbers_are_not_saved_and_the_base_is_shown(self, as_, world):  # noqa: F811
        closed(world)
        client = as_("zhang")
        made = client.post(opened_form(client, world), self.cloud(world, "21"))
        page = text_of(made)
        assert made.status_code == 422
        assert "汇总 22 台·年 × 3,600.00 = 79,200.00 元，所填 21 台·年" in page
        assert "平湖第八条第（二）项" in page
        assert not Project.objects.exists()

    def test_other_programmes_are_typed_freely(self, as_, world):  # noqa: F811
        closed(world)
        client = as_("zhang")
        assert client.post(opened_form(client, world), typed(world)).status_code == 302
        assert set(EstimateLine.objects.values_list("cloud_price", flat=True)) == {None}


class TestImport:
    """The same lines by workbook: other numbers are an error of the sheet, nothing is written."""

    def test_other_numbers_are_an_error_of_the_workbook(self, world):
        from tests.projects.workbooks import add, blank, receive, said

        closed(world)
        sheets = add(blank(world), "1", 特定目标类="政务云项目")
        row = receive(world, sheets)
        found = [text for _, _, text in said(row) if "不能另填" in text]
        assert len(found) == 1
        assert "汇总 22 台·年 × 3,600.00 = 79,200.00 元，没有填" in found[0]
        assert not Project.objects.exists()
