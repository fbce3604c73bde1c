"""已公布的指导性目录：一版一份，不设外键的快照，只增不改。

有没有被替代，不写在这一份上，而由后一版的 `replaces` 推出；所以旧版一字不动，也说得出被哪一版替代。
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.urls import reverse

from core.history import GuardedQuerySet, recorded
from disclosure.public.sealed import Sealed

FORMAT = "minggou-catalogue-1"
# 计入摘要的各项；增减任何一项，须换一个格式名，已公布的仍按原格式核对。
SEALED = (
    "number",
    "jurisdiction_code",
    "jurisdiction_name",
    "bureau_name",
    "title",
    "document_number",
    "reason",
    "upper_title",
    "adopted_on",
    "since",
    "items",
    "changes",
    "medium",
    "address",
    "published_on",
    "subject",
    "replaces",
    "replaces_title",
)


@recorded(append_only=True)
class PublishedCatalogue(Sealed, models.Model):
    """一版指导性目录（《渝北办法》第八条“及时对外公布”）。

    `items` 为 `[{"code", "name", "category", "kind", "nature", "content", "note", "upper"}, …]`；
    `changes` 为与前一版的不同
    `[{"code", "name", "kind", "reason", "fields": [[栏, 原来, 现在]]}, …]`。
    """

    number = models.CharField("编号", max_length=60, unique=True)
    jurisdiction_code = models.CharField("辖区代码", max_length=32)
    jurisdiction_name = models.CharField("辖区", max_length=100)
    bureau_name = models.CharField("制定单位", max_length=100)
    title = models.CharField("名称", max_length=120)
    document_number = models.CharField("发布文号", max_length=80, blank=True)
    reason = models.TextField("制定或调整的理由")
    upper_title = models.CharField("上级目录", max_length=120, blank=True)
    adopted_on = models.DateField("通过日")
    since = models.DateField("施行日")
    items = models.JSONField("条目")
    changes = models.JSONField("与前一版的不同", default=list)
    medium = models.CharField("公布媒体", max_length=100)
    address = models.CharField("公布网址", max_length=300)
    published_on = models.DateField("公布日")
    subject = models.CharField("所据目录", max_length=80, unique=True)
    replaces = models.CharField("替代的目录", max_length=80, blank=True, db_index=True)
    replaces_title = models.CharField("替代的目录的名称", max_length=120, blank=True)
    sha256 = models.CharField("摘要（SHA-256）", max_length=64)
    sealed_as, sealed_columns = FORMAT, SEALED
    objects = GuardedQuerySet["PublishedCatalogue"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公布的目录"
        ordering: ClassVar = ["-since", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("public:catalogue", args=[self.number])

    def standing(self, later: PublishedCatalogue | None, on: date) -> tuple[str, str]:
        """`on` 那一日的状态和它的色调；`later` 是已公布的后一版。"""
        if not self.is_intact:
            return "与摘要不符", "bad"
        if later is not None and later.since <= on:
            return "已被替代", "neutral"
        if self.since > on:
            return f"{self.since.isoformat()} 起施行", "info"
        return (f"现行，至 {later.since.isoformat()} 被替代" if later else "现行"), "ok"
