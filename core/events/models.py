"""The outbox: what later apps and outsiders still have to hear about."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.recording import uncovered


class OutboxQuerySet(models.QuerySet["OutboxEvent"]):
    def undone(self) -> OutboxQuerySet:
        return self.filter(done_at__isnull=True)

    def deliverable(self, at: datetime) -> OutboxQuerySet:
        """Undone, due, not given up, and the oldest undone of their case file."""
        older = OutboxEvent.objects.undone().filter(
            stream=OuterRef("stream"), seq__lt=OuterRef("seq")
        )
        return (
            self.undone()
            .filter(Q(retry_at__isnull=True) | Q(retry_at__lte=at), is_dead=False)
            .filter(~Exists(older))
            .order_by("seq")
        )


class OutboxEvent(models.Model):
    """One announced event of the log, delivered at least once, in order per case file."""

    seq = models.BigIntegerField("历史序号", primary_key=True)
    name = models.CharField("事件", max_length=80)
    stream = models.CharField("案卷", max_length=80, db_index=True)
    subject = models.CharField("对象", max_length=80)
    effective_on = models.DateField("生效日")
    payload = models.JSONField("内容", default=dict)
    done_at = models.DateTimeField("送达时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    retry_at = models.DateTimeField("下次重试", null=True, blank=True)
    is_dead = models.BooleanField("已放弃", default=False)
    last_error = models.CharField("最近错误", max_length=500, blank=True)
    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待送事件"
        ordering: ClassVar = ["seq"]
        indexes: ClassVar = [
            models.Index(
                fields=["stream", "seq"], name="outbox_undone", condition=Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.seq}"


class Delivery(models.Model):
    """Which consumer has had which event: the inbox side of exactly-once effects."""

    event = models.ForeignKey(
        OutboxEvent, models.CASCADE, verbose_name="事件", related_name="deliveries"
    )
    consumer = models.CharField("处理者", max_length=120)
    delivered_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "送达记录"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consumer", "event"], name="delivered_once")
        ]

    def __str__(self) -> str:
        return f"{self.consumer} ← #{self.event_id}"


uncovered("core_outboxevent", "送达状态随投递变化；每条须对应日志中声明的事件，核验时逐条清点")
uncovered("core_delivery", "送达去重记录，其效果各有自己的历史事件")
