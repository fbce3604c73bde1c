"""资金下达：上级或者财政把一项资金拨到本辖区、某购买主体的文件；更正另记一笔冲减。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Jurisdiction, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.money import format_yuan
from projects.models import FundSource, Purchaser


class FundReleaseQuerySet(GuardedQuerySet["FundRelease"]):
    def visible_to(self, user: User) -> FundReleaseQuerySet:
        """财政、会审、审定、审计看本辖区的；购买主体看指明给本单位的和全辖区的。"""
        sight = sight_of(user)
        own = Q(purchaser__organisation__in=sight.own)
        shared = Q(
            purchaser__isnull=True,
            fund__jurisdiction__in=Jurisdiction.objects.filter(
                pk__in=Purchaser.objects.filter(organisation__in=sight.own).values(
                    "organisation__jurisdiction"
                )
            ),
        )
        return self.filter(own | shared | Q(fund__jurisdiction__in=sight.reviewed | sight.audited))


@recorded(append_only=True)
class FundRelease(models.Model):
    """一份资金下达文件（分）：文号、日期、由谁下达、哪项资金、哪个年度、给谁。

    没有指明购买主体的，为全辖区的。登记有误的另记一笔冲减：金额为负，指明冲减哪一笔。
    所入的一池的缺口，登记前后各是多少一并记下；此前登记的为空。
    """

    fund = models.ForeignKey(FundSource, models.PROTECT, verbose_name="资金来源", related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    purchaser = models.ForeignKey(
        Purchaser,
        models.PROTECT,
        verbose_name="购买主体",
        null=True,
        blank=True,
        related_name="+",
    )
    amount_fen = models.BigIntegerField("下达金额（分）")
    number = models.CharField("文号", max_length=80)
    released_on = models.DateField("文件日期")
    issuer = models.CharField("下达机关", max_length=80)
    note = models.TextField("说明", blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, verbose_name="冲减", null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="登记人", null=True, related_name="+"
    )
    recorded_on = models.DateField("登记日")
    gap_before_fen = models.BigIntegerField("缺口登记前（分）", null=True, blank=True)
    gap_after_fen = models.BigIntegerField("缺口登记后（分）", null=True, blank=True)
    objects = FundReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金下达"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["year", "fund"], name="release_of_a_year")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, corrects__isnull=True)
                | Q(amount_fen__lt=0, corrects__isnull=False),
                name="release_or_its_correction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {format_yuan(self.amount_fen)} 元"
