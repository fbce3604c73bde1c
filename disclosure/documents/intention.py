"""采购意向公告。"""

from __future__ import annotations

from datetime import date

from core.money import format_wanyuan
from disclosure.documents.wording import NoticeText, section
from procurement.models import Intention


def intention_notice(intention: Intention, _published_on: date) -> NoticeText:
    """采购意向公告：一个项目一行。"""
    project = intention.project
    month = as_month(intention.expected_month)
    unit = f"{project.purchaser}{month}政府采购意向"
    opening = (
        "为便于供应商及时了解政府采购信息，根据《财政部关于开展政府采购意向公开工作的通知》"
        f"（财库〔2020〕10号）等有关规定，现将{unit}公开如下："
    )
    closing = (
        "本次公开的采购意向是本单位政府采购工作的初步安排，具体采购项目情况以相关采购公告和"
        "采购文件为准。"
    )
    approved = project.approved_fen
    return NoticeText(
        unit,
        [
            section("", opening),
            section(
                "采购意向",
                rows=[
                    ("序号", "1"),
                    ("采购项目名称", project.name),
                    ("采购需求概况", project.need),
                    ("预算金额（万元）", format_wanyuan(approved) if approved else ""),
                    ("预计采购时间", month),
                ],
            ),
            section("", closing),
        ],
    )


def as_month(text: str) -> str:
    """2026-03 → 2026年3月；写法不同的照录。"""
    year, _, month = text.partition("-")
    return f"{year}年{int(month)}月" if year.isdecimal() and month.isdecimal() else text
