"""合同、备案回执、付款单的内容：从已办妥的记录取数，一经生成不再变化；金额为分，由模板排版。"""

from __future__ import annotations

from typing import Any

from contracts.facts.money import paid_fen, payable_fen
from contracts.models import Contract, ContractFiling, Payment

GRADES = (("excellent", "优秀"), ("good", "良好"), ("fair", "一般"), ("poor", "不合格"))


def contract_context(contract: Contract) -> dict[str, Any]:
    """合同 PDF 的内容。"""
    project = contract.case()
    return {
        "number": contract.number,
        "name": contract.name,
        "project_number": project.number,
        "project_name": project.name,
        "purchaser": str(project.purchaser),
        "provider": str(contract.award.provider),
        "credit_code": contract.award.provider.credit_code,
        "amount_fen": contract.amount_fen,
        "signed_on": contract.signed_on.isoformat() if contract.signed_on else "",
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat(),
        "place": contract.place,
        "clauses": [
            {"title": "服务范围", "text": contract.scope},
            {"title": "服务内容", "text": contract.content},
            {"title": "服务要求", "text": contract.requirements},
            {"title": "资金支付方式", "text": contract.payment_terms},
            {"title": "违约责任", "text": contract.liability},
        ],
        "lines": [
            {
                "name": line.name,
                "quantity": str(line.quantity),
                "unit": line.unit,
                "unit_price_fen": line.unit_price_fen,
                "amount_fen": line.amount_fen,
                "standard": line.standard,
            }
            for line in contract.lines.order_by("position")
        ],
        "instalments": [
            {
                "title": str(i),
                "percent": str(i.percent),
                "amount_fen": i.amount_fen,
                "condition": i.condition,
            }
            for i in contract.instalments.order_by("position")
        ],
        "grades": [
            {"title": label, "percent": str(contract.grade_percents[grade])}
            for grade, label in GRADES
            if grade in contract.grade_percents
        ],
        "deductions": contract.deduction_terms,
        "mending_workdays": contract.mending_workdays,
    }


def filing_context(filing: ContractFiling) -> dict[str, Any]:
    """备案回执的内容。"""
    contract = filing.contract
    project = contract.case()
    return {
        "filing_number": filing.number,
        "number": contract.number,
        "name": contract.name,
        "project_number": project.number,
        "purchaser": str(project.purchaser),
        "provider": str(contract.award.provider),
        "amount_fen": contract.amount_fen,
        "signed_on": contract.signed_on.isoformat() if contract.signed_on else "",
        "submitted_on": filing.submitted_on.isoformat(),
        "answered_on": filing.answered_on.isoformat() if filing.answered_on else "",
    }


def payment_context(payment: Payment) -> dict[str, Any]:
    """付款单的内容；累计数为这一笔之后的数。"""
    request = payment.request
    contract = payment.contract
    project = contract.case()
    lines = request.lines.select_related("line").order_by("pk")
    return {
        "voucher": payment.voucher,
        "paid_on": payment.paid_on.isoformat(),
        "number": contract.number,
        "name": contract.name,
        "project_number": project.number,
        "purchaser": str(project.purchaser),
        "provider": str(contract.award.provider),
        "instalment": str(request.instalment),
        "condition": request.instalment.condition,
        "invoice": request.invoice,
        "amount_fen": payment.amount_fen,
        "contract_fen": contract.amount_fen,
        "payable_fen": payable_fen(contract),
        "paid_fen": paid_fen(contract),
        "requested_by": str(request.requested_by),
        "requested_on": request.requested_on.isoformat(),
        "verified_by": str(request.verified_by or ""),
        "verified_on": request.verified_on.isoformat() if request.verified_on else "",
        "lines": [
            {
                "name": row.line.name,
                "quantity": str(row.quantity),
                "unit": row.line.unit,
                "amount_fen": row.amount_fen,
                "note": row.note,
            }
            for row in lines
        ],
    }
