"""网页的完整地址：用主办单位填写的域名，没有填写的用来访者所用的。"""

from __future__ import annotations

from typing import Any

from django.conf import settings


def site_address(request: Any) -> str:
    """如 https://www.example.gov.cn，后面接以 / 开头的路径。"""
    if domain := settings.SITE["domain"]:
        return f"https://{domain}"
    return f"{request.scheme}://{request.get_host()}"
