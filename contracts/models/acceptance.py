"""验收：按节点或者全部，逐项记明。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from contracts.models.contract import Contract
from contracts.models.delivery import Milestone
from contracts.models.parts import ContractLine
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models import CaseDocument, Project


class AcceptanceStatus(models.TextChoices):
    DRAFT = "draft", "待结论"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


@recorded()
class Acceptance(CaseDocument):
    """一次验收：某个节点的，或者（节点为空）全部服务的；逐项记明（《渝北办法》第九条第（五）项）。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="acceptances"
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, verbose_name="节点", null=True, blank=True, related_name="+"
    )
    held_on = models.DateField("验收日")
    members = models.TextField("验收组成员")
    users_opinion = models.TextField("服务对象意见", blank=True)
    conclusion = models.TextField("验收意见", blank=True)
    concluded_on = models.DateField("结论日", null=True, blank=True)
    status = StateField(
        "结论", choices=AcceptanceStatus.choices, default=AcceptanceStatus.DRAFT, protected=True
    )
    objects = GuardedQuerySet["Acceptance"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "验收"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.milestone}的验收" if self.milestone_id else "全部服务的验收"

    @property
    def is_final(self) -> bool:
        return self.milestone_id is None

    def case(self) -> Project:
        return self.contract.case()

    @advances(
        AcceptanceStatus.DRAFT,
        to=AcceptanceStatus.PASSED,
        permission="contracts.conclude_acceptance",
        rules=[
            "YB-9.5-every-item-meets",
            "YB-9.5-accepted-within-contracted",
            "YB-9.5-whole-accepted",
            "YB-9.5-all-delivered",
            "YB-19-no-open-rectification",
            "YB-9.2-conditions-before-evaluation",
            "YB-14-users-heard",
        ],
        title="验收合格",
    )
    def approve(self, *, conclusion: str, on: date) -> None:
        self.conclusion, self.concluded_on = conclusion, on

    @advances(
        AcceptanceStatus.DRAFT,
        to=AcceptanceStatus.FAILED,
        permission="contracts.conclude_acceptance",
        title="验收不合格",
    )
    def fail(self, *, conclusion: str, on: date) -> None:
        """写明不合格之处；整改后重新验收。"""
        self.conclusion, self.concluded_on = conclusion, on


@recorded()
class AcceptanceItem(models.Model):
    """验收的一项：合同标的的一行，验了多少，合不合格。"""

    acceptance = models.ForeignKey(
        Acceptance, models.PROTECT, verbose_name="验收", related_name="items"
    )
    line = models.ForeignKey(ContractLine, models.PROTECT, verbose_name="标的", related_name="+")
    quantity = models.DecimalField("本次验收数量", max_digits=10, decimal_places=2)
    is_met = models.BooleanField("符合约定")
    note = models.CharField("情况", max_length=300, blank=True)
    objects = GuardedQuerySet["AcceptanceItem"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "验收明细"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["acceptance", "line"], name="item_accepted_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="accepted_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.acceptance}：{self.line}"
