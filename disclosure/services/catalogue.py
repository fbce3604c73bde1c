"""公布指导性目录：随目录通过开立义务，财政部门送审，第二人审查通过即冻结为公开站点上的一页。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Jurisdiction, RoleAssignment, User
from core.history import change, unit_of_work
from core.transitions import Outcome, perform
from disclosure.documents.catalogue import catalogue_page
from disclosure.models import CatalogueDuty
from disclosure.public.catalogues import PublishedCatalogue
from projects.models import CatalogueRevision

# 编号里的字母，与各种公告的不同。
LETTER = "L"


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


def send_catalogue(
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
    """登记目录在哪里、哪一日公布，送第二人审查。Raises as `perform`."""
    place = {"medium": medium, "address": address, "published_on": published_on}
    data = {**place, "preparer": by, "on": on}
    note = f"{medium} {address}"
    return perform(duty, "send", note=note, data=data, by=by, acting_as=acting_as, on=on, **shown)


def approve_catalogue(
    duty: CatalogueDuty, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """审查通过：目录冻结为公开站点上的一页，义务随之履行，同成同败。

    Raises as `perform`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        data = {"reviewer": by, "on": on}
        outcome = perform(duty, "approve", data=data, **acts, **shown)
        if not outcome.is_repeat:
            freeze_catalogue(CatalogueDuty.objects.whole().get(pk=duty.pk), **acts)
        return outcome


def send_back_catalogue(
    duty: CatalogueDuty,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """退回送审人，写明理由。Raises as `perform`."""
    data = {"reviewer": by, "on": on, "reason": reason}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    return perform(duty, "send_back", note=reason, data=data, **acts, **shown)


def freeze_catalogue(
    duty: CatalogueDuty, *, by: User, acting_as: RoleAssignment | None, on: date
) -> PublishedCatalogue:
    """把这一版目录冻结为公开站点上的一页；辖区一行是编号的锁。"""
    jurisdiction = duty.jurisdiction()
    with change(
        title="公布指导性目录",
        act="disclosure.publish_catalogue",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=duty.stream(),
    ) as changes:
        Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)
        page = catalogue_page(duty)
        page.number = _next_number(jurisdiction, (duty.published_on or on).year)
        page.sha256 = page.digest()
        return changes.create(page)


def _next_number(jurisdiction: Jurisdiction, year: int) -> str:
    """如 SF-L-2026-0001：辖区、种类、年份、流水号。"""
    prefix = f"{jurisdiction.code.upper()}-{LETTER}-{year}-"
    serial = PublishedCatalogue.objects.filter(number__startswith=prefix).count() + 1
    return f"{prefix}{serial:04d}"
