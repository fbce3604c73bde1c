"""响应与评审报告。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from procurement.models.provider import Provider
from procurement.models.tender import Tender
from projects.models import CaseDocument, Project


class BidStatus(models.TextChoices):
    RECEIVED = "received", "有效"
    INVALID = "invalid", "无效"


@recorded()
class Bid(CaseDocument):
    """一家供应商的响应：报价、技术得分，以及由公式算出的价格得分和名次。"""

    tender = models.ForeignKey(Tender, models.PROTECT, verbose_name="采购", related_name="bids")
    provider = models.ForeignKey(Provider, models.PROTECT, verbose_name="供应商", related_name="+")
    price_fen = models.BigIntegerField("报价（分）")
    received_on = models.DateField("送达日")
    promises_no_subcontracting = models.BooleanField("承诺不转包")
    technical_score = models.DecimalField(
        "技术商务得分", max_digits=6, decimal_places=2, null=True, blank=True
    )
    price_score = models.DecimalField(
        "价格得分", max_digits=6, decimal_places=2, null=True, blank=True
    )
    total_score = models.DecimalField("总分", max_digits=6, decimal_places=2, null=True, blank=True)
    rank = models.PositiveSmallIntegerField("名次", null=True, blank=True)
    invalid_reason = models.CharField("无效理由", max_length=300, blank=True)
    status = StateField(
        "状态", choices=BidStatus.choices, default=BidStatus.RECEIVED, protected=True
    )
    objects = GuardedQuerySet["Bid"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "响应"
        ordering: ClassVar = ["rank", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "provider"], name="one_bid_a_provider"),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="bid_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}的响应"

    def case(self) -> Project:
        return self.tender.case()

    def assignee(self) -> Organisation | None:
        return self.tender.assignee()

    def required_role(self, act: str, /) -> str | None:
        return self.tender.required_role(act)

    @advances(
        BidStatus.RECEIVED,
        to=BidStatus.INVALID,
        permission="procurement.run_tender",
        rules=["YB-9.3-bids-being-examined"],
        title="判为无效",
    )
    def invalidate(self, *, reason: str) -> None:
        """资格或者符合性审查不通过。"""
        self.invalid_reason = reason


@recorded()
class EvaluationReport(models.Model):
    """评审报告：小组组成、基准价、推荐意见。"""

    tender = models.OneToOneField(Tender, models.PROTECT, verbose_name="采购", related_name="+")
    evaluated_on = models.DateField("评审结束日")
    reported_on = models.DateField("报告送达日")
    experts = models.JSONField("评审专家", default=list)
    representatives = models.JSONField("采购人代表", default=list)
    base_price_fen = models.BigIntegerField("评审基准价（分）")
    opinion = models.TextField("推荐意见")
    objects = GuardedQuerySet["EvaluationReport"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审报告"

    def __str__(self) -> str:
        return f"{self.tender}的评审报告"
