"""Headers every answer carries, the caller's address behind our own proxies, large type."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import escape_leading_slashes

from core.navigation.context import LARGE, NORMAL, TYPE_COOKIE

GetResponse = Callable[[HttpRequest], HttpResponse]

A_YEAR = 365 * 24 * 60 * 60
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


class ResponseHeadersMiddleware:
    """Adds what Django has no setting for; outside WhiteNoise, so static files carry it too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            # What a signed-in person saw must not stay in the cache of a shared computer.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class TrustedProxyMiddleware:
    """Takes the caller's address from X-Forwarded-For, counting only our own proxies.

    Each proxy appends the address it was called from, so with N of ours the Nth entry from the
    right is the first one nobody outside could write.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hops = settings.TRUSTED_PROXIES
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if hops and len(forwarded) >= hops and forwarded[-hops]:
            request.META["REMOTE_ADDR"] = forwarded[-hops]
        return self.get_response(request)


class LargeTypeMiddleware:
    """Remembers `?type=large` or `?type=normal` in a cookie: larger type needs no script."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("type", "")
        if request.method != "GET" or chosen not in (LARGE, NORMAL):
            return self.get_response(request)
        query = request.GET.copy()
        del query["type"]
        back = f"{escape_leading_slashes(request.path)}?{query.urlencode()}".rstrip("?")
        response = HttpResponseRedirect(back)
        response.set_cookie(
            TYPE_COOKIE,
            chosen,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response
