"""公布指导性目录：随目录通过开立义务，公布后登记。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.history import change
from core.transitions import Outcome, perform
from disclosure.models import CatalogueDuty
from projects.models import CatalogueRevision


def open_catalogue_duty(
    revision: CatalogueRevision, *, by: User, acting_as: RoleAssignment | None, on: date
) -> CatalogueDuty:
    """开立公布目录的义务（第八条）；重复调用只开一次。"""
    known = CatalogueDuty.objects.filter(revision=revision).first()
    if known is not None:
        return known
    with change(
        title="开立公布目录的义务",
        act="disclosure.open_catalogue_duty",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=revision.stream(),
    ) as changes:
        return changes.create(CatalogueDuty(revision=revision, opened_on=revision.adopted_on or on))


def publish_catalogue(
    duty: CatalogueDuty,
    *,
    medium: str,
    address: str,
    published_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记目录在哪里、哪一日公布，义务随之履行。Raises as `perform`."""
    data = {"medium": medium, "address": address, "published_on": published_on}
    note = f"{medium} {address}"
    return perform(
        duty, "publish", note=note, data=data, by=by, acting_as=acting_as, on=on, **shown
    )
