"""上会材料：提交一次会议审定的项目，会前印制；会后据以拟登审定。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import Jurisdiction, Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from projects.models import Project


class MeetingSheetQuerySet(GuardedQuerySet["MeetingSheet"]):
    def visible_to(self, user: User) -> MeetingSheetQuerySet:
        """本辖区财政、会审、审定机构与审计机关；材料里有各购买主体的项目。"""
        sight = sight_of(user)
        return self.filter(body__jurisdiction__in=sight.reviewed | sight.audited)


@recorded()
class MeetingSheet(models.Model):
    """一次会议的上会材料；印制之后不改，有变化的另行印制。"""

    body = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="审定机构", related_name="+"
    )
    meeting = models.CharField("会议", max_length=120)
    meets_on = models.DateField("会议日期")
    prepared_on = models.DateField("印制日期")
    prepared_by = models.ForeignKey(User, models.PROTECT, verbose_name="印制人", related_name="+")
    objects = MeetingSheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上会材料"
        ordering: ClassVar = ["-meets_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.body.short_name}{self.meeting}上会材料"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:meeting", args=[self.pk])

    def owner(self) -> Organisation:
        return self.body

    def assignee(self) -> Organisation | None:
        return None

    def required_role(self, _act: str, /) -> str | None:
        return None

    def jurisdiction(self) -> Jurisdiction:
        return self.body.jurisdiction

    def stream(self) -> str:
        return f"budgeting.meetingsheet:{self.pk}"


@recorded()
class MeetingLine(models.Model):
    """上会材料中的一个项目，和当时的建议金额（分）。"""

    sheet = models.ForeignKey(
        MeetingSheet, models.PROTECT, verbose_name="上会材料", related_name="lines"
    )
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    round_number = models.PositiveSmallIntegerField("申报轮次")
    proposed_fen = models.BigIntegerField("建议金额（分）")
    objects = GuardedQuerySet["MeetingLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上会项目"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "project"], name="on_the_agenda_once")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}：{self.project}"
