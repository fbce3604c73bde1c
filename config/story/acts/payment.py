"""付款：申请、核对、拨付。"""

from __future__ import annotations

from decimal import Decimal

from config.story.acts.registry import act, fen
from config.story.scene import Acts, Scene
from contracts.models import PaymentRequest
from contracts.services import release_payment, request_payment, verify_payment


@act
def request(
    scene: Scene,
    acts: Acts,
    *,
    instalment: int,
    amount: str,
    line: str,
    quantity: str = "0",
    invoice: str = "",
    package: int = 1,
) -> None:
    contract = scene.contract_of(package)
    row = {
        "line": contract.lines.get(name=line).pk,
        "quantity": Decimal(quantity),
        "amount_fen": fen(amount),
        "note": "按合同约定",
    }
    request_payment(
        contract,
        instalment=contract.instalments.get(position=instalment),
        lines=[row],
        invoice=invoice,
        **acts,
    )


def _request(scene: Scene, package: int) -> PaymentRequest:
    return PaymentRequest.objects.filter(contract=scene.contract_of(package)).latest("pk")


@act
def verify(scene: Scene, acts: Acts, *, package: int = 1) -> None:
    """分管领导逐行核对。"""
    row = _request(scene, package)
    verify_payment(row, checked=[line.pk for line in row.lines.all()], **acts)


@act
def release(scene: Scene, acts: Acts, *, voucher: str, package: int = 1) -> None:
    release_payment(_request(scene, package), voucher=voucher, **acts)
