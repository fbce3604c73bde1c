"""The loaded working-day calendar and the demonstration clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from django.db import models

from accounts.recording import GuardedQuerySet, recorded
from core.calendar.arithmetic import DayRow


@recorded()
class CalendarYear(models.Model):
    """工作日历：逐年载入，注明通知文号；未载入的年份没有答案。"""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("依据", max_length=200)
    days = models.JSONField("逐日")
    objects = GuardedQuerySet["CalendarYear"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering: ClassVar = ["year"]

    def __str__(self) -> str:
        return f"{self.year} 年"

    def rows(self) -> Iterator[DayRow]:
        """Every day of the year, in order."""
        for day, is_workday, name in self.days:
            yield DayRow(date.fromisoformat(day), is_workday, name, self.source)


@recorded()
class DemoClock(models.Model):
    """演示时钟：只在演示库中有一行；正式库中没有，也不能建立。"""

    today = models.DateField("演示日期")
    objects = GuardedQuerySet["DemoClock"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "演示时钟"

    def __str__(self) -> str:
        return self.today.isoformat()
