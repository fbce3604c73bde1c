"""The dated parameter table."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Jurisdiction
from accounts.recording import GuardedQuerySet, recorded


@recorded()
class Parameter(models.Model):
    """参数：数额、比例、天数、清单，自某日起生效，注明条款依据。"""

    key = models.CharField("参数", max_length=80)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", null=True, blank=True, related_name="+"
    )
    value = models.JSONField("值")
    unit = models.CharField("单位", max_length=20, blank=True)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    article = models.CharField("依据", max_length=120)
    note = models.CharField("说明", max_length=300, blank=True)
    objects = GuardedQuerySet["Parameter"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参数"
        ordering: ClassVar = ["key", "since"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "jurisdiction", "since"], name="parameter_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["key", "since"],
                condition=models.Q(jurisdiction__isnull=True),
                name="general_parameter_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.key
