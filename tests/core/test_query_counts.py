"""A page's query count does not grow with its rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import steps

pytestmark = pytest.mark.django_db

PAGES = {
    "zhang": (
        "/desk/",
        "/projects/",
        "/projects/plans/",
        "/projects/cloud/",
        "/projects/purchasers/",
        "/disclosure/duties/",
        "/budget/ceilings/",
    ),
    "zhao": (
        "/desk/",
        "/budget/reviews/",
        "/budget/decisions/",
        "/budget/decisions/new/",
        "/budget/replies/",
        "/budget/off-budget/",
        "/budget/adjustments/",
        "/projects/",
    ),
    "wu": ("/audit/", "/projects/"),
}
MOST = 51


def count(client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


class TestFlatness:
    """The same page asks as many questions with six projects as with two."""

    @pytest.mark.parametrize("username", list(PAGES))
    def test_six_projects_cost_what_two_cost(self, client, world, username):
        user = getattr(world, username).user
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for number in range(2):
            steps.conclude(world, name=f"项目{number}")
        few = {path: count(client, path) for path in PAGES[username]}
        for number in range(4):
            steps.conclude(world, name=f"又一项目{number}")
        many = {path: count(client, path) for path in PAGES[username]}
        assert many == few
        assert max(many.values()) <= MOST, many
