"""购买主体的性质、编制类型和经费来源，自某日起。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from core.history import change, unit_of_work
from core.transitions import claim, require_may
from projects.models import Purchaser, PurchaserStatus


@dataclass(frozen=True)
class PurchaserScope:
    """一个购买主体的档案：它的事归谁办，记在哪个案卷。"""

    purchaser: Purchaser

    def owner(self) -> Organisation:
        return self.purchaser.organisation

    def assignee(self) -> Organisation | None:
        return None

    def required_role(self, _act: str, /) -> str | None:
        return None

    def jurisdiction(self) -> Jurisdiction:
        return self.purchaser.organisation.jurisdiction

    def stream(self) -> str:
        return f"projects.purchaser:{self.purchaser.pk}"


def register_status(
    purchaser: Purchaser,
    *,
    since: date,
    nature: str,
    staffing: str,
    funding: str,
    basis: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> PurchaserStatus:
    """登记或者更正自某日起的单位性质（《渝北办法》第五条）；同一日的再登记即更正，历史留痕。

    Raises `NotPermitted`, `RequestKeyMismatch`. A repeated key returns the row of the first.
    """
    scope = PurchaserScope(purchaser)
    values = {"nature": nature, "staffing": staffing, "funding": funding, "basis": basis}
    same = {"purchaser": purchaser, "since": since}
    with unit_of_work():
        content = [purchaser, since, values]
        if claim(key, by=by, act="projects.keep_purchaser", content=content) is not None:
            return PurchaserStatus.objects.get(**same)
        require_may(
            "projects.keep_purchaser",
            on=scope,
            stream=scope.stream(),
            by=by,
            acting_as=acting_as,
            day=on,
        )
        # The purchaser's row is the lock of a status that does not exist yet.
        Purchaser.objects.select_for_update(no_key=True).get(pk=purchaser.pk)
        known = PurchaserStatus.objects.filter(**same).first()
        with change(
            title="登记单位性质" if known is None else "更正单位性质",
            act="projects.keep_purchaser",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=scope.stream(),
        ) as changes:
            if known is None:
                return changes.create(PurchaserStatus(**same, **values))
            return changes.update(known, **values)
