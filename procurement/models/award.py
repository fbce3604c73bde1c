"""成交：确定承接主体和金额，通知并公告结果。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Organisation, User
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from procurement.models.bid import Bid
from procurement.models.provider import Provider
from procurement.models.tender import Tender
from projects.models import CaseDocument, Package, Project


class AwardStatus(models.TextChoices):
    DECIDED = "decided", "待公告"
    NOTIFIED = "notified", "已公告"
    REFUSED = "refused", "拒绝签订"


class AwardQuerySet(GuardedQuerySet["Award"]):
    def visible_to(self, user: User) -> AwardQuerySet:
        return self.filter(package__project__in=Project.objects.visible_to(user))

    def refused(self) -> AwardQuerySet:
        """成交供应商拒绝签订合同的。"""
        return self.filter(status=AwardStatus.REFUSED)

    def with_case(self) -> AwardQuerySet:
        return self.select_related(
            "package__project__purchaser__organisation__jurisdiction",
            "package__project__agency",
            "tender__mode",
            "provider",
        )


@recorded()
class Award(CaseDocument):
    """一次采购的成交：承接主体、金额、日期；合同由此而来。

    成交供应商拒绝签订的，这份成交留存，另行确定的是另一份。
    """

    tender = models.ForeignKey(Tender, models.PROTECT, verbose_name="采购", related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, verbose_name="采购包", related_name="+")
    bid = models.OneToOneField(Bid, models.PROTECT, verbose_name="响应", related_name="+")
    provider = models.ForeignKey(
        Provider, models.PROTECT, verbose_name="承接主体", related_name="+"
    )
    amount_fen = models.BigIntegerField("成交金额（分）")
    reason = models.TextField("定标理由", blank=True)
    decided_on = models.DateField("确定日")
    number = models.CharField("通知书编号", max_length=80, blank=True)
    notified_on = models.DateField("通知和公告日", null=True, blank=True)
    medium = models.CharField("公告媒体", max_length=100, blank=True)
    address = models.CharField("公告网址", max_length=300, blank=True)
    refused_on = models.DateField("拒绝日", null=True, blank=True)
    refusal_reason = models.TextField("拒绝签订的情形和理由", blank=True)
    refusal_evidence = models.TextField("拒绝签订的证据", blank=True)
    status = StateField(
        "状态", choices=AwardStatus.choices, default=AwardStatus.DECIDED, protected=True
    )
    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成交"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["package"], condition=~Q(status="refused"), name="one_award_a_package"
            ),
            models.UniqueConstraint(
                fields=["tender"], condition=~Q(status="refused"), name="one_award_a_tender"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="award_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.package}的成交"

    def case(self) -> Project:
        return self.package.project

    def assignee(self) -> Organisation | None:
        return self.tender.assignee()

    def required_role(self, act: str, /) -> str | None:
        return self.tender.required_role(act)

    @advances(
        AwardStatus.DECIDED,
        to=AwardStatus.NOTIFIED,
        permission="procurement.run_tender",
        rules=["YB-9.3-notified-in-time"],
        title="发出通知书并公告结果",
    )
    def notify(self, *, on: date, number: str, medium: str, address: str) -> None:
        self.notified_on, self.number = on, number
        self.medium, self.address = medium, address

    @advances(
        AwardStatus.NOTIFIED,
        to=AwardStatus.REFUSED,
        permission="procurement.record_refusal",
        rules=["YB-9.4-not-signed-yet", "YB-9.4-refusal-evidenced"],
        title="登记拒绝签订合同",
    )
    def refuse(self, *, refused_on: date, reason: str, evidence: str) -> None:
        """成交供应商拒绝签订：采购回到定标，可以确定下一候选人，或者宣布失败重新采购。"""
        self.refused_on = refused_on
        self.refusal_reason, self.refusal_evidence = reason, evidence
