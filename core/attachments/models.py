"""Files kept beside the case: stored by content, described by a recorded row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import User
from accounts.recording import GuardedQuerySet, recorded


@recorded()
class Attachment(models.Model):
    """附件：按内容摘要存放，名称与用途留痕；可见范围随所属对象。"""

    subject = models.CharField("所属对象", max_length=80, db_index=True)
    purpose = models.CharField("用途", max_length=60)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=80)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("摘要", max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, verbose_name="上传人", related_name="+")
    uploaded_on = models.DateField("上传日")
    objects = GuardedQuerySet["Attachment"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name
