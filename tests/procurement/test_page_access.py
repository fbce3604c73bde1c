"""Who opens which page of the procurement stage; lists, their files and their query counts."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.services import decide_award
from tests import purchase
from tests.budgeting.steps import Desk
from tests.purchase import DEADLINE, DECIDED
from tests.world import World

pytestmark = pytest.mark.django_db


def test_pages_open_to_those_who_see_the_case_and_to_nobody_else(world: World) -> None:
    tender = purchase.evaluated(world)
    project = tender.package.project
    award = decide_award(tender, bid=purchase.winner(tender), **world.wang.acts(DECIDED))
    bid = purchase.winner(tender)
    acts = ("revise", "publish", "start", "open", "bids", "evaluate", "decide", "fail")
    paths = [
        *(f"/procurement/projects/{{}}/{p}" for p in ("", "packages/", "preparation/")),
        *(f"/procurement/projects/{{}}/{p}" for p in ("intention/", "open/")),
    ]
    pages = [(path, project.pk) for path in paths]
    pages += [(f"/procurement/tenders/{{}}/{p}", tender.pk) for p in ("", "schedule/")]
    pages += [(f"/procurement/tenders/{{}}/{act}/", tender.pk) for act in acts]
    pages += [
        ("/procurement/packages/{}/cancel/", tender.package_id),
        ("/procurement/bids/{}/invalidate/", bid.pk),
        ("/procurement/awards/{}/notify/", award.pk),
    ]
    with time_machine.travel(DECIDED):
        for actor in (world.zhang, world.li, world.wang, world.zhao, world.wu):
            for path, pk in pages:
                Desk(actor).get(path.format(pk))
        for path, pk in pages:
            for stranger in (Desk(world.chen), Desk(world.zhou)):
                foreign = stranger.client.get(path.format(pk))
                missing = stranger.client.get(path.format(999_999))
                assert (foreign.status_code, missing.status_code) == (404, 404), path
        assert str(tender.package.project) not in Desk(world.chen).get("/procurement/tenders/")


def test_the_list_is_filtered_and_exported(world: World) -> None:
    tender = purchase.opened(world)
    name, url = str(tender.package.project), "/procurement/tenders/"
    with time_machine.travel(DEADLINE):
        desk = Desk(world.zhao)
        assert name in desk.get(f"{url}?status=opened&method=consultation")
        assert name not in desk.get(f"{url}?status=failed")
        assert name not in desk.get(f"{url}?method=open")
        assert name in desk.get(f"{url}?status=nonsense")
        line = desk.get(f"{url}?export=csv").splitlines()[1]
        assert f"{name},文旅委" in line
        assert "1800000.00,2026-03-05,2026-03-16,已开启" in line


def test_queries_do_not_grow_with_rows(world: World) -> None:
    urls = ("/procurement/tenders/", "/procurement/providers/", "/desk/")
    desk, counts = Desk(world.zhang), []
    for at, more in enumerate(((("明川信息",), 1), (("远桥科技", "云栈数据"), 2))):
        names, projects = more
        for name in names:
            purchase.provider(world, name)
        for number in range(projects):
            project = purchase.replied(world, fen=10_000_000, name=f"项目 {at}-{number}")
            purchase.replied(world, fen=10_000_000, name=f"未启动 {at}-{number}")
            purchase.tender(world, project)
        with time_machine.travel(DEADLINE):
            counts.append([_queries(desk, url) for url in urls])
    assert counts[0] == counts[1]


def _queries(desk: Desk, url: str) -> int:
    desk.get(url)
    with CaptureQueriesContext(connection) as queries:
        desk.get(url)
    return len(queries)
