"""状态的颜色：一张表，词由模型给。"""

from __future__ import annotations

from core.transitions import StatefulModel

Badge = dict[str, str]

TONES: dict[str, dict[str, str]] = {
    "contract": {
        "draft": "act",
        "signed": "info",
        "filed": "ok",
        "completed": "ok",
        "terminated": "bad",
        "withdrawn": "neutral",
    },
    "contractfiling": {"submitted": "act", "accepted": "ok", "returned": "late"},
    "supplement": {"drafted": "act", "agreed": "ok", "withdrawn": "neutral"},
    "milestone": {"pending": "neutral", "delivered": "act", "accepted": "ok"},
    "rectification": {"ordered": "act", "replied": "info", "closed": "ok", "refused": "bad"},
    "acceptance": {"draft": "act", "passed": "ok", "failed": "bad"},
    "paymentrequest": {"requested": "act", "verified": "info", "paid": "ok", "returned": "late"},
}


def badge_of(row: StatefulModel) -> Badge:
    """`{label, tone}` for components/badge.html."""
    tone = TONES[row._meta.model_name or ""].get(row.state, "neutral")
    return {"label": row.state_label, "tone": tone}


def mark(label: str, tone: str = "neutral") -> Badge:
    return {"label": label, "tone": tone}
