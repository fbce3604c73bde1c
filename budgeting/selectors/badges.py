"""状态的颜色：一张表，词由模型给。"""

from __future__ import annotations

from core.documents.models import RenderState
from core.transitions import StatefulModel

TONES: dict[str, dict[str, str]] = {
    "budgetreview": {"open": "act", "concluded": "ok", "returned": "late", "closed": "neutral"},
    "opinion": {
        "pending": "act",
        "agreed": "ok",
        "conditional": "info",
        "opposed": "bad",
        "answered": "act",
        "cancelled": "neutral",
    },
    "objection": {"open": "act", "answered": "ok"},
    "obligation": {"open": "act", "evidenced": "info", "fulfilled": "ok"},
    "decision": {"draft": "act", "recorded": "ok"},
    "budgetreply": {"draft": "act", "issued": "ok"},
    "offbudgetrequest": {
        "opened": "act",
        "deciding": "act",
        "approved": "info",
        "funded": "ok",
        "refused": "bad",
        "closed": "neutral",
    },
    "exitconclusion": {
        "proposed": "act",
        "office_signed": "act",
        "concluded": "ok",
        "withdrawn": "neutral",
    },
    "budgetadjustment": {
        "drafted": "act",
        "approved": "ok",
        "returned": "late",
        "withdrawn": "neutral",
    },
}
RENDER_TONES = {RenderState.QUEUED: "info", RenderState.READY: "ok", RenderState.FAILED: "bad"}


def badge_of(row: StatefulModel) -> dict[str, str]:
    """`{label, tone}` for components/badge.html."""
    return {
        "label": row.state_label,
        "tone": TONES[row._meta.model_name or ""].get(row.state, "neutral"),
    }
