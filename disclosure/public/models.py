"""公开站点的表：已发布的公告、公布的检查点，都是不设外键的快照；检索索引见 index.py。"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from core.history import GuardedQuerySet, recorded, uncovered
from disclosure.public.catalogues import PublishedCatalogue
from disclosure.public.index import SearchTerm, SearchText, index_notice
from disclosure.public.sealed import Sealed

__all__ = [
    "ENDINGS",
    "NoticeKind",
    "PublishedCatalogue",
    "PublishedCheckpoint",
    "PublishedNotice",
    "SearchTerm",
    "SearchText",
]

FORMAT = "minggou-notice-1"
# RFC 8410：Ed25519 公钥文件在三十二字节之前的部分。
ED25519 = bytes.fromhex("302a300506032b6570032100")
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


# 终止以前的公告、而不是更正它的。
ENDINGS = ("failed", "termination")


@recorded(append_only=True)
class PublishedNotice(Sealed, models.Model):
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
    sealed_as, sealed_columns = FORMAT, SEALED
    objects = GuardedQuerySet["PublishedNotice"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公告"
        ordering: ClassVar = ["-published_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["-published_on", "-id"], name="notice_newest_first"),
            models.Index(fields=["kind", "-published_on", "-id"], name="notice_by_kind"),
            models.Index(fields=["purchaser_name", "published_on"], name="notice_by_purchaser"),
            models.Index(fields=["supersedes"], name="notice_corrected"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(supersedes=""), name="notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """冻结与编入检索索引同在一个事务：没有查不到的公告。"""
        with transaction.atomic():
            super().save(*args, **kwargs)
            index_notice(self)

    def get_absolute_url(self) -> str:
        return reverse("public:notice", args=[self.number])


class PublishedCheckpoint(models.Model):
    """公布的检查点：签署时照录；签名可以自证，公开站点因此不必读历史的表。"""

    size = models.BigIntegerField("记录数", primary_key=True)
    root_sha256 = models.CharField("SHA-256 根", max_length=64)
    root_sm3 = models.CharField("SM3 根", max_length=64)
    signed_at = models.DateTimeField("签署时间")
    note = models.TextField("签名文本")

    class Meta:
        verbose_name = verbose_name_plural = "公布的检查点"
        ordering: ClassVar = ["-size"]

    def __str__(self) -> str:
        return f"检查点 {self.size}"

    def get_absolute_url(self) -> str:
        return reverse("public:checkpoint", args=[self.size])

    @property
    def public_key(self) -> str:
        """公钥（Ed25519，三十二字节的 Base64）。"""
        return self._signed_by()[0]

    @property
    def signature(self) -> str:
        return self._signed_by()[-1]

    def public_key_pem(self) -> str:
        """公钥文件，openssl 可以直接读。"""
        der = base64.b64encode(ED25519 + base64.b64decode(self.public_key)).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n"

    def _signed_by(self) -> list[str]:
        return self.note.rstrip("\n").rpartition("\n")[2].split(" ")


uncovered(
    "disclosure_publishedcheckpoint",
    "已签署检查点的副本，供公开站点读取；签名可以自证，核验时与检查点逐一比对",
)


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
