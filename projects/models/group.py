"""项目支出领导小组（《平湖办法》第十五条）：成员有任期，会议有到会、回避、纪要和结论。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from projects.models.internal import InternalSignature
from projects.models.project import Project
from projects.models.purchaser import Purchaser


class GroupMemberQuerySet(GuardedQuerySet["GroupMember"]):
    def in_force(self, on: date) -> GroupMemberQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)

    def visible_to(self, user: User) -> GroupMemberQuerySet:
        sight = sight_of(user)
        return self.filter(
            Q(purchaser__organisation__in=sight.own)
            | Q(purchaser__organisation__jurisdiction__in=sight.reviewed | sight.audited)
        )


@recorded()
class GroupMember(models.Model):
    """领导小组的一名成员：分管负责人、相关科室、中心负责人；没有账号的只记姓名。"""

    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="购买主体", related_name="+"
    )
    name = models.CharField("姓名", max_length=60)
    title = models.CharField("职务", max_length=60)
    user = models.ForeignKey(
        User, models.PROTECT, verbose_name="账号", null=True, blank=True, related_name="+"
    )
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导小组成员"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="member_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.title}）"


class MeetingConclusion(models.TextChoices):
    APPROVE = "approve", "同意立项"
    RETURN = "return", "不同意，退回修改"


class GroupMeetingQuerySet(GuardedQuerySet["GroupMeeting"]):
    def visible_to(self, user: User) -> GroupMeetingQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))


@recorded()
class GroupMeeting(models.Model):
    """领导小组对一个项目的一次审议；纪要是它的附件。"""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    signature = models.ForeignKey(
        InternalSignature, models.PROTECT, verbose_name="签批", related_name="meetings"
    )
    held_on = models.DateField("会议日期")
    number = models.CharField("纪要文号", max_length=120)
    conclusion = models.CharField("结论", max_length=10, choices=MeetingConclusion.choices)
    opinion = models.TextField("意见", blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name="登记人", related_name="+")
    recorded_on = models.DateField("登记日")
    objects = GroupMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导小组会议"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number}（{self.get_conclusion_display()}）"

    def stream(self) -> str:
        return self.project.stream()


class AttendanceState(models.TextChoices):
    PRESENT = "present", "到会"
    ABSENT = "absent", "缺席"
    AVOIDING = "avoiding", "回避"


@recorded()
class GroupAttendance(models.Model):
    """一名成员在一次会议上：到会、缺席或者回避；回避的不计入到会。"""

    meeting = models.ForeignKey(
        GroupMeeting, models.PROTECT, verbose_name="会议", related_name="attendance"
    )
    member = models.ForeignKey(
        GroupMember, models.PROTECT, verbose_name="成员", related_name="attendance"
    )
    state = models.CharField("情形", max_length=10, choices=AttendanceState.choices)
    objects = GuardedQuerySet["GroupAttendance"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导小组到会"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.member}：{self.get_state_display()}"
