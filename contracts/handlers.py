"""合同对采购的响应：成交供应商拒绝签订的，撤回由那份成交拟订的合同。"""

from __future__ import annotations

from accounts.services import system_actor
from contracts.models import Contract, ContractStatus
from contracts.services import withdraw_draft
from core.events import OutboxEvent, on
from core.history.values import referenced_pk


@on("procurement.award.refuse")
def withdraw_draft_of_refused_award(event: OutboxEvent) -> None:
    """采购包自此可以由另一份成交拟订合同；没有拟订过的、已经撤回的，不必再办。"""
    drafts = Contract.objects.filter(status=ContractStatus.DRAFT)
    contract = drafts.filter(award=referenced_pk(event.subject)).first()
    if contract is not None:
        user, role = system_actor()
        withdraw_draft(
            contract,
            note="成交供应商拒绝签订合同",
            by=user,
            acting_as=role,
            on=event.effective_on,
        )
