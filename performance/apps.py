from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "performance"
    verbose_name = "评估"

    def ready(self) -> None:
        from performance import handlers, navigation, rules  # noqa: F401
