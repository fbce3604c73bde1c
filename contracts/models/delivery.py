"""履约：节点、检查、整改、扣款事件、验收。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from contracts.models.contract import Contract
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models import CaseDocument, Project


class MilestoneStatus(models.TextChoices):
    PENDING = "pending", "未交付"
    DELIVERED = "delivered", "已交付待验"
    ACCEPTED = "accepted", "已验收"


@recorded()
class Milestone(CaseDocument):
    """履约节点：约定的日期前交付一段服务，验收后方可支付相应的一期。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="milestones"
    )
    position = models.PositiveSmallIntegerField("序号")
    title = models.CharField("节点", max_length=120)
    due_on = models.DateField("约定日期")
    delivered_on = models.DateField("交付日", null=True, blank=True)
    delivery_note = models.TextField("交付情况", blank=True)
    status = StateField(
        "状态", choices=MilestoneStatus.choices, default=MilestoneStatus.PENDING, protected=True
    )
    objects = GuardedQuerySet["Milestone"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "履约节点"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "position"], name="milestone_position_once")
        ]

    def __str__(self) -> str:
        return f"节点 {self.position} {self.title}"

    def case(self) -> Project:
        return self.contract.case()

    @advances(
        MilestoneStatus.PENDING,
        to=MilestoneStatus.DELIVERED,
        permission="contracts.supervise",
        rules=[
            "YB-9.5-contract-in-force",
            "YB-9.5-within-performance",
            "YB-9.5-delivered-in-time",
        ],
        title="登记交付",
    )
    def deliver(self, *, delivered_on: date, delivery_note: str) -> None:
        self.delivered_on, self.delivery_note = delivered_on, delivery_note

    @advances(
        MilestoneStatus.DELIVERED,
        to=MilestoneStatus.ACCEPTED,
        permission="contracts.conclude_acceptance",
        title="节点已验收",
    )
    def accept(self) -> None:
        """由该节点的验收带动。"""

    @advances(
        MilestoneStatus.DELIVERED,
        to=MilestoneStatus.PENDING,
        permission="contracts.conclude_acceptance",
        title="节点退回",
    )
    def reject(self) -> None:
        """验收不合格，重新交付。"""
        self.delivered_on = None


@recorded()
class Inspection(models.Model):
    """一次检查的情况（《渝北办法》第九条第（五）项）。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="inspections"
    )
    inspected_on = models.DateField("检查日")
    inspector = models.ForeignKey(User, models.PROTECT, verbose_name="检查人", related_name="+")
    finding = models.TextField("检查情况")
    is_deviating = models.BooleanField("偏离合同目标")
    objects = GuardedQuerySet["Inspection"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.inspected_on.isoformat()} 检查"


class RectificationStatus(models.TextChoices):
    ORDERED = "ordered", "待整改"
    REPLIED = "replied", "已回复待复查"
    CLOSED = "closed", "已整改"
    REFUSED = "refused", "拒不整改"


@recorded()
class Rectification(CaseDocument):
    """限期整改：责令、回复、复查、销号；拒不整改的可据以终止合同（第十九条）。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="rectifications"
    )
    demand = models.TextField("整改要求")
    ordered_on = models.DateField("责令日")
    workdays = models.PositiveSmallIntegerField("期限（工作日）")
    reply = models.TextField("整改回复", blank=True)
    replied_on = models.DateField("回复日", null=True, blank=True)
    check_note = models.TextField("复查意见", blank=True)
    closed_on = models.DateField("了结日", null=True, blank=True)
    status = StateField(
        "状态",
        choices=RectificationStatus.choices,
        default=RectificationStatus.ORDERED,
        protected=True,
    )
    objects = GuardedQuerySet["Rectification"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "限期整改"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(workdays__gt=0), name="rectification_has_a_term")
        ]

    def __str__(self) -> str:
        return f"{self.ordered_on.isoformat()} 责令整改"

    def case(self) -> Project:
        return self.contract.case()

    @advances(
        RectificationStatus.ORDERED,
        to=RectificationStatus.REPLIED,
        permission="contracts.supervise",
        rules=["YB-19-replied-after-order", "YB-19-replied-in-time"],
        title="登记整改回复",
    )
    def answer(self, *, reply: str, replied_on: date) -> None:
        self.reply, self.replied_on = reply, replied_on

    @advances(
        RectificationStatus.REPLIED,
        to=RectificationStatus.CLOSED,
        permission="contracts.check_rectification",
        title="复查销号",
    )
    def close(self, *, check_note: str, on: date) -> None:
        self.check_note, self.closed_on = check_note, on

    @advances(
        RectificationStatus.REPLIED,
        to=RectificationStatus.ORDERED,
        permission="contracts.check_rectification",
        title="复查不合格",
    )
    def reject(self, *, check_note: str) -> None:
        """整改不到位，继续整改；原期限不变。"""
        self.check_note = check_note

    @advances(
        RectificationStatus.ORDERED,
        to=RectificationStatus.REFUSED,
        permission="contracts.check_rectification",
        rules=["YB-19-mending-term-expired"],
        title="认定拒不整改",
    )
    def refuse(self, *, check_note: str, on: date) -> None:
        """期限届满仍不整改；除据以终止合同外，没有别的自动后果。"""
        self.check_note, self.closed_on = check_note, on


@recorded()
class Incident(models.Model):
    """合同约定要扣款的一次事件：扣合同金额的百分之几。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="incidents"
    )
    term = models.CharField("约定情形", max_length=200)
    percent = models.DecimalField("扣款比例（%）", max_digits=5, decimal_places=2)
    occurred_on = models.DateField("发生日")
    note = models.TextField("情况")
    objects = GuardedQuerySet["Incident"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "扣款事件"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100), name="incident_percent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.occurred_on.isoformat()} {self.term}"
