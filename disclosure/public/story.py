"""一个项目的经过：只用它已发布的公告，按七个环节，用老百姓看得懂的话说。

每种公告说哪句话、取哪几栏，见 TELLINGS；公告里没有的栏目不说，没有公告的环节写“尚未公开”。
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from core.templatetags.ui import cn_date
from disclosure.public.models import ENDINGS, PublishedNotice

STAGES = ("申报", "预算", "采购", "合同", "实施", "评估", "公开")
NUMBERING = re.compile(r"^[一二三四五六七八九十百]+、")
MOST_WORDS = 120


class Telling(NamedTuple):
    """一种公告怎么说：属于哪个环节，做了什么，取哪几栏。"""

    stage: str
    deed: str
    clauses: tuple[tuple[str, str], ...] = ()


# 金额、期限等栏目的名称，与 documents/ 印的一字不差。
TELLINGS: dict[str, Telling] = {
    "requirements": Telling(
        "预算", "公开了要购买的项目和要求", (("预算年度", "{}的预算"), ("预算金额", "预算 {}"))
    ),
    "intention": Telling(
        "采购",
        "预告将要采购这项服务",
        (("预算金额（万元）", "预算 {} 万元"), ("预计采购时间", "预计{}采购")),
    ),
    "tender_open": Telling(
        "采购",
        "公开招标，请供应商投标",
        (
            ("预算金额", "预算 {}"),
            ("最高限价", "最高限价 {}"),
            ("提交投标文件截止时间", "{}截止"),
        ),
    ),
    "tender_consultation": Telling(
        "采购",
        "公开征集供应商，用磋商的办法选定",
        (("预算金额", "预算 {}"), ("最高限价", "最高限价 {}"), ("截止时间", "{}截止")),
    ),
    "result": Telling(
        "采购",
        "公布了采购结果",
        (
            ("供应商名称", "选定{}"),
            ("成交金额", "成交金额 {}"),
            ("中标金额", "中标金额 {}"),
        ),
    ),
    "failed": Telling("采购", "公告这一次采购没有成功", (("项目终止的原因", "原因是{}"),)),
    "termination": Telling("采购", "公告不再办下去了", (("项目终止的原因", "原因是{}"),)),
    "contract": Telling(
        "合同",
        "公布了签订的合同",
        (
            ("供应商（乙方）", "由{}承担"),
            ("合同金额", "合同金额 {}"),
            ("履约期限", "服务期限为{}"),
        ),
    ),
    "acceptance": Telling(
        "实施", "公布了验收的结果", (("验收日期", "{}验收"), ("验收意见", "意见是{}"))
    ),
    "evaluation": Telling(
        "评估", "公布了评估的结果", (("考核等级", "等级为{}"), ("评估结论", "结论是{}"))
    ),
    "correction": Telling("公开", "更正了以前的公告", (("更正理由", "理由是{}"),)),
}
TERMINATION = "termination"
FILED = "申报材料是内部的办理过程，没有单独的公告；批准以后公开要购买的项目和要求。"
NOT_YET = "本系统还没有发布这个环节的公告。"
ALL_ALONG = "随各环节办理陆续公开，至今共发布 {} 份公告，每一份都能下载、核对。"
FIGURES = ("预算金额（万元）", "预算金额", "最高限价", "中标金额", "成交金额", "合同金额")


@dataclass(frozen=True)
class Told:
    """一份公告说成的一句话；`later` 是更正或终止了它的公告。"""

    notice: PublishedNotice
    sentence: str
    later: PublishedNotice | None


@dataclass(frozen=True)
class Step:
    """一个环节：它的公告；没有的，`nothing` 说明为什么。"""

    label: str
    told: list[Told]
    nothing: str

    @property
    def state(self) -> str:
        return "done" if self.told else "future"

    @property
    def is_silent(self) -> bool:
        """这个环节应当有公告而没有。“公开”贯穿各个环节，不算。"""
        return not self.told and self.label != STAGES[-1]

    @property
    def note(self) -> str:
        days = [told.notice.published_on for told in self.told]
        return max(days).isoformat() if days else "尚未公开" if self.is_silent else "陆续公开"


@dataclass(frozen=True)
class Story:
    """一个项目：名称取最近的公告，金额各取最近一次印出的。"""

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
    silence = {STAGES[0]: FILED, STAGES[-1]: ALL_ALONG.format(len(notices))}
    return Story(
        number=newest.project_number,
        name=newest.project_name,
        purchaser=newest.purchaser_name,
        steps=[Step(label, told, silence.get(label, NOT_YET)) for label, told in places.items()],
        figures=_figures(notices, replaced),
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
    if notice.supersedes and notice.kind not in ENDINGS:
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
    """公告所属的环节；更正随被更正的那份，合同的终止属于合同。"""
    first = by_number.get(notice.supersedes, notice) if notice.kind not in ENDINGS else notice
    if first.kind == TERMINATION and "合同编号" in facts(first):
        return "合同"
    telling = TELLINGS.get(first.kind)
    return telling.stage if telling else STAGES[-1]


def _figures(
    notices: list[PublishedNotice], replaced: dict[str, PublishedNotice]
) -> list[tuple[str, str]]:
    """几个金额，各取最近印出的一次；所在的公告后来更正、终止了的，注明是哪一份。"""
    found: dict[str, str] = {}
    for notice in notices:
        later = replaced.get(notice.number)
        more = f"（见 {later.number}）" if later else ""
        said = facts(notice)
        found |= {label: f"{said[label]}{more}" for label in FIGURES if label in said}
    if "预算金额" in found:
        found.pop("预算金额（万元）", None)
    return [(label, found[label]) for label in FIGURES if label in found]
