"""Registering bids at the page: the day each came in."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from core.history.reading import refusals_of
from procurement.models import Bid
from tests import purchase
from tests.budgeting.steps import Desk
from tests.procurement.scenes import own_opened
from tests.purchase import PUBLISHED
from tests.world import World

pytestmark = pytest.mark.django_db


class TestBids:
    """The day a bid came in is typed; late ones are refused and the attempt recorded."""

    def test_registered_days_later_with_the_day_it_came_in(self, world: World) -> None:
        tender = purchase.opened(world)
        provider = purchase.provider(world)
        url = f"/procurement/tenders/{tender.pk}/bids/"
        bid = {"provider": str(provider.pk), "price_fen": "1", "promises_no_subcontracting": "on"}
        with time_machine.travel(PUBLISHED.replace(day=18)):
            desk = Desk(world.zhang)
            assert 'name="received_on" value="2026-03-16"' in desk.get(url)
            text = Desk.text(desk.post(url, status=422, received_on="2026-03-19", **bid))
            assert "送达日不能晚于今日（2026-03-18）。" in text
            assert "请填写送达日。" in Desk.text(desk.post(url, status=422, received_on="", **bid))
            text = Desk.text(desk.post(url, status=422, received_on="2026-03-17", **bid))
            assert "响应在截止日之后送达，应当拒收" in text
            assert 'value="2026-03-17"' in text
            assert [r.act for r in refusals_of(tender.stream())] == [
                "procurement.tender.receive_bid"
            ]
            desk.post(url, received_on="2026-03-13", **bid)
            assert "2026-03-13" in desk.get(f"/procurement/tenders/{tender.pk}/")
        assert Bid.objects.get().received_on == date(2026, 3, 13)

    def test_an_own_purchase_offers_today(self, world: World) -> None:
        tender = own_opened(world)
        with time_machine.travel(PUBLISHED.replace(day=18)):
            page = Desk(world.zhang).get(f"/procurement/tenders/{tender.pk}/bids/")
        assert 'name="received_on" value="2026-03-18"' in page
