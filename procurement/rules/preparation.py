"""启动采购和发布采购文件的法定条件；金额单位为分。"""

from __future__ import annotations

from decimal import Decimal

from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from procurement.facts.preparation import (
    DocumentFacts,
    IntentionFacts,
    PreconditionFacts,
    StartFacts,
    document_facts,
    intention_facts,
    precondition_facts,
    start_facts,
)
from procurement.facts.schedule import OFFER, RESPONSE, earliest_response, of_method

OFFICER = "经办人"
RUNNER = "经办人、交易中心"
SELECTION = (YUBEI.article(9, 3), PINGHU.article(4))


@rule(
    "PH-7.4-subsidy-not-tendered",
    title="补助不招标",
    cites=(PINGHU.article(7, 4), YUBEI.article(10)),
    facts=start_facts,
    binds="act",
)
def subsidy_is_not_tendered(facts: StartFacts, parameters: Parameters) -> Refusal | None:
    """补助是对镇街道便民服务中心日常运行经费的转移支付，不进行采购，也不签订采购合同。"""
    if not facts.is_subsidy:
        return None
    shown = (("路径", "补助"), ("应办", "编列补助分配，分期拨付，收支出报告"))
    return Refusal("补助项目不得启动采购", shown, OFFICER, facts.page)


@rule(
    "YB-9.3-package-waiting",
    title="有待采购的包",
    cites=SELECTION,
    facts=start_facts,
    binds="act",
)
def package_is_waiting(facts: StartFacts, parameters: Parameters) -> Refusal | None:
    """一个采购包同时只有一次采购；所选的包须是本项目待采购的包。"""
    if facts.is_waiting:
        return None
    shown = tuple((name, "待采购") for name in facts.waiting) or (("待采购的包", "无"),)
    chosen = f"“{facts.package}”" if facts.package else "本项目"
    return Refusal(f"{chosen}没有待采购的包，或者已在拟制采购文件", shown, OFFICER, facts.page)


