"""CaseDocument: what every document of a case has in common, whatever the stage."""

from __future__ import annotations

from datetime import date

from accounts.models import Organisation
from core.transitions import StatefulModel
from projects.models.project import Project


class CaseDocument(StatefulModel):
    """案卷中的一份文件：归属项目，随项目所受办法约束。"""

    class Meta:
        abstract = True

    def case(self) -> Project:
        raise NotImplementedError(f"{type(self).__name__}.case()")

    def owner(self) -> Organisation:
        return self.case().owner()

    def barred_deputies(self, act: str, /) -> frozenset[int]:
        return self.case().barred_deputies(act)

    def stream(self) -> str:
        return self.case().stream()

    def governed_by(self) -> frozenset[str]:
        return self.case().governed_by()

    def binding_days(self) -> dict[str, date]:
        return self.case().binding_days()
