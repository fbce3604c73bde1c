"""使用单位对一轮云资源收集的填报（《平湖办法》第八条第（二）项、第十一条）。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, StatefulModel, advances
from projects.models.cloud import COLLECT, GOVERNED, CloudCollection, CloudPrice, overseen
from projects.models.purchaser import Purchaser

ANSWER, CONFIRM = "projects.answer_cloud", "projects.confirm_cloud"


class CloudAnswerStatus(models.TextChoices):
    PENDING = "pending", "待填报"
    FILLED = "filled", "待本单位确认"
    CONFIRMED = "confirmed", "已确认报出"
    RETURNED = "returned", "退回重报"
    LAPSED = "lapsed", "逾期未报"
    CANCELLED = "cancelled", "已作废"


TO_FILL = (CloudAnswerStatus.PENDING, CloudAnswerStatus.RETURNED, CloudAnswerStatus.FILLED)
UNCONFIRMED = TO_FILL


class CloudAnswerQuerySet(GuardedQuerySet["CloudAnswer"]):
    def visible_to(self, user: User) -> CloudAnswerQuerySet:
        """本单位的；组织收集的单位、财政、会审、审定机构和审计看全部。"""
        sight = sight_of(user)
        own = Q(purchaser__organisation__in=sight.own)
        return self.filter(own | overseen(sight, "collection__"))

    def whole(self) -> CloudAnswerQuerySet:
        return self.select_related(
            "purchaser__organisation__jurisdiction",
            "collection__organiser__organisation__jurisdiction",
            "filled_by",
            "confirmed_by",
        )


@recorded()
class CloudAnswer(StatefulModel):
    """一个使用单位对一轮收集的填报：经办人填，本单位负责人确认之后报出。

    `waiting_since` 是现在这一步自哪一日起；确认之后是确认日。
    """

    collection = models.ForeignKey(
        CloudCollection, models.PROTECT, verbose_name="收集", related_name="answers"
    )
    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="使用单位", related_name="+"
    )
    asked_on = models.DateField("通知日")
    waiting_since = models.DateField("现在一步的起日")
    is_none = models.BooleanField("不使用政务云", default=False)
    filled_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="填报人", null=True, blank=True, related_name="+"
    )
    filled_on = models.DateField("填报日", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="确认人", null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField("确认日", null=True, blank=True)
    returned_reason = models.TextField("退回的理由", blank=True)
    status = StateField(
        "状态", choices=CloudAnswerStatus.choices, default=CloudAnswerStatus.PENDING, protected=True
    )
    objects = CloudAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "云资源填报"
        ordering: ClassVar = ["collection", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "purchaser"], name="cloud_answer_once_a_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purchaser}的云资源填报"

    def get_absolute_url(self) -> str:
        return reverse("projects:cloud_answer", args=[self.pk])

    def owner(self) -> Organisation:
        return self.collection.owner()

    def assignee(self) -> Organisation:
        """填报和确认在使用单位。"""
        return self.purchaser.organisation

    def stream(self) -> str:
        return self.collection.stream()

    def governed_by(self) -> frozenset[str]:
        return GOVERNED

    @property
    def is_late(self) -> bool:
        """过了期限才确认的。"""
        due = self.collection.answers_due_on
        return self.confirmed_on is not None and self.confirmed_on > due

    @advances(
        *TO_FILL,
        to=CloudAnswerStatus.FILLED,
        permission=ANSWER,
        rules=["PH-8.2-new-resources-explained"],
        title="填报云资源",
    )
    def fill(self, *, by: User, on: date, is_none: bool, **_lines: Any) -> None:
        """经办人填好；各行另存。"""
        self.filled_by, self.filled_on, self.is_none = by, on, is_none
        self.waiting_since, self.returned_reason = on, ""

    @advances(
        CloudAnswerStatus.FILLED,
        to=CloudAnswerStatus.CONFIRMED,
        permission=CONFIRM,
        rules=["PH-11-cloud-two-hands"],
        title="确认并报出",
    )
    def confirm(self, *, by: User, on: date) -> None:
        """本单位负责人确认，报组织收集的单位。"""
        self.confirmed_by, self.confirmed_on, self.waiting_since = by, on, on

    @advances(
        CloudAnswerStatus.FILLED,
        to=CloudAnswerStatus.RETURNED,
        permission=CONFIRM,
        title="退回经办人",
    )
    def send_back(self, *, on: date, reason: str) -> None:
        self.waiting_since, self.returned_reason = on, reason

    @advances(
        CloudAnswerStatus.CONFIRMED,
        to=CloudAnswerStatus.RETURNED,
        permission=COLLECT,
        rules=["PH-8.2-collection-open"],
        title="退回使用单位",
    )
    def hand_back(self, *, on: date, reason: str) -> None:
        """组织收集的单位退回重报，写明理由；重报仍经两人。"""
        self.waiting_since, self.returned_reason = on, reason
        self.confirmed_by = self.confirmed_on = None

    @advances(*UNCONFIRMED, to=CloudAnswerStatus.LAPSED, permission=COLLECT, title="记为逾期未报")
    def lapse(self) -> None:
        """结束收集时还没有报出的，不计入汇总。"""

    @advances(
        *UNCONFIRMED,
        CloudAnswerStatus.CONFIRMED,
        to=CloudAnswerStatus.CANCELLED,
        permission=COLLECT,
        title="作废填报",
    )
    def cancel(self) -> None:
        """收集作废的，各单位的填报随之作废。"""


@recorded()
class CloudAnswerLine(models.Model):
    """一个单位一种规格：现用、其中拟退、新申请；下一年度所需是现用减拟退加新申请。"""

    answer = models.ForeignKey(
        CloudAnswer, models.PROTECT, verbose_name="填报", related_name="lines"
    )
    price = models.ForeignKey(CloudPrice, models.PROTECT, verbose_name="规格", related_name="+")
    current = models.DecimalField("现用", max_digits=8, decimal_places=2)
    released = models.DecimalField("拟退", max_digits=8, decimal_places=2)
    requested = models.DecimalField("新申请", max_digits=8, decimal_places=2)
    reason = models.CharField("用途和新申请的理由", max_length=200, blank=True)
    objects = GuardedQuerySet["CloudAnswerLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "云资源填报明细"
        ordering: ClassVar = ["answer", "price__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "price"], name="cloud_line_once"),
            models.CheckConstraint(
                condition=Q(current__gte=0, released__gte=0, requested__gte=0),
                name="cloud_quantities_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(released__lte=models.F("current")), name="cloud_released_of_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} {self.price}"

    @property
    def needed(self) -> Decimal:
        """下一年度所需的数量。"""
        return self.current - self.released + self.requested
