"""补助的法定条件；金额单位为分。

补助是转移支付，钱仍是财政资金：各条在只采用《渝北办法》的辖区同样要问，引其第十条（政府补贴）、第十三条（资金使用安全）。
"""

from __future__ import annotations

from contracts.facts.subsidy import (
    AllotmentFacts,
    CheckFacts,
    SettledFacts,
    ShareFacts,
    allotment_facts,
    check_facts,
    settled_facts,
    share_facts,
)
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.models import ProjectKind

ALLOTTING = (PINGHU.article(7, 4), YUBEI.article(10))
SPENDING = (PINGHU.article(7, 4), PINGHU.article(14), YUBEI.article(13))
OFFICER, FINANCE, LEADER = "经办人", "财政审核人", "分管领导"


@rule(
    "PH-7.4-subsidy-only",
    title="项目走补助的路径",
    cites=ALLOTTING,
    facts=allotment_facts,
    binds="act",
)
def project_is_a_subsidy(facts: AllotmentFacts, parameters: Parameters) -> Refusal | None:
    """只有补助项目编列补助分配；采购的项目凭合同付款。"""
    if facts.kind == ProjectKind.SUBSIDY:
        return None
    return Refusal("项目不走补助的路径", (("路径", facts.kind_label),), OFFICER, facts.page)


@rule(
    "PH-7.4-shares-add-up",
    title="分配合计等于批复",
    cites=ALLOTTING,
    facts=allotment_facts,
    binds="act",
    of_form=True,
)
def shares_add_up(facts: AllotmentFacts, parameters: Parameters) -> Refusal | None:
    """各便民服务中心的分配合计等于批复金额，不多不少一分。"""
    amounts = [fen for _, fen in facts.shares]
    total = sum(amounts)
    if total == facts.approved_fen and min(amounts, default=0) > 0:
        return None
    shown = (
        *((name, format_yuan(fen)) for name, fen in facts.shares),
        ("合计", format_yuan(total)),
        ("批复", format_yuan(facts.approved_fen)),
        ("相差", format_yuan(total - facts.approved_fen)),
    )
    wrong = "有的中心分得的不大于 0" if total == facts.approved_fen else "分配合计与批复金额不等"
    return Refusal(wrong, shown, OFFICER, facts.page)


@rule(
    "PH-7.4-centres-eight",
    title="便民服务中心个数",
    cites=PINGHU.article(7, 4),
    facts=allotment_facts,
    parameters=("PH-7.4-centres",),
    binds="act",
    of_form=True,
)
def centres_are_eight(facts: AllotmentFacts, parameters: Parameters) -> Refusal | None:
    """补助 8 个镇街道便民服务中心，每个中心只列一次。"""
    names = [name for name, _ in facts.shares]
    wanted = parameters["PH-7.4-centres"]
    if len(names) == wanted == len(set(names)) and all(names):
        return None
    twice = "、".join(sorted({name for name in names if names.count(name) > 1}))
    shown = (("应列", f"{wanted} 个"), ("所列", f"{len(names)} 个"), ("重复", twice or "无"))
    return Refusal("所列便民服务中心的个数不符", shown, OFFICER, facts.page)


@rule(
    "PH-7.4-allotted-once",
    title="尚未编列分配",
    cites=ALLOTTING,
    facts=allotment_facts,
    binds="act",
)
def subsidy_is_allotted_once(facts: AllotmentFacts, parameters: Parameters) -> Refusal | None:
    """一个项目的补助只分配一次。"""
    if not facts.allotted:
        return None
    shown = (("已编列", f"{facts.allotted} 份"),)
    return Refusal("补助已经分配，不能再次编列", shown, OFFICER, facts.page)


@rule(
    "PH-7.4-released-within-share",
    title="拨付不超过分配",
    cites=SPENDING,
    facts=share_facts,
    binds="act",
)
def release_is_within_share(facts: ShareFacts, parameters: Parameters) -> Refusal | None:
    """历次拨付合计不超过分配金额。"""
    if _is_within(facts.asked_fen, facts.sums.left_fen):
        return None
    shown = (
        ("分配", format_yuan(facts.sums.amount_fen)),
        ("已拨", format_yuan(facts.sums.released_fen)),
        ("可拨", format_yuan(facts.sums.left_fen)),
        *_asked(facts, "本次拨付"),
    )
    return Refusal("拨付金额须大于零，不超过分配的余额", shown, FINANCE, facts.page)


