"""Notices to people: what happened that they should know."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Organisation, User
from accounts.recording import uncovered


class InboxQuerySet(models.QuerySet["InboxItem"]):
    def visible_to(self, user: User) -> InboxQuerySet:
        """Notices for the organisations and roles this user holds now, or stands in for."""
        wanted = models.Q(pk__in=[])
        for assignment in user.posts():
            wanted |= models.Q(organisation=assignment.organisation_id, role=assignment.role)
        return self.filter(wanted)

    def unread(self) -> InboxQuerySet:
        return self.filter(read_at__isnull=True)


class InboxItem(models.Model):
    """One notice in the inbox of a desk (organisation and role); put there at most once per key."""

    key = models.CharField("去重键", max_length=160, unique=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="机构", related_name="+"
    )
    role = models.CharField("岗位", max_length=20)
    title = models.CharField("标题", max_length=200)
    url = models.CharField("链接", max_length=200, blank=True)
    made_on = models.DateField("日期")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering: ClassVar = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return self.title


uncovered("core_inboxitem", "通知是事件的副本，可由事件重发；阅读状态不属案卷")
