"""`manage.py worker`: the embedded worker of the trial; the same deliveries Celery makes."""

import logging
import signal
import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from core.events.delivery import drain

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.4


class Command(BaseCommand):
    help = "内置工作进程：投递事件、生成文书、按时检查；收到 SIGTERM 即停。"
    _is_running = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="各做一遍即退出")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        last = dict.fromkeys(settings.CELERY_BEAT_SCHEDULE, 0.0)
        while self._is_running:
            self._turn(last)
            if options["once"]:
                return
            time.sleep(IDLE_SECONDS)

    def _stop(self, *_: Any) -> None:
        self._is_running = False

    def _turn(self, last: dict[str, float]) -> None:
        close_old_connections()
        try:
            drain()
            for task in _due(last):
                last[task] = time.monotonic()
                module, _, name = task.rpartition(".")
                getattr(import_module(module), name)()
        except Exception:
            log.exception("worker turn failed; it goes on")


def _due(last: dict[str, float]) -> list[str]:
    """Scheduled tasks whose period has passed since they last ran here (0.0: never)."""
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    now = time.monotonic()
    return [
        task
        for task, line in schedule.items()
        if not last[task] or now - last[task] >= line["schedule"].total_seconds()
    ]
