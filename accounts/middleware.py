"""The role a signed-in user acts in, and the day, for each request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.models import RoleAssignment

SESSION_KEY = "acting_as"


class ActingRoleMiddleware:
    """Puts `request.acting` (a post in force, own or by delegation, or None) to the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = self._acting(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _acting(self, request: HttpRequest) -> RoleAssignment | None:
        if not request.user.is_authenticated:
            return None
        roles = request.user.posts()
        chosen = request.session.get(SESSION_KEY)
        return next((r for r in roles if r.pk == chosen), roles[0] if roles else None)
