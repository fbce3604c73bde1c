"""公开义务：该公开的事项逐项开立，公告发布即为履行；到期由日历推算。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from accounts.models import Organisation, User
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, StatefulModel, advances
from projects.models import Project


class DutyKind(models.TextChoices):
    PROJECT_AND_REQUIREMENTS = "project_and_requirements", "购买的项目和要求"
    INTENTION = "intention", "采购意向"
    TENDER = "tender", "采购公告"
    RESULT = "result", "采购结果"
    TERMINATION = "termination", "终止"
    CONTRACT_NOTICE = "contract_notice", "合同公告"
    ACCEPTANCE = "acceptance", "验收结果"
    EVALUATION = "evaluation", "评估结果"


class DutyStatus(models.TextChoices):
    OPEN = "open", "待公开"
    FULFILLED = "fulfilled", "已公开"


class DisclosureDutyQuerySet(GuardedQuerySet["DisclosureDuty"]):
    def visible_to(self, user: User) -> DisclosureDutyQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))


@recorded()
class DisclosureDuty(StatefulModel):
    """一项公开义务（《渝北办法》第九条第（二）项、第十六条）。

    就整个项目的，`subject` 为空；就其中一份文件（如合同）的，是那份文件的代号。
    """

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    kind = models.CharField("公开事项", max_length=40, choices=DutyKind.choices)
    subject = models.CharField("所据文件", max_length=80, blank=True)
    subject_name = models.CharField("文件名称", max_length=300, blank=True)
    opened_on = models.DateField("起算日")
    medium = models.CharField("公开媒体", max_length=100, blank=True)
    address = models.CharField("公开网址", max_length=300, blank=True)
    published_on = models.DateField("公开日", null=True, blank=True)
    status = StateField("状态", choices=DutyStatus.choices, default=DutyStatus.OPEN, protected=True)
    objects = DisclosureDutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公开义务"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "kind", "subject"], name="duty_once")
        ]

    def __str__(self) -> str:
        return f"公开{self.matter}"

    @property
    def matter(self) -> str:
        """公开什么：事项，以及就哪份文件。"""
        kind = self.get_kind_display()
        return f"{kind}（{self.subject_name}）" if self.subject_name else kind

    def owner(self) -> Organisation:
        return self.project.owner()

    def stream(self) -> str:
        return self.project.stream()

    def governed_by(self) -> frozenset[str]:
        return self.project.governed_by()

    @advances(
        DutyStatus.OPEN,
        to=DutyStatus.FULFILLED,
        permission="disclosure.review_notice",
        rules=["YB-9.2-published-not-early", "YB-9.2-published-in-time"],
        title="公开义务已履行",
    )
    def fulfil(self, *, medium: str, address: str, published_on: date) -> None:
        """公告稿审查通过，随之履行。"""
        self.medium, self.address, self.published_on = medium, address, published_on
