"""核验：公布的检查点，和任何人都能照做的核对办法。"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from core.history.verifier import script_bytes
from core.views.listing import Column, Listing, listing
from core.views.public import open_page
from disclosure.public import selectors

PER_PAGE = 20
A_YEAR = 365 * 24 * 60 * 60

COLUMNS = (
    Column("记录数", lambda c: c.size, numeric=True),
    Column("签署时间", lambda c: timezone.localtime(c.signed_at).isoformat(timespec="seconds")),
    Column("签名文本", lambda c: c.note),
    Column("SHA-256 根", lambda c: c.root_sha256),
    Column("SM3 根", lambda c: c.root_sm3),
)


@open_page()
def verify(request: HttpRequest) -> HttpResponseBase:
    """最近的检查点、以往的检查点、核对办法。"""
    rows = selectors.checkpoints()
    page = listing(request, rows, COLUMNS, filename="检查点", per_page=PER_PAGE)
    if not isinstance(page, Listing):
        return page
    return render(request, "public/verify.html", {"listing": page, "latest": rows.first()})


@open_page(keep=A_YEAR)
def checkpoint(_request: HttpRequest, size: int) -> HttpResponseBase:
    """一个检查点的签名文本。"""
    found = get_object_or_404(selectors.checkpoints(), size=size)
    return _text_file(found.note, f"minggou-checkpoint-{size}.txt")


@open_page()
def public_key(_request: HttpRequest) -> HttpResponseBase:
    """最近的检查点所用的公钥。"""
    latest = selectors.checkpoints().first()
    if latest is None:
        raise Http404
    return _text_file(latest.public_key_pem(), "minggou-key.pem")


@open_page()
def verifier(_request: HttpRequest) -> HttpResponseBase:
    """核验程序：一个文件，只用 Python 标准库，核验案卷 ZIP。"""
    return _text_file(script_bytes().decode(), "verify.py")


def _text_file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
