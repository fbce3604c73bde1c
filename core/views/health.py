"""Is the process alive, and can it do its work?"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM core_historyevent LIMIT 1")
    except OperationalError:
        return HttpResponse("database is down\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")
