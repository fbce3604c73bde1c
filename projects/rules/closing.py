"""办结的法定条件中，只看事件送达的一条；其余的在各自的环节。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import DeliveryFacts, delivery_facts


@rule(
    "YB-9-events-delivered",
    title="事件都已送达",
    cites=(YUBEI.article(9), PINGHU.article(4)),
    facts=delivery_facts,
    binds="act",
)
def events_are_delivered(facts: DeliveryFacts, parameters: Parameters) -> Refusal | None:
    """各环节依次实施：前一环节引起的后续事项（如开立公开义务）都已办到，方可办结。"""
    if not facts.undelivered:
        return None
    shown = (("未送达", f"{facts.undelivered} 件"), ("其中多次失败", f"{facts.given_up} 件"))
    mended_by = "系统管理员" if facts.given_up else "系统任务（稍候即可）"
    return Refusal(f"还有 {facts.undelivered} 件事件没有送达后续环节", shown, mended_by, facts.page)
