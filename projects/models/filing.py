"""申报内容：测算、资金、绩效目标与冻结的版本。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.history import GuardedQuerySet, recorded
from projects.models.catalogue import CatalogueItem
from projects.models.cloud import CloudPrice
from projects.models.project import Project
from projects.models.purchaser import FundSource


class ExpenseKind(models.TextChoices):
    """支出性质；后四种为《平湖办法》第十四条所禁列。"""

    SERVICE = "service", "服务费"
    RENTAL = "rental", "租赁费"
    MAINTENANCE = "maintenance", "维修保养费"
    CONSULTING = "consulting", "咨询评估费"
    TRANSFER = "transfer", "补助支出"
    PERSONNEL = "personnel", "人员经费"
    BONUS = "bonus", "奖金"
    ALLOWANCE = "allowance", "津贴"
    WELFARE = "welfare", "福利补贴"


@recorded()
class EstimateLine(models.Model):
    """测算明细：数量 × 单价，各带自己的品目（《平湖办法》第八条）。"""

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", related_name="estimate_lines"
    )
    position = models.PositiveSmallIntegerField("序号")
    name = models.CharField("内容", max_length=120)
    catalogue_item = models.ForeignKey(
        CatalogueItem, models.PROTECT, verbose_name="品目", related_name="+"
    )
    expense_kind = models.CharField("支出性质", max_length=20, choices=ExpenseKind.choices)
    quantity = models.DecimalField("数量", max_digits=10, decimal_places=2)
    unit = models.CharField("单位", max_length=20)
    unit_price_fen = models.BigIntegerField("单价（分）")
    amount_fen = models.BigIntegerField("金额（分）")
    # 政务云项目的一行，取自哪一轮收集的哪一种规格；自行填写的为空。
    cloud_price = models.ForeignKey(
        CloudPrice,
        models.PROTECT,
        verbose_name="取自云资源收集",
        null=True,
        blank=True,
        related_name="+",
    )
    objects = GuardedQuerySet["EstimateLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "测算明细"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "position"], name="estimate_position_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price_fen__gte=0, amount_fen__gte=0),
                name="estimate_amounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded()
class FundLine(models.Model):
    """资金来源明细；合计等于申请的财政资金（《平湖办法》第六条、《渝北办法》第十二条）。"""

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", related_name="fund_lines"
    )
    position = models.PositiveSmallIntegerField("序号")
    fund = models.ForeignKey(FundSource, models.PROTECT, verbose_name="资金来源", related_name="+")
    amount_fen = models.BigIntegerField("金额（分）")
    objects = GuardedQuerySet["FundLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金明细"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "fund"], name="fund_once_in_project"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="fund_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.fund}"


class IndicatorLevel(models.TextChoices):
    OUTPUT = "output", "产出指标"
    BENEFIT = "benefit", "效益指标"
    SATISFACTION = "satisfaction", "满意度指标"


class Operator(models.TextChoices):
    AT_LEAST = "ge", "≥"
    AT_MOST = "le", "≤"
    EQUAL = "eq", "="
    BELOW = "lt", "<"


@recorded()
class Indicator(models.Model):
    """绩效指标：运算符、目标值、单位、权重（《渝北办法》第十四条、《平湖办法》第九条）。"""

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", related_name="indicators"
    )
    position = models.PositiveSmallIntegerField("序号")
    level = models.CharField("一级指标", max_length=20, choices=IndicatorLevel.choices)
    sublevel = models.CharField("二级指标", max_length=20, blank=True)
    name = models.CharField("指标", max_length=100)
    operator = models.CharField("符号", max_length=2, choices=Operator.choices)
    value = models.DecimalField("目标值", max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    weight = models.DecimalField("权重（%）", max_digits=5, decimal_places=2)
    objects = GuardedQuerySet["Indicator"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "绩效指标"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "position"], name="indicator_position_once"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100), name="indicator_weight_percent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded(append_only=True)
class ProjectVersion(models.Model):
    """提交时冻结的版本：内容与摘要，此后不改。"""

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", related_name="versions"
    )
    round_number = models.PositiveSmallIntegerField("轮次")
    content = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    frozen_on = models.DateField("冻结日")
    objects = GuardedQuerySet["ProjectVersion"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申报版本"
        ordering: ClassVar = ["round_number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "round_number"], name="version_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.project} 第 {self.round_number} 轮"
