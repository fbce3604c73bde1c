"""指导性目录与年度购买计划。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Jurisdiction, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from projects.models.purchaser import Purchaser


@recorded()
class ServiceCatalogue(models.Model):
    """本级政府购买信息服务指导性目录的一个版本（《渝北办法》第八条）。"""

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="+"
    )
    title = models.CharField("名称", max_length=120)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    objects = GuardedQuerySet["ServiceCatalogue"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指导性目录"
        ordering: ClassVar = ["jurisdiction", "since"]

    def __str__(self) -> str:
        return self.title


class CatalogueItemQuerySet(GuardedQuerySet["CatalogueItem"]):
    def in_force(self, jurisdiction: Jurisdiction, on: date) -> CatalogueItemQuerySet:
        return self.filter(
            Q(catalogue__until__isnull=True) | Q(catalogue__until__gt=on),
            catalogue__jurisdiction=jurisdiction,
            catalogue__since__lte=on,
        )


@recorded()
class CatalogueItem(models.Model):
    """目录条目：品目编码、种类、性质、内容；`category` 为《渝北办法》第七条（一）至（五）。"""

    catalogue = models.ForeignKey(
        ServiceCatalogue, models.PROTECT, verbose_name="目录", related_name="items"
    )
    code = models.CharField("品目编码", max_length=12)
    name = models.CharField("名称", max_length=100)
    category = models.PositiveSmallIntegerField("第七条所列类别", default=0)
    kind = models.CharField("种类", max_length=60)
    nature = models.CharField("性质", max_length=60)
    content = models.CharField("内容", max_length=300, blank=True)
    objects = CatalogueItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目录条目"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="item_once_in_catalogue")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AnnualPlanQuerySet(GuardedQuerySet["AnnualPlan"]):
    def visible_to(self, user: User) -> AnnualPlanQuerySet:
        sight = sight_of(user)
        return self.filter(
            Q(purchaser__organisation__in=sight.own)
            | Q(purchaser__organisation__jurisdiction__in=sight.reviewed | sight.audited)
        )


@recorded()
class AnnualPlan(models.Model):
    """年度购买信息服务计划（《渝北办法》第九条第（一）项）。"""

    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="购买主体", related_name="plans"
    )
    year = models.PositiveSmallIntegerField("年度")
    budget_total_fen = models.BigIntegerField("部门预算合计（分）", default=0)
    opened_on = models.DateField("编制日期")
    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度购买计划"
        ordering: ClassVar = ["-year", "purchaser"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purchaser", "year"], name="one_plan_a_year"),
            models.CheckConstraint(
                condition=Q(budget_total_fen__gte=0), name="plan_total_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purchaser} {self.year} 年度购买计划"
