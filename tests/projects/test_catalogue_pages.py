"""The catalogue in the browser: lists, one version, what it changed, and the forms."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import CatalogueItem, CatalogueRevision, ServiceCatalogue, differences_of
from tests.projects.catalogues import consulted, drafted, fresh, item_of, opinion_of
from tests.world import DAY

pytestmark = pytest.mark.django_db


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


class TestReading:
    def test_everybody_of_the_district_reads_what_is_in_force(self, world):
        row = ServiceCatalogue.objects.get()
        for actor in (world.zhang, world.chen, world.qian, world.wu):
            page = client_of(actor).get(row.get_absolute_url()).content.decode()
            assert "C16070300" in page
            assert "现行" in page

    def test_a_draft_is_for_finance_reviewers_auditors_and_who_is_asked(self, world):
        revision = consulted(world, "文旅委")
        answers = {
            name: client_of(getattr(world, name)).get(revision.get_absolute_url()).status_code
            for name in ("zhao", "qian", "wu", "li", "zhang", "chen", "gao")
        }
        assert answers == dict.fromkeys(("zhao", "qian", "wu", "li", "zhang"), 200) | {
            "chen": 404,
            "gao": 404,
        }

    def test_items_are_searched_sorted_and_exported(self, world):
        client, here = client_of(world.zhang), ServiceCatalogue.objects.get().get_absolute_url()

        found = client.get(here, {"q": "呼叫", "category": "1", "sort": "-code"})
        assert [i.code for i in found.context["listing"].rows] == ["C16100000"]
        turned = client.get(here, {"sort": "-code", "category": "2"}).context["listing"]
        assert next(i.code for i in turned.rows) == "C17990000"
        csv = b"".join(client.get(here, {"export": "csv"}).streaming_content).decode()
        assert csv.count("\n") == 56
        assert "第七条未单列云计算" in csv

    def test_an_unknown_filter_is_no_filter(self, world):
        here = ServiceCatalogue.objects.get().get_absolute_url()
        found = client_of(world.zhang).get(here, {"category": "x", "nature": "y", "hung": "z"})
        assert found.context["listing"].total == 55

    def test_the_differences_are_a_page_and_a_file(self, world):
        revision = consulted(world)
        here = url("catalogue_changes", revision.catalogue)
        page = client_of(world.zhao).get(here).content.decode()
        assert "密码法施行。" in page
        file = client_of(world.zhao).get(here, {"export": "csv"})
        assert "C16060000" in b"".join(file.streaming_content).decode()


class TestDrafting:
    def test_from_the_form(self, world):
        answer = client_of(world.zhao).post(
            url("catalogue_draft"), {"title": "新版", "reason": "职能调整", "key": "a1"}
        )
        assert answer.url == CatalogueRevision.objects.get().get_absolute_url()

    def test_what_is_missing_is_said_at_the_field_and_nothing_is_kept(self, world):
        answer = client_of(world.zhao).post(url("catalogue_draft"), {"title": "新版"})
        assert answer.status_code == 422
        assert "请填写制定或调整的理由。" in answer.content.decode()
        assert "新版" in answer.content.decode()
        assert not CatalogueRevision.objects.exists()

    @pytest.mark.parametrize("name", ["catalogue_draft", "catalogue_upper"])
    def test_is_not_for_a_department(self, world, name):
        assert client_of(world.zhang).post(url(name), {}).status_code == 403

    def test_cloud_computing_is_put_under_one_of_the_five(self, world):
        """云计算第七条没有单列，由财政部门归入（一）其他信息技术服务。"""
        revision = drafted(world)
        cloud = item_of(revision, "C16040000")
        values = {
            "name": cloud.name,
            "category": "1",
            "kind": "其他信息技术服务",
            "nature": cloud.nature,
            "content": cloud.content,
            "reason": "归入其他",
        }
        client = client_of(world.zhao)
        wrong = client.post(url("item_change", cloud), values | {"kind": "云计算服务"})
        assert wrong.status_code == 422
        assert "（一）信息技术服务所列的种类是" in wrong.content.decode()
        assert client.post(url("item_change", cloud), values).status_code == 302
        assert item_of(revision, "C16040000").category == 1
        assert [d.reason for d in differences_of(revision.catalogue)] == ["归入其他"]

    def test_a_wrong_or_repeated_code_is_said_at_the_field(self, world):
        client, here = client_of(world.zhao), url("item_add", drafted(world))
        values = {"name": "x", "category": "0", "kind": "关联", "nature": "均可", "content": "x"}
        for code, words in (("C16", "一个字母"), ("C16060000", "已有编码")):
            answer = client.post(here, values | {"code": code, "note": "关联", "reason": "x"})
            assert answer.status_code == 422
            assert words in answer.content.decode()
        assert "请写明为什么列入" in client.post(here, values).content.decode()

    def test_an_item_is_removed_with_its_reason(self, world):
        revision = drafted(world)
        item = item_of(revision, "C17030000")
        client = client_of(world.zhao)
        assert client.post(url("item_remove", item), {}).status_code == 422
        assert client.post(url("item_remove", item), {"reason": "不再购买"}).status_code == 302
        assert not CatalogueItem.objects.filter(pk=item.pk).exists()

    def test_upper_rows_are_all_judged_at_once(self, world):
        values = {"level": "city", "title": "市级", "number": "1号", "since": "2024-07-01"}
        items = "C16000000\t信息技术服务\nC160\t短\nC16000000\t重复\nC17000000\n"
        answer = client_of(world.zhao).post(url("catalogue_upper"), values | {"items": items})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert [f"第 {n} 行" in text for n in (1, 2, 3, 4)] == [False, True, True, True]
        items = "C16000000\t信息技术服务\nC17010000\t电信\t电信服务\t均可\t通信"
        client_of(world.zhao).post(url("catalogue_upper"), values | {"items": items})
        made = ServiceCatalogue.objects.get(level="city")
        assert dict(made.items.values_list("code", "category")) == {"C16000000": 0, "C17010000": 2}


class TestOpinionsAndAdoption:
    def test_the_whole_way(self, world):
        revision = drafted(world)
        finance, reviewer = client_of(world.zhao), client_of(world.qian)
        asked = {
            "organisations": [world.organisations["发改委"].pk],
            "answers_due_on": "2025-10-30",
        }
        assert finance.post(url("consult", revision), asked).status_code == 302
        opinion = opinion_of(world, revision, "发改委")
        desk = reviewer.get(reverse("core:desk")).content.decode()
        assert "答复目录草案" in desk
        assert reviewer.post(url("catalogue_suggest", opinion), {"text": "改"}).status_code == 302
        refused = finance.post(url("adopt", revision), {"since": "2025-10-25", "number": "1号"})
        assert refused.status_code == 422
        assert "YB-8-suggestions-handled" in refused.content.decode()
        assert (
            finance.post(url("catalogue_handle", opinion), {"handling": "不采纳"}).status_code
            == 302
        )
        done = finance.post(url("adopt", revision), {"since": "2025-10-25", "number": "1号"})
        assert done.status_code == 302
        assert fresh(revision).status == "adopted"

    def test_a_term_already_over_is_refused(self, world):
        asked = {
            "organisations": [world.organisations["发改委"].pk],
            "answers_due_on": DAY.isoformat(),
        }
        answer = client_of(world.zhao).post(url("consult", drafted(world)), asked)
        assert answer.status_code == 422
        assert "须在今日之后" in answer.content.decode()

    def test_a_neighbour_cannot_answer(self, world):
        opinion = opinion_of(world, consulted(world, "发改委"), "发改委")
        assert client_of(world.gao).post(url("catalogue_agree", opinion), {}).status_code == 404
        assert client_of(world.sun).post(url("catalogue_agree", opinion), {}).status_code == 403
