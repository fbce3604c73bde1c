"""指导性目录的各个版本与条目，年度购买计划。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Jurisdiction, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from projects.models.purchaser import Purchaser

# 《渝北办法》第七条（一）至（五）；0 是关联品目，第七条未列，不能据以购买。
CATEGORIES: dict[int, str] = {
    1: "（一）信息技术服务",
    2: "（二）电信和信息传输服务",
    3: "（三）计算机设备和软件租赁服务",
    4: "（四）计算机设备维修和保养服务",
    5: "（五）其他信息服务",
}
OUTSIDE = "第七条未列（关联品目）"
NATURES = ("政府履职所需", "向社会公众提供", "均可")


class CatalogueLevel(models.TextChoices):
    """目录的来源级次（财政部令第102号：省以下的编制方式由省级财政部门确定）。"""

    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "本级"


class ServiceCatalogueQuerySet(GuardedQuerySet["ServiceCatalogue"]):
    def visible_to(self, user: User) -> ServiceCatalogueQuerySet:
        """发布过的，本辖区的人都看得见；未发布的，财政、会审、审计和被征求意见的单位看得见。"""
        sight = sight_of(user)
        here = {r.organisation.jurisdiction_id for r in user.active_roles()}
        consulted = Q(revision__opinions__organisation__in=sight.own)
        seen = self.filter(
            Q(since__isnull=False, jurisdiction__in=here)
            | Q(jurisdiction__in=sight.reviewed | sight.audited)
            | consulted
        )
        return self.filter(pk__in=seen.values("pk"))

    def own(self) -> ServiceCatalogueQuerySet:
        """本级的；上级的只供挂接。"""
        return self.filter(level=CatalogueLevel.COUNTY)

    def in_force(self, on: date) -> ServiceCatalogueQuerySet:
        ended = Q(until__isnull=True) | Q(until__gt=on)
        return self.filter(ended, since__lte=on)


@recorded()
class ServiceCatalogue(models.Model):
    """政府购买信息服务指导性目录的一个版本（《渝北办法》第八条）。

    没有 `since` 的还没有发布；怎样制定的见 `CatalogueRevision`，系统启用时已有的版本没有那一行。
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="+"
    )
    title = models.CharField("名称", max_length=120)
    since = models.DateField("自", null=True, blank=True)
    until = models.DateField("至（不含）", null=True, blank=True)
    level = models.CharField(
        "来源级次",
        max_length=10,
        choices=CatalogueLevel.choices,
        default=CatalogueLevel.COUNTY,
    )
    number = models.CharField("发布文号", max_length=80, blank=True, default="")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="上级目录",
        null=True,
        blank=True,
        related_name="hung",
    )
    based_on = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="据以调整的版本",
        null=True,
        blank=True,
        related_name="adjusted",
    )
    objects = ServiceCatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指导性目录"
        ordering: ClassVar = ["jurisdiction", "since"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:catalogue", args=[self.pk])


class CatalogueItemQuerySet(GuardedQuerySet["CatalogueItem"]):
    def in_force(self, jurisdiction: Jurisdiction, on: date) -> CatalogueItemQuerySet:
        return self.filter(
            Q(catalogue__until__isnull=True) | Q(catalogue__until__gt=on),
            catalogue__jurisdiction=jurisdiction,
            catalogue__level=CatalogueLevel.COUNTY,
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
    note = models.CharField("说明", max_length=200, blank=True, default="")
    parent_item = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="上级目录条目",
        null=True,
        blank=True,
        related_name="hung",
    )
    objects = CatalogueItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目录条目"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="item_once_in_catalogue")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def category_label(self) -> str:
        return CATEGORIES.get(self.category, OUTSIDE)


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
