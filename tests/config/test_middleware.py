"""The caller's address behind our proxies, and what must not stay in a shared cache."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import ResponseHeadersMiddleware, TrustedProxyMiddleware


def answer(request):
    return HttpResponse(request.META["REMOTE_ADDR"])


class TestTrustedProxies:
    @pytest.mark.parametrize(
        ("hops", "forwarded", "address"),
        [
            (0, "203.0.113.9", "10.0.0.1"),
            (1, "203.0.113.9", "203.0.113.9"),
            (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
            (2, "198.51.100.7, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
            (2, "203.0.113.9", "10.0.0.1"),
            (1, "", "10.0.0.1"),
        ],
    )
    def test_only_what_our_own_proxies_wrote_is_believed(self, settings, hops, forwarded, address):
        settings.TRUSTED_PROXIES = hops
        request = RequestFactory(REMOTE_ADDR="10.0.0.1").get(
            "/", headers={"X-Forwarded-For": forwarded}
        )
        assert TrustedProxyMiddleware(answer)(request).content.decode() == address


class TestCaches:
    def test_a_page_of_somebody_signed_in_is_not_stored(self, settings):
        request = RequestFactory().get("/")
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "a session"
        response = ResponseHeadersMiddleware(answer)(request)
        assert response.headers["Cache-Control"] == "no-store"

    def test_a_public_page_may_be(self):
        response = ResponseHeadersMiddleware(answer)(RequestFactory().get("/"))
        assert "Cache-Control" not in response.headers

    def test_a_page_that_decides_for_itself_is_left_alone(self, settings):
        def immutable(request):
            return HttpResponse(headers={"Cache-Control": "max-age=31536000, immutable"})

        request = RequestFactory().get("/")
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "a session"
        response = ResponseHeadersMiddleware(immutable)(request)
        assert "immutable" in response.headers["Cache-Control"]

    def test_every_answer_names_what_browsers_may_do(self):
        response = ResponseHeadersMiddleware(answer)(RequestFactory().get("/"))
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in response.headers["Permissions-Policy"]
