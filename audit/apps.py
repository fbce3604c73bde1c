from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "监督"

    def ready(self) -> None:
        from audit import navigation  # noqa: F401
