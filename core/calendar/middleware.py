"""The working date of a request, so that dated roles are judged by the clock the pages show."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.calendar.clock import today


class WorkingDayMiddleware:
    """Sets `request.user.day` from the one clock, before roles are read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.user.day = today()
        return self.get_response(request)
