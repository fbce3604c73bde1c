"""补助：分配、分次拨付、支出报告、退回（《平湖办法》第七条第（四）项）。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from projects.models import CaseDocument, ExpenseKind, Project


class ShareStatus(models.TextChoices):
    ALLOTTED = "allotted", "已分配"
    SETTLED = "settled", "已结清"


class ReportStatus(models.TextChoices):
    SUBMITTED = "submitted", "待核对"
    ACCEPTED = "accepted", "已核对"
    RETURNED = "returned", "已退回"


LIVE_REPORTS = (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)


class SubsidyShareQuerySet(GuardedQuerySet["SubsidyShare"]):
    def visible_to(self, user: User) -> SubsidyShareQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_case(self) -> SubsidyShareQuerySet:
        return self.select_related(
            "project__purchaser__organisation__jurisdiction", "project__officer"
        )

    def with_sums(self) -> SubsidyShareQuerySet:
        """附各项合计（分）：已拨、退回、已报支出（含待核对）、已核对支出。"""
        lines = SpendingLine.objects.filter(report__share=OuterRef("pk"))
        live = lines.filter(report__status__in=LIVE_REPORTS)
        accepted = lines.filter(report__status=ReportStatus.ACCEPTED)
        return self.annotate(
            released_fen=_total(SubsidyRelease.objects.filter(share=OuterRef("pk")), "share"),
            returned_fen=_total(SubsidyReturn.objects.filter(share=OuterRef("pk")), "share"),
            reported_fen=_total(live, "report__share"),
            accepted_fen=_total(accepted, "report__share"),
        )


def _total(rows: models.QuerySet[Any], share: str) -> Coalesce:
    """一份分配名下各行金额的合计（分）；没有的为 0。"""
    sums = rows.order_by().values(share).annotate(total=Sum("amount_fen"))
    return Coalesce(Subquery(sums.values("total")), 0, output_field=models.BigIntegerField())


@recorded()
class SubsidyShare(CaseDocument):
    """分给一个镇街道便民服务中心的补助；分次拨付，报告支出，余款退回，最后结清。"""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    position = models.PositiveSmallIntegerField("序号")
    recipient = models.CharField("便民服务中心", max_length=80)
    amount_fen = models.BigIntegerField("分配金额（分）")
    allotted_on = models.DateField("分配日")
    settled_on = models.DateField("结清日", null=True, blank=True)
    status = StateField(
        "状态", choices=ShareStatus.choices, default=ShareStatus.ALLOTTED, protected=True
    )
    objects = SubsidyShareQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补助分配"
        ordering: ClassVar = ["project", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "position"], name="share_position_once"),
            models.UniqueConstraint(fields=["project", "recipient"], name="share_recipient_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="share_amount_positive"),
        ]

    def __str__(self) -> str:
        return self.recipient

    def get_absolute_url(self) -> str:
        return reverse("contracts:subsidy", args=[self.project_id])

    def case(self) -> Project:
        return self.project

    @advances(
        ShareStatus.ALLOTTED,
        to=STAYS,
        permission="contracts.release_subsidy",
        rules=["PH-7.4-released-within-share", "PH-7.4-earlier-part-reported"],
        title="拨付补助",
    )
    def release_part(self, *, amount_fen: int, voucher: str) -> None:
        """财政部门拨付一次，承诺转为支付。"""

    @advances(
        ShareStatus.ALLOTTED,
        to=STAYS,
        permission="contracts.report_spending",
        rules=[
            "PH-7.4-spending-above-zero",
            "PH-7.4-spent-within-released",
            "PH-14-subsidy-expenditure",
        ],
        title="登记支出报告",
    )
    def report(self, *, period: str, lines: list[dict[str, Any]]) -> None:
        """便民服务中心所报的支出，逐行登记。"""

    @advances(
        ShareStatus.ALLOTTED,
        to=STAYS,
        permission="contracts.release_subsidy",
        rules=["PH-7.4-returned-within-unspent", "PH-7.4-returned-after-release"],
        title="登记退回",
    )
    def return_unspent(self, *, amount_fen: int, returned_on: date, reason: str) -> None:
        """没有用完的已退回国库；不再拨付，退还控制数。"""

    @advances(
        ShareStatus.ALLOTTED,
        to=ShareStatus.SETTLED,
        permission="contracts.check_spending",
        rules=["PH-7.4-settled", "PH-7.4-rest-given-up", "PH-12-spending-checked-by-another"],
        title="结清",
    )
    def settle(self, *, on: date, **_values: Any) -> None:
        """已拨的都有核对过的支出或者退回；未拨的不再拨付，释放承诺。"""
        self.settled_on = on


@recorded(append_only=True)
class SubsidyRelease(models.Model):
    """一次拨付：只增不改；金额、日期、国库凭证号。"""

    share = models.ForeignKey(
        SubsidyShare, models.PROTECT, verbose_name="补助分配", related_name="releases"
    )
    amount_fen = models.BigIntegerField("金额（分）")
    released_on = models.DateField("拨付日")
    voucher = models.CharField("国库支付凭证号", max_length=80)
    objects = GuardedQuerySet["SubsidyRelease"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补助拨付"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="subsidy_release_positive")
        ]

    def __str__(self) -> str:
        return f"{self.share} {self.voucher}"


@recorded(append_only=True)
class SubsidyReturn(models.Model):
    """一次退回：只增不改；金额、日期、缘由。"""

    share = models.ForeignKey(
        SubsidyShare, models.PROTECT, verbose_name="补助分配", related_name="returns"
    )
    amount_fen = models.BigIntegerField("金额（分）")
    returned_on = models.DateField("退回日")
    reason = models.TextField("缘由")
    objects = GuardedQuerySet["SubsidyReturn"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补助退回"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="subsidy_return_positive")
        ]

    def __str__(self) -> str:
        return f"{self.share} {self.returned_on.isoformat()} 退回"


class SpendingReportQuerySet(GuardedQuerySet["SpendingReport"]):
    def visible_to(self, user: User) -> SpendingReportQuerySet:
        return self.filter(share__project__in=Project.objects.visible_to(user))

    def with_case(self) -> SpendingReportQuerySet:
        return self.select_related(
            "share__project__purchaser__organisation__jurisdiction", "share__project__officer"
        )


@recorded()
class SpendingReport(CaseDocument):
    """一份支出报告：哪一段时间，逐行列明；由分管领导核对。"""

    share = models.ForeignKey(
        SubsidyShare, models.PROTECT, verbose_name="补助分配", related_name="reports"
    )
    period = models.CharField("所属期间", max_length=60)
    reported_by = models.ForeignKey(User, models.PROTECT, verbose_name="登记人", related_name="+")
    reported_on = models.DateField("登记日")
    checked_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="核对人", null=True, blank=True, related_name="+"
    )
    checked_on = models.DateField("核对日", null=True, blank=True)
    reason = models.TextField("退回理由", blank=True)
    status = StateField(
        "状态", choices=ReportStatus.choices, default=ReportStatus.SUBMITTED, protected=True
    )
    objects = SpendingReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支出报告"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.share} {self.period}支出报告"

    def get_absolute_url(self) -> str:
        return self.share.get_absolute_url()

    def case(self) -> Project:
        return self.share.case()

    @advances(
        ReportStatus.SUBMITTED,
        to=ReportStatus.ACCEPTED,
        permission="contracts.check_spending",
        rules=["PH-12-spending-checked-by-another"],
        title="核对支出",
    )
    def accept(self, *, on: date, checked_by: User) -> None:
        self.checked_by, self.checked_on = checked_by, on

    @advances(
        ReportStatus.SUBMITTED,
        to=ReportStatus.RETURNED,
        permission="contracts.check_spending",
        title="退回支出报告",
    )
    def send_back(self, *, reason: str, on: date, checked_by: User) -> None:
        """写明不符之处；改正后另行登记一份。"""
        self.checked_by, self.checked_on, self.reason = checked_by, on, reason


@recorded()
class SpendingLine(models.Model):
    """支出报告的一行：什么事项，什么性质，多少钱，凭证号。"""

    report = models.ForeignKey(
        SpendingReport, models.PROTECT, verbose_name="支出报告", related_name="lines"
    )
    position = models.PositiveSmallIntegerField("序号")
    item = models.CharField("支出事项", max_length=120)
    expense_kind = models.CharField("支出性质", max_length=20, choices=ExpenseKind.choices)
    amount_fen = models.BigIntegerField("金额（分）")
    voucher = models.CharField("凭证号", max_length=80)
    objects = GuardedQuerySet["SpendingLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支出明细"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "position"], name="spending_line_position_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="spending_line_positive"),
        ]

    def __str__(self) -> str:
        return self.item
