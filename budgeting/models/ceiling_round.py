"""控制数的编报：一上、一下、二上、二下各是一份文件，只增不改；同一轮次以最后一份为准。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.money import format_yuan
from projects.models import FundSource, Purchaser


class Round(models.TextChoices):
    """预算编制的轮次：“上”由购买主体编报，“下”由财政部门下达；二下之后的改动是年中调整。"""

    FIRST_UP = "first_up", "一上"
    FIRST_DOWN = "first_down", "一下"
    SECOND_UP = "second_up", "二上"
    SECOND_DOWN = "second_down", "二下"
    ADJUSTED = "adjusted", "年中调整"


ROUNDS = tuple(Round)
UP = (Round.FIRST_UP, Round.SECOND_UP)
# 财政部门定的数：最后一份即是现行的控制数。
DOWN = (Round.FIRST_DOWN, Round.SECOND_DOWN, Round.ADJUSTED)


class CeilingRoundQuerySet(GuardedQuerySet["CeilingRound"]):
    def visible_to(self, user: User) -> CeilingRoundQuerySet:
        sight = sight_of(user)
        return self.filter(
            Q(purchaser__organisation__in=sight.own)
            | Q(purchaser__organisation__jurisdiction__in=sight.reviewed | sight.audited)
        )

    def of(self, purchaser: Purchaser, year: int) -> CeilingRoundQuerySet:
        return self.filter(purchaser=purchaser, year=year).order_by("pk")


@recorded(append_only=True)
class CeilingRound(models.Model):
    """购买主体某年度某资金来源在一个轮次的数（分，不含上年结转）。

    `filed_fen` 是编报当时该资金来源已填报项目的合计，供比对；“下”的一份有文号。
    """

    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="购买主体", related_name="+"
    )
    year = models.PositiveSmallIntegerField("年度")
    fund = models.ForeignKey(FundSource, models.PROTECT, verbose_name="资金来源", related_name="+")
    round = models.CharField("轮次", max_length=12, choices=Round.choices)
    amount_fen = models.BigIntegerField("金额（分）")
    filed_fen = models.BigIntegerField("当时已填报的项目合计（分）", null=True, blank=True)
    stated_on = models.DateField("日期")
    number = models.CharField("文号", max_length=80, blank=True)
    note = models.TextField("说明", blank=True)
    stated_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="办理人", null=True, related_name="+"
    )
    objects = CeilingRoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "控制数编报"
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["year", "purchaser"], name="round_of_a_year")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="round_not_negative"),
            models.CheckConstraint(
                condition=Q(round__in=UP) | ~Q(number=""), name="round_down_is_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_round_display()} {format_yuan(self.amount_fen)} 元"
