"""The clock. Only doors (views, tasks, commands) read it; everything else is given a date."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone

from accounts.models import RoleAssignment, User
from core.calendar.models import DemoClock
from core.history.unit import RecordedRefusal
from core.history.writer import change

MOST_YEARS_AHEAD = 2


class ClockRefused(RecordedRefusal):
    """The demonstration clock does not move here, or not that way."""


def today() -> date:
    """The working date: the demonstration clock where there is one, else the day in Shanghai."""
    if settings.MINGGOU_DEMO:
        clock = DemoClock.objects.first()
        if clock is not None:
            return clock.today
    return timezone.localdate()


def is_demo() -> bool:
    """Whether this database carries the demonstration clock and may move it."""
    return bool(settings.MINGGOU_DEMO) and DemoClock.objects.exists()


def start_demo_clock(on: date, *, by: User) -> DemoClock:
    """Put the clock into a database that is being filled with the demonstration district."""
    if not settings.MINGGOU_DEMO:
        raise ClockRefused("正式库不得设立演示时钟，未作任何改动。")
    with change(title="设立演示时钟", act="core.move_demo_clock", by=by, on=on) as changes:
        return changes.create(DemoClock(today=on))


def move_demo_clock(to: date, *, by: User, acting_as: RoleAssignment | None) -> DemoClock:
    """Move the demonstration clock forward; raises `ClockRefused` elsewhere or backwards."""
    if not is_demo():
        raise ClockRefused("这不是演示库，日期取自服务器时钟，不能拨动。未作任何改动。")
    clock = DemoClock.objects.get()
    if to < clock.today:
        raise ClockRefused(
            f"演示时钟只能向后拨：现为 {clock.today.isoformat()}，不能拨回 {to.isoformat()}。"
            "未作任何改动。"
        )
    if to.year > clock.today.year + MOST_YEARS_AHEAD:
        raise ClockRefused(
            f"一次最多拨到 {clock.today.year + MOST_YEARS_AHEAD} 年底，未作任何改动。请核对日期。"
        )
    with change(
        title="拨动演示时钟",
        act="core.move_demo_clock",
        by=by,
        acting_as=acting_as,
        on=to,
        subject=clock,
    ) as changes:
        return changes.update(clock, today=to)
