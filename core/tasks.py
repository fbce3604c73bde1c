"""Doors for the workers: each finds ids and calls one service; safe to run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

from celery import shared_task

from core.calendar.clock import today
from core.documents.services import retry_failed
from core.events.delivery import drain
from core.history.checkpoints import sign_checkpoint as sign

log = logging.getLogger(__name__)
DUE_CHECKS: list[Callable[[date], int]] = []


@shared_task(name="core.tasks.drain_outbox")
def drain_outbox() -> int:
    """Deliver what waits in the outbox."""
    return drain()


@shared_task(name="core.tasks.run_due_checks")
def run_due_checks() -> int:
    """Put due, overdue and silent things into inboxes; render documents that had failed."""
    on = today()
    found = sum(check(on) for check in DUE_CHECKS) + retry_failed(on=on)
    log.info("due checks on %s: %s", on, found)
    return found


@shared_task(name="core.tasks.sign_checkpoint")
def sign_checkpoint() -> int:
    """Sign the tree head if the log grew; returns its size."""
    checkpoint = sign()
    return checkpoint.size if checkpoint else 0
