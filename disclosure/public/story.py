"""一个项目的经过：只用它已发布的公告，按七个环节，用老百姓看得懂的话说。

每种公告说哪句话、取哪几栏，见 TELLINGS；公告里没有的栏目不说，没有公告的环节写“尚未公开”。
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from core.templatetags.ui import cn_date
from disclosure.public.models import NoticeKind, PublishedNotice

STAGES = ("申报", "预算", "采购", "合同", "实施", "评估", "公开")
NUMBERING = re.compile(r"^[一二三四五六七八九十百]+、")
MOST_WORDS = 120


class Telling(NamedTuple):
    """一种公告怎么说：属于哪个环节，做了什么，取哪几栏。"""

    stage: str
    deed: str
    clauses: tuple[tuple[str, str], ...] = ()


TELLINGS: dict[str, Telling] = {
    NoticeKind.INTENTION: Telling(
        "采购",
        "预告将要采购这项服务",
        (("预算金额（万元）", "预算 {} 万元"), ("预计采购时间", "预计{}采购")),
    ),
    NoticeKind.TENDER_OPEN: Telling(
        "采购",
        "公开招标，请供应商投标",
        (
            ("预算金额", "预算 {}"),
            ("最高限价", "最高限价 {}"),
            ("提交投标文件截止时间", "{}截止"),
        ),
    ),
    NoticeKind.TENDER_CONSULTATION: Telling(
        "采购",
        "公开征集供应商，用磋商的办法选定",
        (("预算金额", "预算 {}"), ("最高限价", "最高限价 {}"), ("截止时间", "{}截止")),
    ),
    NoticeKind.RESULT: Telling(
        "采购",
        "公布了采购结果",
        (
            ("供应商名称", "选定{}"),
            ("成交金额", "成交金额 {}"),
            ("中标金额", "中标金额 {}"),
        ),
    ),
    NoticeKind.FAILED: Telling("采购", "公告这一次采购没有成功", (("项目终止的原因", "原因是{}"),)),
    NoticeKind.CONTRACT: Telling(
        "合同",
        "公布了签订的合同",
        (
            ("供应商（乙方）", "由{}承担"),
            ("合同金额", "合同金额 {}"),
            ("履约期限", "服务期限为{}"),
        ),
    ),
}
NO_NOTICE_OF_ITS_OWN = {
    "申报": "申报材料是内部的办理过程，没有单独的公告；批准以后公开要购买的项目和要求。",
}
NOT_YET = "本系统还没有发布这个环节的公告。"
FIGURES = ("预算金额（万元）", "预算金额", "最高限价", "中标金额", "成交金额", "合同金额")


@dataclass(frozen=True)
class Told:
    """一份公告说成的一句话；`corrected_by` 是更正了它的公告。"""

    notice: PublishedNotice
    sentence: str
    corrected_by: PublishedNotice | None


@dataclass(frozen=True)
class Step:
    """一个环节：它的公告，或者为什么没有。"""

    label: str
    told: list[Told]
    nothing: str

    @property
    def state(self) -> str:
        return "done" if self.told else "future"

    @property
    def note(self) -> str:
        days = [told.notice.published_on for told in self.told]
        return max(days).isoformat() if days else "尚未公开"


@dataclass(frozen=True)
class Story:
    """一个项目：名称取最近的公告，金额取没有被更正的公告。"""

    number: str
    name: str
    purchaser: str
    steps: list[Step]
    figures: list[tuple[str, str]]
    notices: list[PublishedNotice]

    @property
    def reached(self) -> str:
        """公告所到的最后一个环节。"""
        return next((step.label for step in reversed(self.steps) if step.told), "")


def story(notices: list[PublishedNotice]) -> Story:
    """一个项目的经过；`notices` 是它的全部公告，先发的在前，至少一份。"""
    by_number = {notice.number: notice for notice in notices}
    replaced = {notice.supersedes: notice for notice in notices if notice.supersedes}
    places: dict[str, list[Told]] = {label: [] for label in STAGES}
    for notice in notices:
        told = Told(notice, sentence(notice), replaced.get(notice.number))
        places[_stage(notice, by_number)].append(told)
    newest = notices[-1]
    standing = [notice for notice in notices if notice.number not in replaced]
    return Story(
        number=newest.project_number,
        name=newest.project_name,
        purchaser=newest.purchaser_name,
        steps=[
            Step(label, told, NO_NOTICE_OF_ITS_OWN.get(label, NOT_YET))
            for label, told in places.items()
        ],
        figures=_figures(standing),
        notices=notices,
    )


def stories(notices: Iterable[PublishedNotice]) -> dict[str, Story]:
    """按项目编号分开的各个项目的经过。"""
    grouped: dict[str, list[PublishedNotice]] = {}
    for notice in notices:
        grouped.setdefault(notice.project_number, []).append(notice)
    return {number: story(rows) for number, rows in grouped.items()}


def sentence(notice: PublishedNotice) -> str:
    """如“2026年4月13日，区文旅委公布了签订的合同：由……承担；合同金额 1,756,800.00 元。”"""
    telling = TELLINGS.get(notice.kind)
    deed = telling.deed if telling else f"发布了{notice.get_kind_display()}"
    if notice.supersedes:
        deed = f"更正了公告 {notice.supersedes}"
    said, clauses = facts(notice), telling.clauses if telling else ()
    parts = [form.format(said[label]) for label, form in clauses if said.get(label)]
    end = f"：{'；'.join(parts)}" if parts else ""
    return f"{cn_date(notice.published_on)}，{notice.purchaser_name}{deed}{end}。"


def facts(notice: PublishedNotice) -> dict[str, str]:
    """公告各栏的名称和内容，同名的取先印的；只有文字的一节，以标题为名。"""
    found: dict[str, str] = {}
    for section in notice.fields:
        if section["text"]:
            found.setdefault(NUMBERING.sub("", section["heading"]), _short(section["text"][0]))
        for label, value in section["rows"]:
            found.setdefault(label, _short(value))
    return found


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip("。")
    return line if len(line) <= MOST_WORDS else f"{line[:MOST_WORDS]}……"


def _stage(notice: PublishedNotice, by_number: dict[str, PublishedNotice]) -> str:
    """公告所属的环节；更正随被更正的那份。"""
    first = by_number.get(notice.supersedes, notice)
    telling = TELLINGS.get(first.kind)
    return telling.stage if telling else "公开"


def _figures(standing: list[PublishedNotice]) -> list[tuple[str, str]]:
    """几个金额，各取最近的一份公告；同一金额另一种写法不重复。"""
    found: dict[str, str] = {}
    for notice in standing:
        found |= {label: value for label, value in facts(notice).items() if label in FIGURES}
    if "预算金额" in found:
        found.pop("预算金额（万元）", None)
    return [(label, found[label]) for label in FIGURES if label in found]