@rule(
    "YB-9.2-intention-once",
    title="意向只登记一次",
    cites=(YUBEI.article(9, 2), PINGHU.article(4)),
    facts=intention_facts,
    binds="act",
)
def intention_is_registered_once(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """采购意向登记后不改，日期由此起算。"""
    if not facts.is_registered:
        return None
    return Refusal("采购意向已经登记", (), OFFICER, facts.page)


@rule(
    "YB-9.2-exemption-reasoned",
    title="公开或者写明豁免理由",
    cites=(YUBEI.article(9, 2), PINGHU.article(4)),
    facts=intention_facts,
    binds="act",
    outside="财库〔2020〕10号",
    of_form=True,
)
def intention_or_exemption(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """意向应当公开；不可预见的急需等可不公开的，写明理由。公开日不得在登记之后。"""
    if facts.published_on is None and not facts.exemption.strip():
        return Refusal("既没有公开日期，也没有豁免理由", (), OFFICER, facts.page)
    if facts.published_on is not None and facts.published_on > facts.on:
        shown = (
            ("公开日期", facts.published_on.isoformat()),
            ("登记日", facts.on.isoformat()),
        )
        return Refusal("公开日期在今日之后", shown, OFFICER, facts.page)
    return None


@rule(
    "YB-14-preconditions-met",
    title="购买的前置条件",
    cites=(YUBEI.article(14), PINGHU.article(9)),
    facts=precondition_facts,
    binds="act",
)
def preconditions_are_met(facts: PreconditionFacts, parameters: Parameters) -> Refusal | None:
    """购买前须了解服务对象需求、参考第三方意见、制订绩效目标、细化考核标准。"""
    missing = tuple((name, "缺") for name, is_there in facts.parts if not is_there)
    if not missing:
        return None
    names = "、".join(name for name, _ in missing)
    return Refusal(f"购买的前置条件尚缺{names}", missing, OFFICER, facts.page)


@rule(
    "YB-9.3-intention-thirty-days",
    title="意向公开满期",
    cites=SELECTION,
    facts=intention_facts,
    parameters=("YB-9.3-intention-days",),
    binds="act",
    outside="财库〔2020〕10号",
)
def intention_is_old_enough(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """采购意向公开距采购活动开始不少于规定的日数；有豁免理由的除外。"""
    if facts.exemption.strip() or facts.is_own:
        return None
    days, since = parameters["YB-9.3-intention-days"], facts.published_on
    if since is None or facts.earliest is None:
        none = (("采购意向", "未登记"), ("须先公开", f"{days} 日"))
        return Refusal("没有登记采购意向，也没有豁免理由", none, OFFICER, facts.page)
    if facts.on >= facts.earliest:
        return None
    earliest = facts.earliest.isoformat()
    shown = (("意向公开", since.isoformat()), ("至今", f"{facts.days_passed} 日"))
    words = f"采购意向公开未满 {days} 日，最早 {earliest} 可以发布"
    return Refusal(words, (*shown, ("最早可以发布", earliest)), OFFICER, facts.page)


@rule(
    "YB-12-ceiling-price",
    title="限价在预算以内",
    cites=(YUBEI.article(12), PINGHU.article(5)),
    facts=document_facts,
    binds="act",
)
def ceiling_price_is_within_budget(facts: DocumentFacts, parameters: Parameters) -> Refusal | None:
    """最高限价不得超过采购包的预算。"""
    if facts.ceiling_price_fen <= facts.budget_fen:
        return None
    shown = (
        ("最高限价", format_yuan(facts.ceiling_price_fen)),
        ("采购包预算", format_yuan(facts.budget_fen)),
    )
    return Refusal("最高限价超过采购包预算", shown, RUNNER, facts.page)


@rule(
    "YB-9.3-price-weight",
    title="价格权重在范围内",
    cites=SELECTION,
    facts=document_facts,
    parameters=("YB-9.3-least-price-weight", "YB-9.3-most-price-weight"),
    binds="act",
    outside="87号令第五十五条；财库〔2014〕214号",
)
def price_weight_is_in_range(facts: DocumentFacts, parameters: Parameters) -> Refusal | None:
    """服务项目的价格权重须在规定的范围内。"""
    least = of_method(parameters, "YB-9.3-least-price-weight", facts.method)
    most = of_method(parameters, "YB-9.3-most-price-weight", facts.method)
    if Decimal(least) <= facts.price_weight <= Decimal(most):
        return None
    shown = (("价格权重", f"{facts.price_weight}%"), ("允许", f"{least}%—{most}%"))
    return Refusal("价格权重不在允许的范围内", shown, RUNNER, facts.page)


@rule(
    "YB-9.3-response-period",
    title="响应期足够",
    cites=SELECTION,
    facts=document_facts,
    parameters=(RESPONSE,),
    binds="act",
    outside="《中华人民共和国政府采购法》第三十五条；财库〔2014〕214号第十条",
    of_form=True,
)
def response_period_is_long_enough(facts: DocumentFacts, parameters: Parameters) -> Refusal | None:
    """采购文件发出之日起至响应截止不少于规定的日数。"""
    days = of_method(parameters, RESPONSE, facts.method)
    first, suggested = earliest_response(facts.published_on, days)
    deadline = facts.response_deadline
    if deadline is not None and deadline >= first:
        return None
    given = (deadline - facts.published_on).days if deadline else 0
    advice = suggested.isoformat() if suggested else "暂无法确定（工作日历未载入）"
    shown = (
        ("发布", facts.published_on.isoformat()),
        ("响应截止", deadline.isoformat() if deadline else "未填"),
        ("相隔", f"{given} 日"),
        ("最早", first.isoformat()),
        ("建议", advice),
    )
    words = f"响应期只有 {given} 日，不少于 {days} 日；最早 {first.isoformat()}，建议 {advice}"
    return Refusal(words, shown, RUNNER, facts.page)


@rule(
    "YB-9.3-offer-period",
    title="文件提供期足够",
    cites=SELECTION,
    facts=document_facts,
    parameters=(OFFER,),
    binds="act",
    outside="《中华人民共和国政府采购法实施条例》第三十一条",
    of_form=True,
)
def offer_period_is_long_enough(facts: DocumentFacts, parameters: Parameters) -> Refusal | None:
    """采购文件的提供期不少于规定的工作日，不早于发布日，不晚于响应截止。"""
    days = of_method(parameters, OFFER, facts.method)
    first, last = facts.offered_from, facts.offered_until
    shown = (
        ("提供期", f"{first or '未填'} 至 {last or '未填'}"),
        ("工作日", f"{facts.offered_workdays or 0} 个"),
        ("不少于", f"{days} 个"),
    )
    if facts.offered_workdays is None or facts.offered_workdays < days:
        return Refusal(f"采购文件提供期不足 {days} 个工作日", shown, RUNNER, facts.page)
    if first is not None and first < facts.published_on:
        return Refusal("采购文件提供期早于发布日", shown, RUNNER, facts.page)
    if last is not None and facts.response_deadline and last > facts.response_deadline:
        return Refusal("采购文件提供期晚于响应截止日", shown, RUNNER, facts.page)
    return None
