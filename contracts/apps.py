from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"
    verbose_name = "合同与实施"

    def ready(self) -> None:
        from contracts import handlers, navigation, rules  # noqa: F401
        from contracts.services import invariants  # noqa: F401
