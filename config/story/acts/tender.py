"""采购：准备、意向、采购文件、承接主体、响应、评审、成交。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from config.story.acts.registry import act, fen
from config.story.scene import Acts, Scene
from procurement.models import Bid, Condition, Mode
from procurement.services import (
    debar_provider,
    decide_award,
    notify_award,
    open_responses,
    open_tender,
    publish_tender,
    receive_bid,
    record_preparation,
    register_intention,
    register_provider,
    review_condition,
    submit_report,
)


@act
def provider(
    scene: Scene,
    acts: Acts,
    *,
    name: str,
    code: str,
    evidence: str,
    valid_from: date,
    address: str = "",
) -> None:
    """登记承接主体，六项条件逐项核验。"""
    made = register_provider(
        scene.district.jurisdiction,
        registrar=acts["acting_as"].organisation,
        name=name,
        kind="enterprise",
        credit_code=code,
        code_note="演练用代码",
        registered_with="区市场监督管理局",
        address=address,
        **acts,
    )
    for condition in Condition.values:
        review_condition(
            made,
            condition=condition,
            is_met=True,
            evidence=evidence,
            valid_from=valid_from,
            **acts,
        )


@act
def debar(scene: Scene, acts: Acts, *, provider: str, **decision: Any) -> None:
    debar_provider(scene.provider(provider), **decision, **acts)


@act
def prepare(scene: Scene, acts: Acts, **preparation: Any) -> None:
    record_preparation(scene.project, **preparation, **acts)


@act
def announce_intention(scene: Scene, acts: Acts, **intention: Any) -> None:
    register_intention(scene.project, **intention, **acts)


@act
def start_tender(
    scene: Scene,
    acts: Acts,
    *,
    method: str,
    number: str,
    ceiling: str,
    price_weight: int,
    package: int = 1,
) -> None:
    open_tender(
        scene.project,
        package=scene.package(package),
        mode=Mode.objects.get(jurisdiction=scene.district.jurisdiction, method=method),
        number=number,
        ceiling_price_fen=fen(ceiling),
        price_weight=Decimal(price_weight),
        **acts,
    )


@act
def publish_documents(scene: Scene, acts: Acts, *, package: int = 1, **schedule: Any) -> None:
    publish_tender(scene.tender(package), **schedule, **acts)


@act
def open_bids(scene: Scene, acts: Acts, *, package: int = 1) -> None:
    open_responses(scene.tender(package), **acts)


@act
def bid(scene: Scene, acts: Acts, *, provider: str, price: str, package: int = 1) -> None:
    receive_bid(
        scene.tender(package),
        provider=scene.provider(provider),
        price_fen=fen(price),
        promises_no_subcontracting=True,
        **acts,
    )


@act
def report(
    scene: Scene,
    acts: Acts,
    *,
    evaluated: date,
    experts: list[str],
    representatives: list[str],
    opinion: str,
    scores: dict[str, str],
    package: int = 1,
) -> None:
    """评审报告；`scores` 为各承接主体的技术商务分。"""
    tender = scene.tender(package)
    bids = Bid.objects.filter(tender=tender).select_related("provider")
    rows = [{"bid": b.pk, "technical_score": Decimal(scores[b.provider.name])} for b in bids]
    submit_report(
        tender,
        evaluated_on=evaluated,
        reported_on=acts["on"],
        experts=experts,
        representatives=representatives,
        opinion=opinion,
        scores=rows,
        **acts,
    )


@act
def award(scene: Scene, acts: Acts, *, package: int = 1) -> None:
    """成交给排名第一的。"""
    tender = scene.tender(package)
    decide_award(tender, bid=Bid.objects.get(tender=tender, rank=1), **acts)


@act
def announce_award(scene: Scene, acts: Acts, *, package: int = 1, **notice: Any) -> None:
    notify_award(scene.award_of(package), **notice, **acts)
