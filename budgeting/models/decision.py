"""审定与批复：先有审定结论，后有批复文号。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, StatefulModel, advances
from projects.models import Project, Purchaser

BOTH = frozenset({"YB", "PH"})


class DecisionStatus(models.TextChoices):
    DRAFT = "draft", "待登记"
    RECORDED = "recorded", "已登记"
    DISCARDED = "discarded", "已作废"


class DecisionQuerySet(GuardedQuerySet["Decision"]):
    def in_jurisdictions_of(self, user: User) -> DecisionQuerySet:
        """本辖区财政、会审、审定机构与审计机关。"""
        sight = sight_of(user)
        return self.filter(body__jurisdiction__in=sight.reviewed | sight.audited)

    def visible_to(self, user: User) -> DecisionQuerySet:
        sight = sight_of(user)
        return self.filter(
            Q(body__jurisdiction__in=sight.reviewed | sight.audited)
            | Q(
                status=DecisionStatus.RECORDED,
                lines__project__purchaser__organisation__in=sight.own,
            )
        ).distinct()


@recorded()
class Decision(StatefulModel):
    """审定：某决策机构某次会议对若干项目的结论（《渝北办法》第九条第（二）项、第十一条）。"""

    body = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="审定机构", related_name="+"
    )
    meeting = models.CharField("会议", max_length=120)
    decided_on = models.DateField("审定日期")
    number = models.CharField("文号", max_length=80, blank=True)
    status = StateField(
        "状态", choices=DecisionStatus.choices, default=DecisionStatus.DRAFT, protected=True
    )
    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审定"
        ordering: ClassVar = ["-decided_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.body.short_name}{self.meeting}"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:decision", args=[self.pk])

    def owner(self) -> Organisation:
        return self.body

    def assignee(self) -> Organisation | None:
        """只由该决策机构自己的秘书（财政部门的审定由财政审核人）拟登和登记。"""
        return self.body

    def stream(self) -> str:
        return f"budgeting.decision:{self.pk}"

    def governed_by(self) -> frozenset[str]:
        return BOTH

    @advances(
        DecisionStatus.DRAFT,
        to=DecisionStatus.RECORDED,
        permission="budgeting.record_decision",
        rules=[
            "YB-9.2-decision-after-review",
            "YB-9.2-decision-evidenced",
            "YB-9.2-decided-within-request",
            "YB-11-decided-in-turn",
            "PH-16-term-in-force",
        ],
        title="登记审定",
    )
    def record(self) -> None:
        """登记之后不改；有误另行登记更正的审定。"""

    @advances(
        DecisionStatus.DRAFT,
        to=DecisionStatus.DISCARDED,
        permission="budgeting.record_decision",
        title="作废草稿",
    )
    def discard(self) -> None:
        """拟错的草稿作废，另行拟登；从未有过效力。"""


class DecisionOutcome(models.TextChoices):
    APPROVE = "approve", "同意"
    REJECT = "reject", "不予批准"


@recorded()
class DecisionLine(models.Model):
    """审定结论中的一个项目。"""

    decision = models.ForeignKey(
        Decision, models.PROTECT, verbose_name="审定", related_name="lines"
    )
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    round_number = models.PositiveSmallIntegerField("申报轮次")
    outcome = models.CharField("结论", max_length=10, choices=DecisionOutcome.choices)
    approved_fen = models.BigIntegerField("审定金额（分）", default=0)
    objects = GuardedQuerySet["DecisionLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审定项目"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "project"], name="decided_once"),
            models.CheckConstraint(condition=Q(approved_fen__gte=0), name="decided_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.decision}：{self.project}"


class ReplyStatus(models.TextChoices):
    DRAFT = "draft", "拟制中"
    ISSUED = "issued", "已签发"
    DISCARDED = "discarded", "已作废"


class BudgetReplyQuerySet(GuardedQuerySet["BudgetReply"]):
    def visible_to(self, user: User) -> BudgetReplyQuerySet:
        sight = sight_of(user)
        return self.filter(
            Q(purchaser__organisation__jurisdiction__in=sight.reviewed | sight.audited)
            | Q(status=ReplyStatus.ISSUED, purchaser__organisation__in=sight.own)
        )


@recorded()
class BudgetReply(StatefulModel):
    """批复：财政部门对一个购买主体若干项目的一份批复，附项目清单。"""

    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="购买主体", related_name="+"
    )
    bureau = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="批复机关", related_name="+"
    )
    year = models.PositiveSmallIntegerField("预算年度")
    # 0: issued or drawn up before replies were counted.
    round_number = models.PositiveSmallIntegerField("批次", default=0)
    prepared_on = models.DateField("拟制日期")
    number = models.CharField("文号", max_length=80, blank=True)
    issued_on = models.DateField("签发日期", null=True, blank=True)
    status = StateField(
        "状态", choices=ReplyStatus.choices, default=ReplyStatus.DRAFT, protected=True
    )
    objects = BudgetReplyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预算批复"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bureau", "number"], condition=~Q(number=""), name="reply_number_once"
            ),
            models.UniqueConstraint(
                fields=["purchaser", "year", "round_number"],
                condition=Q(round_number__gt=0) & ~Q(status=ReplyStatus.DISCARDED),
                name="reply_once_a_round",
            ),
        ]

    def __str__(self) -> str:
        batch = f"第 {self.round_number} 批" if self.round_number else ""
        return self.number or f"{self.purchaser} {self.year} 年度{batch}批复（拟制中）"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:reply", args=[self.pk])

    def owner(self) -> Organisation:
        return self.purchaser.organisation

    def stream(self) -> str:
        return f"budgeting.budgetreply:{self.pk}"

    def governed_by(self) -> frozenset[str]:
        return BOTH

    @advances(
        ReplyStatus.DRAFT,
        to=ReplyStatus.ISSUED,
        permission="budgeting.issue_reply",
        rules=["YB-9.2-reply-has-lines", "YB-9.2-decision-recorded"],
        title="签发批复",
    )
    def issue(self, *, number: str, on: date) -> None:
        self.number, self.issued_on = number, on

    @advances(
        ReplyStatus.DRAFT,
        to=ReplyStatus.DISCARDED,
        permission="budgeting.prepare_reply",
        title="作废草稿",
    )
    def discard(self) -> None:
        """拟错的草稿作废，另行拟制；从未取号，也没有动用资金。"""


@recorded()
class ReplyLine(models.Model):
    """批复所列的一个项目与批复金额。"""

    reply = models.ForeignKey(
        BudgetReply, models.PROTECT, verbose_name="批复", related_name="lines"
    )
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    approved_fen = models.BigIntegerField("批复金额（分）")
    objects = GuardedQuerySet["ReplyLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批复项目"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reply", "project"], name="replied_once"),
            models.CheckConstraint(condition=Q(approved_fen__gt=0), name="reply_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.reply}：{self.project}"
