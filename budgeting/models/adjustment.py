"""预算调整：批复之后的追加、调减、调剂、年末收回，和平衡下达缺口的资金调剂、核减。

原批复不改，每次调整是一份新的文件。
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.permissions import sight_of
from budgeting.models.ledger import Allocation, Ceiling
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models import CaseDocument, Package, Project


class AdjustmentKind(models.TextChoices):
    INCREASE = "increase", "追加"
    DECREASE = "decrease", "调减"
    TRANSFER = "transfer", "调剂"
    RECLAIM = "reclaim", "年末收回"
    SWITCH = "switch", "资金调剂"
    CUT = "cut", "核减"


# 平衡资金下达缺口的两种：改由另一项资金承担；减少依靠这项资金的预算。
BALANCING = (AdjustmentKind.SWITCH, AdjustmentKind.CUT)


class AdjustmentStatus(models.TextChoices):
    DRAFTED = "drafted", "待审批"
    APPROVED = "approved", "已批准"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class BudgetAdjustmentQuerySet(GuardedQuerySet["BudgetAdjustment"]):
    def visible_to(self, user: User) -> BudgetAdjustmentQuerySet:
        """看得见的项目的；还没有批准的，只有财政、会审、审定机构和审计看得见。"""
        sight = sight_of(user)
        return self.filter(project__in=Project.objects.visible_to(user)).filter(
            Q(status=AdjustmentStatus.APPROVED)
            | Q(project__purchaser__organisation__jurisdiction__in=sight.reviewed | sight.audited)
        )

    def with_case(self) -> BudgetAdjustmentQuerySet:
        return self.select_related(
            "project__purchaser__organisation__jurisdiction",
            "receiver",
            "allocation__ceiling__fund",
            "target__fund",
            "package",
            "drafted_by",
            "decided_by",
        )


BALANCING_RULES = [
    "YB-12-balancing-fits",
    "YB-12-balancing-within-gap",
    "YB-12-balancing-within-reserved",
    "YB-12-switch-within-other-fund",
    "YB-12-cut-within-package",
]
APPROVE_RULES = [
    "YB-12-adjustment-line",
    "YB-12-adjustment-year",
    "YB-12-adjustment-within-ceiling",
    "YB-12-adjustment-within-available",
    "YB-11-increase-below-limit",
    *BALANCING_RULES,
    "YB-18-adjustment-by-another",
]


@recorded()
class BudgetAdjustment(CaseDocument):
    """一次预算调整，针对项目某年度某资金的一条分配；金额为分，前后的批复数在批准时写入。

    资金调剂的 `receiver_*` 是改由承担的那条分配；平衡缺口的两种另记缺口的前后。
    """

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    kind = models.CharField("种类", max_length=10, choices=AdjustmentKind.choices)
    allocation = models.ForeignKey(
        Allocation, models.PROTECT, verbose_name="资金分配", related_name="+"
    )
    receiver = models.ForeignKey(
        Project, models.PROTECT, verbose_name="调入项目", null=True, blank=True, related_name="+"
    )
    target = models.ForeignKey(
        Ceiling, models.PROTECT, verbose_name="改由承担", null=True, blank=True, related_name="+"
    )
    package = models.ForeignKey(
        Package,
        models.PROTECT,
        verbose_name="核减的采购包",
        null=True,
        blank=True,
        related_name="+",
    )
    amount_fen = models.BigIntegerField("调整金额（分）")
    number = models.CharField("文号", max_length=80)
    reason = models.TextField("事由")
    drafted_by = models.ForeignKey(User, models.PROTECT, verbose_name="拟订人", related_name="+")
    drafted_on = models.DateField("拟订日")
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="审批人", null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField("审批日", null=True, blank=True)
    before_fen = models.BigIntegerField("调整前（分）", null=True, blank=True)
    after_fen = models.BigIntegerField("调整后（分）", null=True, blank=True)
    receiver_before_fen = models.BigIntegerField("调入项目调整前（分）", null=True, blank=True)
    receiver_after_fen = models.BigIntegerField("调入项目调整后（分）", null=True, blank=True)
    gap_before_fen = models.BigIntegerField("下达缺口调整前（分）", null=True, blank=True)
    gap_after_fen = models.BigIntegerField("下达缺口调整后（分）", null=True, blank=True)
    status = StateField(
        "状态",
        choices=AdjustmentStatus.choices,
        default=AdjustmentStatus.DRAFTED,
        protected=True,
    )
    objects = BudgetAdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预算调整"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="adjusted_by_something"),
            models.CheckConstraint(
                condition=Q(kind__in=AdjustmentKind.values), name="adjustment_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind=AdjustmentKind.TRANSFER, receiver__isnull=False)
                | (~Q(kind=AdjustmentKind.TRANSFER) & Q(receiver__isnull=True)),
                name="transfer_has_receiver",
            ),
            models.CheckConstraint(
                condition=Q(kind=AdjustmentKind.SWITCH, target__isnull=False)
                | (~Q(kind=AdjustmentKind.SWITCH) & Q(target__isnull=True)),
                name="switch_has_target",
            ),
            models.CheckConstraint(
                condition=Q(kind=AdjustmentKind.CUT, package__isnull=False)
                | (~Q(kind=AdjustmentKind.CUT) & Q(package__isnull=True)),
                name="cut_has_package",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:case", args=[self.project_id])

    def case(self) -> Project:
        return self.project

    @advances(
        AdjustmentStatus.DRAFTED,
        to=AdjustmentStatus.APPROVED,
        permission="budgeting.approve_adjustment",
        rules=APPROVE_RULES,
        title="批准预算调整",
    )
    def approve(self, *, by: User, on: date) -> None:
        """批准之后才动资金；与台账同在一次事务。"""
        self.decided_by, self.decided_on = by, on

    @advances(
        AdjustmentStatus.DRAFTED,
        to=AdjustmentStatus.RETURNED,
        permission="budgeting.approve_adjustment",
        rules=["YB-18-adjustment-by-another"],
        title="退回预算调整",
    )
    def send_back(self, *, by: User, on: date) -> None:
        """不予批准，理由入历史；要办的另行拟订。"""
        self.decided_by, self.decided_on = by, on

    @advances(
        AdjustmentStatus.DRAFTED,
        to=AdjustmentStatus.WITHDRAWN,
        permission="budgeting.draft_adjustment",
        title="撤回预算调整",
    )
    def withdraw(self) -> None:
        """没有批准，也没有动用资金。"""
