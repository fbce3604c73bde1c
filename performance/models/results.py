"""指标得分的一行，综合评估和年度自评共用；四个方面的名称。"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from projects.models import Indicator

ASPECTS = {
    "achievement": "绩效目标实现程度",
    "fund_use": "资金使用效果",
    "quality": "服务质量",
    "satisfaction": "公众满意度",
}


class Band(models.TextChoices):
    """定性指标的三档；各档的得分比例是参数。"""

    ACHIEVED = "achieved", "达成"
    PARTLY = "partly", "部分达成"
    FAILED = "failed", "未达成"


def points_field(label: str) -> models.DecimalField[Decimal, Decimal]:
    """0 至 100 的分数，两位小数。"""
    return models.DecimalField(label, max_digits=5, decimal_places=2)


class IndicatorResult(models.Model):
    """一项绩效指标的完成值和得分；人工改分的，算得的分、改后的分和理由都留下。"""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name="绩效指标", related_name="+"
    )
    points = points_field("分值")
    actual = models.DecimalField("完成值", max_digits=12, decimal_places=2, null=True, blank=True)
    band = models.CharField("定性档次", max_length=10, choices=Band.choices, blank=True)
    percent = models.DecimalField(
        "得分比例（%）", max_digits=5, decimal_places=2, null=True, blank=True
    )
    computed = points_field("算得的分")
    score = points_field("得分")
    reason = models.TextField("改分理由", blank=True)
    evidence = models.TextField("依据")
    deviation = models.TextField("偏差原因分析及改进措施", blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["indicator__position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=F("points"), computed__lte=F("points")),
                name="%(class)s_score_within_points",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator}：{self.score}"

    @property
    def is_changed(self) -> bool:
        return bool(self.score != self.computed)
