"""资金台账：控制数、分配与只增不改的分录；金额一律为整数分。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.money import format_yuan
from projects.models import FundSource, Project, Purchaser


class CeilingQuerySet(GuardedQuerySet["Ceiling"]):
    def visible_to(self, user: User) -> CeilingQuerySet:
        sight = sight_of(user)
        return self.filter(
            Q(purchaser__organisation__in=sight.own)
            | Q(purchaser__organisation__jurisdiction__in=sight.reviewed | sight.audited)
        )


@recorded()
class Ceiling(models.Model):
    """控制数：购买主体某年度某资金来源的上限。可用 = 控制数 − 已分配，不得为负。

    控制数 = 财政下达 + 上年结转，先后不论；只有结转、财政还没有下达的，没有下达日期。
    """

    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="购买主体", related_name="+"
    )
    year = models.PositiveSmallIntegerField("年度")
    fund = models.ForeignKey(FundSource, models.PROTECT, verbose_name="资金来源", related_name="+")
    amount_fen = models.BigIntegerField("控制数（分）")
    carried_in_fen = models.BigIntegerField("其中上年结转（分）", default=0)
    allocated_fen = models.BigIntegerField("已分配（分）", default=0)
    set_on = models.DateField("下达日期", null=True, blank=True)
    number = models.CharField("下达文号", max_length=80, blank=True)
    version = models.PositiveIntegerField("版次", default=1)
    objects = CeilingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "控制数"
        ordering: ClassVar = ["-year", "purchaser", "fund"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["purchaser", "year", "fund"], name="one_ceiling_a_year_and_fund"
            ),
            models.CheckConstraint(
                condition=Q(allocated_fen__gte=0, allocated_fen__lte=F("amount_fen")),
                name="never_above_ceiling",
            ),
            models.CheckConstraint(
                condition=Q(carried_in_fen__gte=0, carried_in_fen__lte=F("amount_fen")),
                name="carried_within_ceiling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purchaser} {self.year} {self.fund}"

    @property
    def granted_fen(self) -> int:
        """财政下达的部分（分）。"""
        return self.amount_fen - self.carried_in_fen


def available(ceiling: Ceiling) -> int:
    """控制数的可用余额（分）：控制数减已分配。全系统只此一处计算。"""
    return ceiling.amount_fen - ceiling.allocated_fen


# 同一条在数据库里的写法，用于成批合计。
AVAILABLE = F("amount_fen") - F("allocated_fen")


@recorded()
class Allocation(models.Model):
    """分配：某项目某年度某资金来源的批复数，分为互不重叠的各桶。

    可用 = 批复 − 预留 − 承诺 − 已付 − 已释放 − 已结转，不得为负。
    """

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    ceiling = models.ForeignKey(
        Ceiling, models.PROTECT, verbose_name="控制数", related_name="allocations"
    )
    approved_fen = models.BigIntegerField("批复（分）", default=0)
    reserved_fen = models.BigIntegerField("预留（分）", default=0)
    committed_fen = models.BigIntegerField("承诺（分）", default=0)
    paid_fen = models.BigIntegerField("已付（分）", default=0)
    released_fen = models.BigIntegerField("已释放（分）", default=0)
    carried_fen = models.BigIntegerField("已结转下年（分）", default=0)
    version = models.PositiveIntegerField("版次", default=1)
    objects = GuardedQuerySet["Allocation"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金分配"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "ceiling"], name="allocation_once"),
            models.CheckConstraint(
                condition=Q(
                    reserved_fen__gte=0,
                    committed_fen__gte=0,
                    paid_fen__gte=0,
                    released_fen__gte=0,
                    carried_fen__gte=0,
                    approved_fen__gte=F("reserved_fen")
                    + F("committed_fen")
                    + F("paid_fen")
                    + F("released_fen")
                    + F("carried_fen"),
                ),
                name="never_above_allocation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}：{self.ceiling.fund}"


# 批复以外的各桶：互不重叠，合计不超过批复。
TAKEN = ("reserved_fen", "committed_fen", "paid_fen", "released_fen", "carried_fen")


def unreserved(allocation: Allocation) -> int:
    """分配中尚未动用的金额（分）：批复减其余各桶。全系统只此一处计算。"""
    return allocation.approved_fen - sum(int(getattr(allocation, name)) for name in TAKEN)


# 同一条在数据库里的写法，用于成批合计。
UNRESERVED = F("approved_fen") - sum((F(name) for name in TAKEN[1:]), F(TAKEN[0]))


class EntryKind(models.TextChoices):
    APPROVE = "approve", "批复"
    RESERVE = "reserve", "预留"
    RELEASE = "release", "释放预留"
    COMMIT = "commit", "承诺"
    PAY = "pay", "支付"
    DECOMMIT = "decommit", "释放承诺"
    REFUND = "refund", "退回"
    CARRY_OUT = "carry_out", "结转下年"
    CARRY_IN = "carry_in", "上年结转"
    INCREASE = "increase", "追加"
    DECREASE = "decrease", "调减"
    MOVE_OUT = "move_out", "调剂调出"
    MOVE_IN = "move_in", "调剂调入"
    RECLAIM = "reclaim", "年末收回"
    FUND_OUT = "fund_out", "资金调剂调出"
    FUND_IN = "fund_in", "资金调剂调入"
    CUT = "cut", "核减"


# 每个桶由哪些分录加减而成。
BUCKETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "approved_fen": (
        (
            EntryKind.APPROVE,
            EntryKind.CARRY_IN,
            EntryKind.INCREASE,
            EntryKind.MOVE_IN,
            EntryKind.FUND_IN,
        ),
        (
            EntryKind.DECREASE,
            EntryKind.RECLAIM,
            EntryKind.MOVE_OUT,
            EntryKind.FUND_OUT,
            EntryKind.CUT,
        ),
    ),
    "reserved_fen": (
        (EntryKind.RESERVE, EntryKind.FUND_IN),
        (EntryKind.RELEASE, EntryKind.COMMIT, EntryKind.FUND_OUT, EntryKind.CUT),
    ),
    "committed_fen": (
        (EntryKind.COMMIT, EntryKind.CARRY_IN),
        (EntryKind.PAY, EntryKind.DECOMMIT, EntryKind.CARRY_OUT),
    ),
    "paid_fen": ((EntryKind.PAY,), (EntryKind.REFUND,)),
    "released_fen": ((EntryKind.RELEASE, EntryKind.DECOMMIT, EntryKind.REFUND), ()),
    "carried_fen": ((EntryKind.CARRY_OUT,), ()),
}


@recorded(append_only=True)
class LedgerEntry(models.Model):
    """台账分录：只增不改，更正另记分录。"""

    allocation = models.ForeignKey(
        Allocation, models.PROTECT, verbose_name="资金分配", related_name="entries"
    )
    kind = models.CharField("种类", max_length=10, choices=EntryKind.choices)
    amount_fen = models.BigIntegerField("金额（分）")
    effective_on = models.DateField("日期")
    document = models.CharField("依据", max_length=80)
    objects = GuardedQuerySet["LedgerEntry"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账分录"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="entry_amount_positive")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {format_yuan(self.amount_fen)} 元"
