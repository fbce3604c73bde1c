"""政务云资源收集：发起、填报、确认、退回、汇总、作废（《平湖办法》第八条第（二）项）。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from core.history import change, unit_of_work
from core.history.values import reference, referenced_pk
from core.inbox import notify
from core.rules import Context
from core.rules.engine import regulations_adopted
from core.transitions import (
    ActError,
    Outcome,
    answered_with,
    claim,
    guard,
    perform,
    require_kept,
    require_may,
)
from projects.facts.cloud import closed_collection, collected_lines
from projects.models import (
    CloudAnswer,
    CloudAnswerLine,
    CloudAnswerStatus,
    CloudCollection,
    CloudPrice,
    CollectionStatus,
    Purchaser,
)
from projects.models.cloud import COLLECT
from projects.models.cloud_answer import UNCONFIRMED

OPEN = guard(
    COLLECT,
    "发起云资源收集",
    "PH-7.2-treasury-departments",
    "PH-8.2-one-collection-a-year",
    "PH-2.5-programme-office",
)


class NotAdopted(ActError):
    """辖区没有采用《平湖办法》，没有政务云专项可收集。"""

    def __init__(self) -> None:
        super().__init__("本辖区没有采用《平湖办法》，不收集政务云资源。")


@dataclass(frozen=True)
class PriceInput:
    """价格表的一行；年单价为分。"""

    code: str
    category: str
    specification: str
    unit: str
    price_fen: int
    source: str
    priced_on: date


@dataclass(frozen=True)
class CloudLineInput:
    """填报的一行。"""

    price: CloudPrice
    current: Decimal
    released: Decimal
    requested: Decimal
    reason: str = ""


# --- 发起 ----------------------------------------------------------------------------------------


def open_collection(
    organiser: Purchaser,
    *,
    year: int,
    answers_due_on: date,
    prices: Sequence[PriceInput],
    units: Sequence[Purchaser],
    note: str = "",
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> CloudCollection:
    """发起一轮收集：价格表、填报期限、要收集的单位，并通知各单位的经办人。

    Raises `NotPermitted`, `NotAdopted`, `TransitionRefused`, `RequestKeyMismatch`. A repeated key
    returns the collection of the first.
    """
    with unit_of_work():
        content = [organiser, year, answers_due_on, note, list(units), [astuple(p) for p in prices]]
        known = claim(key, by=by, act=COLLECT, content=content)
        if known is not None:
            return CloudCollection.objects.whole().get(pk=referenced_pk(known.result))
        # The organiser's row is the lock: two rounds are never opened at once.
        Purchaser.objects.select_for_update(no_key=True).get(pk=organiser.pk)
        acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
        row = CloudCollection(
            organiser=organiser,
            year=year,
            round_number=_rounds(organiser, year) + 1,
            opened_by=by,
            opened_on=on,
            answers_due_on=answers_due_on,
            note=note,
        )
        _require(row, units, acts)
        with change(title=OPEN.title, act=COLLECT, announce="projects.cloudcollection.open",
                    **acts) as changes:  # fmt: skip
            changes.create(row)
            for position, price in enumerate(prices, 1):
                changes.create(CloudPrice(collection=row, position=position, **price.__dict__))
            for unit in units:
                changes.create(
                    CloudAnswer(collection=row, purchaser=unit, asked_on=on, waiting_since=on)
                )
        answered_with(key, row)
        _tell(row, units, on)
        return row


def _rounds(organiser: Purchaser, year: int) -> int:
    return CloudCollection.objects.filter(organiser=organiser, year=year).count()


def _require(row: CloudCollection, units: Sequence[Purchaser], acts: dict[str, Any]) -> None:
    by, acting_as, on = acts["by"], acts["acting_as"], acts["on"]
    stream = f"projects.purchaser:{row.organiser_id}"
    require_may(COLLECT, on=row, stream=stream, by=by, acting_as=acting_as, day=on)
    if not row.governed_by() & regulations_adopted(row, on):
        raise NotAdopted
    pages = {"page": "/projects/cloud/", "standing_page": "/projects/purchasers/"}
    facts = {**pages, "units": tuple(units)}
    require_kept(OPEN, row, stream=stream, context=Context(on, by, acting_as, facts))


def _tell(row: CloudCollection, units: Sequence[Purchaser], on: date) -> None:
    for answer in CloudAnswer.objects.filter(collection=row, purchaser__in=units).whole():
        notify(
            key=f"{reference(answer)}:asked",
            organisation=answer.purchaser.organisation,
            role=Role.OFFICER,
            title=f"{row.organiser}收集 {row.year} 年度云资源，{row.answers_due_on} 前报出",
            url=answer.get_absolute_url(),
            on=on,
        )


# --- 填报与确认 ----------------------------------------------------------------------------------


def fill_answer(
    answer: CloudAnswer,
    *,
    lines: Sequence[CloudLineInput] = (),
    is_none: bool = False,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """经办人填报：各行整个换成所填的；数量全为零的规格不存。Raises as `perform`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    used = [each for each in lines if each.current or each.released or each.requested]
    stated = tuple((e.price.code, e.current, e.released, e.requested, e.reason) for e in used)
    data = {"by": by, "on": on, "is_none": is_none, "lines": stated}
    with unit_of_work():
        outcome = perform(answer, "fill", data=data, **acts, **shown)
        if outcome.is_repeat:
            return outcome
        with change(title="填报明细", act="projects.answer_cloud", stream=answer.stream(),
                    **acts) as changes:  # fmt: skip
            changes.name_subject(answer)
            for line in CloudAnswerLine.objects.filter(answer=answer):
                changes.delete(line)
            for each in used:
                changes.create(CloudAnswerLine(answer=answer, **each.__dict__))
        return outcome


