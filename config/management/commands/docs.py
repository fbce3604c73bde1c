"""`manage.py docs`: write the generated reference; `--check` compares it. No database is opened."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.docs.pages import accepted, differing, generated, write


class Command(BaseCommand):
    help = "Write docs/reference/{rulebook,lifecycle,permissions,parameters}.md from the code."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own shape
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="compare only; exit 1 if different"
        )
        parser.add_argument(
            "--accept-permissions",
            action="store_true",
            help="also rewrite tests/golden/permissions.txt: you have read it and accept it",
        )

    def handle(self, *args: Any, check: bool, accept_permissions: bool, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        pages = generated() | (accepted() if accept_permissions else {})
        if not check:
            for path in write(pages, root):
                self.stdout.write(f"written: {path}")
            return
        for path in (wrong := differing(pages, root)):
            self.stderr.write(f"out of date: {path} — run manage.py docs")
        if wrong:
            raise SystemExit(1)
