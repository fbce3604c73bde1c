"""Project 项目：一行从申报走到公开；全部阶段都在这一页上。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import FSMField

from accounts.models import Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.transitions import StatefulModel, advances
from projects.models.catalogue import AnnualPlan, CatalogueItem
from projects.models.kinds import ProcurementMethod, Programme, ProjectKind, ServiceNature
from projects.models.purchaser import Purchaser


class Stage(models.TextChoices):
    """七个法定环节，以及离开流程的去处。"""

    FILING = "filing", "申报"
    BUDGET = "budget", "预算"
    PROCUREMENT = "procurement", "采购"
    CONTRACT = "contract", "合同"
    IMPLEMENTATION = "implementation", "实施"
    EVALUATION = "evaluation", "评估"
    DISCLOSURE = "disclosure", "公开"
    CLOSED = "closed", "办结"
    WITHDRAWN = "withdrawn", "已撤回"
    REJECTED = "rejected", "不予批准"


SEVEN_STAGES: tuple[Stage, ...] = (
    Stage.FILING,
    Stage.BUDGET,
    Stage.PROCUREMENT,
    Stage.CONTRACT,
    Stage.IMPLEMENTATION,
    Stage.EVALUATION,
    Stage.DISCLOSURE,
)


ENDED_STAGES = frozenset({Stage.CLOSED, Stage.WITHDRAWN, Stage.REJECTED})


class ProjectQuerySet(GuardedQuerySet["Project"]):
    def visible_to(self, user: User) -> ProjectQuerySet:
        """本单位的全部；财政、会审、审定机构见已提交过的；审计见本辖区全部；其余不可见。"""
        sight = sight_of(user)
        return self.filter(
            Q(purchaser__organisation__in=sight.own)
            | Q(
                purchaser__organisation__jurisdiction__in=sight.reviewed,
                first_filed_on__isnull=False,
            )
            | Q(purchaser__organisation__jurisdiction__in=sight.audited)
        )

    def with_owner(self) -> ProjectQuerySet:
        return self.select_related("purchaser__organisation__jurisdiction")


FILING_RULES = [
    "YB-7-exclusions",
    "YB-7-negative-list",
    "YB-7-catalogue-category",
    "YB-8-item-in-force",
    "YB-5-purchaser-eligible",
    "YB-4.1-suitable-for-market",
    "YB-9.1-on-annual-plan",
    "YB-9.1-basis-stated",
    "PH-7-programme-chosen",
    "PH-2-basis-in-duties",
    "YB-14-need-described",
    "PH-8-estimate-adds-up",
    "YB-12-funds-add-up",
    "PH-6-fund-kinds",
    "PH-14-no-prohibited-expenditure",
    "YB-4.3-subsidy-limit",
    "YB-4.3-subsidy-needs-commerce",
    "YB-4.3-full-purchase-evidence",
    "YB-14-targets-complete",
    "PH-9-weights-hundred",
    "PH-2.5-pre-review",
    "PH-11-feasibility",
    "PH-11-internal-chain-signed",
    "PH-15-leading-group-decided",
    "YB-9.2-objections-answered",
    "YB-11-no-splitting",
]


APPROVAL_RULES = [
    "YB-9.2-joint-review",
    "YB-9.2-no-open-opposition",
    "YB-9.2-decision-recorded",
    "YB-9.2-approved-as-decided",
    "YB-9.2-approved-within-request",
    "YB-9.2-conditions-fulfilled",
    "YB-11-off-budget-route",
    "YB-11-supplement-number",
    "YB-12-within-ceiling",
]


@recorded()
class Project(StatefulModel):
    """一个购买项目：从申报到公开，始终是同一行。"""

    STATE_FIELD: ClassVar[str] = "stage"

    number = models.CharField("项目编号", max_length=40, unique=True)
    name = models.CharField("项目名称", max_length=200)
    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="购买主体", related_name="projects"
    )
    year = models.PositiveSmallIntegerField("预算年度")
    officer = models.ForeignKey(User, models.PROTECT, verbose_name="经办人", related_name="+")
    kind = models.CharField(
        "路径", max_length=10, choices=ProjectKind.choices, default=ProjectKind.SERVICE
    )
    programme = models.CharField(
        "特定目标类", max_length=20, choices=Programme.choices, blank=True, default=Programme.NONE
    )
    service_nature = models.CharField("服务性质", max_length=10, choices=ServiceNature.choices)
    catalogue_item = models.ForeignKey(
        CatalogueItem, models.PROTECT, verbose_name="目录条目", null=True, related_name="+"
    )
    need = models.TextField("服务需求", blank=True)
    basis = models.TextField("立项依据", blank=True)
    duty = models.TextField("对应职责", blank=True)
    is_market_suitable = models.BooleanField("适合市场化方式提供", default=False)
    is_provider_capable = models.BooleanField("社会力量能够承担", default=False)
    exclusions = models.JSONField("五项排除声明", default=dict)
    negative_list = models.JSONField("负面清单声明", default=dict)
    total_fen = models.BigIntegerField("项目总额（分）", default=0)
    is_partly_commercial = models.BooleanField("可部分商业化", default=False)
    subsidy_fen = models.BigIntegerField("申请补贴（分）", default=0)
    commercial_income = models.TextField("商业化收入说明", blank=True)
    is_full_purchase = models.BooleanField("覆盖弱势群体全额购买", default=False)
    vulnerable_group = models.CharField("弱势群体类别", max_length=60, blank=True)
    full_purchase_evidence = models.TextField("全额购买佐证", blank=True)
    feasibility = models.TextField("可行性论证", blank=True)
    pre_review = models.CharField("政务数据办预审意见文号", max_length=120, blank=True)
    leading_group_minutes = models.CharField("领导小组会议纪要", max_length=120, blank=True)
    proposed_method = models.CharField(
        "拟采用采购方式", max_length=20, choices=ProcurementMethod.choices, blank=True
    )
    is_off_budget = models.BooleanField("未列入当年预算", default=False)
    supplement_number = models.CharField("预算追加（调剂）文号", max_length=120, blank=True)
    round_number = models.PositiveSmallIntegerField("申报轮次", default=0)
    first_filed_on = models.DateField("首次提交日", null=True, blank=True)
    filed_on = models.DateField("本轮提交日", null=True, blank=True)
    approved_fen = models.BigIntegerField("批复金额（分）", null=True, blank=True)
    reply_number = models.CharField("批复文号", max_length=80, blank=True)
    stage = FSMField("阶段", choices=Stage.choices, default=Stage.FILING, protected=True)
    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["stage", "-id"], name="project_stage")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(total_fen__gte=0), name="project_total_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(subsidy_fen__gte=0), name="project_subsidy_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:case", args=[self.pk])

    @property
    def requested_fen(self) -> int:
        """申请的财政资金（分）：部分商业化项目为补贴额，其余为项目总额。"""
        return self.subsidy_fen if self.is_partly_commercial else self.total_fen

    @property
    def has_ended(self) -> bool:
        return self.stage in ENDED_STAGES

    def owner(self) -> Organisation:
        return self.purchaser.organisation

    def stream(self) -> str:
        return f"projects.project:{self.pk}"

    def governed_by(self) -> frozenset[str]:
        """《平湖办法》只管特定目标类项目资金；《渝北办法》管全部。"""
        return frozenset({"YB", "PH"} if self.programme else {"YB"})

    def binding_days(self) -> dict[str, date]:
        return {"filing": self.first_filed_on} if self.first_filed_on else {}

    @advances(
        Stage.FILING,
        to=Stage.BUDGET,
        permission="projects.submit",
        rules=FILING_RULES,
        title="提交会审",
        field="stage",
    )
    def submit(self, *, on: date) -> None:
        """提交会同审核；内容自此冻结为本轮版本。"""
        self.round_number += 1
        self.filed_on = on
        self.first_filed_on = self.first_filed_on or on

    @advances(
        Stage.BUDGET,
        to=Stage.FILING,
        permission="budgeting.return_project",
        title="退回修改",
        field="stage",
    )
    def return_for_correction(self) -> None:
        """退回修改：本轮结束，意见保留，修改后另起一轮。"""
        self.filed_on = None

    @advances(
        Stage.BUDGET,
        to=Stage.PROCUREMENT,
        permission="budgeting.issue_reply",
        rules=APPROVAL_RULES,
        title="预算批复",
        field="stage",
    )
    def approve_budget(self, *, reply_number: str, approved_fen: int) -> None:
        """预算批复：此后购买主体方可组织采购。"""
        self.reply_number = reply_number
        self.approved_fen = approved_fen

    @advances(
        Stage.BUDGET,
        to=Stage.REJECTED,
        permission="budgeting.reject_project",
        rules=["YB-9.2-rejection-decided"],
        title="不予批准",
        field="stage",
    )
    def reject(self) -> None:
        """不予批准：须先有审定结论。"""

    @advances(
        Stage.FILING,
        Stage.BUDGET,
        to=Stage.WITHDRAWN,
        permission="projects.withdraw",
        title="撤回项目",
        field="stage",
    )
    def withdraw(self) -> None:
        """购买主体撤回；理由入历史。"""


@recorded()
class PlanLine(models.Model):
    """计划行：项目在年度购买计划中的归属，不是第二个项目。"""

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="计划", related_name="lines")
    project = models.OneToOneField(
        Project, models.PROTECT, verbose_name="项目", related_name="plan_line"
    )
    objects = GuardedQuerySet["PlanLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划行"

    def __str__(self) -> str:
        return f"{self.plan}：{self.project}"
