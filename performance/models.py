"""综合评估：购买主体、职能部门、第三方专业机构各出意见，连同服务对象意见，得出考核等级。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django_fsm import FSMField

from accounts.models import User
from contracts.models import Contract, Grade
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, advances
from projects.models import CaseDocument, Project


class Party(models.TextChoices):
    """《渝北办法》第九条第（六）项：购买主体会同相关职能部门以及第三方专业机构。"""

    PURCHASER = "purchaser", "购买主体"
    FUNCTIONAL = "functional", "相关职能部门"
    THIRD_PARTY = "third_party", "第三方专业机构"


ASPECTS = {
    "achievement": "绩效目标实现程度",
    "fund_use": "资金使用效果",
    "quality": "服务质量",
    "satisfaction": "公众满意度",
}


class EvaluationStatus(models.TextChoices):
    OPEN = "open", "评估中"
    CONCLUDED = "concluded", "已有结论"


class EvaluationQuerySet(GuardedQuerySet["Evaluation"]):
    def visible_to(self, user: User) -> EvaluationQuerySet:
        return self.filter(contract__package__project__in=Project.objects.visible_to(user))

    def with_case(self) -> EvaluationQuerySet:
        return self.select_related(
            "contract__package__project__purchaser__organisation__jurisdiction"
        )


@recorded()
class Evaluation(CaseDocument):
    """一份合同的综合评估；结论定考核等级，据以结算（第九条第（六）项、第十四条）。"""

    contract = models.OneToOneField(Contract, models.PROTECT, verbose_name="合同", related_name="+")
    opened_on = models.DateField("开始日")
    users_opinion = models.TextField("服务对象意见", blank=True)
    grade = models.CharField("考核等级", max_length=10, choices=Grade.choices, blank=True)
    summary = models.TextField("评估结论", blank=True)
    concluded_on = models.DateField("结论日", null=True, blank=True)
    status = FSMField(
        "状态", choices=EvaluationStatus.choices, default=EvaluationStatus.OPEN, protected=True
    )
    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "综合评估"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.contract.name}的综合评估"

    def case(self) -> Project:
        return self.contract.case()

    @advances(
        EvaluationStatus.OPEN,
        to=STAYS,
        permission="performance.evaluate",
        rules=["YB-9.6-party-once", "YB-14-four-aspects"],
        title="登记评估意见",
    )
    def record_opinion(self, **_values: Any) -> None:
        """一方的意见：四个方面和建议等级。"""

    @advances(
        EvaluationStatus.OPEN,
        to=EvaluationStatus.CONCLUDED,
        permission="performance.conclude",
        rules=[
            "YB-9.6-contract-in-force",
            "YB-9.6-three-parties",
            "YB-14-users-opinion",
            "YB-14-grade-agreed",
        ],
        title="作出评估结论",
    )
    def conclude(self, *, on: date, grade: str, users_opinion: str, summary: str) -> None:
        self.concluded_on, self.grade = on, grade
        self.users_opinion, self.summary = users_opinion, summary


@recorded()
class EvaluationOpinion(models.Model):
    """一方的评估意见：绩效目标实现、资金使用、服务质量、公众满意四个方面（第十四条）。"""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, verbose_name="综合评估", related_name="opinions"
    )
    party = models.CharField("评估方", max_length=20, choices=Party.choices)
    organisation = models.CharField("单位名称", max_length=120)
    achievement = models.TextField("绩效目标实现程度")
    fund_use = models.TextField("资金使用效果")
    quality = models.TextField("服务质量")
    satisfaction = models.TextField("公众满意度")
    grade = models.CharField("建议等级", max_length=10, choices=Grade.choices)
    given_on = models.DateField("出具日")
    objects = GuardedQuerySet["EvaluationOpinion"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评估意见"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "party"], name="one_opinion_a_party")
        ]

    def __str__(self) -> str:
        return f"{self.evaluation}：{self.get_party_display()}"
