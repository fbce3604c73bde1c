"""Doors for the worker: dossiers are bound and the log is verified outside any web request."""

from __future__ import annotations

from celery import shared_task

from audit import services
from core.calendar.clock import today


# A big log takes longer than other tasks may; two workers never take the same job.
@shared_task(name="audit.tasks.work_off", soft_time_limit=3600, time_limit=3660)
def work_off() -> int:
    """Bind the dossiers and run the verifications that wait; returns how many."""
    return services.work_off(on=today())
