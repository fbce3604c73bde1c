"""`manage.py load_demo`: the demonstration districts, once, into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.demo.load import NotEmpty, load_demo


class Command(BaseCommand):
    help = "向空数据库载入演示辖区；已载入则不动，有其他数据则拒绝。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            is_new = load_demo()
        except NotEmpty as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("演示辖区已载入。" if is_new else "演示辖区已在，未作改动。")
