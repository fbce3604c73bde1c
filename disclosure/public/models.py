"""已发布的公告：冻结的快照。不设外键，公开站点只读这一张表。"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.history import GuardedQuerySet, recorded
from core.history.canonical import canonical_bytes

FORMAT = "minggou-notice-1"
# 计入摘要的各项；增减任何一项，须换一个格式名，已发布的公告仍按原格式核对。
SEALED = (
    "number",
    "kind",
    "jurisdiction_code",
    "jurisdiction_name",
    "project_number",
    "project_name",
    "purchaser_name",
    "title",
    "fields",
    "medium",
    "address",
    "published_on",
    "subject",
    "supersedes",
)


class NoticeKind(models.TextChoices):
    """公告的种类，次序依财办库〔2020〕50号。"""

    REQUIREMENTS = "requirements", "购买项目和要求公告"
    INTENTION = "intention", "采购意向公告"
    TENDER_OPEN = "tender_open", "招标公告"
    TENDER_CONSULTATION = "tender_consultation", "竞争性磋商公告"
    RESULT = "result", "成交结果公告"
    FAILED = "failed", "采购失败（终止）公告"
    TERMINATION = "termination", "终止公告"
    CONTRACT = "contract", "合同公告"
    ACCEPTANCE = "acceptance", "公共服务项目验收结果公告"
    EVALUATION = "evaluation", "评估结果公告"
    CORRECTION = "correction", "更正公告"


@recorded(append_only=True)
class PublishedNotice(models.Model):
    """一份已发布的公告：只增不改，更正另发一份。`fields` 为依次排列的各节

    `[{"heading": "一、项目基本情况", "text": ["…"], "rows": [["项目编号", "…"], …]}, …]`。
    """

    number = models.CharField("公告编号", max_length=60, unique=True)
    kind = models.CharField("公告种类", max_length=20, choices=NoticeKind.choices)
    jurisdiction_code = models.CharField("辖区代码", max_length=32)
    jurisdiction_name = models.CharField("辖区", max_length=100)
    project_number = models.CharField("项目编号", max_length=40, db_index=True)
    project_name = models.CharField("项目名称", max_length=200)
    purchaser_name = models.CharField("购买主体", max_length=100)
    title = models.CharField("标题", max_length=500)
    fields = models.JSONField("内容")
    medium = models.CharField("公告媒体", max_length=100, blank=True)
    address = models.CharField("公告网址", max_length=300, blank=True)
    published_on = models.DateField("公告日期")
    sha256 = models.CharField("摘要（SHA-256）", max_length=64)
    subject = models.CharField("所据文件", max_length=80)
    supersedes = models.CharField("更正的公告编号", max_length=60, blank=True)
    objects = GuardedQuerySet["PublishedNotice"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公告"
        ordering: ClassVar = ["-published_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["-published_on", "-id"], name="notice_newest_first")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(supersedes=""), name="notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("public:notice", args=[self.number])

    def sealed(self) -> bytes:
        """公告的数据文件：除摘要以外全部内容的规范字节。"""
        content: dict[str, Any] = {name: getattr(self, name) for name in SEALED}
        return canonical_bytes({"format": FORMAT, **content})

    def digest(self) -> str:
        """按现有内容算出的摘要；与 `sha256` 不同的，发布之后被人改过。"""
        return hashlib.sha256(self.sealed()).hexdigest()

    @property
    def link(self) -> str:
        """指定媒体上的网页；不是网址的不作链接。"""
        return self.address if self.address.startswith(("https://", "http://")) else ""

    @property
    def is_intact(self) -> bool:
        return self.digest() == self.sha256
