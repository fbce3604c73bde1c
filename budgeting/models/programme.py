"""专项：一类特定目标类项目资金的一个实施期，原则上三年；到期须有保留、调整或者取消的结论。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Jurisdiction, Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, StatefulModel, advances
from projects.models import Programme, Purchaser


class FundingProgrammeQuerySet(GuardedQuerySet["FundingProgramme"]):
    def visible_to(self, user: User) -> FundingProgrammeQuerySet:
        """本辖区的财政、会审、审定机构、审计和各购买主体。"""
        sight = sight_of(user)
        own = Purchaser.objects.filter(organisation__in=sight.own)
        return self.filter(
            Q(jurisdiction__in=sight.reviewed | sight.audited)
            | Q(jurisdiction__in=own.values("organisation__jurisdiction"))
            | Q(office__in=sight.own)
        )


@recorded()
class FundingProgramme(models.Model):
    """专项（《平湖办法》第七条、第十六条）：一类资金的一个实施期，自起始年度至到期年度。

    `office` 是到期会同财政部门作三年总评的政务数据部门。
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="+"
    )
    programme = models.CharField("项目资金类别", max_length=30, choices=Programme.choices)
    name = models.CharField("专项名称", max_length=100)
    first_year = models.PositiveSmallIntegerField("起始年度")
    last_year = models.PositiveSmallIntegerField("到期年度")
    number = models.CharField("设立文号", max_length=80)
    office = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="政务数据部门", related_name="+"
    )
    set_up_on = models.DateField("设立日")
    objects = FundingProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专项"
        ordering: ClassVar = ["-first_year", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")), name="programme_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(programme=""), name="programme_is_of_a_kind"),
            models.UniqueConstraint(
                fields=["jurisdiction", "programme", "first_year"], name="one_programme_a_term"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.first_year}—{self.last_year}）"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:programme", args=[self.pk])

    def owner(self) -> Organisation:
        return self.office

    def stream(self) -> str:
        return f"budgeting.fundingprogramme:{self.pk}"


@recorded()
class ProgrammeBudget(models.Model):
    """专项一个年度的预算（分）；批复的合计不得超过它。"""

    programme = models.ForeignKey(
        FundingProgramme, models.PROTECT, verbose_name="专项", related_name="budgets"
    )
    year = models.PositiveSmallIntegerField("年度")
    amount_fen = models.BigIntegerField("年度预算（分）")
    number = models.CharField("文号", max_length=80)
    objects = GuardedQuerySet["ProgrammeBudget"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专项年度预算"
        ordering: ClassVar = ["programme", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "year"], name="one_budget_a_year"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="budget_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.year} 年预算"


class ExitOutcome(models.TextChoices):
    KEEP = "keep", "保留"
    ADJUST = "adjust", "调整"
    CANCEL = "cancel", "取消"


class ConclusionStatus(models.TextChoices):
    PROPOSED = "proposed", "待政务数据部门签署"
    OFFICE_SIGNED = "office_signed", "待财政部门签署"
    CONCLUDED = "concluded", "已有结论"
    WITHDRAWN = "withdrawn", "已撤回"


class ExitConclusionQuerySet(GuardedQuerySet["ExitConclusion"]):
    def visible_to(self, user: User) -> ExitConclusionQuerySet:
        return self.filter(programme__in=FundingProgramme.objects.visible_to(user))

    def concluded(self) -> ExitConclusionQuerySet:
        return self.filter(status=ConclusionStatus.CONCLUDED)


@recorded()
class ExitConclusion(StatefulModel):
    """三年总评的结论（《平湖办法》第十六条）：政务数据部门会同财政部门，两家都签署才有效力。"""

    programme = models.ForeignKey(
        FundingProgramme, models.PROTECT, verbose_name="专项", related_name="conclusions"
    )
    outcome = models.CharField("结论", max_length=10, choices=ExitOutcome.choices)
    findings = models.TextField("评价情况")
    number = models.CharField("文号", max_length=80)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="拟订人", null=True, related_name="+"
    )
    proposed_on = models.DateField("拟订日")
    office_signed_by = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name="政务数据部门签署人",
        null=True,
        blank=True,
        related_name="+",
    )
    office_signed_on = models.DateField("政务数据部门签署日", null=True, blank=True)
    bureau_signed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="财政部门签署人", null=True, blank=True, related_name="+"
    )
    bureau_signed_on = models.DateField("财政部门签署日", null=True, blank=True)
    status = StateField(
        "状态",
        choices=ConclusionStatus.choices,
        default=ConclusionStatus.PROPOSED,
        protected=True,
    )
    objects = ExitConclusionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "三年总评结论"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=~Q(status=ConclusionStatus.WITHDRAWN),
                name="one_conclusion_a_term",
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme.name}：{self.get_outcome_display()}"

    def get_absolute_url(self) -> str:
        return self.programme.get_absolute_url()

    def owner(self) -> Organisation:
        return self.programme.office

    def jurisdiction(self) -> Jurisdiction:
        return self.programme.jurisdiction

    def stream(self) -> str:
        return self.programme.stream()

    def governed_by(self) -> frozenset[str]:
        return frozenset({"PH"})

    @advances(
        ConclusionStatus.PROPOSED,
        to=ConclusionStatus.OFFICE_SIGNED,
        permission="budgeting.sign_conclusion",
        rules=["PH-16-two-hands"],
        title="政务数据部门签署",
    )
    def sign_by_office(self, *, by: User, on: date) -> None:
        """政务数据部门的领导签署；还没有效力。"""
        self.office_signed_by, self.office_signed_on = by, on

    @advances(
        ConclusionStatus.OFFICE_SIGNED,
        to=ConclusionStatus.CONCLUDED,
        permission="budgeting.confirm_conclusion",
        rules=["PH-16-two-hands"],
        title="财政部门签署",
    )
    def sign_by_bureau(self, *, by: User, on: date) -> None:
        """财政部门签署，结论自此有效。"""
        self.bureau_signed_by, self.bureau_signed_on = by, on

    @advances(
        ConclusionStatus.PROPOSED,
        ConclusionStatus.OFFICE_SIGNED,
        to=ConclusionStatus.WITHDRAWN,
        permission="budgeting.confirm_conclusion",
        title="撤回结论",
    )
    def withdraw(self) -> None:
        """两家还没有都签署的，可以撤回重拟，理由入历史。"""
