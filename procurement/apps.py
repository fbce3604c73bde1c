from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "procurement"
    verbose_name = "采购"

    def ready(self) -> None:
        from procurement import navigation, rules  # noqa: F401
