"""合同的组成：标的、签批、年度份额。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from budgeting.models import Allocation
from contracts.models.contract import Contract
from core.history import GuardedQuerySet, recorded
from projects.models import ExpenseKind, Project, SignatureStep


@recorded()
class ContractLine(models.Model):
    """合同标的的一行：数量、单位、单价、质量标准（《渝北办法》第二条：按服务数量和质量付费）。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="lines"
    )
    position = models.PositiveSmallIntegerField("序号")
    name = models.CharField("标的名称", max_length=120)
    quantity = models.DecimalField("数量", max_digits=10, decimal_places=2)
    unit = models.CharField("单位", max_length=20)
    unit_price_fen = models.BigIntegerField("单价（分）")
    amount_fen = models.BigIntegerField("金额（分）")
    expense_kind = models.CharField("支出性质", max_length=20, choices=ExpenseKind.choices)
    standard = models.CharField("质量标准", max_length=300, blank=True)
    objects = GuardedQuerySet["ContractLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合同标的"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "position"], name="contract_line_position_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price_fen__gte=0, amount_fen__gte=0),
                name="contract_line_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded()
class ContractSignature(SignatureStep):
    """合同签批的一步。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="signatures"
    )
    objects = GuardedQuerySet["ContractSignature"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合同签批"
        ordering: ClassVar = ["chain", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "chain", "position"], name="contract_signature_step_once"
            )
        ]

    def case(self) -> Project:
        return self.contract.case()

    def siblings(self) -> models.QuerySet[ContractSignature]:
        return ContractSignature.objects.filter(contract=self.contract_id, chain=self.chain)


@recorded()
class ContractSlice(models.Model):
    """合同金额落在一条资金分配（某年度、某资金来源）上的部分；结转即由一年移到下一年。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="slices"
    )
    allocation = models.ForeignKey(
        Allocation, models.PROTECT, verbose_name="资金分配", related_name="+"
    )
    amount_fen = models.BigIntegerField("金额（分）")
    paid_fen = models.BigIntegerField("已付（分）", default=0)
    carried_fen = models.BigIntegerField("已结转下年（分）", default=0)
    released_fen = models.BigIntegerField("已释放（分）", default=0)
    objects = GuardedQuerySet["ContractSlice"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合同年度份额"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "allocation"], name="slice_once"),
            models.CheckConstraint(
                condition=Q(
                    paid_fen__gte=0,
                    carried_fen__gte=0,
                    released_fen__gte=0,
                    amount_fen__gte=F("paid_fen") + F("carried_fen") + F("released_fen"),
                ),
                name="never_above_slice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number}：{self.allocation.ceiling}"

    @property
    def unpaid_fen(self) -> int:
        return self.amount_fen - self.paid_fen - self.carried_fen - self.released_fen
