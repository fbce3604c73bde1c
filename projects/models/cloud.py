"""政务云资源收集：一轮收集和它的价格表（《平湖办法》第七条、第八条第（二）项）。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import Sight, sight_of
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, StatefulModel, advances
from projects.models.purchaser import Purchaser

COLLECT = "projects.collect_cloud"
GOVERNED = frozenset({"PH"})


class CloudCategory(models.TextChoices):
    """《平湖办法》第七条第（二）项所列三类云资源。"""

    PRIVATE = "private", "政务云（私有云）"
    PUBLIC = "public", "政务云（公有云）"
    DOMESTIC = "domestic", "政务云信创区云资源服务器"


class CollectionStatus(models.TextChoices):
    OPEN = "open", "收集中"
    CLOSED = "closed", "已汇总"
    SUPERSEDED = "superseded", "被新一轮替代"
    ABANDONED = "abandoned", "已作废"


class CloudCollectionQuerySet(GuardedQuerySet["CloudCollection"]):
    def visible_to(self, user: User) -> CloudCollectionQuerySet:
        """组织收集的单位、被收集的单位，本辖区的财政、会审、审定机构和审计。"""
        sight = sight_of(user)
        asked = CloudCollection.objects.filter(answers__purchaser__organisation__in=sight.own)
        return self.filter(overseen(sight) | Q(pk__in=asked.values("pk")))

    def overseen_by(self, user: User) -> CloudCollectionQuerySet:
        """看得见全部填报的：不含只是被收集的单位。"""
        return self.filter(overseen(sight_of(user)))

    def whole(self) -> CloudCollectionQuerySet:
        return self.select_related("organiser__organisation__jurisdiction", "opened_by")


def overseen(sight: Sight, prefix: str = "") -> Q:
    """组织收集的单位、财政、会审、审定机构和审计所见；`prefix` 是到收集的路径。"""
    place = f"{prefix}organiser__organisation"
    return Q(**{f"{place}__in": sight.own}) | Q(
        **{f"{place}__jurisdiction__in": sight.reviewed | sight.audited}
    )


@recorded()
class CloudCollection(StatefulModel):
    """为下一年度的政务云费用，向各使用单位收集现用和新申请的云资源；一个年度可有若干轮。

    `total_fen` 是汇总时各单位所需资源的金额合计（分），汇总之前为空。
    """

    organiser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="组织单位", related_name="+"
    )
    year = models.PositiveSmallIntegerField("年度")
    round_number = models.PositiveSmallIntegerField("轮次")
    opened_by = models.ForeignKey(User, models.PROTECT, verbose_name="发起人", related_name="+")
    opened_on = models.DateField("发起日")
    answers_due_on = models.DateField("填报期限")
    note = models.TextField("填报说明", blank=True)
    closed_on = models.DateField("汇总日", null=True, blank=True)
    total_fen = models.BigIntegerField("汇总金额（分）", null=True, blank=True)
    status = StateField(
        "状态", choices=CollectionStatus.choices, default=CollectionStatus.OPEN, protected=True
    )
    objects = CloudCollectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "云资源收集"
        ordering: ClassVar = ["-year", "-round_number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organiser", "year", "round_number"], name="cloud_round_once_a_year"
            ),
            models.UniqueConstraint(
                fields=["organiser", "year"],
                condition=Q(status="open"),
                name="one_open_cloud_collection",
            ),
            models.UniqueConstraint(
                fields=["organiser", "year"],
                condition=Q(status="closed"),
                name="one_closed_cloud_collection",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年度政务云资源收集（第 {self.round_number} 轮）"

    def get_absolute_url(self) -> str:
        return reverse("projects:cloud", args=[self.pk])

    def owner(self) -> Organisation:
        return self.organiser.organisation

    def assignee(self) -> Organisation:
        return self.organiser.organisation

    def stream(self) -> str:
        return f"projects.cloudcollection:{self.pk}"

    def governed_by(self) -> frozenset[str]:
        return GOVERNED

    @advances(
        CollectionStatus.OPEN,
        to=CollectionStatus.CLOSED,
        permission=COLLECT,
        rules=["PH-8.2-answers-gathered"],
        title="结束收集并汇总",
    )
    def close(self, *, on: date, total_fen: int) -> None:
        """此后数量不再变动；要改的，另起一轮。"""
        self.closed_on = on
        self.total_fen = total_fen

    @advances(
        CollectionStatus.CLOSED,
        to=CollectionStatus.SUPERSEDED,
        permission=COLLECT,
        title="被新一轮替代",
    )
    def supersede(self) -> None:
        """同一年度的新一轮汇总时随之办理。"""

    @advances(
        CollectionStatus.OPEN,
        to=CollectionStatus.ABANDONED,
        permission=COLLECT,
        title="作废收集",
    )
    def abandon(self) -> None:
        """价格表、单位名单有误的作废重来；理由入历史。"""


@recorded()
class CloudPrice(models.Model):
    """价格表的一行：一种规格一年的单价（分）、价格的来源和日期。"""

    collection = models.ForeignKey(
        CloudCollection, models.PROTECT, verbose_name="收集", related_name="prices"
    )
    position = models.PositiveSmallIntegerField("序号")
    code = models.CharField("规格编号", max_length=20)
    category = models.CharField("类别", max_length=10, choices=CloudCategory.choices)
    specification = models.CharField("规格", max_length=60)
    unit = models.CharField("单位", max_length=20)
    price_fen = models.BigIntegerField("年单价（分）")
    source = models.CharField("价格来源", max_length=120)
    priced_on = models.DateField("价格日期")
    objects = GuardedQuerySet["CloudPrice"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "云资源价格"
        ordering: ClassVar = ["collection", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "code"], name="cloud_code_once"),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="cloud_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.specification}"

    @property
    def line_name(self) -> str:
        """测算明细里的内容。"""
        return f"{self.get_category_display()}：{self.specification}（{self.code}）"
