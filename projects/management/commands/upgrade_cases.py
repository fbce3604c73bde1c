"""`manage.py upgrade_cases`: cases that an earlier version left half way."""

from typing import Any

from django.core.management.base import BaseCommand

from core.calendar.clock import today
from projects.services import upgrade_cases


class Command(BaseCommand):
    help = "补齐旧版本批复的案卷：立采购包，补助转入实施；已补齐的不动，可反复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        upgraded = upgrade_cases(on=today())
        self.stdout.write(f"案卷已就绪（补齐 {upgraded} 个）。")
