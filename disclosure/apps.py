from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "公开"

    def ready(self) -> None:
        from core.history.checkpoints import follow_checkpoints
        from disclosure import handlers, navigation, rules, tasks  # noqa: F401
        from disclosure.public.services import publish_checkpoints

        follow_checkpoints(publish_checkpoints)
        post_migrate.connect(_fill_public_site, sender=self)


def _fill_public_site(using: str = "default", **_: Any) -> None:
    """A database that had notices before it had an index gets both complete."""
    from disclosure.public.models import PublishedCheckpoint, SearchText
    from disclosure.public.services import fill_public_site

    needed = {SearchText._meta.db_table, PublishedCheckpoint._meta.db_table}
    if using == "default" and needed <= set(connection.introspection.table_names()):
        fill_public_site()
