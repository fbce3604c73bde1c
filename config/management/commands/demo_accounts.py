"""`manage.py demo_accounts`: one account per role, with the printed password."""

from typing import Any

from django.core.management.base import BaseCommand

from config.demo.district import PASSWORD
from config.demo.load import shown_accounts


class Command(BaseCommand):
    help = "列出演示账号，每个岗位一个。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"演示账号（口令都是 {PASSWORD}）：")
        for username, person, desk in shown_accounts():
            self.stdout.write(f"  {username:<12}{person}　{desk}")
