"""采购过程：一个采购包的一次采购，收到的响应，评审报告。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.roles import Role
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from procurement.models.preparation import Mode, OrganisationForm
from projects.models import CaseDocument, Package, Project


class TenderStatus(models.TextChoices):
    PREPARING = "preparing", "拟制文件"
    PUBLISHED = "published", "已发布"
    OPENED = "opened", "已开启"
    EVALUATED = "evaluated", "已评审"
    DECIDED = "decided", "已定成交"
    FAILED = "failed", "采购失败"
    ABANDONED = "abandoned", "文件已作废"


class FailureGround(models.TextChoices):
    """政府采购法第三十六条所列的废标情形，实施条例第四十九条的重新采购；磋商、询价等比照。"""

    TOO_FEW = "too_few", "符合条件的供应商或者实质响应的供应商不足法定家数"
    UNLAWFUL = "unlawful", "出现影响采购公正的违法、违规行为"
    OVER_BUDGET = "over_budget", "报价均超过采购预算，不能支付"
    GRAVE_CHANGE = "grave_change", "因重大变故，采购任务取消"
    REFUSED_TO_SIGN = "refused_to_sign", "成交供应商拒绝签订合同，重新开展采购"


PUBLISH_RULES = [
    "YB-9.3-mode-in-force",
    "YB-9.3-mode-fits-amount",
    "YB-10-packages-add-up",
    "YB-14-preconditions-met",
    "YB-9.3-intention-thirty-days",
    "YB-12-ceiling-price",
    "YB-9.3-price-weight",
    "YB-9.3-response-period",
    "YB-9.3-offer-period",
]
BID_RULES = [
    "YB-19-provider-not-debarred",
    "YB-6-provider-in-register",
    "YB-9.3-one-bid-each",
    "YB-9.3-refuser-excluded",
    "YB-9.3-bid-in-time",
    "YB-12-bid-within-ceiling",
    "YB-9.3-no-subcontracting",
]
AWARD_RULES = [
    "YB-9.3-first-ranked",
    "YB-9.3-refuser-excluded",
    "YB-6-six-conditions",
    "YB-19-provider-not-debarred",
    "YB-9.3-no-subcontracting",
    "YB-9.2-conditions-before-contract",
    "YB-9.3-decided-in-time",
]


class TenderQuerySet(GuardedQuerySet["Tender"]):
    def visible_to(self, user: User) -> TenderQuerySet:
        return self.filter(package__project__in=Project.objects.visible_to(user))

    def with_case(self) -> TenderQuerySet:
        return self.select_related(
            "package__project__purchaser__organisation__jurisdiction",
            "package__project__agency",
            "mode",
        )


@recorded()
class Tender(CaseDocument):
    """一个采购包的一次采购；失败之后再次启动的，是下一次，各次的历史都在。"""

    package = models.ForeignKey(Package, models.PROTECT, verbose_name="采购包", related_name="+")
    attempt = models.PositiveSmallIntegerField("第几次")
    mode = models.ForeignKey(Mode, models.PROTECT, verbose_name="采购方式", related_name="+")
    mode_approval = models.CharField("改用其他方式的批准文号", max_length=120, blank=True)
    number = models.CharField("采购编号", max_length=80)
    ceiling_price_fen = models.BigIntegerField("最高限价（分）")
    price_weight = models.DecimalField("价格权重（%）", max_digits=5, decimal_places=2)
    opened_for_on = models.DateField("启动日")
    offered_from = models.DateField("文件提供自", null=True, blank=True)
    offered_until = models.DateField("文件提供至", null=True, blank=True)
    response_deadline = models.DateField("响应截止日", null=True, blank=True)
    medium = models.CharField("公告媒体", max_length=100, blank=True)
    address = models.CharField("公告网址", max_length=300, blank=True)
    published_on = models.DateField("发布日", null=True, blank=True)
    opened_on = models.DateField("开启日", null=True, blank=True)
    reported_on = models.DateField("评审报告日", null=True, blank=True)
    failure_ground = models.CharField(
        "失败情形", max_length=20, choices=FailureGround.choices, blank=True
    )
    failure_note = models.TextField("失败说明", blank=True)
    ended_on = models.DateField("结束日", null=True, blank=True)
    status = StateField(
        "状态", choices=TenderStatus.choices, default=TenderStatus.PREPARING, protected=True
    )
    objects = TenderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "attempt"], name="tender_attempt_once"),
            models.CheckConstraint(
                condition=Q(ceiling_price_fen__gt=0), name="tender_ceiling_price_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package}·第 {self.attempt} 次采购"

    def get_absolute_url(self) -> str:
        return reverse("procurement:tender", args=[self.pk])

    @property
    def method(self) -> str:
        return self.mode.method

    @property
    def is_centralised(self) -> bool:
        return self.mode.form == OrganisationForm.CENTRALISED

    def case(self) -> Project:
        return self.package.project

    def assignee(self) -> Organisation | None:
        """集中采购由交易中心组织，其余由购买主体组织。"""
        return self.case().agency if self.is_centralised else self.owner()

    def required_role(self, act: str, /) -> str | None:
        """组织采购的岗位：集中采购是交易中心经办人，其余是购买主体经办人。"""
        if act != "procurement.run_tender":
            return None
        return Role.TRADING_CENTRE if self.is_centralised else Role.OFFICER

    @advances(
        TenderStatus.PREPARING,
        to=STAYS,
        permission="procurement.open_tender",
        rules=["YB-9.3-mode-in-force", "YB-9.3-mode-fits-amount"],
        title="修改采购安排",
    )
    def revise(
        self, *, number: str, ceiling_price_fen: int, price_weight: Decimal, mode_approval: str
    ) -> None:
        self.number, self.mode_approval = number, mode_approval
        self.ceiling_price_fen, self.price_weight = ceiling_price_fen, price_weight

    @advances(
        TenderStatus.PREPARING,
        to=TenderStatus.ABANDONED,
        permission="procurement.open_tender",
        title="作废采购文件",
    )
    def abandon(self, *, on: date) -> None:
        """没有发布过的采购文件作废；采购包可另行启动、重新划分，或者终止采购。"""
        self.ended_on = on

    @advances(
        TenderStatus.PREPARING,
        to=TenderStatus.PUBLISHED,
        permission="procurement.run_tender",
        rules=PUBLISH_RULES,
        title="发布采购文件",
    )
    def publish(
        self,
        *,
        on: date,
        offered_from: date,
        offered_until: date,
        response_deadline: date,
        medium: str,
        address: str,
    ) -> None:
        """发布采购文件和公告；期限自此起算。"""
        self.published_on = on
        self.offered_from, self.offered_until = offered_from, offered_until
        self.response_deadline = response_deadline
        self.medium, self.address = medium, address

    @advances(
        TenderStatus.PREPARING,
        to=TenderStatus.OPENED,
        permission="procurement.run_tender",
        rules=[
            "YB-9.3-mode-in-force",
            "YB-9.3-own-mode",
            "YB-9.3-mode-fits-amount",
            "YB-10-packages-add-up",
            "YB-14-preconditions-met",
            "YB-12-ceiling-price",
        ],
        title="开始自行采购",
    )
    def start_own(self, *, on: date) -> None:
        """限额以下自行采购：不公告，直接征集报价，仍留采购记录。"""
        self.opened_on = self.response_deadline = on

    @advances(
        TenderStatus.PUBLISHED,
        to=TenderStatus.OPENED,
        permission="procurement.run_tender",
        rules=["YB-9.3-not-before-deadline"],
        title="开启响应文件",
    )
    def open(self, *, on: date) -> None:
        self.opened_on = on

    @advances(
        TenderStatus.OPENED,
        to=STAYS,
        permission="procurement.run_tender",
        rules=BID_RULES,
        title="登记响应",
    )
    def receive_bid(self, **_values: Any) -> None:
        """登记一家供应商的响应和报价。"""

    @advances(
        TenderStatus.OPENED,
        to=TenderStatus.EVALUATED,
        permission="procurement.run_tender",
        rules=[
            "YB-9.3-enough-bids",
            "YB-9.3-committee-formed",
            "YB-9.3-scores-complete",
            "YB-9.3-reported-in-time",
        ],
        title="提交评审报告",
    )
    def evaluate(self, *, reported_on: date, **_values: Any) -> None:
        self.reported_on = reported_on

    @advances(
        TenderStatus.EVALUATED,
        to=TenderStatus.DECIDED,
        permission="procurement.decide_award",
        rules=AWARD_RULES,
        title="确定成交",
    )
    def decide(self, *, on: date, **_values: Any) -> None:
        """购买主体按评审报告的次序确定承接主体。"""
        self.ended_on = on

    @advances(
        TenderStatus.DECIDED,
        to=TenderStatus.EVALUATED,
        permission="projects.advance",
        title="回到定标",
    )
    def resume(self) -> None:
        """成交供应商拒绝签订合同：按评审次序另行确定，或者宣布失败。"""
        self.ended_on = None

    @advances(
        TenderStatus.PUBLISHED,
        TenderStatus.OPENED,
        TenderStatus.EVALUATED,
        to=TenderStatus.FAILED,
        permission="procurement.run_tender",
        rules=["YB-9.3-failure-grounded"],
        title="宣布采购失败",
    )
    def fail(self, *, on: date, ground: str, reason: str) -> None:
        self.ended_on, self.failure_ground, self.failure_note = on, ground, reason
