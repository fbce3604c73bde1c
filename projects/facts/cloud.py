"""政务云资源收集的规则所问的事实；金额单位为分。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from core.money import multiply
from core.rules import Context
from projects.facts.purchasers import standings_on
from projects.models import (
    CloudAnswer,
    CloudAnswerLine,
    CloudAnswerStatus,
    CloudCollection,
    CloudPrice,
    CollectionStatus,
    EstimateLine,
    Programme,
    Project,
    Purchaser,
)

WAITING = (CloudAnswerStatus.PENDING, CloudAnswerStatus.RETURNED, CloudAnswerStatus.FILLED)


# --- 发起收集 ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitFact:
    """一个要收集的单位：这一天的性质和经费来源，是否在本辖区。"""

    name: str
    nature: str
    nature_label: str
    funding: str
    funding_label: str
    since: date | None
    is_here: bool


@dataclass(frozen=True)
class OpeningFacts:
    """发起一轮收集：要收集的单位；同一年度正在收集的，和别的单位组织过的。"""

    page: str
    standing_page: str
    year: int
    units: tuple[UnitFact, ...]
    open_round: str
    other_organiser: str


def opening_facts(collection: CloudCollection, context: Context) -> OpeningFacts:
    """收集一轮将要发起的收集的事实；查询次数与单位数无关。"""
    here = collection.organiser.organisation.jurisdiction_id
    rounds = CloudCollection.objects.filter(
        year=collection.year, organiser__organisation__jurisdiction=here
    ).exclude(status=CollectionStatus.ABANDONED)
    found = list(rounds.select_related("organiser__organisation").order_by("pk"))
    others = [c for c in found if c.organiser_id != collection.organiser_id]
    opened = [c for c in found if c.status == CollectionStatus.OPEN]
    return OpeningFacts(
        page=context.data["page"],
        standing_page=context.data["standing_page"],
        year=collection.year,
        units=unit_facts(context.data["units"], here, context.on),
        open_round=f"{opened[0]}，{opened[0].organiser}" if opened else "",
        other_organiser=str(others[0].organiser) if others else "",
    )


def unit_facts(units: Sequence[Purchaser], here: int, on: date) -> tuple[UnitFact, ...]:
    """各单位这一天的情况，一次查出。"""
    standings = standings_on(units, on)
    return tuple(
        UnitFact(
            name=str(unit),
            nature=standings[unit.pk].nature,
            nature_label=standings[unit.pk].nature_label,
            funding=standings[unit.pk].funding,
            funding_label=standings[unit.pk].funding_label,
            since=standings[unit.pk].since,
            is_here=unit.organisation.jurisdiction_id == here,
        )
        for unit in units
    )


# --- 填报、确认、结束 ----------------------------------------------------------------------------


@dataclass(frozen=True)
class FillingFacts:
    """一份填报：各行的规格编号、现用、拟退、新申请、理由。"""

    page: str
    is_none: bool
    lines: tuple[tuple[str, Decimal, Decimal, Decimal, str], ...]


def filling_facts(answer: CloudAnswer, context: Context) -> FillingFacts:
    """所填的各行由填报的动作给出；核对条件时还没有填的，照存下的。"""
    lines = context.data.get("lines")
    if lines is None:
        kept = CloudAnswerLine.objects.filter(answer=answer).select_related("price")
        lines = [
            (each.price.code, each.current, each.released, each.requested, each.reason)
            for each in kept
        ]
    is_none = context.data.get("is_none", answer.is_none)
    return FillingFacts(answer.get_absolute_url(), is_none, tuple(lines))


@dataclass(frozen=True)
class TwoHandsFacts:
    page: str
    filled_by: str
    confirmed_by: str
    is_same: bool


def two_hands_facts(answer: CloudAnswer, context: Context) -> TwoHandsFacts:
    by, filler = context.by, answer.filled_by
    return TwoHandsFacts(
        page=answer.get_absolute_url(),
        filled_by=str(filler or ""),
        confirmed_by=str(by or ""),
        is_same=by is not None and answer.filled_by_id == by.pk,
    )


@dataclass(frozen=True)
class GatheringFacts:
    """一轮收集报出的情况。"""

    page: str
    on: date
    due_on: date
    status: str
    status_label: str
    confirmed: int
    waiting: tuple[tuple[str, str], ...]


def gathering_facts(row: CloudCollection | CloudAnswer, context: Context) -> GatheringFacts:
    """这一轮有几个单位报出，还有哪些单位在哪一步、自哪一日起。"""
    collection = row.collection if isinstance(row, CloudAnswer) else row
    answers = list(
        CloudAnswer.objects.filter(collection=collection).select_related("purchaser__organisation")
    )
    return GatheringFacts(
        page=collection.get_absolute_url(),
        on=context.on,
        due_on=collection.answers_due_on,
        status=collection.status,
        status_label=collection.state_label,
        confirmed=sum(1 for a in answers if a.status == CloudAnswerStatus.CONFIRMED),
        waiting=tuple(
            (a.purchaser.organisation.short_name, f"{a.state_label}，自 {a.waiting_since}")
            for a in answers
            if a.status in WAITING
        ),
    )


# --- 据以申报 ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CollectedLine:
    """汇总的一种规格：各单位下一年度所需数量之和 × 年单价（分）。"""

    price: CloudPrice
    quantity: Decimal

    @property
    def amount_fen(self) -> int:
        return multiply(self.quantity, self.price.price_fen)

    def matches(self, name: str, quantity: Decimal, unit: str, unit_price_fen: int) -> bool:
        """测算明细的一行是否就是这一行。"""
        own = (self.price.line_name, self.quantity, self.price.unit, self.price.price_fen)
        return own == (name.strip(), quantity, unit.strip(), unit_price_fen)


def closed_collection(purchaser: Purchaser, year: int) -> CloudCollection | None:
    """这个单位为某年度组织的、已经汇总的最近一轮。"""
    rows = CloudCollection.objects.filter(
        organiser=purchaser, year=year, status=CollectionStatus.CLOSED
    )
    return rows.first()


def collected_lines(collection: CloudCollection) -> list[CollectedLine]:
    """已确认的填报按规格合计；没有单位要用的规格不在其中。"""
    lines = CloudAnswerLine.objects.filter(
        answer__collection=collection, answer__status=CloudAnswerStatus.CONFIRMED
    )
    needed = F("current") - F("released") + F("requested")
    totals = dict(lines.values_list("price").annotate(n=Sum(needed)).order_by())
    return [
        CollectedLine(price, Decimal(totals[price.pk]).quantize(Decimal("0.01")))
        for price in CloudPrice.objects.filter(collection=collection)
        if totals.get(price.pk)
    ]


@dataclass(frozen=True)
class Collected:
    """据以测算的一轮收集和它的各行。"""

    collection: CloudCollection
    lines: tuple[CollectedLine, ...]

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def expected(self) -> tuple[tuple[str, Decimal, str, int], ...]:
        """各行：内容、数量、单位、单价（分）。"""
        return tuple(
            (each.price.line_name, each.quantity, each.price.unit, each.price.price_fen)
            for each in self.lines
        )


@dataclass(frozen=True)
class CloudFilingFacts:
    """一份政务云申报与收集的对照；`expected`、`typed` 是（内容，数量，单位，单价分）。

    `answered` 是正在收集的一轮（汇总的没有，才去看）；`sources` 是申报各行取自哪一轮。
    """

    page: str
    programme: str
    year: int
    collection: str
    gathering: str
    expected: tuple[tuple[str, Decimal, str, int], ...]
    typed: tuple[tuple[str, Decimal, str, int], ...]
    is_from_it: bool


def cloud_filing_facts(project: Project, _context: Context) -> CloudFilingFacts:
    """收集一份申报的事实；不是政务云项目的不去查。"""
    page, programme = project.get_absolute_url(), project.programme
    if programme != Programme.CLOUD:
        return CloudFilingFacts(page, programme, project.year, "", "", (), (), True)
    found = closed_collection(project.purchaser, project.year)
    lines = list(EstimateLine.objects.filter(project=project).select_related("cloud_price"))
    return CloudFilingFacts(
        page=page,
        programme=programme,
        year=project.year,
        collection=f"{found}，{found.closed_on} 汇总" if found else "",
        gathering="" if found else _gathering(project),
        expected=Collected(found, tuple(collected_lines(found))).expected if found else (),
        typed=tuple((e.name, e.quantity, e.unit, e.unit_price_fen) for e in lines),
        is_from_it=all(_is_from(e, found) for e in lines),
    )


def _is_from(line: EstimateLine, found: CloudCollection | None) -> bool:
    own: Any = line.cloud_price
    return found is not None and own is not None and own.collection_id == found.pk


def _gathering(project: Project) -> str:
    """正在收集的一轮报出了几个单位；没有的为空。"""
    rows = CloudCollection.objects.filter(
        organiser=project.purchaser, year=project.year, status=CollectionStatus.OPEN
    )
    row = rows.first()
    if row is None:
        return ""
    answers = list(CloudAnswer.objects.filter(collection=row).values_list("status", flat=True))
    done = answers.count(CloudAnswerStatus.CONFIRMED)
    return f"{row}，{len(answers)} 个单位中 {done} 个已报出"
