"""公告的写法：一节、编号、金额、日期、期限、项目名称。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.money import format_yuan
from core.regulations.text import chinese_number
from disclosure.models import Section
from procurement.models import Tender


@dataclass(frozen=True)
class NoticeText:
    """一份公告的标题和依次排列的各节 `{"heading", "text": […], "rows": [[名称, 内容], …]}`。"""

    title: str
    sections: list[Section]


def section(heading: str, *text: str, rows: Iterable[tuple[str, str]] = ()) -> Section:
    """一节；空着的内容不列。"""
    return {
        "heading": heading,
        "text": [paragraph for paragraph in text if paragraph],
        "rows": [[label, value] for label, value in rows if value],
    }


def numbered(*sections: Section) -> list[Section]:
    """有内容的各节依次编号。"""
    kept = [section for section in sections if section["text"] or section["rows"]]
    return [
        section | {"heading": f"{chinese_number(position)}、{section['heading']}"}
        for position, section in enumerate(kept, 1)
    ]


def name(tender: Tender) -> str:
    """项目名称；分包的，带上包号和包名。"""
    project = tender.case()
    is_divided = project.packages.current().count() > 1
    return f"{project.name}（{tender.package}）" if is_divided else project.name


def attempt(tender: Tender) -> str:
    return f"（第{chinese_number(tender.attempt)}次）" if tender.attempt > 1 else ""


def from_publication(workdays: int | None) -> str:
    return f"自本公告发布之日起 {workdays} 个工作日。" if workdays else ""


def yuan(fen: int) -> str:
    return f"{format_yuan(fen)} 元"


def plain(number: Decimal) -> str:
    """12.00 → 12；12.50 → 12.5。"""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
