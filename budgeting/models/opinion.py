"""会审意见、退回意见与附条件形成的待落实事项。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models

from accounts.models import Organisation, User
from budgeting.models.review import BudgetReview
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models import CaseDocument, Project, Stage


class OpinionStatus(models.TextChoices):
    PENDING = "pending", "待出具"
    AGREED = "agreed", "同意"
    CONDITIONAL = "conditional", "附条件同意"
    OPPOSED = "opposed", "有异议"
    ANSWERED = "answered", "异议已答复"
    CANCELLED = "cancelled", "已取消"


UNSETTLED_OPINIONS = (OpinionStatus.PENDING, OpinionStatus.ANSWERED, OpinionStatus.OPPOSED)
SPOKEN = frozenset({OpinionStatus.AGREED, OpinionStatus.CONDITIONAL})


OPEN_OPINIONS = (OpinionStatus.PENDING, OpinionStatus.ANSWERED)


class OpinionQuerySet(GuardedQuerySet["Opinion"]):
    def in_turn(self) -> OpinionQuerySet:
        """轮到出具的：本轮在它之前的各环节都已出具。"""
        earlier = Opinion.objects.filter(
            review=models.OuterRef("review"),
            step__lt=models.OuterRef("step"),
            status__in=UNSETTLED_OPINIONS,
        )
        return self.exclude(models.Exists(earlier))

    def with_turn(self) -> models.QuerySet[Any]:
        """附 `turn_on`：前一环节最后一份意见的日子；第一个环节的为空。"""
        earlier = Opinion.objects.filter(
            review=models.OuterRef("review"), step__lt=models.OuterRef("step")
        )
        last = earlier.order_by(models.F("given_on").desc(nulls_last=True)).values("given_on")
        return self.annotate(turn_on=models.Subquery(last[:1]))


@recorded()
class Opinion(CaseDocument):
    """一个会审机构在一轮中的意见。"""

    review = models.ForeignKey(
        BudgetReview, models.PROTECT, verbose_name="会审", related_name="opinions"
    )
    reviewer = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="会审机构", related_name="+"
    )
    position = models.PositiveSmallIntegerField("次序")
    step = models.PositiveSmallIntegerField("先后", default=1)
    step_name = models.CharField("环节名称", max_length=40, blank=True, default="")
    text = models.TextField("意见", blank=True)
    proposed_fen = models.BigIntegerField("建议金额（分）", null=True, blank=True)
    given_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="出具人", null=True, blank=True, related_name="+"
    )
    given_on = models.DateField("出具日", null=True, blank=True)
    answer_text = models.TextField("购买主体答复", blank=True)
    answered_on = models.DateField("答复日", null=True, blank=True)
    status = StateField(
        "意见", choices=OpinionStatus.choices, default=OpinionStatus.PENDING, protected=True
    )
    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "会审意见"
        ordering: ClassVar = ["review", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "reviewer"], name="one_opinion_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.reviewer.short_name}意见"

    def case(self) -> Project:
        return self.review.project

    def assignee(self) -> Organisation | None:
        return None if self.status == OpinionStatus.OPPOSED else self.reviewer

    @advances(
        *OPEN_OPINIONS,
        to=OpinionStatus.AGREED,
        permission="budgeting.give_opinion",
        rules=[
            "YB-9.2-review-open",
            "YB-9.2-opinion-in-turn",
            "YB-9.2-proposed-within-request",
        ],
        title="同意",
    )
    def agree(self, *, by: User, on: date, text: str, proposed_fen: int | None) -> None:
        self.given_by, self.given_on, self.text, self.proposed_fen = by, on, text, proposed_fen

    @advances(
        *OPEN_OPINIONS,
        to=OpinionStatus.CONDITIONAL,
        permission="budgeting.give_opinion",
        rules=[
            "YB-9.2-review-open",
            "YB-9.2-opinion-in-turn",
            "YB-9.2-condition-stated",
            "YB-9.2-proposed-within-request",
        ],
        title="附条件同意",
    )
    def agree_on_condition(
        self,
        *,
        by: User,
        on: date,
        text: str,
        proposed_fen: int | None,
        condition: str,
        due_stage: str,
    ) -> None:
        self.agree_text(text, condition, due_stage)
        self.given_by, self.given_on, self.proposed_fen = by, on, proposed_fen

    def agree_text(self, text: str, condition: str, due_stage: str) -> None:
        """The opinion as the meeting sheet prints it: text, then the condition and its stage."""
        self.text = "\n".join(
            part for part in (text, f"条件：{condition}（{Stage(due_stage).label}前落实）") if part
        )

    @advances(
        *OPEN_OPINIONS,
        to=OpinionStatus.OPPOSED,
        permission="budgeting.give_opinion",
        rules=[
            "YB-9.2-review-open",
            "YB-9.2-opinion-in-turn",
            "YB-9.2-opposition-reasoned",
        ],
        title="提出异议",
    )
    def oppose(self, *, by: User, on: date, text: str) -> None:
        self.given_by, self.given_on, self.text = by, on, text

    @advances(
        OpinionStatus.OPPOSED,
        to=OpinionStatus.ANSWERED,
        permission="budgeting.answer_opinion",
        rules=["YB-9.2-review-open"],
        title="答复异议",
    )
    def answer(self, *, text: str, on: date) -> None:
        self.answer_text, self.answered_on = text, on

    @advances(
        *OPEN_OPINIONS,
        OpinionStatus.OPPOSED,
        to=OpinionStatus.CANCELLED,
        permission="budgeting.close_review",
        title="取消意见任务",
    )
    def cancel(self) -> None:
        """本轮结束，尚未定论的意见不再等待。"""


class ObjectionStatus(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"


@recorded()
class Objection(CaseDocument):
    """退回修改时的一条编号意见；再次提交前须逐条答复。"""

    review = models.ForeignKey(
        BudgetReview, models.PROTECT, verbose_name="会审", related_name="objections"
    )
    number = models.PositiveSmallIntegerField("编号")
    text = models.TextField("退回意见")
    answer_text = models.TextField("答复", blank=True)
    answered_on = models.DateField("答复日", null=True, blank=True)
    status = StateField(
        "状态", choices=ObjectionStatus.choices, default=ObjectionStatus.OPEN, protected=True
    )
    objects = GuardedQuerySet["Objection"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "退回意见"
        ordering: ClassVar = ["review", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "number"], name="objection_number_once")
        ]

    def __str__(self) -> str:
        return f"退回意见（{self.number}）"

    def case(self) -> Project:
        return self.review.project

    @advances(
        ObjectionStatus.OPEN,
        to=ObjectionStatus.ANSWERED,
        permission="projects.answer_objection",
        rules=["YB-9.2-answer-stated"],
        title="答复退回意见",
    )
    def answer(self, *, text: str, on: date) -> None:
        self.answer_text, self.answered_on = text, on


class ObligationStatus(models.TextChoices):
    OPEN = "open", "待落实"
    EVIDENCED = "evidenced", "已提交凭据"
    FULFILLED = "fulfilled", "已落实"


@recorded()
class Obligation(CaseDocument):
    """附条件同意所形成的待落实事项：谁落实、何时之前、凭什么。"""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    opinion = models.OneToOneField(
        Opinion, models.PROTECT, verbose_name="出自意见", related_name="obligation"
    )
    text = models.TextField("条件")
    due_stage = models.CharField("须在此环节前落实", max_length=20, choices=Stage.choices)
    opened_on = models.DateField("提出日")
    evidence = models.TextField("落实凭据", blank=True)
    evidenced_on = models.DateField("提交日", null=True, blank=True)
    status = StateField(
        "状态", choices=ObligationStatus.choices, default=ObligationStatus.OPEN, protected=True
    )
    objects = GuardedQuerySet["Obligation"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待落实条件"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"条件：{self.text[:40]}"

    def case(self) -> Project:
        return self.project

    def assignee(self) -> Organisation | None:
        return self.opinion.reviewer if self.status == ObligationStatus.EVIDENCED else None

    @advances(
        ObligationStatus.OPEN,
        to=ObligationStatus.EVIDENCED,
        permission="budgeting.evidence_obligation",
        rules=["YB-9.2-evidence-stated"],
        title="提交落实凭据",
    )
    def submit_evidence(self, *, evidence: str, on: date) -> None:
        self.evidence, self.evidenced_on = evidence, on

    @advances(
        ObligationStatus.EVIDENCED,
        to=ObligationStatus.FULFILLED,
        permission="budgeting.accept_obligation",
        title="确认已落实",
    )
    def accept(self) -> None:
        """由提出条件的会审机构确认。"""

    @advances(
        ObligationStatus.EVIDENCED,
        to=ObligationStatus.OPEN,
        permission="budgeting.accept_obligation",
        title="凭据不足退回",
    )
    def send_back(self) -> None:
        """凭据不足，重新落实。"""
