"""合同备案与补充合同。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from contracts.models.contract import Contract
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models import CaseDocument, Project


class FilingStatus(models.TextChoices):
    SUBMITTED = "submitted", "待备案"
    ACCEPTED = "accepted", "已备案"
    RETURNED = "returned", "已退回"


@recorded()
class ContractFiling(CaseDocument):
    """一次备案报送：财政部门接受，或者写明理由退回。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="filings"
    )
    submitted_on = models.DateField("报送日")
    number = models.CharField("备案号", max_length=80, blank=True)
    answered_on = models.DateField("办结日", null=True, blank=True)
    reason = models.TextField("退回理由", blank=True)
    status = StateField(
        "状态", choices=FilingStatus.choices, default=FilingStatus.SUBMITTED, protected=True
    )
    objects = GuardedQuerySet["ContractFiling"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合同备案"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.contract.number} 备案"

    def case(self) -> Project:
        return self.contract.case()

    @advances(
        FilingStatus.SUBMITTED,
        to=FilingStatus.ACCEPTED,
        permission="contracts.accept_filing",
        title="接受备案",
    )
    def accept(self, *, number: str, on: date) -> None:
        self.number, self.answered_on = number, on

    @advances(
        FilingStatus.SUBMITTED,
        to=FilingStatus.RETURNED,
        permission="contracts.accept_filing",
        title="退回备案",
    )
    def send_back(self, *, reason: str, on: date) -> None:
        self.reason, self.answered_on = reason, on


class SupplementStatus(models.TextChoices):
    DRAFTED = "drafted", "拟订中"
    AGREED = "agreed", "已签订"
    WITHDRAWN = "withdrawn", "已撤回"


@recorded()
class Supplement(CaseDocument):
    """补充合同：追加金额（可为零）与事由；签订时追加承诺。"""

    contract = models.ForeignKey(
        Contract, models.PROTECT, verbose_name="合同", related_name="supplements"
    )
    number = models.CharField("补充合同编号", max_length=80)
    amount_fen = models.BigIntegerField("追加金额（分）")
    reason = models.TextField("事由和内容")
    drafted_on = models.DateField("拟订日")
    agreed_on = models.DateField("签订日", null=True, blank=True)
    status = StateField(
        "状态", choices=SupplementStatus.choices, default=SupplementStatus.DRAFTED, protected=True
    )
    objects = GuardedQuerySet["Supplement"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补充合同"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gte=0), name="supplement_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"补充合同 {self.number}"

    def case(self) -> Project:
        return self.contract.case()

    @advances(
        SupplementStatus.DRAFTED,
        to=SupplementStatus.AGREED,
        permission="contracts.agree_supplement",
        rules=[
            "YB-9.5-contract-in-force",
            "YB-9.6-not-settled",
            "YB-9.4-supplement-ten-percent",
            "YB-12-supplement-within-budget",
        ],
        title="签订补充合同",
    )
    def agree(self, *, on: date) -> None:
        self.agreed_on = on

    @advances(
        SupplementStatus.DRAFTED,
        to=SupplementStatus.WITHDRAWN,
        permission="contracts.supplement",
        title="撤回补充合同",
    )
    def withdraw(self) -> None:
        """没有签订，也没有动用资金。"""
