"""公布指导性目录的义务：目录通过时开立，财政部门送审、第二人审查通过即公布（《渝北办法》第八条）。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import Organisation, User
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, StatefulModel, advances
from projects.models import CatalogueRevision


class CatalogueDutyStatus(models.TextChoices):
    OPEN = "open", "待公开"
    UNDER_REVIEW = "under_review", "待审查"
    FULFILLED = "fulfilled", "已公开"


class CatalogueDutyQuerySet(GuardedQuerySet["CatalogueDuty"]):
    def visible_to(self, user: User) -> CatalogueDutyQuerySet:
        return self.filter(revision__in=CatalogueRevision.objects.visible_to(user))

    def unfulfilled(self) -> CatalogueDutyQuerySet:
        return self.exclude(status=CatalogueDutyStatus.FULFILLED)

    def whole(self) -> CatalogueDutyQuerySet:
        return self.select_related(
            "revision__catalogue__based_on",
            "revision__catalogue__parent",
            "revision__bureau__jurisdiction",
            "preparer",
            "reviewer",
        )


@recorded()
class CatalogueDuty(StatefulModel):
    """公布一版目录：在哪里、哪一日；期限自通过之日起算，由日历推算。

    目录通过之后不再改动，所以没有另外的公告稿：送审的是它公布在哪里，审查的是目录本身，
    通过的一刻冻结为公开站点上的一页（docs/decisions/0031）。
    """

    revision = models.OneToOneField(
        CatalogueRevision, models.PROTECT, verbose_name="目录制定", related_name="+"
    )
    opened_on = models.DateField("起算日")
    medium = models.CharField("公布媒体", max_length=100, blank=True)
    address = models.CharField("公布网址", max_length=300, blank=True)
    published_on = models.DateField("公布日", null=True, blank=True)
    preparer = models.ForeignKey(
        User, models.PROTECT, verbose_name="送审人", null=True, blank=True, related_name="+"
    )
    sent_on = models.DateField("送审日", null=True, blank=True)
    reviewer = models.ForeignKey(
        User, models.PROTECT, verbose_name="审查人", null=True, blank=True, related_name="+"
    )
    reviewed_on = models.DateField("审查日", null=True, blank=True)
    return_reason = models.CharField("退回理由", max_length=500, blank=True, default="")
    status = StateField(
        "状态",
        choices=CatalogueDutyStatus.choices,
        default=CatalogueDutyStatus.OPEN,
        protected=True,
    )
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

    def send_url(self) -> str:
        return reverse("disclosure:catalogue_send", args=[self.pk])

    @advances(
        CatalogueDutyStatus.OPEN,
        to=CatalogueDutyStatus.UNDER_REVIEW,
        permission="disclosure.publish_catalogue",
        rules=["YB-8-published-not-early"],
        title="目录送公开审查",
    )
    def send(
        self, *, medium: str, address: str, published_on: date, preparer: User, on: date
    ) -> None:
        self.medium, self.address, self.published_on = medium, address, published_on
        self.preparer, self.sent_on, self.return_reason = preparer, on, ""

    @advances(
        CatalogueDutyStatus.UNDER_REVIEW,
        to=CatalogueDutyStatus.FULFILLED,
        permission="disclosure.review_catalogue",
        rules=["YB-8-second-reviewer", "YB-8-published-in-time"],
        title="审查通过并公布目录",
    )
    def approve(self, *, reviewer: User, on: date) -> None:
        """目录随即冻结为公开站点上的一页。"""
        self.reviewer, self.reviewed_on = reviewer, on

    @advances(
        CatalogueDutyStatus.UNDER_REVIEW,
        to=CatalogueDutyStatus.OPEN,
        permission="disclosure.review_catalogue",
        title="退回公开送审",
    )
    def send_back(self, *, reviewer: User, on: date, reason: str) -> None:
        self.reviewer, self.reviewed_on, self.return_reason = reviewer, on, reason
