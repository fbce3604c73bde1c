"""公布指导性目录的义务：目录通过时开立，财政部门公布即为履行（《渝北办法》第八条）。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from accounts.models import Organisation, User
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, StatefulModel, advances
from disclosure.models.duty import DutyStatus
from projects.models import CatalogueRevision


class CatalogueDutyQuerySet(GuardedQuerySet["CatalogueDuty"]):
    def visible_to(self, user: User) -> CatalogueDutyQuerySet:
        return self.filter(revision__in=CatalogueRevision.objects.visible_to(user))

    def whole(self) -> CatalogueDutyQuerySet:
        return self.select_related("revision__catalogue", "revision__bureau__jurisdiction")


@recorded()
class CatalogueDuty(StatefulModel):
    """公布一版目录：在哪里、哪一日；期限自通过之日起算，由日历推算。"""

    revision = models.OneToOneField(
        CatalogueRevision, models.PROTECT, verbose_name="目录制定", related_name="+"
    )
    opened_on = models.DateField("起算日")
    medium = models.CharField("公布媒体", max_length=100, blank=True)
    address = models.CharField("公布网址", max_length=300, blank=True)
    published_on = models.DateField("公布日", null=True, blank=True)
    status = StateField("状态", choices=DutyStatus.choices, default=DutyStatus.OPEN, protected=True)
    objects = CatalogueDutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公布目录的义务"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"公布{self.revision}"

    def owner(self) -> Organisation:
        return self.revision.bureau

    def assignee(self) -> Organisation:
        return self.revision.bureau

    def stream(self) -> str:
        return self.revision.stream()

    def governed_by(self) -> frozenset[str]:
        return self.revision.governed_by()

    @advances(
        DutyStatus.OPEN,
        to=DutyStatus.FULFILLED,
        permission="disclosure.publish_catalogue",
        rules=["YB-8-published-not-early", "YB-8-published-in-time"],
        title="登记目录已公布",
    )
    def publish(self, *, medium: str, address: str, published_on: date) -> None:
        self.medium, self.address, self.published_on = medium, address, published_on
