"""The pages of the duties to publish."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import system_actor
from budgeting.services import issue_reply
from core.calendar.models import CalendarYear
from disclosure.models import DisclosureDuty
from disclosure.services import open_duty
from tests.budgeting.steps import REPLIED, Desk, concluded, decided, drafted, submitted
from tests.world import World, deliver_all

pytestmark = pytest.mark.django_db


def duty_of(world: World) -> DisclosureDuty:
    project = concluded(world)
    decided(world, project)
    issue_reply(drafted(world, project), **world.zhao.acts(REPLIED))
    deliver_all()
    return DisclosureDuty.objects.get(project=project)


def test_duty_is_listed_registered_and_shown(world: World) -> None:
    duty = duty_of(world)
    with time_machine.travel(date(2026, 2, 3)):
        officer = Desk(world.zhang)
        assert "2026-02-24" in officer.get("/disclosure/duties/")
        assert "公开购买的项目和要求" in officer.get("/desk/")
        url = f"/disclosure/duties/{duty.pk}/register/"
        form = {"medium": "区政府网站", "address": "https://www.example.gov.cn/1.html"}
        officer.post(url, status=422, **form, published_on="2026-02-04")
        officer.post(url, status=422, **form, published_on="2026-01-29")
        officer.post(
            url, status=422, medium="网站", address="javascript:alert(1)", published_on="2026-02-03"
        )
        officer.post(url, **form, published_on="2026-02-03")
        tab = officer.get(f"/disclosure/projects/{duty.project_id}/")
        assert "区政府网站" in tab
        assert "https://www.example.gov.cn/1.html" in tab


def test_overdue_is_said_in_words_and_still_registered(world: World) -> None:
    duty = duty_of(world)
    with time_machine.travel(date(2026, 3, 2)):
        assert "待公开，逾期 6 日" in Desk(world.zhang).get("/disclosure/duties/")
        Desk(world.zhang).post(
            f"/disclosure/duties/{duty.pk}/register/",
            medium="区政府网站",
            address="https://www.example.gov.cn/1.html",
            published_on="2026-03-02",
        )
        assert "已公开，逾期 6 日" in Desk(world.wu).get("/disclosure/duties/?export=csv")


def test_unknown_calendar_is_said(world: World) -> None:
    duty_of(world)
    CalendarYear.objects.all()._raw_delete("default")
    with time_machine.travel(date(2026, 2, 3)):
        assert "暂无法确定" in Desk(world.zhang).get("/disclosure/duties/")


def test_others_neither_see_nor_register(world: World) -> None:
    duty = duty_of(world)
    url = f"/disclosure/duties/{duty.pk}/register/"
    with time_machine.travel(date(2026, 2, 3)):
        stranger = Desk(world.chen).client
        assert stranger.get(url).status_code == 404
        assert (
            stranger.get(url).content == stranger.get("/disclosure/duties/999999/register/").content
        )
        Desk(world.zhao).post(
            url,
            status=403,
            medium="网站",
            address="https://www.example.gov.cn/",
            published_on="2026-02-03",
        )


def test_queries_do_not_grow_with_rows(world: World) -> None:
    counts, (user, role) = [], system_actor()
    with time_machine.travel(date(2026, 2, 3)):
        for day in (2, 3):
            open_duty(
                submitted(world, name=f"第 {day} 项"),
                by=user,
                acting_as=role,
                on=date(2026, 2, day),
            )
            Desk(world.zhang).get("/disclosure/duties/")
            officer = Desk(world.zhang)
            with CaptureQueriesContext(connection) as queries:
                officer.get("/disclosure/duties/")
            counts.append(len(queries))
    assert counts[0] == counts[1]
