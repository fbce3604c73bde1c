"""公告的标题和各节，次序依财办库〔2020〕50号；系统没有的栏目不列，不代填。

除依法公布的评审专家外不写个人姓名，联系方式只写单位。金额写“1,756,800.00 元”，意向写万元。
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from contracts.models import Contract
from disclosure.documents.contract import contract_notice
from disclosure.documents.intention import intention_notice
from disclosure.documents.tender import (
    consultation_notice,
    failed_notice,
    open_tender_notice,
    result_notice,
)
from disclosure.documents.wording import NoticeText
from disclosure.models import NoticeKind
from procurement.models import Award, Intention, Tender

NoticeSubject = Intention | Tender | Award | Contract

BUILDERS: dict[str, Callable[[Any, date], NoticeText]] = {
    NoticeKind.INTENTION: intention_notice,
    NoticeKind.TENDER_OPEN: open_tender_notice,
    NoticeKind.TENDER_CONSULTATION: consultation_notice,
    NoticeKind.RESULT: result_notice,
    NoticeKind.FAILED: failed_notice,
    NoticeKind.CONTRACT: contract_notice,
}


def notice_text(kind: str, subject: NoticeSubject, published_on: date) -> NoticeText:
    """某种公告的标题和各节，取自所据的文件。"""
    return BUILDERS[kind](subject, published_on)


__all__ = ["NoticeSubject", "NoticeText", "notice_text"]
