from django.apps import AppConfig


class BudgetingConfig(AppConfig):
    name = "budgeting"
    verbose_name = "预算"

    def ready(self) -> None:
        from budgeting import handlers, navigation, rules  # noqa: F401
