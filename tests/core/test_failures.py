"""What the visitor is told when a request cannot be served."""

from __future__ import annotations

import pytest
from django.db import OperationalError

pytestmark = pytest.mark.django_db


class TestDependencyDown:
    """A database that does not answer is 503, in Chinese, and says that nothing was saved."""

    def test_a_view_that_loses_the_database_answers_503(self, client, monkeypatch):
        def lost() -> None:
            raise OperationalError("gone")

        monkeypatch.setattr("disclosure.public.selectors.notices", lost)
        client.raise_request_exception = False
        answer = client.get("/public/")
        assert answer.status_code == 503
        assert "没有保存" in answer.content.decode()
        assert answer["Retry-After"] == "30"

    def test_a_middleware_that_loses_the_database_answers_503(self, client, world, monkeypatch):
        client.force_login(world.zhang.user, backend="django.contrib.auth.backends.ModelBackend")

        def lost(*_) -> None:
            raise OperationalError("gone")

        monkeypatch.setattr("accounts.models.User.active_roles", lost)
        client.raise_request_exception = False
        assert client.get("/desk/").status_code == 503

    def test_another_mistake_is_500(self, client, monkeypatch):
        def broken() -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("disclosure.public.selectors.notices", broken)
        client.raise_request_exception = False
        assert client.get("/public/").status_code == 500


class TestTooBig:
    """A form larger than allowed is 413."""

    def test_a_form_of_two_megabytes_is_413(self, client, world):
        client.force_login(world.zhang.user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post("/accounts/act-as/", {"role": "x" * 2 * 1024 * 1024})
        assert answer.status_code in (413, 302)
        answer = client.post(
            "/accounts/act-as/",
            "role=" + "x" * 2 * 1024 * 1024,
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 413


class TestOutage:
    def test_readyz_says_that_the_database_is_down(self, client, monkeypatch):
        class Lost:
            def cursor(self):
                raise OperationalError("gone")

        monkeypatch.setattr("core.views.health.connection", Lost())
        assert client.get("/readyz").status_code == 503
