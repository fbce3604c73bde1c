"""化整为零的提示：只提示，不拦下；理由随申报保存。金额单位为分。"""

from __future__ import annotations

from core.money import format_yuan
from core.regulations import YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import SplittingFacts, splitting_facts
from projects.models import ProcurementMethod
from projects.rules.scope import OFFICER


def _warned(facts: SplittingFacts, limit: int, title: str, said: str) -> Refusal:
    """逐项列出同品目的项目和提交日；写了理由的一并列出。"""
    reason = facts.reason.strip()
    shown = (
        ("本项目", format_yuan(facts.own_total_fen)),
        *facts.others,
        (f"同品目 {facts.same_item_count} 个项目合计", format_yuan(facts.same_item_total_fen)),
        (title, format_yuan(limit)),
        ("分开填报的理由", reason or "未写明"),
    )
    asks = "理由见下" if reason else "请写明分开填报的理由"
    return Refusal(f"{said}；{asks}", shown, OFFICER, facts.page)


def _crosses(facts: SplittingFacts, limit: int) -> bool:
    return bool(facts.own_total_fen < limit <= facts.same_item_total_fen)


@rule(
    "YB-11-no-splitting",
    title="化整为零提示",
    cites=YUBEI.article(11),
    facts=splitting_facts,
    parameters=("YB-11-standing-committee-fen",),
    effect="warn",
)
def is_not_split(facts: SplittingFacts, parameters: Parameters) -> Refusal | None:
    """同一单位同一年度同一品目的项目合计跨过审议门槛而单项未达的，予以提示。"""
    limit: int = parameters["YB-11-standing-committee-fen"]
    if not _crosses(facts, limit):
        return None
    said = "同品目项目合计已达审议门槛，请核对是否化整为零"
    return _warned(facts, limit, "审议门槛", said)


@rule(
    "YB-10-not-split-for-tender",
    title="规避公开招标提示",
    cites=YUBEI.article(10),
    facts=splitting_facts,
    parameters=("YB-9.3-open-tender-fen",),
    effect="warn",
    outside="《政府采购法实施条例》第二十八条",
)
def is_not_split_for_tender(facts: SplittingFacts, parameters: Parameters) -> Refusal | None:
    """大额项目分包不是化整为零：同一年度同一品目不招标的合计达公开招标标准的，予以提示。"""
    limit: int = parameters["YB-9.3-open-tender-fen"]
    if facts.proposed_method == ProcurementMethod.OPEN or not _crosses(facts, limit):
        return None
    said = "同品目项目合计已达公开招标数额标准，请核对是否以化整为零规避公开招标"
    return _warned(facts, limit, "公开招标数额标准", said)
