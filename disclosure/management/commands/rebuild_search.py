"""`manage.py rebuild_search`: make the search index exactly what the published notices give."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosure.public.services import rebuild_search, search_differences


class Command(BaseCommand):
    help = "重建公开站点的检索索引：只重编与公告不符的，随后逐份核对。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = rebuild_search()
        if differences := search_differences():
            raise CommandError("\n".join(differences))
        self.stdout.write(f"重新编入 {len(found)} 份公告；索引与全部公告一致。")
