"""Publishing an adopted catalogue: the duty, the second reviewer, the page anybody reads."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.history.reading import events_of
from core.history.verify import verify
from core.transitions import NotPermitted, TransitionRefused
from disclosure.models import CatalogueDuty, PublishedCatalogue
from disclosure.services import approve_catalogue, send_back_catalogue
from projects.services import change_item
from tests import steps
from tests.budgeting.steps import Desk
from tests.projects import catalogues
from tests.world import DAY, deliver_all

pytestmark = pytest.mark.django_db
LIST = "/public/catalogues/"
# 2025-10-20 之后第二十个工作日。
DUE = DAY.replace(month=11, day=17)


@pytest.fixture
def duty(world):
    return catalogues.owed(world)


def text(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status
    return response.getvalue().decode()


def lines(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(path).removeprefix("\ufeff"))))


def second(world, since=DAY + timedelta(days=40)):
    """Another version, one item changed; its duty."""
    revision = catalogues.drafted(world, title="目录（2025 年第三版）", reason="热线改版。")
    item = catalogues.item_of(revision, "C16100000")
    change_item(item, content="含视频受理。", reason="群众反映。", **world.zhao.acts())
    asked = catalogues.consulted(world, revision=catalogues.fresh(revision))
    return catalogues.owed(world, since=since, revision=catalogues.answered(world, asked))


class TestTheDuty:
    """第八条：及时对外公布。"""

    def test_adoption_opens_it_once(self, world, duty):
        deliver_all()
        assert CatalogueDuty.objects.count() == 1
        assert (duty.status, duty.opened_on) == ("open", DAY)

    def test_it_is_fulfilled_when_a_second_person_has_approved(self, world, duty):
        assert catalogues.sent(world, duty).status == "under_review"
        assert not PublishedCatalogue.objects.exists()
        approve_catalogue(duty, **world.bai.acts())
        assert steps.fresh(duty).status == "fulfilled"

    def test_who_sent_it_does_not_review_it(self, world, duty):
        sent = catalogues.sent(world, duty)
        with pytest.raises(TransitionRefused, match="须由另一人审查"):
            approve_catalogue(sent, **world.zhao.acts())
        assert not PublishedCatalogue.objects.exists()

    def test_returned_it_is_sent_again(self, world, duty):
        sent = catalogues.sent(world, duty)
        send_back_catalogue(sent, reason="网址打不开。", **world.bai.acts())
        returned = catalogues.fresh(duty)
        assert (returned.status, returned.return_reason) == ("open", "网址打不开。")
        assert catalogues.sent(world, returned).return_reason == ""

    def test_it_is_not_published_before_it_is_adopted(self, world, duty):
        with pytest.raises(TransitionRefused, match="早于通过日"):
            catalogues.sent(world, duty, published_on=DAY - timedelta(days=1))

    @pytest.mark.parametrize(("day", "is_late"), [(DUE, False), (DUE + timedelta(1), True)])
    def test_late_is_late_from_the_day_after_the_twentieth_workday(self, world, duty, day, is_late):
        catalogues.published(world, duty, day)
        acts = {e.act: e for e in events_of(duty.stream())}
        assert bool(acts["disclosure.catalogueduty.approve"].late) == is_late

    @pytest.mark.parametrize("name", ["zhang", "wang", "qian"])
    def test_is_for_the_finance_bureau(self, world, duty, name):
        sent = catalogues.sent(world, duty)
        with pytest.raises(NotPermitted):
            approve_catalogue(sent, **getattr(world, name).acts())

    def test_a_failing_last_step_leaves_nothing(self, world, duty, monkeypatch):
        sent = catalogues.sent(world, duty)
        monkeypatch.setattr(PublishedCatalogue, "digest", lambda _self: None)
        with pytest.raises(IntegrityError):
            approve_catalogue(sent, **world.bai.acts())
        assert steps.fresh(duty).status == "under_review"


class TestTheWorklist:
    def test_lists_it_beside_the_duties_of_projects(self, world, duty):
        page = Desk(world.zhao).get("/disclosure/duties/")
        assert str(duty.revision) in page
        assert "财政局财政审核人" in page

    @pytest.mark.parametrize(
        ("query", "is_listed"),
        [
            ("kind=catalogue", True),
            ("kind=contract_notice", False),
            ("status=open", True),
            ("status=fulfilled", False),
            ("export=csv", True),
        ],
    )
    def test_its_filters_and_file_know_it(self, world, duty, query, is_listed):
        response = Desk(world.zhao).client.get(f"/disclosure/duties/?{query}")
        assert (str(duty.revision) in response.getvalue().decode()) == is_listed

    def test_it_is_a_todo_of_who_may_act(self, world, duty):
        assert str(duty) in Desk(world.zhao).get("/desk/")
        catalogues.sent(world, duty)
        assert f"审查{duty}" in Desk(world.bai).get("/desk/")


class TestThePage:
    """第八条：任何人看得见现行的一版、以前的各版、调整和理由。"""

    def test_there_is_none_before_the_review(self, world, duty):
        catalogues.sent(world, duty)
        assert "没有公布的目录" in text(LIST)

    def test_says_what_it_is_and_what_changed_and_why(self, world, duty):
        page = catalogues.published(world, duty)
        shown = text(page.get_absolute_url())
        for words in ("C16060000", "含密评。", "密码法施行。", "示财购〔2025〕9号", "职能调整。"):
            assert words in shown
        assert "本站启用以前公布" in shown
        assert "<script" not in shown.partition("<main")[2]

    @pytest.mark.parametrize(
        ("day", "first", "other"),
        [
            (DAY, "2025-10-25 起施行", "2025-11-29 起施行"),
            (DAY + timedelta(39), "现行，至 2025-11-29 被替代", "2025-11-29 起施行"),
            (DAY + timedelta(40), "已被替代", "现行"),
        ],
    )
    def test_which_is_in_force_follows_the_day(self, world, duty, day, first, other):
        pages = [catalogues.published(world, duty), catalogues.published(world, second(world))]
        with time_machine.travel(day):
            states = {row["编号"]: row["状态"] for row in lines(f"{LIST}?export=csv")}
        assert [states[page.number] for page in pages] == [first, other]

    def test_an_old_version_stays_and_names_its_successor(self, world, duty):
        old = catalogues.published(world, duty)
        new = catalogues.published(world, second(world))
        assert new.get_absolute_url() in text(old.get_absolute_url())
        assert old.get_absolute_url() in text(new.get_absolute_url())
        assert PublishedCatalogue.objects.get(pk=old.pk).is_intact

    def test_files_hold_every_item_and_every_change(self, world, duty):
        page = catalogues.published(world, duty)
        items = lines(f"{page.get_absolute_url()}?export=csv")
        assert len(items) == duty.revision.catalogue.items.count()
        assert {"品目编码", "种类", "性质", "内容"} <= items[0].keys()
        (change,) = lines(f"{page.get_absolute_url()}?export=changes")
        assert (change["品目编码"], change["理由"]) == ("C16060000", "密码法施行。")

    def test_the_data_file_has_the_printed_digest(self, world, duty):
        page = catalogues.published(world, duty)
        data = text(f"{page.get_absolute_url()}data/")
        assert hashlib.sha256(data.encode()).hexdigest() == page.sha256
        assert len(json.loads(data)["items"]) == len(page.items)
        assert page.sha256 in text(page.get_absolute_url())

    def test_numbers_of_persons_are_masked(self, world):
        revision = catalogues.drafted(world, reason="联系人手机 13912345678。")
        changed = catalogues.changed(world, revision)
        asked = catalogues.consulted(world, revision=changed)
        duty = catalogues.owed(world, revision=catalogues.answered(world, asked))
        page = catalogues.published(world, duty)
        assert "13912345678" not in page.sealed().decode()
        assert "C16060000" in page.sealed().decode()

    @pytest.mark.parametrize("tail", ["", "data/"])
    def test_an_unknown_number_is_not_found(self, tail):
        text(f"{LIST}SF-L-2025-0009/{tail}", status=404)

    def test_the_list_asks_as_often_for_two_versions_as_for_one(self, world, duty):
        catalogues.published(world, duty)
        with CaptureQueriesContext(connection) as one:
            text(LIST)
        catalogues.published(world, second(world))
        with CaptureQueriesContext(connection) as two:
            text(LIST)
        assert len(two) == len(one)

    def test_the_log_covers_it(self, world, duty):
        catalogues.published(world, duty)
        assert verify().is_clean
