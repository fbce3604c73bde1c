"""年终结账：一个购买主体一项资金一个年度结清之后封账，此后这一年度的这项资金不再过账。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import User
from budgeting.models.ledger import Ceiling
from core.history import GuardedQuerySet, recorded


@recorded(append_only=True)
class YearClosing(models.Model):
    """某控制数（购买主体、年度、资金来源）已经结账；结账时的各数（分）一并记下。"""

    ceiling = models.OneToOneField(
        Ceiling, models.PROTECT, verbose_name="控制数", related_name="closing"
    )
    closed_on = models.DateField("结账日")
    closed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="办理人", null=True, related_name="+"
    )
    approved_fen = models.BigIntegerField("批复（分）", default=0)
    paid_fen = models.BigIntegerField("已付（分）", default=0)
    carried_fen = models.BigIntegerField("结转下年（分）", default=0)
    returned_fen = models.BigIntegerField("未分配，收回总预算（分）", default=0)
    objects = GuardedQuerySet["YearClosing"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年终结账"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.ceiling} 已结账"
