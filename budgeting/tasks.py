"""Doors for the worker: the ledger is checked once a day."""

from __future__ import annotations

from celery import shared_task

from budgeting import services
from core.calendar.clock import today


@shared_task(name="budgeting.tasks.check_ledgers")
def check_ledgers() -> int:
    """Queue today's check of every jurisdiction that has none yet; returns how many."""
    return services.request_nightly(on=today())
