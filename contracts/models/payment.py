"""付款：约定的各期、逐行的付款申请、支付记录、结算。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from contracts.models.contract import PAY_RULES, Contract, Grade
from contracts.models.delivery import Milestone
from contracts.models.parts import ContractLine
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models import CaseDocument, ExpenseKind, Project


class InstalmentKind(models.TextChoices):
    """一期款项凭什么付：预付凭备案，进度款凭节点验收，尾款凭全部验收和综合评估。"""

    ADVANCE = "advance", "预付款"
    PROGRESS = "progress", "进度款"
    FINAL = "final", "尾款"


@recorded()
class Instalment(models.Model):
    """约定的一期款项，各有自己的条件。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="instalments"
    )
    position = models.PositiveSmallIntegerField("期次")
    kind = models.CharField("种类", max_length=10, choices=InstalmentKind.choices)
    percent = models.DecimalField("比例（%）", max_digits=5, decimal_places=2)
    amount_fen = models.BigIntegerField("金额（分）")
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, verbose_name="凭节点", null=True, blank=True, related_name="+"
    )
    condition = models.CharField("付款条件", max_length=300)
    objects = GuardedQuerySet["Instalment"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "付款期次"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "position"], name="instalment_position_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="instalment_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.position} 期 {self.get_kind_display()}"


class RequestStatus(models.TextChoices):
    REQUESTED = "requested", "待核对"
    VERIFIED = "verified", "已核对待拨付"
    PAID = "paid", "已支付"
    RETURNED = "returned", "已退回"


LIVE_REQUESTS = (RequestStatus.REQUESTED, RequestStatus.VERIFIED)


@recorded()
class PaymentRequest(CaseDocument):
    """一期款项的付款申请：经办人逐行列明，分管领导逐行核对，财政部门拨付（《平湖办法》第十二条）。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="requests"
    )
    instalment = models.ForeignKey(
        Instalment, models.PROTECT, verbose_name="期次", related_name="+"
    )
    amount_fen = models.BigIntegerField("申请金额（分）")
    invoice = models.CharField("发票号", max_length=80, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, verbose_name="申请人", related_name="+")
    requested_on = models.DateField("申请日")
    verified_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="核对人", null=True, blank=True, related_name="+"
    )
    verified_on = models.DateField("核对日", null=True, blank=True)
    paid_on = models.DateField("支付日", null=True, blank=True)
    reason = models.TextField("退回理由", blank=True)
    status = StateField(
        "状态", choices=RequestStatus.choices, default=RequestStatus.REQUESTED, protected=True
    )
    objects = GuardedQuerySet["PaymentRequest"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "付款申请"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["instalment"],
                condition=~Q(status=RequestStatus.RETURNED),
                name="one_live_request_an_instalment",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="request_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} {self.instalment}付款申请"

    def case(self) -> Project:
        return self.contract.case()

    @advances(
        RequestStatus.REQUESTED,
        to=RequestStatus.VERIFIED,
        permission="contracts.verify_payment",
        rules=["PH-12-every-line-checked", "YB-18-verifier-not-officer"],
        title="核对付款申请",
    )
    def verify(self, *, on: date, verified_by: User, **_values: Any) -> None:
        """分管领导逐行核对合同、清单与进度。"""
        self.verified_by, self.verified_on = verified_by, on

    @advances(
        RequestStatus.VERIFIED,
        to=RequestStatus.PAID,
        permission="contracts.release_payment",
        rules=[*PAY_RULES, "YB-18-released-by-another"],
        title="拨付",
    )
    def release(self, *, on: date) -> None:
        self.paid_on = on

    @advances(
        RequestStatus.REQUESTED,
        to=RequestStatus.RETURNED,
        permission="contracts.verify_payment",
        title="退回付款申请",
    )
    def send_back(self, *, reason: str) -> None:
        """分管领导核对有误，退回经办人。"""
        self.reason = reason

    @advances(
        RequestStatus.VERIFIED,
        to=RequestStatus.RETURNED,
        permission="contracts.release_payment",
        title="财政退回",
    )
    def decline(self, *, reason: str) -> None:
        """财政部门审核不通过，退回经办人重新申请。"""
        self.reason = reason


@recorded()
class PaymentLine(models.Model):
    """付款申请的一行：哪项标的、多少数量、多少钱，分管领导核对与否。"""

    request = models.ForeignKey(
        PaymentRequest, models.PROTECT, verbose_name="付款申请", related_name="lines"
    )
    line = models.ForeignKey(ContractLine, models.PROTECT, verbose_name="标的", related_name="+")
    quantity = models.DecimalField("数量", max_digits=10, decimal_places=2)
    amount_fen = models.BigIntegerField("金额（分）")
    expense_kind = models.CharField("支出性质", max_length=20, choices=ExpenseKind.choices)
    note = models.CharField("说明", max_length=200, blank=True)
    is_checked = models.BooleanField("已核对", default=False)
    objects = GuardedQuerySet["PaymentLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "付款明细"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0, amount_fen__gt=0), name="payment_line_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request}：{self.line}"


@recorded(append_only=True)
class Payment(models.Model):
    """一笔支付：只增不改；金额、日期、国库凭证号。"""

    request = models.OneToOneField(
        PaymentRequest, models.PROTECT, verbose_name="付款申请", related_name="+"
    )
    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="payments"
    )
    amount_fen = models.BigIntegerField("金额（分）")
    paid_on = models.DateField("支付日")
    voucher = models.CharField("国库支付凭证号", max_length=80)
    objects = GuardedQuerySet["Payment"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支付"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_positive")
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} {self.voucher}"


@recorded()
class Settlement(models.Model):
    """结算：考核等级定支付比例，减去扣款，得出应付总额（《渝北办法》第九条第（六）项、第十四条）。"""

    contract = models.OneToOneField(Contract, models.PROTECT, verbose_name="合同", related_name="+")
    grade = models.CharField("考核等级", max_length=10, choices=Grade.choices)
    percent = models.DecimalField("支付比例（%）", max_digits=5, decimal_places=2)
    base_fen = models.BigIntegerField("计算基数（分）")
    assessed_fen = models.BigIntegerField("按等级应付（分）")
    deducted_fen = models.BigIntegerField("扣款（分）")
    payable_fen = models.BigIntegerField("应付总额（分）")
    settled_on = models.DateField("结算日")
    objects = GuardedQuerySet["Settlement"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结算"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deducted_fen__gte=0, payable_fen__gte=0), name="settled_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} 结算"

    @property
    def is_failed(self) -> bool:
        """评价不合格：责令限期整改，整改了方告付清。"""
        return self.grade == Grade.POOR
