"""签批：逐级签署的一步，申报和合同各有自己的签批链。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models

from accounts.models import User
from accounts.roles import Role
from core.transitions import StateField, advances
from projects.models.document import CaseDocument


class SignatureStatus(models.TextChoices):
    PENDING = "pending", "待签"
    SIGNED = "signed", "已签"
    PAPER = "paper", "纸质签署，待本人确认"
    RETURNED = "returned", "退回经办"
    CANCELLED = "cancelled", "已作废"


# 算已签的：后一步可以签，可以提交会审；纸质的待本人确认，确认之前不得形成审核意见。
DONE_SIGNING = (SignatureStatus.SIGNED, SignatureStatus.PAPER)


class SignatureStep(CaseDocument):
    """签批的一步：由某岗位签署（《平湖办法》第十一条）。"""

    chain = models.PositiveSmallIntegerField("签批轮次")
    position = models.PositiveSmallIntegerField("次序")
    role = models.CharField("岗位", max_length=20, choices=Role.choices)
    opened_on = models.DateField("送签日")
    signer = models.ForeignKey(
        User, models.PROTECT, verbose_name="签署人", null=True, blank=True, related_name="+"
    )
    signed_for = models.ForeignKey(
        User, models.PROTECT, verbose_name="所代之人", null=True, blank=True, related_name="+"
    )
    signed_on = models.DateField("签署日", null=True, blank=True)
    comment = models.CharField("意见", max_length=500, blank=True)
    status = StateField(
        "状态", choices=SignatureStatus.choices, default=SignatureStatus.PENDING, protected=True
    )

    class Meta:
        abstract = True
        ordering: ClassVar = ["chain", "position"]

    def __str__(self) -> str:
        return f"{self.get_role_display()}签批"

    def required_role(self, act: str, /) -> str | None:
        return self.role if act == "projects.sign" else None

    def siblings(self) -> models.QuerySet[Any]:
        """同一份文件同一轮签批的各步。"""
        raise NotImplementedError(f"{type(self).__name__}.siblings()")

    @advances(
        SignatureStatus.PENDING,
        to=SignatureStatus.SIGNED,
        permission="projects.sign",
        rules=[
            "PH-11-signed-in-order",
            "YB-18-signer-not-officer",
            "YB-18-signs-one-step",
            "PH-11-points-answered",
            "PH-15-group-has-met",
        ],
        title="签批",
    )
    def sign(
        self, *, signer: User, on: date, comment: str = "", signed_for: User | None = None
    ) -> None:
        self.signer, self.signed_on, self.comment = signer, on, comment
        self.signed_for = signed_for

    @advances(
        SignatureStatus.PENDING,
        to=SignatureStatus.RETURNED,
        permission="projects.sign",
        rules=["PH-11-signed-in-order"],
        title="退回经办人",
    )
    def send_back(
        self, *, signer: User, on: date, comment: str, signed_for: User | None = None
    ) -> None:
        self.signer, self.signed_on, self.comment = signer, on, comment
        self.signed_for = signed_for

    @advances(
        SignatureStatus.PENDING,
        SignatureStatus.SIGNED,
        SignatureStatus.RETURNED,
        to=SignatureStatus.CANCELLED,
        permission="projects.cancel_signatures",
        title="作废签批",
    )
    def cancel(self) -> None:
        """内容修改后，原签批作废，另起一轮；文件撤回的，签批一并作废。"""
