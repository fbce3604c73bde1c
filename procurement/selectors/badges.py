"""状态的颜色：一张表，词由模型给。"""

from __future__ import annotations

from core.transitions import StatefulModel

Badge = dict[str, str]
TONES: dict[str, dict[str, str]] = {
    "package": {
        "planned": "act",
        "procuring": "info",
        "awarded": "ok",
        "contracted": "ok",
        "accepted": "ok",
        "settled": "ok",
        "terminated": "bad",
        "cancelled": "neutral",
        "replaced": "neutral",
    },
    "tender": {
        "preparing": "act",
        "published": "info",
        "opened": "info",
        "evaluated": "act",
        "decided": "ok",
        "failed": "bad",
        "abandoned": "neutral",
    },
    "bid": {"received": "ok", "invalid": "bad"},
    "award": {"decided": "act", "notified": "ok", "refused": "bad"},
    "provider": {"registered": "ok", "closed": "neutral"},
}


def badge_of(row: StatefulModel) -> Badge:
    """`{label, tone}` for components/badge.html."""
    return {
        "label": row.state_label,
        "tone": TONES[row._meta.model_name or ""].get(row.state, "neutral"),
    }
