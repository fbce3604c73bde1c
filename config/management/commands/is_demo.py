"""`manage.py is_demo`: exit 0 for the demonstration, 3 for an empty database, 1 otherwise."""

from typing import Any

from django.core.management.base import BaseCommand

from config.demo.load import holds


class Command(BaseCommand):
    help = "判断数据库内容：演示库退出码 0，空库 3，其他 1。"
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own shape

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit({"demo": 0, "empty": 3}.get(holds(), 1))
