"""已发布的公告：冻结的快照。不设外键，公开站点只读这里的表。"""

from __future__ import annotations

import hashlib
from datetime import datetime
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

    INTENTION = "intention", "采购意向公告"
    TENDER_OPEN = "tender_open", "招标公告"
    TENDER_CONSULTATION = "tender_consultation", "竞争性磋商公告"
    RESULT = "result", "成交结果公告"
    FAILED = "failed", "采购失败（终止）公告"
    CONTRACT = "contract", "合同公告"


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


@recorded(append_only=True)
class PublishedRelease(models.Model):
    """一份 OCDS 发布件：随公告冻结，只增不改；`content` 是规范的 JSON 文本，逐字节不变。"""

    release_id = models.CharField("发布件编号", max_length=60, unique=True)
    ocid = models.CharField("合同过程编号（ocid）", max_length=100)
    date = models.DateTimeField("发布时间")
    tag = models.CharField("发布阶段", max_length=40)
    jurisdiction_code = models.CharField("辖区代码", max_length=32)
    jurisdiction_name = models.CharField("辖区", max_length=100)
    project_number = models.CharField("项目编号", max_length=40, db_index=True)
    project_name = models.CharField("项目名称", max_length=200)
    content = models.TextField("内容")
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("摘要（SHA-256）", max_length=64)
    objects = GuardedQuerySet["PublishedRelease"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "OCDS 发布件"
        ordering: ClassVar = ["date", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["jurisdiction_code", "date", "id"], name="release_by_month"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ocid", "date"], name="release_instants_differ")
        ]

    def __str__(self) -> str:
        return f"{self.release_id}（{self.ocid}）"

    @classmethod
    def of(
        cls, notice: PublishedNotice, *, ocid: str, tag: str, date: datetime, content: str
    ) -> PublishedRelease:
        """一份公告的发布件，尚未保存。"""
        return cls(
            release_id=notice.number,
            ocid=ocid,
            date=date,
            tag=tag,
            jurisdiction_code=notice.jurisdiction_code,
            jurisdiction_name=notice.jurisdiction_name,
            project_number=notice.project_number,
            project_name=notice.project_name,
            content=content,
            size=len(content.encode()),
            sha256=hashlib.sha256(content.encode()).hexdigest(),
        )

    @property
    def is_intact(self) -> bool:
        return hashlib.sha256(self.content.encode()).hexdigest() == self.sha256
