"""Unfinished forms. Private to their writer, unrecorded, gone when the form is filed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import User
from accounts.recording import uncovered


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> DraftQuerySet:
        return self.filter(user=user)


class Draft(models.Model):
    """What somebody typed into one form and has not filed yet."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="填写人", related_name="+")
    form = models.CharField("表单", max_length=80)
    title = models.CharField("名称", max_length=200, blank=True)
    content = models.JSONField("内容", default=dict)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "草稿"
        ordering: ClassVar = ["-saved_at"]

    def __str__(self) -> str:
        return self.title or f"草稿 {self.pk}"


uncovered("core_draft", "草稿在提交前属填写人个人，不入历史")
