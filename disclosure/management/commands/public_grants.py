"""`manage.py public_grants ROLE`: the SQL that lets a role read the public site's tables only."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

PUBLIC = "disclosure.public"


def public_tables() -> list[str]:
    """The tables of the public site, by name."""
    ours = [m for m in apps.get_models() if m.__module__.startswith(f"{PUBLIC}.")]
    return sorted(model._meta.db_table for model in ours)


class Command(BaseCommand):
    help = "印出公开站点只读账号所需的授权语句，交数据库管理员执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="数据库账号名，如 minggou_public")

    def handle(self, *args: Any, **options: Any) -> None:
        role = connection.ops.quote_name(options["role"])
        self.stdout.write(f"GRANT USAGE ON SCHEMA public TO {role};")
        for table in public_tables():
            self.stdout.write(f"GRANT SELECT ON {connection.ops.quote_name(table)} TO {role};")
