"""评估对实施的响应：全部服务验收合格，即开始综合评估。"""

from __future__ import annotations

from accounts.services import system_actor
from contracts.models import Contract
from core.events import OutboxEvent, on
from core.history.values import referenced_pk
from performance.services import open_evaluation


@on("projects.package.accept")
def start_evaluation(event: OutboxEvent) -> None:
    """采购包验收之后，为它的合同开始综合评估（第九条第（六）项）。"""
    contract = Contract.objects.standing().get(package=referenced_pk(event.subject))
    user, role = system_actor()
    open_evaluation(contract, by=user, acting_as=role, on=event.effective_on)
