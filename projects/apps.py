from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "申报"

    def ready(self) -> None:
        from projects import navigation, rules  # noqa: F401
