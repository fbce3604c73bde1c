"""未列入当年预算的追加申请：随会审立项，按金额定审议路径，追加（调剂）文号落实之后方可批复。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from projects.models import CaseDocument, Project


class Route(models.TextChoices):
    """审议路径，由低到高。"""

    FINANCE = "finance", "区财政局审核"
    STANDING = "standing", "区政府常务会议审议"
    BOTH = "both", "区政府常务会议审议，再报区委常委会议审定"


# 每条路径依次经过的审定机构（职能代号），后一个须在前一个通过之后。
ROUTE_BODIES: dict[str, tuple[str, ...]] = {
    Route.FINANCE: ("finance",),
    Route.STANDING: ("standing_committee",),
    Route.BOTH: ("standing_committee", "party_committee"),
}
BODY_TITLES = {
    "finance": "区财政局",
    "standing_committee": "区政府常务会议",
    "party_committee": "区委常委会议",
}


class FundingKind(models.TextChoices):
    SUPPLEMENT = "supplement", "追加"
    TRANSFER = "transfer", "调剂"
    RESERVE = "reserve", "动支预备费"


class OffBudgetStatus(models.TextChoices):
    OPENED = "opened", "待确定路径"
    DECIDING = "deciding", "审议中"
    APPROVED = "approved", "待落实预算"
    FUNDED = "funded", "已落实预算"
    REFUSED = "refused", "未获同意"
    CLOSED = "closed", "已结束"


LIVE_REQUESTS = (
    OffBudgetStatus.OPENED,
    OffBudgetStatus.DECIDING,
    OffBudgetStatus.APPROVED,
    OffBudgetStatus.FUNDED,
)
ROUTED = (OffBudgetStatus.DECIDING, OffBudgetStatus.APPROVED, OffBudgetStatus.FUNDED)


class OffBudgetRequestQuerySet(GuardedQuerySet["OffBudgetRequest"]):
    def visible_to(self, user: User) -> OffBudgetRequestQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_case(self) -> OffBudgetRequestQuerySet:
        return self.select_related("project__purchaser__organisation__jurisdiction", "body")


@recorded()
class OffBudgetRequest(CaseDocument):
    """一个项目一轮的追加申请（《渝北办法》第十一条，《预算法》第十三条）。"""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    round_number = models.PositiveSmallIntegerField("申报轮次")
    opened_on = models.DateField("立项日")
    route = models.CharField("审议路径", max_length=10, choices=Route.choices, blank=True)
    body = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name="当前审议机构",
        null=True,
        blank=True,
        related_name="+",
    )
    same_item_fen = models.BigIntegerField("同品目未列预算合计（分）", null=True, blank=True)
    routed_on = models.DateField("确定路径日", null=True, blank=True)
    funding_kind = models.CharField(
        "预算来源", max_length=10, choices=FundingKind.choices, blank=True
    )
    funding_number = models.CharField("追加（调剂）文号", max_length=120, blank=True)
    funding_fen = models.BigIntegerField("追加（调剂）金额（分）", null=True, blank=True)
    funding_on = models.DateField("追加（调剂）文件日期", null=True, blank=True)
    status = StateField(
        "状态",
        choices=OffBudgetStatus.choices,
        default=OffBudgetStatus.OPENED,
        protected=True,
    )
    objects = OffBudgetRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "追加申请"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "round_number"], name="off_budget_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(status=OffBudgetStatus.FUNDED, funding_fen__gt=0)
                & ~Q(funding_number="")
                | ~Q(status=OffBudgetStatus.FUNDED),
                name="funded_has_number_and_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} 追加申请"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:case", args=[self.project_id])

    def case(self) -> Project:
        return self.project

    @advances(
        OffBudgetStatus.OPENED,
        to=OffBudgetStatus.DECIDING,
        permission="budgeting.choose_route",
        rules=["YB-11-after-review", "YB-11-route-has-bodies"],
        title="确定审议路径",
    )
    def choose_route(
        self, *, route: str, body: Organisation | None, same_item_fen: int, on: date
    ) -> None:
        """同一单位同年同品目合计之后，按金额确定由谁审议。"""
        self.route, self.body, self.same_item_fen = route, body, same_item_fen
        self.routed_on = on

    @advances(
        *ROUTED,
        to=OffBudgetStatus.DECIDING,
        permission="budgeting.choose_route",
        rules=["YB-11-after-review", "YB-11-route-raised", "YB-11-route-has-bodies"],
        title="改报上级审议",
    )
    def raise_route(
        self, *, route: str, body: Organisation | None, same_item_fen: int, on: date
    ) -> None:
        """路径确定之后合计又跨过门槛的，改报更高一级；已经通过的不再重复。"""
        self.route, self.body, self.same_item_fen = route, body, same_item_fen
        self.routed_on = on

    @advances(
        OffBudgetStatus.DECIDING,
        to=STAYS,
        permission="budgeting.follow_decision",
        title="报下一级审议",
    )
    def pass_on(self, *, body: Organisation) -> None:
        """这一级通过，报下一级。"""
        self.body = body

    @advances(
        OffBudgetStatus.DECIDING,
        to=OffBudgetStatus.APPROVED,
        permission="budgeting.follow_decision",
        title="审议通过",
    )
    def grant(self) -> None:
        """路径上的各级都已通过；还没有预算，不得批复。"""
        self.body = None

    @advances(
        *ROUTED,
        to=OffBudgetStatus.REFUSED,
        permission="budgeting.follow_decision",
        title="审议未通过",
    )
    def turn_down(self) -> None:
        """任何一级不予批准，申请即告终结，不再上报。"""

    @advances(
        OffBudgetStatus.APPROVED,
        OffBudgetStatus.FUNDED,
        to=OffBudgetStatus.FUNDED,
        permission="budgeting.record_funding",
        rules=["YB-11-after-review", "YB-11-funding-stated"],
        title="登记追加（调剂）文号",
    )
    def record_funding(
        self, *, funding_kind: str, funding_number: str, funding_fen: int, funding_on: date
    ) -> None:
        """预算追加、调剂或者动支的批复；登记有误的，批复之前可以更正。"""
        self.funding_kind, self.funding_number = funding_kind, funding_number
        self.funding_fen, self.funding_on = funding_fen, funding_on

    @advances(
        *LIVE_REQUESTS,
        to=OffBudgetStatus.CLOSED,
        permission="budgeting.close_review",
        title="结束追加申请",
    )
    def close(self) -> None:
        """项目已退回修改或者撤回；重新提交时另立。"""
