"""What is answered when a request cannot be served: 400 or 413, and 500 or 503."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """A malformed request is 400; one larger than allowed is 413."""
    is_too_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    status = 413 if is_too_big else 400
    return render(None, f"errors/{status}.html", status=status)


def server_error(_request: HttpRequest) -> HttpResponse:
    """A dependency that is down is 503, and nothing was written; anything else is our mistake."""
    is_down = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if is_down else 500
    response = render(None, f"errors/{status}.html", status=status)
    if is_down:
        response["Retry-After"] = "30"
    return response
