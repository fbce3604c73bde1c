"""申报的内部签批：逐级签、领导小组会议、纸质签署、退回的逐条意见。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models

from accounts.models import User
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from projects.models.document import CaseDocument
from projects.models.project import Project
from projects.models.signature import SignatureStatus, SignatureStep


@recorded()
class InternalSignature(SignatureStep):
    """申报的内部签批的一步；`basis` 是走这条链的依据。"""

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", related_name="signatures"
    )
    basis = models.CharField("签批链依据", max_length=200, blank=True)
    registered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="纸质登记人", null=True, blank=True, related_name="+"
    )
    registered_on = models.DateField("纸质登记日", null=True, blank=True)
    confirmed_on = models.DateField("本人确认日", null=True, blank=True)
    objects = GuardedQuerySet["InternalSignature"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "内部签批"
        ordering: ClassVar = ["chain", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "chain", "position"], name="signature_step_once"
            )
        ]

    def case(self) -> Project:
        return self.project

    def siblings(self) -> models.QuerySet[InternalSignature]:
        return InternalSignature.objects.filter(project=self.project_id, chain=self.chain)

    @advances(
        SignatureStatus.PENDING,
        to=STAYS,
        permission="projects.record_meeting",
        rules=[
            "PH-11-signed-in-order",
            "PH-11-points-answered",
            "PH-15-members-accounted",
            "PH-15-quorum",
            "PH-15-avoidance",
            "PH-15-meeting-dated",
        ],
        title="登记领导小组会议",
    )
    def hold_meeting(self, **_values: Any) -> None:
        """会议的结论随即办理：同意的签批，不同意的退回。"""

    @advances(
        SignatureStatus.PENDING,
        to=SignatureStatus.PAPER,
        permission="projects.register_paper",
        rules=["PH-11-signed-in-order", "PH-11-points-answered", "YB-18-paper-names-holder"],
        title="登记纸质签署",
    )
    def register_paper(
        self, *, signer: User, signed_on: date, registered_by: User, on: date, comment: str = ""
    ) -> None:
        """纸上已签，扫描件在案；本人确认之前算已签，并注明待确认。"""
        self.signer, self.signed_on, self.comment = signer, signed_on, comment
        self.registered_by, self.registered_on = registered_by, on

    @advances(
        SignatureStatus.PAPER,
        to=SignatureStatus.SIGNED,
        permission="projects.sign",
        rules=["YB-18-confirmed-in-person"],
        title="确认纸质签署",
    )
    def confirm_paper(self, *, on: date) -> None:
        self.confirmed_on = on

    @advances(
        SignatureStatus.PAPER,
        to=SignatureStatus.PENDING,
        permission="projects.sign",
        rules=["YB-18-confirmed-in-person"],
        title="否认纸质签署",
    )
    def deny_paper(self) -> None:
        """不是本人所签：这一步重新待签，扫描件留在案卷里。"""
        self.signer = self.signed_on = self.registered_by = self.registered_on = None
        self.comment = ""

    @advances(
        SignatureStatus.PENDING,
        SignatureStatus.SIGNED,
        SignatureStatus.PAPER,
        SignatureStatus.RETURNED,
        to=SignatureStatus.CANCELLED,
        permission="projects.cancel_signatures",
        title="作废签批",
    )
    def cancel(self) -> None:
        """内容修改后，原签批作废，另起一轮。"""


class PointStatus(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"


@recorded()
class SignaturePoint(CaseDocument):
    """签批退回时的一条编号意见；答复之后才能重新送签。"""

    signature = models.ForeignKey(
        InternalSignature, models.PROTECT, verbose_name="签批", related_name="points"
    )
    number = models.PositiveSmallIntegerField("编号")
    text = models.TextField("退回意见")
    answer_text = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="答复人", null=True, blank=True, related_name="+"
    )
    answered_on = models.DateField("答复日", null=True, blank=True)
    status = StateField(
        "状态", choices=PointStatus.choices, default=PointStatus.OPEN, protected=True
    )
    objects = GuardedQuerySet["SignaturePoint"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "签批退回意见"
        ordering: ClassVar = ["signature", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signature", "number"], name="point_number_once")
        ]

    def __str__(self) -> str:
        return f"签批退回意见（{self.number}）"

    def case(self) -> Project:
        return self.signature.project

    @advances(
        PointStatus.OPEN,
        to=PointStatus.ANSWERED,
        permission="projects.answer_objection",
        title="答复签批退回意见",
    )
    def answer(self, *, text: str, by: User, on: date) -> None:
        self.answer_text, self.answered_by, self.answered_on = text, by, on
