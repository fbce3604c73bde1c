"""/_style/: every component with sample data; a test and a source of screenshots."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.views.style_samples import samples, shell


@require_safe
@login_not_required
def style_page(request: HttpRequest) -> HttpResponse:
    return render(request, "core/style_page.html", shell() | samples())
