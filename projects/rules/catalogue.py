"""制定指导性目录的法定条件：会同有关部门，写明种类、性质和内容，调整有理由（第八条）。"""

from __future__ import annotations

from core.regulations import YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts.catalogue import CatalogueFacts, catalogue_facts

FINANCE = "财政审核人"
EIGHT = YUBEI.article(8)


@rule(
    "YB-8-departments-consulted",
    title="已征求部门意见",
    cites=EIGHT,
    facts=catalogue_facts,
    binds="act",
)
def departments_are_consulted(facts: CatalogueFacts, parameters: Parameters) -> Refusal | None:
    """财政部门会同有关部门制定：征求过意见，且各部门都已答复，或者答复期限已过。"""
    if not facts.consulted:
        return Refusal("没有征求任何部门的意见", (), FINANCE, facts.page)
    due = facts.answers_due_on
    if not facts.waiting or (due is not None and facts.on > due):
        return None
    shown = (
        ("尚未答复", "、".join(facts.waiting)),
        ("答复期限", due.isoformat() if due else "未定"),
    )
    return Refusal("部门意见尚未收齐，答复期限未过", shown, "尚未答复的部门", facts.page)


@rule(
    "YB-8-suggestions-handled",
    title="修改意见已说明采纳情况",
    cites=EIGHT,
    facts=catalogue_facts,
    binds="act",
)
def suggestions_are_handled(facts: CatalogueFacts, parameters: Parameters) -> Refusal | None:
    """部门提出的修改意见，逐份说明是否采纳和理由。"""
    if not facts.unhandled:
        return None
    shown = (("待说明", "、".join(facts.unhandled)),)
    return Refusal("有修改意见没有说明采纳情况", shown, FINANCE, facts.page)


@rule(
    "YB-8-items-described",
    title="条目写全",
    cites=EIGHT,
    facts=catalogue_facts,
    binds="act",
)
def items_are_described(facts: CatalogueFacts, parameters: Parameters) -> Refusal | None:
    """每个条目明确种类、性质和内容；第七条未列的关联品目写明为什么列入。"""
    if not facts.undescribed:
        return None
    return Refusal("有条目没有写全", facts.undescribed, FINANCE, facts.page)


@rule(
    "YB-8-changes-explained",
    title="调整有理由",
    cites=EIGHT,
    facts=catalogue_facts,
    binds="act",
)
def changes_are_explained(facts: CatalogueFacts, parameters: Parameters) -> Refusal | None:
    """根据经济社会发展、职能转变和公众需求动态调整：增、改、删的条目各有理由。"""
    if not facts.unexplained:
        return None
    return Refusal("有条目调整没有写明理由", facts.unexplained, FINANCE, facts.page)


@rule(
    "YB-8-based-on-current",
    title="依据现行版本调整",
    cites=EIGHT,
    facts=catalogue_facts,
    binds="act",
)
def draft_is_based_on_current(facts: CatalogueFacts, parameters: Parameters) -> Refusal | None:
    """起草之后另有新版发布的，草案须依新版重拟，不得把新版的调整冲掉。"""
    if facts.is_based_on_current:
        return None
    shown = (("草案依据", facts.base or "无"), ("现行版本", facts.current or "无"))
    return Refusal("草案不是依现行版本拟的", shown, FINANCE, facts.page)


@rule(
    "YB-8-effective-day",
    title="生效日",
    cites=EIGHT,
    facts=catalogue_facts,
    binds="act",
    of_form=True,
)
def effective_day_is_ahead(facts: CatalogueFacts, parameters: Parameters) -> Refusal | None:
    """生效日不早于通过之日，并晚于前一版的生效日。"""
    if facts.since is None or facts.since < facts.on:
        stated = facts.since.isoformat() if facts.since else "未填"
        shown = (("生效日", stated), ("通过日", facts.on.isoformat()))
        return Refusal("生效日不得早于通过之日", shown, FINANCE, facts.page)
    if facts.current_since is None or facts.since > facts.current_since:
        return None
    shown = (("生效日", facts.since.isoformat()), ("前一版", facts.current_since.isoformat()))
    return Refusal("生效日须晚于前一版的生效日", shown, FINANCE, facts.page)


@rule(
    "YB-7-kinds-covered",
    title="五类服务各种都有条目",
    cites=YUBEI.article(7),
    facts=catalogue_facts,
    binds="act",
    effect="warn",
)
def kinds_are_covered(facts: CatalogueFacts, parameters: Parameters) -> Refusal | None:
    """第七条（一）至（五）列出的种类，草案都有条目；有意不列的，请核对。"""
    if not facts.uncovered:
        return None
    return Refusal("第七条所列的有些种类没有条目", facts.uncovered, FINANCE, facts.page)


@rule(
    "YB-8-hung-under-upper",
    title="挂接上级目录",
    cites=EIGHT,
    facts=catalogue_facts,
    binds="act",
    effect="warn",
    outside="财政部令第102号第十二条",
)
def items_hang_under_upper(facts: CatalogueFacts, parameters: Parameters) -> Refusal | None:
    """省以下目录的编制方式由省级财政部门确定：条目宜挂到上级目录的条目；没有挂的请核对。"""
    if facts.upper and not facts.unlinked:
        return None
    if not facts.upper:
        return Refusal("没有选定上级目录", (), FINANCE, facts.page)
    shown = (("未挂接", f"{len(facts.unlinked)} 条"), ("如", facts.unlinked[0]))
    return Refusal("有条目没有挂到上级目录的条目", shown, FINANCE, facts.page)
