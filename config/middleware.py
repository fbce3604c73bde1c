"""Headers every answer carries, and the address of the person behind our own proxies."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

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
