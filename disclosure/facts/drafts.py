"""公告稿规则所问的事实：媒体是否登记，谁处理、谁审查，还留有哪些号码，更正了什么。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.rules import Context
from disclosure.masking import find
from disclosure.models import NoticeDraft, fields_of


@dataclass(frozen=True)
class DraftFacts:
    """一份公告稿：还缺什么，由谁经手。"""

    page: str
    prepare_page: str
    missing: tuple[str, ...]
    has_duty: bool
    preparer: str
    is_by_preparer: bool


def draft_facts(draft: NoticeDraft, context: Context) -> DraftFacts:
    stated = {
        "公告媒体": draft.medium,
        "公告网址": draft.address,
        "公告日期": draft.published_on,
    }
    return DraftFacts(
        page=draft.get_absolute_url(),
        prepare_page=draft.prepare_url(),
        missing=tuple(label for label, value in stated.items() if not value),
        has_duty=draft.duty_id is not None,
        preparer=str(draft.preparer or ""),
        is_by_preparer=context.is_by(draft.preparer_id),
    )


@dataclass(frozen=True)
class NumbersFacts:
    """将要公开的各处里还认得出的个人号码：在哪里，是什么。号码本身不入记录。"""

    page: str
    remaining: tuple[tuple[str, str], ...]


def numbers_facts(draft: NoticeDraft, context: Context) -> NumbersFacts:
    return NumbersFacts(
        page=draft.prepare_url(),
        remaining=tuple(
            (place, found.kind)
            for place, text in published_texts(draft)
            for found in find(text, draft.own_numbers)
        ),
    )


def published_texts(draft: NoticeDraft) -> Iterator[tuple[str, str]]:
    """冻结之后任何人看得见的每一段文字，连同它在哪里。"""
    yield "标题", draft.title
    yield "公告媒体", draft.medium
    yield "公告网址", draft.address
    for section in draft.shown_sections():
        yield "节名", section["heading"]
        yield from (("栏名", label) for label, _ in section["rows"])
    for field in fields_of(draft.shown_sections()):
        yield field.place, field.value


@dataclass(frozen=True)
class CorrectionFacts:
    """更正的各项：在哪里，由什么改为什么。"""

    page: str
    items: tuple[tuple[str, str, str], ...]


def correction_facts(draft: NoticeDraft, context: Context) -> CorrectionFacts:
    asked = {item["field"]: str(item["after"]).strip() for item in context.data.get("items", [])}
    return CorrectionFacts(
        page=draft.get_absolute_url(),
        items=tuple(
            (field.place, field.value, asked[field.key])
            for field in fields_of(draft.shown_sections())
            if field.key in asked
        ),
    )
