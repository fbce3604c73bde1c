"""公告的标题和各节，次序依财办库〔2020〕50号；系统没有的栏目不列，不代填。

除依法公布的评审专家和验收组成员外不写个人姓名，联系方式只写单位。金额写“1,756,800.00 元”，
意向写万元。标题和各栏里的个人号码一律遮盖。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from disclosure.documents.acceptance import acceptance_notice
from disclosure.documents.contract import contract_notice
from disclosure.documents.ending import correction_notice, termination_notice
from disclosure.documents.evaluation import evaluation_notice
from disclosure.documents.intention import intention_notice
from disclosure.documents.requirements import requirements_notice
from disclosure.documents.sources import Subject, numbers_of, source_of
from disclosure.documents.tender import (
    consultation_notice,
    failed_notice,
    open_tender_notice,
    result_notice,
)
from disclosure.documents.wording import NoticeText
from disclosure.masking import mask
from disclosure.models import NoticeKind, Section, fields_of

BUILDERS: dict[str, Callable[[Any, Any], NoticeText]] = {
    NoticeKind.REQUIREMENTS: requirements_notice,
    NoticeKind.INTENTION: intention_notice,
    NoticeKind.TENDER_OPEN: open_tender_notice,
    NoticeKind.TENDER_CONSULTATION: consultation_notice,
    NoticeKind.RESULT: result_notice,
    NoticeKind.FAILED: failed_notice,
    NoticeKind.CONTRACT: contract_notice,
    NoticeKind.ACCEPTANCE: acceptance_notice,
    NoticeKind.EVALUATION: evaluation_notice,
}
# 另有内容不在所据文件上的：终止的原因、更正的内容。
DETAILED: dict[str, Callable[[Any, date | None, dict[str, Any]], NoticeText]] = {
    NoticeKind.TERMINATION: termination_notice,
    NoticeKind.CORRECTION: correction_notice,
}


@dataclass(frozen=True)
class MaskedText:
    """遮盖之后的标题和各节，以及遮了哪些 `[{"place", "kind", "shown"}]`。"""

    title: str
    sections: list[Section]
    masked: list[dict[str, str]]


def notice_text(
    kind: str, subject: Subject, published_on: date | None, details: dict[str, Any] | None = None
) -> MaskedText:
    """某种公告的标题和各节，取自所据的文件，个人号码已经遮盖。"""
    if kind in DETAILED:
        text = DETAILED[kind](subject, published_on, details or {})
    else:
        text = BUILDERS[kind](subject, published_on)
    return masked_text(text, numbers_of(subject))


def masked_text(text: NoticeText, keep: Iterable[str]) -> MaskedText:
    title, found = mask(text.title, keep)
    masked = [{"place": "标题", "kind": each.kind, "shown": each.shown} for each in found]
    sections = [_masked_section(section, keep) for section in text.sections]
    for before in fields_of(text.sections):
        masked += [
            {"place": before.place, "kind": each.kind, "shown": each.shown}
            for each in mask(before.value, keep)[1]
        ]
    return MaskedText(title, sections, masked)


def _masked_section(section: Section, keep: Iterable[str]) -> Section:
    return {
        "heading": section["heading"],
        "text": [mask(paragraph, keep)[0] for paragraph in section["text"]],
        "rows": [[mask(label, keep)[0], mask(value, keep)[0]] for label, value in section["rows"]],
    }


__all__ = ["MaskedText", "Subject", "notice_text", "numbers_of", "source_of"]
