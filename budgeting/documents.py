"""批复文书的内容：从已签发的批复取数，一经生成不再变化。"""

from __future__ import annotations

from typing import Any

from budgeting.models import BudgetReply


def reply_context(reply: BudgetReply) -> dict[str, Any]:
    """批复 PDF 的内容；金额为分，由模板排版。"""
    lines = list(reply.lines.select_related("project__catalogue_item").order_by("project_id"))
    return {
        "bureau": str(reply.bureau),
        "number": reply.number,
        "addressee": str(reply.purchaser),
        "year": reply.year,
        "issued_on": reply.issued_on.isoformat() if reply.issued_on else "",
        "total_fen": sum(line.approved_fen for line in lines),
        "lines": [
            {
                "position": position,
                "number": line.project.number,
                "name": line.project.name,
                "item": str(line.project.catalogue_item),
                "requested_fen": line.project.requested_fen,
                "approved_fen": line.approved_fen,
            }
            for position, line in enumerate(lines, 1)
        ],
    }
