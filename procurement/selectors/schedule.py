"""采购期限：逐项推算，所填的日期合不合法；推算不出的如实说暂无法确定。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar.arithmetic import CalendarUnknown
from core.calendar.loading import workdays
from core.rules import Context, ParameterMissing
from core.rules.parameters import parameters_in_force
from procurement.facts.preparation import intention_facts
from procurement.facts.schedule import RESPONSE, Period, earliest_response, periods
from procurement.models import Intention, Tender

ONE_DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Said:
    """一句结论；`tone` 为 success、warning 或 error。"""

    tone: str
    text: str


@dataclass(frozen=True)
class Schedule:
    """一次采购的各项期限；推算不出时 `periods` 为空，`unknown` 说明缘由。"""

    published_on: date
    periods: tuple[Period, ...]
    unknown: str


@dataclass(frozen=True)
class Suggestion:
    """今日发布时建议的日期：文件提供至、响应截止；没有规定或无法确定的为 None。"""

    offered_until: date | None = None
    response_deadline: date | None = None


def schedule_of(tender: Tender, published_on: date) -> Schedule:
    """在这一天发布文件的各项期限。"""
    try:
        found = tuple(periods(tender, tender.method, published_on))
    except (CalendarUnknown, ParameterMissing) as unknown:
        return Schedule(published_on, (), _unknown(unknown))
    return Schedule(published_on, found, "")


def _unknown(error: CalendarUnknown | ParameterMissing) -> str:
    if isinstance(error, CalendarUnknown):
        return f"暂无法确定：{error.year} 年工作日历尚未载入。"
    return f"暂无法确定：{error}"


def suggestion_of(schedule: Schedule) -> Suggestion:
    """期限表末三项依次是响应截止、文件提供、公告期限；只有意向一项的没有建议。"""
    if len(schedule.periods) < 3:
        return Suggestion()
    response, offer, _ = schedule.periods[-3:]
    return Suggestion(offer.suggested, response.suggested)


def said_of_publication(tender: Tender, published_on: date) -> Said | None:
    """发布日距采购意向公开满不满期；没有意向、已豁免或自行采购的不说。"""
    facts = intention_facts(tender, Context(published_on))
    if facts.exemption.strip() or facts.is_own or facts.earliest is None:
        return None
    if published_on >= facts.earliest:
        return None
    day = facts.earliest.isoformat()
    return Said("error", f"发布日过早：采购意向公开满期的最早日是 {day}，此前不得发布采购文件。")


def said_of_deadline(tender: Tender, published_on: date, deadline: date | None) -> Said:
    """所填的响应截止日合不合法，建议哪一天。"""
    values = parameters_in_force(tender.jurisdiction(), published_on).get(RESPONSE)
    if values is None:
        return Said("warning", f"暂无法确定：参数“{RESPONSE}”没有生效的值。")
    if tender.method not in values:
        return Said("warning", f"{tender.mode}没有法定的响应期限，响应截止日由采购人确定。")
    days = int(values[tender.method])
    try:
        earliest, suggested = earliest_response(published_on, days)
    except CalendarUnknown as unknown:
        return Said("warning", _unknown(unknown))
    first = f"最早 {_day(earliest)}"
    advice = f"建议 {_day(suggested)}" if suggested else "建议日暂无法确定（工作日历尚未载入）"
    if deadline is None:
        return Said("warning", f"响应截止不少于 {days} 日：{first}，{advice}。")
    given = (deadline - published_on).days
    if given < days:
        return Said(
            "error",
            f"响应截止 {_day(deadline)} 不合法：距发布只有 {given} 日，不少于 {days} 日；"
            f"{first}，{advice}。",
        )
    return Said(
        "success",
        f"响应截止 {_day(deadline)} 合法：距发布 {given} 日，不少于 {days} 日。{_rest(deadline)}",
    )


def _rest(deadline: date) -> str:
    """截止日落在休息日的，建议其后的工作日。"""
    try:
        suggested = workdays().next_workday(deadline)
    except CalendarUnknown as unknown:
        return f"是否工作日{_unknown(unknown)}"
    return "" if suggested == deadline else f"当日不是工作日，建议 {_day(suggested)}。"


def _day(day: date) -> str:
    return f"{day.isoformat()}（周{WEEKDAYS[day.weekday()]}）"


def intention_end(intention: Intention) -> tuple[int, date] | None:
    """采购意向公开须满的日数和届满日；没有公开日期或参数的为 None。"""
    facts = intention_facts(intention.project, Context(intention.registered_on))
    if intention.published_on is None or facts.earliest is None:
        return None
    return (facts.earliest - intention.published_on).days, facts.earliest
