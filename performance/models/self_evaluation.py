"""年度自评：项目支出绩效自评表，一个项目一年一份（《平湖办法》第十三条、第十六条）。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import User
from contracts.models import Grade
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from performance.models.evaluation import HUNDRED, RESULT_RULES
from performance.models.results import IndicatorResult, points_field
from projects.models import CaseDocument, Project


class SelfEvaluationStatus(models.TextChoices):
    DRAFT = "draft", "填报中"
    SIGNED = "signed", "已签署"


STATED_RULES = [
    "PH-16-completion-stated",
    "PH-16-low-rate-explained",
    "PH-16-adjustment-explained",
]


class SelfEvaluationQuerySet(GuardedQuerySet["SelfEvaluation"]):
    def visible_to(self, user: User) -> SelfEvaluationQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_case(self) -> SelfEvaluationQuerySet:
        return self.select_related("project__purchaser__organisation__jurisdiction")

    def signed(self) -> SelfEvaluationQuerySet:
        return self.filter(status=SelfEvaluationStatus.SIGNED)


@recorded()
class SelfEvaluation(CaseDocument):
    """一个项目一个年度的自评；预算数和执行数取自资金台账，签署时固定。"""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    started_on = models.DateField("开始日")
    execution_points = points_field("预算执行率的分值")
    filled_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="填报人", null=True, blank=True, related_name="+"
    )
    completion = models.TextField("年度总体目标实际完成情况", blank=True)
    rate_reason = models.TextField("预算执行率偏低的说明", blank=True)
    adjustment_reason = models.TextField("年中追加、调减的说明", blank=True)
    funds = models.JSONField("项目资金", default=list)
    budget_fen = models.BigIntegerField("全年预算数（分）", null=True, blank=True)
    executed_fen = models.BigIntegerField("全年执行数（分）", null=True, blank=True)
    execution_score = models.DecimalField(
        "执行率得分", max_digits=5, decimal_places=2, null=True, blank=True
    )
    score = models.DecimalField("总分", max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.CharField("等级", max_length=10, choices=Grade.choices, blank=True)
    signed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="签署人", null=True, blank=True, related_name="+"
    )
    signed_on = models.DateField("签署日", null=True, blank=True)
    status = StateField(
        "状态",
        choices=SelfEvaluationStatus.choices,
        default=SelfEvaluationStatus.DRAFT,
        protected=True,
    )
    objects = SelfEvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度自评"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "year"], name="self_evaluation_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year} 年度自评"

    def get_absolute_url(self) -> str:
        return reverse("performance:self_evaluation", args=[self.pk])

    def case(self) -> Project:
        return self.project

    @property
    def indicator_points(self) -> Decimal:
        """各项指标分值的合计：一百分减去预算执行率的分值。"""
        return HUNDRED - Decimal(self.execution_points)

    @advances(
        SelfEvaluationStatus.DRAFT,
        to=STAYS,
        permission="performance.evaluate",
        rules=[*RESULT_RULES, *STATED_RULES],
        title="填报年度自评",
    )
    def fill(
        self,
        *,
        filled_by: User,
        completion: str,
        rate_reason: str,
        adjustment_reason: str,
        **_values: Any,
    ) -> None:
        """各项指标、总体目标的完成情况和资金的说明；再次填报以最后一次为准。"""
        self.filled_by, self.completion = filled_by, completion
        self.rate_reason, self.adjustment_reason = rate_reason, adjustment_reason

    @advances(
        SelfEvaluationStatus.DRAFT,
        to=SelfEvaluationStatus.SIGNED,
        permission="performance.sign_self_evaluation",
        rules=[
            "PH-16-year-over",
            "PH-9-indicators-scored",
            *STATED_RULES,
            "PH-13-signed-by-another",
        ],
        title="签署年度自评",
    )
    def sign(self, *, on: date, signed_by: User, **frozen: Any) -> None:
        """分管领导对自评的真实性和准确性负责（第十三条）；台账上的数自此固定。"""
        self.signed_on, self.signed_by = on, signed_by
        self.funds, self.grade = frozen["funds"], frozen["grade"]
        self.budget_fen, self.executed_fen = frozen["budget_fen"], frozen["executed_fen"]
        self.execution_score, self.score = frozen["execution_score"], frozen["score"]


@recorded()
class SelfEvaluationIndicator(IndicatorResult):
    """年度自评中一项指标的完成值和得分。"""

    self_evaluation = models.ForeignKey(
        SelfEvaluation, models.PROTECT, verbose_name="年度自评", related_name="results"
    )
    objects = GuardedQuerySet["SelfEvaluationIndicator"].as_manager()

    class Meta(IndicatorResult.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "自评指标得分"
        constraints: ClassVar = [
            *IndicatorResult.Meta.constraints,
            models.UniqueConstraint(
                fields=["self_evaluation", "indicator"], name="indicator_once_in_self_evaluation"
            ),
        ]
