"""`manage.py retry_events`: give events that were given up another round of attempts."""

from typing import Any

from django.core.management.base import BaseCommand

from core.events.models import OutboxEvent


class Command(BaseCommand):
    help = "列出已放弃投递的事件并重新排队；故障排除后执行，可反复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        dead = OutboxEvent.objects.undone().filter(is_dead=True)
        for event in dead:
            self.stdout.write(f"第 {event.seq} 条 {event.name}：{event.last_error}")
        count = dead.update(is_dead=False, attempts=0, retry_at=None)
        self.stdout.write(f"已重新排队 {count} 条。")
