"""综合评估：购买主体、职能部门、第三方专业机构各出意见，连同指标得分和服务对象意见，得出考核等级。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from contracts.models import LIVE, Contract, Grade, Rectification
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from performance.models.results import IndicatorResult, points_field
from projects.models import CaseDocument, Project


class Party(models.TextChoices):
    """《渝北办法》第九条第（六）项：购买主体会同相关职能部门以及第三方专业机构。"""

    PURCHASER = "purchaser", "购买主体"
    FUNCTIONAL = "functional", "相关职能部门"
    THIRD_PARTY = "third_party", "第三方专业机构"


class EvaluationStatus(models.TextChoices):
    OPEN = "open", "评估中"
    CONCLUDED = "concluded", "已有结论"


HUNDRED = Decimal(100)
RESULT_RULES = [
    "PH-9-indicators-scored",
    "PH-9-band-percent",
    "PH-13-shortfall-explained",
    "PH-13-change-reasoned",
]


class EvaluationQuerySet(GuardedQuerySet["Evaluation"]):
    def visible_to(self, user: User) -> EvaluationQuerySet:
        return self.filter(contract__package__project__in=Project.objects.visible_to(user))

    def with_case(self) -> EvaluationQuerySet:
        return self.select_related(
            "contract__package__project__purchaser__organisation__jurisdiction",
            "contract__award__provider",
        )

    def under_way(self) -> EvaluationQuerySet:
        """还没有结论，合同也没有终止的。"""
        return self.filter(status=EvaluationStatus.OPEN, contract__status__in=LIVE)


@recorded()
class Evaluation(CaseDocument):
    """一份合同的一轮综合评估；结论定考核等级，据以结算（第九条第（六）项、第十四条）。

    不合格的责令限期整改；整改销号之后另起一轮，前一轮保留（第十九条）。
    """

    contract = models.ForeignKey(Contract, models.PROTECT, verbose_name="合同", related_name="+")
    round_number = models.PositiveSmallIntegerField("轮次", default=1)
    opened_on = models.DateField("开始日")
    asked = models.PositiveIntegerField("发放问卷（份）", null=True, blank=True)
    answered = models.PositiveIntegerField("收回问卷（份）", null=True, blank=True)
    satisfied = models.PositiveIntegerField("表示满意（份）", null=True, blank=True)
    users_opinion = models.TextField("服务对象意见", blank=True)
    score = models.DecimalField("总分", max_digits=5, decimal_places=2, null=True, blank=True)
    scored_grade = models.CharField("得分等级", max_length=10, choices=Grade.choices, blank=True)
    grade = models.CharField("考核等级", max_length=10, choices=Grade.choices, blank=True)
    grade_reason = models.TextField("等级与得分不一致的理由", blank=True)
    summary = models.TextField("评估结论", blank=True)
    concluded_on = models.DateField("结论日", null=True, blank=True)
    mending = models.OneToOneField(
        Rectification,
        models.PROTECT,
        verbose_name="责令的整改",
        null=True,
        blank=True,
        related_name="+",
    )
    status = StateField(
        "状态", choices=EvaluationStatus.choices, default=EvaluationStatus.OPEN, protected=True
    )
    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "综合评估"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "round_number"], name="evaluation_round"),
            models.CheckConstraint(
                condition=Q(answered__lte=F("asked"), satisfied__lte=F("answered")),
                name="survey_adds_up",
            ),
        ]

    def __str__(self) -> str:
        again = f"（第 {self.round_number} 轮）" if self.round_number > 1 else ""
        return f"{self.contract.name}的综合评估{again}"

    def case(self) -> Project:
        return self.contract.case()

    @property
    def indicator_points(self) -> Decimal:
        """各项指标分值的合计。"""
        return HUNDRED

    @advances(
        EvaluationStatus.OPEN,
        to=STAYS,
        permission="performance.evaluate",
        rules=RESULT_RULES,
        title="登记指标完成情况",
    )
    def score_indicators(self, **_values: Any) -> None:
        """逐项登记完成值和依据，系统按公式计分；再次登记以最后一次为准。"""

    @advances(
        EvaluationStatus.OPEN,
        to=STAYS,
        permission="performance.evaluate",
        rules=["YB-14-survey-adds-up"],
        title="登记服务对象意见",
    )
    def record_survey(
        self, *, asked: int, answered: int, satisfied: int, users_opinion: str
    ) -> None:
        self.asked, self.answered, self.satisfied = asked, answered, satisfied
        self.users_opinion = users_opinion

    @advances(
        EvaluationStatus.OPEN,
        to=STAYS,
        permission="performance.evaluate",
        rules=["YB-9.6-party-once", "YB-14-four-aspects"],
        title="登记评估意见",
    )
    def record_opinion(self, **_values: Any) -> None:
        """一方的意见：四个方面，各有意见和评分。"""

    @advances(
        EvaluationStatus.OPEN,
        to=STAYS,
        permission="performance.evaluate",
        rules=["YB-9.6-link-free", "YB-9.6-link-dated"],
        title="发第三方评估链接",
    )
    def issue_link(self, *, organisation: str, expires_on: date) -> None:
        """第三方专业机构凭链接填报，经经办人采纳方为意见。"""

    @advances(
        EvaluationStatus.OPEN,
        to=EvaluationStatus.CONCLUDED,
        permission="performance.conclude",
        rules=[
            "YB-9.6-contract-in-force",
            "YB-9.6-three-parties",
            "PH-9-indicators-scored",
            "YB-14-users-opinion",
            "YB-14-grade-follows-score",
            "YB-14-grade-agreed",
            "YB-19-failed-mends",
        ],
        title="作出评估结论",
    )
    def conclude(
        self,
        *,
        on: date,
        score: Decimal,
        scored_grade: str,
        grade: str,
        grade_reason: str,
        summary: str,
        **_values: Any,
    ) -> None:
        """总分和得分等级由系统算出；分管领导另定等级的写明理由。"""
        self.concluded_on, self.score, self.scored_grade = on, score, scored_grade
        self.grade, self.grade_reason, self.summary = grade, grade_reason, summary


@recorded()
class EvaluationOpinion(models.Model):
    """一方的评估意见：绩效目标实现、资金使用、服务质量、公众满意四个方面（第十四条）。"""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, verbose_name="综合评估", related_name="opinions"
    )
    party = models.CharField("评估方", max_length=20, choices=Party.choices)
    organisation = models.CharField("单位名称", max_length=120)
    achievement = models.TextField("绩效目标实现程度")
    achievement_score = points_field("绩效目标实现程度评分")
    fund_use = models.TextField("资金使用效果")
    fund_use_score = points_field("资金使用效果评分")
    quality = models.TextField("服务质量")
    quality_score = points_field("服务质量评分")
    satisfaction = models.TextField("公众满意度")
    satisfaction_score = points_field("公众满意度评分")
    score = points_field("本方评分")
    given_on = models.DateField("出具日")
    objects = GuardedQuerySet["EvaluationOpinion"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评估意见"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "party"], name="one_opinion_a_party"),
            models.CheckConstraint(
                condition=Q(
                    achievement_score__range=(Decimal(0), Decimal(100)),
                    fund_use_score__range=(Decimal(0), Decimal(100)),
                    quality_score__range=(Decimal(0), Decimal(100)),
                    satisfaction_score__range=(Decimal(0), Decimal(100)),
                ),
                name="opinion_scores_within_hundred",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation}：{self.get_party_display()}"


@recorded()
class EvaluationIndicator(IndicatorResult):
    """综合评估中一项指标的完成值和得分。"""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, verbose_name="综合评估", related_name="results"
    )
    objects = GuardedQuerySet["EvaluationIndicator"].as_manager()

    class Meta(IndicatorResult.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "指标得分"
        constraints: ClassVar = [
            *IndicatorResult.Meta.constraints,
            models.UniqueConstraint(
                fields=["evaluation", "indicator"], name="indicator_once_in_evaluation"
            ),
        ]
