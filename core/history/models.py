"""Tables of the history log. Nobody outside `core` imports this module (import contract)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.recording import uncovered


class EventKind(models.TextChoices):
    ACT = "act", "办理"
    CHANGE = "change", "变更"
    REFUSED = "refusal", "未通过"
    SEAL = "seal", "封存"


class HistoryEvent(models.Model):
    """One leaf of the log. `body` is the canonical text; other columns repeat it for queries."""

    seq = models.BigIntegerField("序号", primary_key=True)
    kind = models.CharField("类别", max_length=10, choices=EventKind.choices)
    act = models.CharField("事项", max_length=80)
    stream = models.CharField("案卷", max_length=80, db_index=True)
    subject = models.CharField("对象", max_length=80, db_index=True)
    actor_id = models.BigIntegerField("办理人", null=True)
    effective_on = models.DateField("生效日")
    recorded_at = models.DateTimeField("记录时间")
    body = models.TextField("正文")
    leaf_sha256 = models.CharField("SHA-256 叶", max_length=64)
    leaf_sm3 = models.CharField("SM3 叶", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "历史事件"
        ordering: ClassVar = ["seq"]
        indexes: ClassVar = [
            models.Index(
                fields=["stream", "kind"],
                name="history_told_apart",
                condition=models.Q(kind__in=[EventKind.REFUSED, EventKind.SEAL]),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.seq} {self.act}"


class PersonalValue(models.Model):
    """Salt and value behind one salted digest of the log; erasable without breaking the tree."""

    event_seq = models.BigIntegerField("事件序号")
    path = models.CharField("字段", max_length=120)
    salt = models.CharField("盐", max_length=64)
    value = models.TextField("值", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "个人字段"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event_seq", "path"], name="personal_value_once")
        ]

    def __str__(self) -> str:
        return f"#{self.event_seq} {self.path}"


class Checkpoint(models.Model):
    """A signed tree head: whoever holds it can prove later that nothing before it was altered."""

    size = models.BigIntegerField("叶数", primary_key=True)
    root_sha256 = models.CharField("SHA-256 根", max_length=64)
    root_sm3 = models.CharField("SM3 根", max_length=64)
    signed_at = models.DateTimeField("签署时间")
    note = models.TextField("签名文本")

    class Meta:
        verbose_name = verbose_name_plural = "检查点"
        ordering: ClassVar = ["size"]

    def __str__(self) -> str:
        return f"检查点 {self.size}"


class RequestKey(models.Model):
    """One click, one effect: what a request key already did."""

    key = models.CharField("请求键", max_length=64, primary_key=True)
    actor_id = models.BigIntegerField("办理人")
    act = models.CharField("事项", max_length=80)
    digest = models.CharField("内容摘要", max_length=64)
    result = models.CharField("结果对象", max_length=80, blank=True)
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "请求键"

    def __str__(self) -> str:
        return self.key


uncovered("core_personalvalue", "个人字段的盐与值须可依法删除；其摘要在日志叶内，核验时逐一比对")
uncovered("core_requestkey", "防重复提交的请求键，三十日后可清理；其效果另有事件")
