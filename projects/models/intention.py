"""采购意向清单：财政部门收下，逐条判断可不可以入计划，由人确认或改判，写入各单位的年度计划。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Jurisdiction, Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, StatefulModel, advances
from projects.models.catalogue import AnnualPlan
from projects.models.purchaser import Purchaser

SCREEN = "projects.screen_intentions"
GOVERNED = frozenset({"YB"})


class IntentionListStatus(models.TextChoices):
    OPEN = "open", "待确认"
    CONFIRMED = "confirmed", "已写入计划"
    DISCARDED = "discarded", "已作废"


class IntentionListQuerySet(GuardedQuerySet["IntentionList"]):
    def visible_to(self, user: User) -> IntentionListQuerySet:
        """收下它的财政部门，和本辖区的审计。"""
        sight = sight_of(user)
        own = {r.organisation_id for r in user.active_roles() if r.is_review_role}
        return self.filter(Q(bureau__in=own) | Q(bureau__jurisdiction__in=sight.audited))

    def whole(self) -> IntentionListQuerySet:
        return self.select_related("bureau__jurisdiction", "received_by", "confirmed_by")


@recorded()
class IntentionList(StatefulModel):
    """一份采购意向清单的一次导入；文件是它的附件。"""

    bureau = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="财政部门", related_name="+"
    )
    name = models.CharField("文件名", max_length=200)
    received_by = models.ForeignKey(User, models.PROTECT, verbose_name="上传人", related_name="+")
    received_on = models.DateField("上传日")
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="确认人", null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField("确认日", null=True, blank=True)
    status = StateField(
        "状态",
        choices=IntentionListStatus.choices,
        default=IntentionListStatus.OPEN,
        protected=True,
    )
    objects = IntentionListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "意向清单"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"意向清单 {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("projects:intentions", args=[self.pk])

    def owner(self) -> Organisation:
        return self.bureau

    def assignee(self) -> Organisation:
        return self.bureau

    def stream(self) -> str:
        return f"projects.intentionlist:{self.pk}"

    def governed_by(self) -> frozenset[str]:
        return GOVERNED

    @advances(IntentionListStatus.OPEN, to=STAYS, permission=SCREEN, title="改定一条意向")
    def decide(self, **_values: object) -> None:
        """人工复核一条，或改判一条，写明理由。"""

    @advances(
        IntentionListStatus.OPEN,
        to=IntentionListStatus.CONFIRMED,
        permission=SCREEN,
        rules=["YB-9.1-intentions-decided", "YB-9.1-intentions-placed"],
        title="确认并写入计划",
    )
    def confirm(self, *, by: User, on: date) -> None:
        """可入计划的各条写入各单位的年度计划，待经办人填报。"""
        self.confirmed_by, self.confirmed_on = by, on

    @advances(
        IntentionListStatus.OPEN,
        to=IntentionListStatus.DISCARDED,
        permission=SCREEN,
        title="作废清单",
    )
    def discard(self) -> None:
        """理由入历史；没有写入任何计划。"""


class IntentionOutcome(models.TextChoices):
    ACCEPT = "accept", "可入计划"
    REVIEW = "review", "需人工复核"
    REFUSE = "refuse", "不予受理"
    KNOWN = "known", "已在计划，不重复写入"


class ListedIntentionQuerySet(GuardedQuerySet["ListedIntention"]):
    def planned(self) -> ListedIntentionQuerySet:
        """已经写入计划的。"""
        return self.filter(plan__isnull=False)

    def certain(self) -> ListedIntentionQuerySet:
        """规则判得准（可入计划或者不予受理）而还没有人确认过的。"""
        sure = (IntentionOutcome.ACCEPT, IntentionOutcome.REFUSE)
        return self.filter(judged__in=sure, decided_by__isnull=True)


@recorded()
class ListedIntention(models.Model):
    """清单中的一条：照录的各栏、判断的结论和依据、人的决定、写入的计划。金额为分。"""

    intentions = models.ForeignKey(
        IntentionList, models.PROTECT, verbose_name="清单", related_name="rows"
    )
    line = models.PositiveIntegerField("行号")
    unit = models.CharField("采购单位", max_length=200)
    name = models.CharField("采购项目名称", max_length=200)
    summary = models.TextField("采购需求概况", blank=True)
    published_on = models.DateField("发布日", null=True, blank=True)
    month = models.DateField("预计采购月（首日）", null=True, blank=True)
    amount_fen = models.BigIntegerField("预算金额（分）", null=True, blank=True)
    small_firms = models.CharField("面向中小企业", max_length=20, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    missing = models.JSONField("空着的栏", default=list)
    unreadable = models.JSONField("读不懂的栏", default=list)
    duplicate_of = models.PositiveIntegerField("与第几行重复", default=0)
    alike_count = models.PositiveIntegerField("同单位同名称的条数", default=1)
    alike_fen = models.BigIntegerField("同单位同名称合计（分）", default=0)
    alike_least_fen = models.BigIntegerField("其中最小的一条（分）", default=0)
    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="购买主体", null=True, blank=True, related_name="+"
    )
    kind = models.CharField("第七条种类", max_length=60, blank=True)
    judged = models.CharField("判断", max_length=10, choices=IntentionOutcome.choices)
    grounds = models.JSONField("依据", default=list)
    marks = models.TextField("依据的规则编号", blank=True)
    outcome = models.CharField("结论", max_length=10, choices=IntentionOutcome.choices)
    decided_reason = models.CharField("改定的理由", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="改定人", null=True, blank=True, related_name="+"
    )
    plan = models.ForeignKey(
        AnnualPlan,
        models.PROTECT,
        verbose_name="写入的计划",
        null=True,
        blank=True,
        related_name="+",
    )
    objects = ListedIntentionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "意向清单条目"
        ordering: ClassVar = ["line"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["intentions", "line"], name="intention_line_once"),
            models.UniqueConstraint(
                fields=["plan", "name"],
                condition=Q(plan__isnull=False),
                name="intention_once_in_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.line} 行 {self.name}"

    def jurisdiction(self) -> Jurisdiction:
        return self.intentions.bureau.jurisdiction

    def governed_by(self) -> frozenset[str]:
        return GOVERNED

    def binding_days(self) -> dict[str, date]:
        return {}

    @property
    def year(self) -> int:
        """要列入的年度；读不出预计采购月的为 0。"""
        return self.month.year if self.month else 0

    @property
    def is_decided(self) -> bool:
        """有人确认、复核过或者改判过。"""
        return self.decided_by_id is not None

    @property
    def decision_label(self) -> str:
        """人做的是什么：确认判断、复核拿不准的，还是改判。"""
        if self.outcome == self.judged:
            return "确认"
        return "复核" if self.judged == IntentionOutcome.REVIEW else "改判"
