"""台账核对：申请、每日一次、核对并记下结果；不符的，通知财政和审计管理员。"""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import islice

from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from accounts.roles import Role
from budgeting.models import Ceiling, LedgerCheck
from budgeting.services.invariants import PARTS, Difference
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.inbox import notify
from core.transitions import answered_with, claim, require_may

ACT = "budgeting.check_ledger"
REQUESTED = "budgeting.ledgercheck.requested"
ROOM = "budgeting.ledgercheck"
MOST_KEPT = 200


class CheckScope:
    """核对的权限范围：一个辖区。"""

    def __init__(self, district: Jurisdiction, organisation: Organisation) -> None:
        self.district, self.organisation = district, organisation

    def owner(self) -> Organisation:
        return self.organisation

    def assignee(self) -> None:
        return None

    def required_role(self, _act: str, /) -> None:
        return None

    def jurisdiction(self) -> Jurisdiction:
        return self.district


def request_check(
    district: Jurisdiction,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> LedgerCheck:
    """申请核对一个辖区的台账，后台进行。Raises `NotPermitted`, `RequestKeyMismatch`.

    本辖区还有没做完的核对时，返回那一次，不另排队。
    """
    with unit_of_work():
        known = claim(key, by=by, act=ACT, content=[district])
        if known is not None:
            return LedgerCheck.objects.get(pk=referenced_pk(known.result))
        scope = CheckScope(district, by.organisation)
        require_may(ACT, on=scope, stream=ROOM, by=by, acting_as=acting_as, day=on)
        waiting = LedgerCheck.objects.filter(district=district, finished_at__isnull=True)
        row = waiting.first() or _queue(
            LedgerCheck(district=district, requested_by=by, requested_on=on), acting_as
        )
        answered_with(key, row)
        return row


def request_nightly(*, on: date) -> int:
    """每个有控制数的辖区每日一次；返回排了几次。跑两遍、几处同时跑，仍是一次。"""
    used = Ceiling.objects.order_by().values("fund__jurisdiction")
    done = LedgerCheck.objects.filter(requested_on=on, requested_by__isnull=True)
    rows = Jurisdiction.objects.filter(pk__in=used).exclude(pk__in=done.values("district"))
    return sum(_queued_once(district, on) for district in rows.order_by("pk"))


def _queued_once(district: Jurisdiction, on: date) -> bool:
    try:
        with unit_of_work():
            _queue(LedgerCheck(district=district, requested_on=on), None)
    except IntegrityError:
        return False
    return True


def _queue(row: LedgerCheck, acting_as: RoleAssignment | None) -> LedgerCheck:
    with change(
        title="申请核对台账" if row.requested_by else "每日核对台账",
        act=ACT,
        by=row.requested_by,
        acting_as=acting_as,
        on=row.requested_on,
        announce=REQUESTED,
    ) as changes:
        return changes.create(row)


def run_check(row: LedgerCheck, *, on: date) -> LedgerCheck:
    """逐条核对，记下行数和不符之处，通知；做过的不再做。由系统办理。"""
    with unit_of_work():
        row = LedgerCheck.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
        if not row.is_waiting:
            return row
        lines = [[part.title, part.rows(row.district).count()] for part in PARTS]
        found = (d for part in PARTS for d in part.differences(row.district))
        kept = list(islice(found, MOST_KEPT))
        with change(
            title="完成台账核对", act="budgeting.finish_check", by=None, on=on, subject=row
        ) as changes:
            changes.update(
                row,
                finished_at=timezone.now(),
                lines=lines,
                line_count=sum(count for _, count in lines),
                differences=[vars(d) for d in kept],
                difference_count=len(kept) + sum(1 for _ in found),
            )
        _tell(row, kept, on)
        return row


def _tell(row: LedgerCheck, found: list[Difference], on: date) -> None:
    """同一处不符，给财政和审计管理员各一次。"""
    if not found:
        return
    desks = RoleAssignment.objects.in_force(on).select_related("organisation").order_by("pk")
    finance = desks.filter(role=Role.FINANCE, organisation__jurisdiction=row.district)
    wanted = {
        (desk.organisation, desk.role) for desk in (*finance, *desks.filter(role=Role.AUDIT_ADMIN))
    }
    for difference in found:
        digest = hashlib.sha256(difference.identity.encode()).hexdigest()[:32]
        for organisation, role in sorted(wanted, key=lambda desk: (desk[0].pk, desk[1])):
            notify(
                key=f"budgeting.ledger-difference:{digest}",
                organisation=organisation,
                role=role,
                title=f"台账不符：{difference.sentence}",
                url=row.get_absolute_url(),
                on=on,
            )
