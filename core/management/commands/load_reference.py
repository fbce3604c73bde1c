"""`manage.py load_reference`: parameters, calendars and the system account."""

from typing import Any

from django.core.management.base import BaseCommand

from core.calendar.clock import today
from core.reference import load_reference


class Command(BaseCommand):
    help = "载入随附的参数与工作日历；已有的不动，可反复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_reference(on=today())
        self.stdout.write(f"参考数据已就绪（新增参数 {added} 项）。")
