"""Steps of a walk on the days its case gives, each by the person who takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from budgeting.models import Allocation, DecisionOutcome
from budgeting.services import (
    DecisionInput,
    conclude_review,
    issue_reply,
    ledger_differences,
    prepare_decision,
    prepare_reply,
    record_decision,
)
from core.history.verify import verify
from procurement.models import Award, Bid, Condition, Provider, Tender
from procurement.services import (
    decide_award,
    notify_award,
    open_responses,
    open_tender,
    receive_bid,
    register_provider,
    review_condition,
    submit_report,
)
from projects.models import Package, Project
from tests import purchase, steps
from tests.staging import staged
from tests.steps import fresh
from tests.world import Actor, World, deliver_all

BUCKETS = ("reserved", "committed", "paid", "released", "carried")


@staged
def replied(world: World, days: Mapping[str, date], **filing: Any) -> Project:
    """From the filing to the reply, at the amount that was asked for."""
    project = steps.file(world, on=days["filed"], **filing)
    steps.submit(world, project, on=days["submitted"])
    steps.agree_all(world, project, on=days["agreed"])
    fen = project.requested_fen
    conclude_review(
        steps.review_of(project),
        proposed_fen=fen,
        summary="同意列入年度计划。",
        **world.zhao.acts(days["concluded"]),
    )
    decision = prepare_decision(
        world.organisations["常务会"],
        meeting="常务会议",
        number="示府阅〔2025〕20号",
        decided_on=days["decided"],
        file=steps.FILE,
        lines=[DecisionInput(fresh(project), DecisionOutcome.APPROVE, fen)],
        **world.secretary.acts(days["decided"]),
    )
    record_decision(decision, **world.secretary.acts(days["decided"]))
    reply = prepare_reply(
        world.purchasers["文旅委"],
        bureau=world.organisations["财政局"],
        year=project.year,
        lines=[(fresh(project), fen)],
        **world.zhao.acts(days["replied"]),
    )
    issue_reply(reply, **world.zhao.acts(days["replied"]))
    deliver_all()
    return fresh(project)


@staged
def register(world: World, bidder: Mapping[str, Any], on: date) -> Provider:
    """A provider in the register, its six conditions reviewed."""
    made = register_provider(
        world.jurisdiction,
        registrar=world.organisations["文旅委"],
        name=bidder["name"],
        kind="enterprise",
        credit_code=bidder["code"],
        code_note="演练用代码",
        registered_with="区市场监督管理局",
        **world.zhang.acts(on),
    )
    for condition in Condition.values:
        review_condition(
            made,
            condition=condition,
            is_met=True,
            evidence="证明材料齐全",
            valid_from=on,
            **world.zhang.acts(on),
        )
    return made


@staged
def start(world: World, package: Package, on: date, *, method: str, **values: Any) -> Tender:
    """A tender in preparation for one package; `values` as `open_tender` takes them."""
    weight = Decimal(values.pop("price_weight"))
    return open_tender(
        fresh(package.project),
        package=fresh(package),
        mode=purchase.mode(world, method),
        price_weight=weight,
        **values,
        **world.zhang.acts(on),
    )


def open_with(
    tender: Tender, bidders: Sequence[Mapping[str, Any]], on: date, by: Actor
) -> list[Bid]:
    """The responses opened and entered: each promises that nothing is passed on."""
    open_responses(fresh(tender), **by.acts(on))
    return [
        receive_bid(
            fresh(tender),
            provider=Provider.objects.get(name=bidder["name"]),
            price_fen=bidder["price_fen"],
            promises_no_subcontracting=True,
            **by.acts(on),
        )
        for bidder in bidders
    ]


def award(
    world: World,
    tender: Tender,
    scores: Mapping[str, int],
    days: Mapping[str, date],
    *,
    by: Actor,
    committee: Mapping[str, list[str]],
    number: str,
) -> Award:
    """Reported, decided for the first in rank, notified; scores by the providers' names."""
    bids = Bid.objects.filter(tender=tender).select_related("provider")
    submit_report(
        fresh(tender),
        evaluated_on=days["evaluated"],
        reported_on=days["reported"],
        **committee,
        opinion="推荐第一名为成交候选人。",
        scores=[
            {"bid": bid.pk, "technical_score": Decimal(scores[str(bid.provider)])} for bid in bids
        ],
        **by.acts(days["reported"]),
    )
    first = purchase.winner(tender)
    made = decide_award(fresh(tender), bid=first, **world.wang.acts(days["decided"]))
    notify_award(
        made,
        number=number,
        medium="政府采购网",
        address="https://www.example.gov.cn/jg/2.html",
        **by.acts(days["notified"]),
    )
    deliver_all()
    return fresh(made)


def buckets(project: Project, year: int | None = None) -> dict[str, int]:
    """What stands in each bucket of the project, of one year or of all; the ledger agrees."""
    assert ledger_differences() == []
    rows = Allocation.objects.filter(project=project)
    if year is not None:
        rows = rows.filter(ceiling__year=year)
    sums = rows.aggregate(**{name: Sum(f"{name}_fen") for name in BUCKETS})
    return {name: fen or 0 for name, fen in sums.items()}


def differences() -> list[str]:
    """Of the whole record, replayed."""
    return verify().differences
