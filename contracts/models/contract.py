"""合同：由成交而来，条款齐全，逐级签批，签订后备案；备案打开支付之门。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from procurement.models import Award
from projects.models import CaseDocument, Package, Project


class ContractStatus(models.TextChoices):
    DRAFT = "draft", "拟订中"
    SIGNED = "signed", "已签订"
    FILED = "filed", "已备案"
    COMPLETED = "completed", "已付清"
    TERMINATED = "terminated", "已终止"
    WITHDRAWN = "withdrawn", "已撤回"


class Grade(models.TextChoices):
    """服务质量考核等级；各等级支付多少，由合同约定。"""

    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    FAIR = "fair", "一般"
    POOR = "poor", "不合格"


LIVE = (ContractStatus.SIGNED, ContractStatus.FILED)

SIGN_RULES = [
    "YB-9.4-terms-complete",
    "YB-2-lines-add-up",
    "YB-9.4-instalments-add-up",
    "YB-9.4-amount-as-awarded",
    "YB-12-within-reservation",
    "YB-9.4-term-length",
    "YB-9.4-agent-authorised",
    "YB-18-contract-chain-signed",
    "YB-9.2-conditions-before-implementation",
    "YB-19-party-not-debarred",
    "YB-9.4-award-stands",
    "YB-9.4-signed-after-notice",
    "YB-9.4-signed-in-time",
]
# 申请和拨付时都问；前面问过，拨付时再问一次，以当时的情况为准。
PAY_RULES = [
    "YB-9.4-filed-before-payment",
    "YB-9.6-instalment-due",
    "YB-13-as-agreed",
    "YB-13-within-contract",
    "YB-12-year-or-carried",
    "PH-12-quantities-accepted",
    "PH-14-no-prohibited-payment",
]


class ContractQuerySet(GuardedQuerySet["Contract"]):
    def visible_to(self, user: User) -> ContractQuerySet:
        return self.filter(package__project__in=Project.objects.visible_to(user))

    def standing(self) -> ContractQuerySet:
        """没有撤回的：一个采购包至多一份。"""
        return self.exclude(status=ContractStatus.WITHDRAWN)

    def with_case(self) -> ContractQuerySet:
        return self.select_related(
            "package__project__purchaser__organisation__jurisdiction",
            "package__project__agency",
            "package__project__officer",
            "award__provider",
        )


@recorded()
class Contract(CaseDocument):
    """一份购买服务合同（《渝北办法》第九条第（四）项）。"""

    award = models.OneToOneField(Award, models.PROTECT, verbose_name="成交", related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, verbose_name="采购包", related_name="+")
    number = models.CharField("合同编号", max_length=80)
    name = models.CharField("合同名称", max_length=200)
    amount_fen = models.BigIntegerField("合同金额（分）")
    starts_on = models.DateField("服务开始日")
    ends_on = models.DateField("服务结束日")
    place = models.CharField("服务地点", max_length=200, blank=True)
    scope = models.TextField("服务范围", blank=True)
    content = models.TextField("服务内容", blank=True)
    requirements = models.TextField("服务要求", blank=True)
    payment_terms = models.TextField("资金支付方式", blank=True)
    liability = models.TextField("违约责任", blank=True)
    is_fixed = models.BooleanField("内容相对固定", default=False)
    is_continuous = models.BooleanField("连续性强", default=False)
    has_stable_funds = models.BooleanField("经费来源稳定", default=False)
    has_stable_price = models.BooleanField("价格变化幅度小", default=False)
    is_signed_by_agent = models.BooleanField("由受托单位代签", default=False)
    authorisation = models.CharField("授权委托书", max_length=120, blank=True)
    grade_percents = models.JSONField("各考核等级的支付比例", default=dict)
    deduction_terms = models.JSONField("扣款约定", default=list)
    mending_workdays = models.PositiveSmallIntegerField("整改期限（工作日）", default=10)
    drafted_on = models.DateField("拟订日")
    signed_on = models.DateField("签订日", null=True, blank=True)
    filed_on = models.DateField("备案日", null=True, blank=True)
    ended_on = models.DateField("付清或终止日", null=True, blank=True)
    status = StateField(
        "状态", choices=ContractStatus.choices, default=ContractStatus.DRAFT, protected=True
    )
    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合同"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["package"], condition=~Q(status="withdrawn"), name="one_contract_a_package"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="contract_amount_positive"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="contract_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("contracts:contract", args=[self.pk])

    def case(self) -> Project:
        return self.package.project

    @advances(
        ContractStatus.DRAFT,
        to=ContractStatus.SIGNED,
        permission="contracts.sign",
        rules=SIGN_RULES,
        title="签订合同",
    )
    def conclude(self, *, signed_on: date) -> None:
        """双方签订；预留转为承诺，差额释放，服务可以开始。"""
        self.signed_on = signed_on

    @advances(
        ContractStatus.DRAFT,
        to=ContractStatus.WITHDRAWN,
        permission="contracts.withdraw_draft",
        title="撤回合同草稿",
    )
    def withdraw(self, *, on: date) -> None:
        """成交供应商拒绝签订的，拟订中的合同撤回。"""
        self.ended_on = on

    @advances(
        ContractStatus.SIGNED,
        to=STAYS,
        permission="contracts.submit_filing",
        rules=["YB-9.4-no-filing-pending", "YB-9.4-submitted-in-time"],
        title="报送备案",
    )
    def submit_filing(self, **_values: Any) -> None:
        """签订之日起七个工作日内报财政部门备案；逾期照报，记为逾期。"""

    @advances(
        ContractStatus.SIGNED,
        to=ContractStatus.FILED,
        permission="contracts.accept_filing",
        title="合同已备案",
    )
    def file(self, *, on: date) -> None:
        """财政部门接受备案，此后方可支付。"""
        self.filed_on = on

    @advances(
        *LIVE,
        to=STAYS,
        permission="contracts.supervise",
        rules=["YB-9.5-finding-stated", "YB-9.5-within-performance", "YB-9.6-not-settled"],
        title="登记检查",
    )
    def inspect(self, **_values: Any) -> None:
        """全过程跟踪监管：检查的日期、情况，是否偏离合同目标。"""

    @advances(
        *LIVE,
        to=STAYS,
        permission="contracts.order_mending",
        rules=["YB-19-mending-has-ground"],
        title="责令限期整改",
    )
    def order_mending(self, **_values: Any) -> None:
        """不能严格履行合同的，或者绩效评价不合格的，责令限期整改（第十九条）。"""

    @advances(
        *LIVE,
        to=STAYS,
        permission="contracts.supervise",
        rules=["YB-9.4-deduction-agreed", "YB-9.5-within-performance", "YB-9.6-not-settled"],
        title="登记扣款事件",
    )
    def record_incident(self, **_values: Any) -> None:
        """合同约定要扣款的事件。"""

    @advances(
        *LIVE,
        to=STAYS,
        permission="contracts.prepare_acceptance",
        rules=["YB-9.5-acceptance-free", "YB-9.5-within-performance", "YB-9.6-not-settled"],
        title="组织验收",
    )
    def prepare_acceptance(self, **_values: Any) -> None:
        """按节点或者全部，逐项记下验收情况。"""

    @advances(
        *LIVE,
        to=STAYS,
        permission="contracts.request_payment",
        rules=["YB-13-instalment-open", "YB-13-amounts-above-zero", *PAY_RULES],
        title="申请付款",
    )
    def request_payment(self, **_values: Any) -> None:
        """按约定的一期，逐行列明申请付款。"""

    @advances(
        *LIVE,
        to=STAYS,
        permission="contracts.supplement",
        rules=[
            "YB-9.4-supplement-not-negative",
            "YB-9.4-supplement-ten-percent",
            "YB-9.6-not-settled",
        ],
        title="拟订补充合同",
    )
    def draft_supplement(self, **_values: Any) -> None:
        """补充合同累计不超过原合同金额的百分之十。"""

    @advances(
        *LIVE,
        to=STAYS,
        permission="contracts.carry_over",
        rules=["YB-12-year-ended", "YB-12-something-unpaid"],
        title="办理结转",
    )
    def carry_over(self, *, year: int) -> None:
        """当年未付的承诺结转下一年度。"""

    @advances(
        ContractStatus.FILED,
        to=ContractStatus.COMPLETED,
        permission="contracts.complete",
        rules=["YB-13-all-paid", "YB-13-no-request-pending", "YB-19-mended-before-completion"],
        title="合同付清",
    )
    def complete(self, *, on: date) -> None:
        """付足结算的应付总额，没有在办的付款，整改都已了结。"""
        self.ended_on = on

    @advances(
        *LIVE,
        to=ContractStatus.TERMINATED,
        permission="contracts.terminate",
        rules=[
            "YB-19-refused-to-mend",
            "YB-13-no-request-pending",
            "YB-9.5-no-acceptance-pending",
        ],
        title="终止合同",
    )
    def terminate(self, *, on: date) -> None:
        """拒不整改的，按约定终止（第十九条）。"""
        self.ended_on = on
