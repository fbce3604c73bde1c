"""更正：把更正公告印出的“原为……现更正为……”写回原来那份发布件的栏目。

只列改了的栏，连同各层的 id：没有改的照旧，也不会盖住后来的变化。认得的是整栏的文字、金额、日期；
其余的更正在更正公告里，发布件以文件和更正说明（amendments）指出。
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from core.money import MoneyError, format_wanyuan, format_yuan, parse_amount
from core.templatetags.ui import cn_date
from disclosure.ocds.drafts import Draft
from disclosure.ocds.encoding import decoded
from disclosure.ocds.parts import notice_documents
from disclosure.ocds.printed import Fields, Printed, instant, kept, yuan_value
from disclosure.public.models import PublishedRelease

CHANGED = re.compile("原为“(?P<before>.*)”，现更正为“(?P<after>.*)”。", re.DOTALL)
DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
STAGES = ("planning", "tender", "award", "contract", "implementation")
# 编号、代码、网址不随更正而变。
FIXED = frozenset({"id", "ocid", "date", "tag", "url", "datePublished", "documents", "language"})
Fix = Callable[[Any], Any]


def correction_draft(_subject: object, printed: Printed) -> Draft:
    """更正公告：原发布件所在的过程、所在的一步。"""
    original = PublishedRelease.objects.get(release_id=printed.notice.supersedes)
    stage = next(stage for stage in STAGES if original.tag.startswith(stage))
    before: Fields = decoded(original.content)
    after = _fixed(before, _fix_of(printed))
    people = {name: after[name] for name in ("buyer", "parties")}
    content = _difference(before, after) | people
    section = _section(content, before, stage)
    documents = notice_documents(printed, _document_type(before, original.release_id))
    section["documents"] = documents
    if stage != "planning":
        section["amendments"] = [_amendment(printed, original.release_id)]
    return Draft(original.ocid, f"{stage}Update", content)


def _amendment(printed: Printed, amended: str) -> Fields:
    notice = printed.notice
    return kept(
        id=notice.number,
        date=instant(notice.published_on),
        rationale=printed.row("更正理由"),
        description="\n".join(f"{place}：{text}" for place, text in _changes(printed)),
        amendsReleaseID=amended,
        releaseID=notice.number,
    )


def _section(content: Fields, before: Fields, stage: str) -> Fields:
    """更正说明写在哪里：原发布件所说的计划、采购、成交或者合同。"""
    found: Fields
    if stage in ("planning", "tender"):
        named = kept(id=before[stage].get("id"))
        found = content.setdefault(stage, named)
        return found
    content.setdefault("awards", [{"id": award["id"]} for award in before["awards"]])
    name = "awards" if stage == "award" else "contracts"
    (told,) = before[name]
    named = {key: told[key] for key in ("id", "awardID") if key in told}
    found = content.setdefault(name, [{}])[0]
    found.update(named)
    return found


def _document_type(value: Any, number: str) -> str:
    """原公告作为文件的种类；更正公告与它同类。"""
    inside = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict) and value.get("id") == number and "documentType" in value:
        return str(value["documentType"])
    nested = (each for each in inside if isinstance(each, dict | list))
    return next(filter(None, (_document_type(each, number) for each in nested)), "")


# --- 改什么 -------------------------------------------------------------------------------------


def _changes(printed: Printed) -> list[tuple[str, str]]:
    return [(label, text) for label, text in printed.rows if CHANGED.fullmatch(text)]


def _fix_of(printed: Printed) -> Fix:
    """一个值更正之后是什么；没有更正的就是它自己。"""
    found = [CHANGED.fullmatch(text) for _, text in _changes(printed)]
    pairs = [(match["before"], match["after"]) for match in found if match]

    def fix(value: Any) -> Any:
        for before, after in pairs:
            changed = _changed(value, before, after)
            if changed is not None:
                return changed
        return value

    return fix


def _changed(value: Any, before: str, after: str) -> Any:
    if isinstance(value, dict):
        return _changed_amount(int(value["amount"].scaleb(2)), before, after)
    if value == before:
        return after
    return _changed_day(value, before, after)


def _changed_amount(fen: int, before: str, after: str) -> Fields | None:
    try:
        if before == f"{format_yuan(fen)} 元":
            return yuan_value(parse_amount(after.removesuffix("元").strip()))
        if before == format_wanyuan(fen):
            return yuan_value(parse_amount(after, "万元"))
    except MoneyError:
        return None
    return None


def _changed_day(value: str, before: str, after: str) -> str | None:
    """时间所在的那一天，是原文里的第几个日期，就换成更正后的第几个。"""
    if not re.match(r"\d{4}-\d{2}-\d{2}T", value):
        return None
    known, given = DAY.findall(before), DAY.findall(after)
    day = DAY.findall(cn_date(date.fromisoformat(value[:10])))[0]
    if day not in known or len(known) != len(given):
        return None
    year, month, of_month = map(int, given[known.index(day)])
    try:
        return f"{date(year, month, of_month).isoformat()}{value[10:]}"
    except ValueError:
        return None


def _fixed(value: Any, fix: Fix) -> Any:
    """同样的内容，改了的已经改好。"""
    if isinstance(value, dict):
        if "currency" in value:
            return fix(value)
        return {k: v if k in FIXED else _fixed(v, fix) for k, v in value.items()}
    if isinstance(value, list):
        return [_fixed(each, fix) for each in value]
    return fix(value) if isinstance(value, str) else value


def _difference(before: Any, after: Any) -> Any:
    """改了的各栏，连同各层的 id。"""
    if isinstance(before, dict) and "currency" not in before:
        changed = {k: _difference(before[k], after[k]) for k in before if before[k] != after[k]}
        named = {k: before[k] for k in ("id", "awardID") if k in before and "ocid" not in before}
        return named | changed
    if isinstance(before, list) and all(isinstance(each, dict) for each in before):
        pairs = zip(before, after, strict=True)
        return [_difference(old, new) for old, new in pairs if old != new]
    return after
