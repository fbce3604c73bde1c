"""Doors for the worker: workbooks are checked and written outside any web request."""

from __future__ import annotations

from celery import shared_task

from core.calendar.clock import today
from projects import services


# A plan of ten thousand projects takes minutes; two workers never take the same workbook.
@shared_task(name="projects.tasks.work_off", soft_time_limit=3600, time_limit=3660)
def work_off() -> int:
    """Check the workbooks that wait and write those confirmed; returns how many."""
    return services.work_off(on=today())
