"""公告印出了什么。发布件只说公告说了的：公告没有写的、遮盖了的，这里一律得到 None，即不列。"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.money import format_wanyuan, format_yuan
from core.templatetags.ui import cn_date
from disclosure.public.models import PublishedNotice

SHANGHAI = ZoneInfo("Asia/Shanghai")
CURRENCY = "CNY"
Fields = dict[str, Any]


class Printed:
    """一份已冻结的公告，供发布件引用。"""

    def __init__(self, notice: PublishedNotice) -> None:
        self.notice = notice
        self.rows = [
            (label, value) for section in notice.fields for label, value in section["rows"]
        ]
        paragraphs = [text for section in notice.fields for text in section["text"]]
        values = [value for _, value in self.rows]
        self._words = "\n".join([notice.title, notice.purchaser_name, *paragraphs, *values])

    def text(self, value: str) -> str | None:
        """这几个字，公告里有的。"""
        return value if value and value in self._words else None

    def row(self, label: str) -> str | None:
        """公告里这一栏的内容。"""
        return next((value for name, value in self.rows if name == label), None)

    def section(self, heading: str) -> str | None:
        """公告里这一节的文字；标题前的编号不计。"""
        for each in self.notice.fields:
            if each["heading"].rpartition("、")[2] == heading and each["text"]:
                return "\n".join(each["text"])
        return None

    def money(self, fen: int | None) -> Fields | None:
        """这个金额，公告以元或者万元印出的。"""
        if fen is None or not any(self._has(write(fen)) for write in (format_yuan, format_wanyuan)):
            return None
        return yuan_value(fen)

    def begins(self, day: date | None) -> str | None:
        """这一天的零时，公告印出这一天的。"""
        return instant(day) if day and self._has(cn_date(day)) else None

    def ends(self, day: date | None) -> str | None:
        """这一天的最后一秒，公告印出这一天的：期限含当日。"""
        return instant(day, time(23, 59, 59)) if day and self._has(cn_date(day)) else None

    def _has(self, words: str) -> bool:
        """单独写出，不是一个更大的数的一段。"""
        return re.search(rf"(?<![\d,.]){re.escape(words)}(?![\d,])", self._words) is not None


def yuan_value(fen: int) -> Fields:
    """分换成恰好两位小数的元。"""
    return {"amount": Decimal(fen).scaleb(-2), "currency": CURRENCY}


def instant(day: date, at: time = time()) -> str:
    """一天里的一刻，带时区，如 2026-03-04T00:00:00+08:00。"""
    return datetime.combine(day, at, SHANGHAI).isoformat()


def kept(**fields: Any) -> Fields:
    """没有内容的不列。"""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
