from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "机制"

    def ready(self) -> None:
        from accounts import recording
        from core import checks, documents  # noqa: F401
        from core.documents import services  # noqa: F401
        from core.events.delivery import enqueue
        from core.history import coverage  # noqa: F401
        from core.history.log import follow
        from core.history.writer import change
        from core.navigation import add_menu, add_site_link, add_todo
        from core.navigation.deputies import waits_for_a_deputy

        add_menu("工作", "工作台", "core:desk", 10)
        add_menu("工作", "授权代理", "core:delegations", 12)
        add_todo(waits_for_a_deputy)
        add_menu("系统", "工作日历", "core:calendar_list", 890)
        add_menu("系统", "演示时钟", "core:clock", 900, ("system_admin",))
        add_site_link("法规", "regulations", 50)
        recording.plug(change)
        follow(enqueue)
        post_migrate.connect(_install_triggers)


def _install_triggers(using: str = "default", **_: Any) -> None:
    from core.history import triggers

    triggers.install(using)