def confirm_answer(answer: CloudAnswer, *, by: User, on: date, **acts: Any) -> Outcome:
    """本单位负责人确认，报组织收集的单位。Raises as `perform`."""
    with unit_of_work():
        _lock(answer.collection_id)
        return perform(answer, "confirm", data={"by": by, "on": on}, by=by, on=on, **acts)


def _lock(collection: int) -> None:
    """The collection's row is the lock: nothing is confirmed while it is being added up."""
    CloudCollection.objects.select_for_update(no_key=True).get(pk=collection)


def send_back_answer(answer: CloudAnswer, *, reason: str, on: date, **acts: Any) -> Outcome:
    """本单位负责人退回经办人，写明理由。Raises as `perform`."""
    data = {"on": on, "reason": reason}
    return perform(answer, "send_back", note=reason, data=data, on=on, **acts)


def hand_back_answer(answer: CloudAnswer, *, reason: str, on: date, **acts: Any) -> Outcome:
    """组织收集的单位退回重报，写明理由，并通知经办人。Raises as `perform`."""
    data = {"on": on, "reason": reason}
    with unit_of_work():
        _lock(answer.collection_id)
        outcome = perform(answer, "hand_back", note=reason, data=data, on=on, **acts)
        if not outcome.is_repeat:
            notify(
                key=f"{reference(answer)}:returned:{outcome.instance.version}",
                organisation=answer.purchaser.organisation,
                role=Role.OFFICER,
                title=f"{answer.collection.organiser}退回 {answer.collection.year} 年度云资源填报",
                url=answer.get_absolute_url(),
                on=on,
            )
        return outcome


# --- 结束 ----------------------------------------------------------------------------------------


def close_collection(
    collection: CloudCollection,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """结束收集并汇总；逾期未报的不计入，同一年度的前一轮被替代。Raises as `perform`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        organiser = Purchaser.objects.select_for_update(no_key=True).get(pk=collection.organiser_id)
        _lock(collection.pk)
        earlier = closed_collection(organiser, collection.year)
        if earlier is not None and _may_close(collection):
            perform(earlier, "supersede", note=f"被{collection}替代", **acts)
        total = sum(line.amount_fen for line in collected_lines(collection))
        data = {"on": on, "total_fen": total}
        outcome = perform(collection, "close", data=data, **acts, **shown)
        if not outcome.is_repeat:
            _each(collection, UNCONFIRMED, "lapse", acts)
        return outcome


def _may_close(collection: CloudCollection) -> bool:
    """A round that is not open is refused below; nothing is superseded for it."""
    rows = CloudCollection.objects.filter(pk=collection.pk, status=CollectionStatus.OPEN)
    return rows.exists()


def abandon_collection(collection: CloudCollection, *, note: str, **acts: Any) -> Outcome:
    """作废一轮收集，各单位的填报随之作废；理由入历史。Raises as `perform`."""
    with unit_of_work():
        outcome = perform(collection, "abandon", note=note, **acts)
        if not outcome.is_repeat:
            live = (*UNCONFIRMED, CloudAnswerStatus.CONFIRMED)
            _each(collection, live, "cancel", acts)
        return outcome


def _each(
    collection: CloudCollection, states: Sequence[str], move: str, acts: dict[str, Any]
) -> None:
    who = {name: acts[name] for name in ("by", "acting_as", "on")}
    for answer in CloudAnswer.objects.filter(collection=collection, status__in=states).whole():
        perform(answer, move, **who)
