"""预算调整的法定条件：调哪一条、多少、何时、谁批；金额单位为分。"""

from __future__ import annotations

from datetime import date

from budgeting.facts import AdjustmentFacts, adjustment_facts
from budgeting.models import BALANCING, AdjustmentKind
from budgeting.rules.funds import FUNDS
from budgeting.rules.review import FINANCE
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule

OUT = (AdjustmentKind.DECREASE, AdjustmentKind.TRANSFER, AdjustmentKind.RECLAIM)


@rule(
    "YB-12-adjustment-stated",
    title="调整写明",
    cites=FUNDS,
    facts=adjustment_facts,
    binds="act",
    of_form=True,
)
def adjustment_is_stated(facts: AdjustmentFacts, parameters: Parameters) -> Refusal | None:
    """预算调整须写明种类、所动的资金、金额、文号和事由。"""
    parts = {
        "种类": facts.kind in AdjustmentKind.values,
        "资金": facts.line,
        "金额": facts.amount_fen > 0,
        "文号": facts.number.strip(),
        "事由": facts.reason.strip(),
    }
    missing = tuple((name, "缺") for name, value in parts.items() if not value)
    return Refusal("预算调整没有写全", missing, FINANCE, facts.page) if missing else None


@rule(
    "YB-12-adjustment-line",
    title="调整的对象",
    cites=FUNDS,
    facts=adjustment_facts,
    binds="act",
)
def adjustment_names_its_line(facts: AdjustmentFacts, parameters: Parameters) -> Refusal | None:
    """只调整已经批复、没有结束的项目自己的、没有结账的资金；调剂限同一购买主体、同一年度、同一资金的项目。"""
    if not facts.is_stated:
        return None
    more = facts.kind == AdjustmentKind.INCREASE
    wrong = []
    if not facts.is_live:
        wrong.append(("项目", "没有批复，或者已经结束"))
    if facts.is_closed:
        wrong.append((facts.line, "已经年终结账"))
    if not facts.line_is_own:
        wrong.append(("资金", f"{facts.line}不是这个项目的"))
    if more and not facts.takes_more:
        wrong.append(("补助项目", "分配合计等于批复金额，不办理追加"))
    if facts.kind == AdjustmentKind.TRANSFER and not facts.receiver_fits:
        wrong.append(("调入项目", facts.receiver or "没有指明"))
    if facts.kind != AdjustmentKind.TRANSFER and facts.receiver:
        wrong.append(("调入项目", "只有调剂才有"))
    return Refusal("不能这样调整", tuple(wrong), FINANCE, facts.page) if wrong else None


@rule(
    "YB-12-adjustment-year",
    title="调整的年度",
    cites=FUNDS,
    facts=adjustment_facts,
    binds="act",
)
def adjustment_is_in_its_year(facts: AdjustmentFacts, parameters: Parameters) -> Refusal | None:
    """追加、调剂和核减在预算年度之内办理；年末收回最早在预算年度的最后一日。"""
    if not facts.is_stated or facts.year is None:
        return None
    last = date(facts.year, 12, 31)
    shown = (
        ("预算年度", str(facts.year)),
        ("年度最后一日", last.isoformat()),
        ("今日", facts.on.isoformat()),
    )
    if facts.kind == AdjustmentKind.RECLAIM and facts.on < last:
        words = f"{facts.year} 年度尚未结束，最早 {last.isoformat()} 办理年末收回"
        return Refusal(words, shown, FINANCE, facts.page)
    within = (AdjustmentKind.INCREASE, AdjustmentKind.TRANSFER, *BALANCING)
    if facts.kind in within and facts.on > last:
        words = f"{facts.year} 年度已经结束，不再追加、调剂和核减"
        return Refusal(words, shown, FINANCE, facts.page)
    return None


@rule(
    "YB-12-adjustment-within-ceiling",
    title="追加不超过控制数",
    cites=FUNDS,
    facts=adjustment_facts,
    binds="act",
)
def increase_is_within_ceiling(facts: AdjustmentFacts, parameters: Parameters) -> Refusal | None:
    """追加的金额不得超过控制数的可用余额；不够的，先下达控制数。"""
    if facts.kind != AdjustmentKind.INCREASE or facts.amount_fen <= facts.ceiling_left_fen:
        return None
    left = format_yuan(facts.ceiling_left_fen)
    shown = (("追加", format_yuan(facts.amount_fen)), ("控制数可用", left))
    return Refusal(f"{facts.line}控制数的可用余额只有 {left} 元", shown, FINANCE, facts.page)


@rule(
    "YB-12-adjustment-within-available",
    title="调出不超过可用",
    cites=FUNDS,
    facts=adjustment_facts,
    binds="act",
)
def decrease_leaves_what_is_bound(facts: AdjustmentFacts, parameters: Parameters) -> Refusal | None:
    """调减、调剂、年末收回之后，批复数不得低于已预留、已承诺和已付的合计。"""
    if facts.kind not in OUT or facts.amount_fen <= facts.available_fen:
        return None
    left = format_yuan(facts.available_fen)
    shown = (("调出", format_yuan(facts.amount_fen)), ("可用", left))
    return Refusal(f"{facts.line}没有预留、承诺和支付的只有 {left} 元", shown, FINANCE, facts.page)


@rule(
    "YB-11-increase-below-limit",
    title="追加不替代会议审议",
    cites=YUBEI.article(11),
    facts=adjustment_facts,
    parameters=("YB-11-standing-committee-fen",),
    binds="act",
)
def increases_stay_below_the_limit(
    facts: AdjustmentFacts, parameters: Parameters
) -> Refusal | None:
    """同一项目同一年度的追加累计达到 100 万元的，不由财政部门自行办理，须报会议审议。"""
    if facts.kind != AdjustmentKind.INCREASE:
        return None
    limit: int = parameters["YB-11-standing-committee-fen"]
    total = facts.increased_fen + facts.amount_fen
    if total < limit:
        return None
    shown = (
        ("本次追加", format_yuan(facts.amount_fen)),
        ("本年度此前追加", format_yuan(facts.increased_fen)),
        ("合计", format_yuan(total)),
        ("审议门槛", format_yuan(limit)),
    )
    words = "累计追加达到会议审议的门槛，须另按未列预算的项目申报，报区政府常务会议审议"
    return Refusal(words, shown, f"经办人、{FINANCE}", facts.page)


@rule(
    "YB-18-adjustment-by-another",
    title="不得自拟自批",
    cites=(YUBEI.article(18), PINGHU.article(12)),
    facts=adjustment_facts,
    binds="act",
)
def adjustment_is_decided_by_another(
    facts: AdjustmentFacts, parameters: Parameters
) -> Refusal | None:
    """内部监督：拟订调整的人、项目的经办人，不得审批这次调整。"""
    if not facts.own_hands:
        return None
    words = "不得审批自己拟订或者经办的预算调整"
    return Refusal(words, facts.own_hands, "财政部门的其他审核人", facts.page)