@rule(
    "PH-7.4-earlier-part-reported",
    title="前次拨付已报支出",
    cites=PINGHU.article(7, 4),
    facts=share_facts,
    parameters=("PH-7.4-reported-percent",),
    binds="act",
)
def earlier_part_is_reported(facts: ShareFacts, parameters: Parameters) -> Refusal | None:
    """前面拨付的（扣除已退回的），核对过的支出达到规定比例，方可再拨。"""
    percent, sums = parameters["PH-7.4-reported-percent"], facts.sums
    if sums.accepted_fen * 100 >= sums.kept_fen * percent:
        return None
    shown = (
        ("已拨（扣除退回）", format_yuan(sums.kept_fen)),
        (f"应报（{percent}%）", format_yuan(-(-sums.kept_fen * percent // 100))),
        ("核对过的支出", format_yuan(sums.accepted_fen)),
    )
    return Refusal("前面拨付的尚未报足支出", shown, f"{OFFICER}、{LEADER}", facts.page)


@rule(
    "PH-7.4-spent-within-released",
    title="支出不超过拨付",
    cites=SPENDING,
    facts=share_facts,
    binds="act",
)
def spending_is_within_released(facts: ShareFacts, parameters: Parameters) -> Refusal | None:
    """所报支出合计不超过已拨付而未退回的金额。"""
    if _is_within(facts.asked_fen, facts.sums.unspent_fen):
        return None
    return Refusal(
        "支出合计须大于零，不超过可报的金额", _account(facts, "本次报告"), OFFICER, facts.page
    )


@rule(
    "PH-7.4-spending-above-zero",
    title="支出各行大于零",
    cites=SPENDING,
    facts=share_facts,
    binds="act",
    of_form=True,
)
def every_spending_is_above_zero(facts: ShareFacts, parameters: Parameters) -> Refusal | None:
    """支出报告每一行的金额都大于零。"""
    wrong = tuple(
        (f"第 {position} 行 {item}", format_yuan(fen))
        for position, (item, fen) in enumerate(facts.amounts, 1)
        if fen <= 0
    )
    return Refusal("支出报告有的行金额不大于零", wrong, OFFICER, facts.page) if wrong else None


@rule(
    "PH-7.4-returned-within-unspent",
    title="退回不超过结余",
    cites=SPENDING,
    facts=share_facts,
    binds="act",
)
def return_is_within_unspent(facts: ShareFacts, parameters: Parameters) -> Refusal | None:
    """退回的不超过已拨付而没有报支出的金额。"""
    if _is_within(facts.asked_fen, facts.sums.unspent_fen):
        return None
    return Refusal(
        "退回金额须大于零，不超过可退回的结余", _account(facts, "本次退回"), FINANCE, facts.page
    )


@rule(
    "PH-14-subsidy-expenditure",
    title="补助无禁列支出",
    cites=PINGHU.article(14),
    facts=share_facts,
    parameters=("PH-14-prohibited-expenses",),
    binds="act",
    of_form=True,
)
def subsidy_has_no_prohibited_expense(facts: ShareFacts, parameters: Parameters) -> Refusal | None:
    """补助专款专用，不得用于人员经费、各种奖金、津贴和福利补贴。"""
    banned = tuple(
        (f"第 {position} 行 {item}", label)
        for position, (item, kind, label) in enumerate(facts.expenses, 1)
        if kind in parameters["PH-14-prohibited-expenses"]
    )
    return Refusal("支出报告含有禁列支出", banned, OFFICER, facts.page) if banned else None


@rule(
    "PH-7.4-settled",
    title="已拨的都有着落",
    cites=SPENDING,
    facts=share_facts,
    binds="act",
)
def released_is_accounted_for(facts: ShareFacts, parameters: Parameters) -> Refusal | None:
    """结清时，核对过的支出加退回等于已拨付的金额。"""
    if facts.sums.unchecked_fen == 0:
        return None
    shown = (*_account(facts), ("其中核对过的", format_yuan(facts.sums.accepted_fen)))
    return Refusal("已拨付的还没有全部核对或者退回", shown, f"{OFFICER}、{LEADER}", facts.page)


@rule(
    "PH-7.4-rest-given-up",
    title="未拨的已有处置",
    cites=SPENDING,
    facts=share_facts,
    binds="act",
    of_form=True,
)
def rest_is_given_up(facts: ShareFacts, parameters: Parameters) -> Refusal | None:
    """结清时还有未拨的，须写明不再拨付，释放承诺。"""
    if not facts.sums.left_fen or facts.gives_up_rest:
        return None
    shown = (("未拨", format_yuan(facts.sums.left_fen)),)
    return Refusal("还有未拨付的补助", shown, f"{FINANCE}、{LEADER}", facts.page)


@rule(
    "PH-7.4-all-settled",
    title="各中心都已结清",
    cites=SPENDING,
    facts=settled_facts,
    binds="act",
)
def everything_is_settled(facts: SettledFacts, parameters: Parameters) -> Refusal | None:
    """各中心的补助都结清，补助项目方可进入评估。"""
    if facts.count and not facts.open:
        return None
    return Refusal("还有补助没有结清", facts.open, f"{OFFICER}、{LEADER}", facts.page)


@rule(
    "PH-12-spending-checked-by-another",
    title="核对人不是登记人、经办人",
    cites=(PINGHU.article(12), YUBEI.article(18)),
    facts=check_facts,
    binds="act",
)
def spending_is_checked_by_another(facts: CheckFacts, parameters: Parameters) -> Refusal | None:
    """支出经分管领导核对；登记支出的人、项目的经办人，不得核对。"""
    if not facts.own_hands:
        return None
    shown = (*facts.own_hands, ("核对人", facts.checker))
    return Refusal("不得核对自己登记或者经办的支出", shown, f"其他{LEADER}", facts.page)


def _is_within(asked_fen: int | None, limit_fen: int) -> bool:
    """填表之前只问还有没有余额。"""
    return limit_fen > 0 if asked_fen is None else 0 < asked_fen <= limit_fen


def _asked(facts: ShareFacts, words: str) -> tuple[tuple[str, str], ...]:
    return () if facts.asked_fen is None else ((words, format_yuan(facts.asked_fen)),)


def _account(facts: ShareFacts, words: str = "") -> tuple[tuple[str, str], ...]:
    """已拨的去了哪里。"""
    return (
        ("已拨", format_yuan(facts.sums.released_fen)),
        ("已报支出", format_yuan(facts.sums.reported_fen)),
        ("已退回", format_yuan(facts.sums.returned_fen)),
        ("结余", format_yuan(facts.sums.unspent_fen)),
        *_asked(facts, words),
    )
