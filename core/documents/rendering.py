"""One PDF base: templates in, PDF bytes out, no file and no network reached on the way."""

from __future__ import annotations

import os
from typing import Any

from django.template.loader import render_to_string

TEMPLATES: dict[str, str] = {}


class RendererMissing(RuntimeError):
    """The PDF engine's system packages are not installed."""


class FetchDenied(ValueError):
    """A document asked for a file or an address; documents reach nothing."""


def register_template(kind: str, template: str) -> None:
    """Name the template of a kind of document (called by an app's `apps.py`)."""
    TEMPLATES[kind] = template


def render_html(kind: str, context: dict[str, Any]) -> str:
    """The document's HTML; raises `KeyError` for a kind nobody registered."""
    return render_to_string(TEMPLATES[kind], context)


def render_pdf(kind: str, context: dict[str, Any]) -> bytes:
    """PDF bytes, identical for identical context. Raises `RendererMissing`, `FetchDenied`."""
    try:
        # Imported here: heavy, and its libraries may be absent.
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise RendererMissing(
            "服务器未安装 PDF 组件（libpango 等），文书暂不能生成；安装后由系统任务自动补生成。"
        ) from error
    html = render_html(kind, context)
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    nothing = URLFetcher(allowed_protocols=(), fail_on_errors=True)
    try:
        pdf: bytes = HTML(string=html, url_fetcher=nothing, base_url=None).write_pdf(
            pdf_identifier=b"minggou"
        )
    except FatalURLFetchingError as denied:
        raise FetchDenied(f"文书不得引用外部资源：{denied}") from denied
    return pdf
