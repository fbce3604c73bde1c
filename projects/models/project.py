"""Project 项目：一行从申报走到公开；全部阶段都在这一页上。"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from projects.models.content import FiledContent
from projects.models.kinds import ProjectKind
from projects.models.purchaser import Purchaser
from projects.models.stages import (
    ADJUSTING_RULES,
    APPROVAL_RULES,
    ARCHIVING_RULES,
    CLOSING_RULES,
    ENDED_STAGES,
    FILING_RULES,
    OPENING_RULES,
    PATHS,
    Stage,
)


class ProjectQuerySet(GuardedQuerySet["Project"]):
    def visible_to(self, user: User) -> ProjectQuerySet:
        """本单位的全部；财政、会审、审定机构见已提交过的；审计见本辖区全部；

        交易中心见委托它采购的；其余不可见。"""
        sight = sight_of(user)
        return self.filter(
            Q(purchaser__organisation__in=sight.own)
            | Q(
                purchaser__organisation__jurisdiction__in=sight.reviewed,
                first_filed_on__isnull=False,
            )
            | Q(purchaser__organisation__jurisdiction__in=sight.audited)
            | Q(agency__in=sight.entrusted)
        )

    def with_owner(self) -> ProjectQuerySet:
        return self.select_related("purchaser__organisation__jurisdiction")


advances_stage = partial(advances, field="stage")
# 由系统办理：项目随采购包、随补助变动，旧版本的案卷补齐。
follows = partial(advances_stage, permission="projects.advance")


@recorded()
class Project(FiledContent):
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
    round_number = models.PositiveSmallIntegerField("申报轮次", default=0)
    first_filed_on = models.DateField("首次提交日", null=True, blank=True)
    filed_on = models.DateField("本轮提交日", null=True, blank=True)
    approved_fen = models.BigIntegerField("批复金额（分）", null=True, blank=True)
    cut_fen = models.BigIntegerField("已核减的采购预算（分）", default=0)
    reply_number = models.CharField("批复文号", max_length=80, blank=True)
    agency = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name="受托集中采购机构",
        null=True,
        blank=True,
        related_name="+",
    )
    sealed_on = models.DateField("封存日", null=True, blank=True)
    stage = StateField("阶段", choices=Stage.choices, default=Stage.FILING, protected=True)
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
            models.CheckConstraint(condition=Q(cut_fen__gte=0), name="project_cut_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:case", args=[self.pk])

    @property
    def has_ended(self) -> bool:
        return self.stage in ENDED_STAGES

    @property
    def path(self) -> tuple[Stage, ...]:
        """这个项目要经过的环节。"""
        return PATHS[self.kind]

    def case(self) -> Project:
        return self

    def owner(self) -> Organisation:
        return self.purchaser.organisation

    def barred_deputies(self, act: str, /) -> frozenset[int]:
        """经办人不得代理他人审签自己经办的项目；内部签批另有规则说明理由。"""
        return frozenset() if act == "projects.sign" else frozenset({self.officer_id})

    def stream(self) -> str:
        return f"projects.project:{self.pk}"

    def governed_by(self) -> frozenset[str]:
        """《平湖办法》只管特定目标类项目资金；《渝北办法》管全部。"""
        return frozenset({"YB", "PH"} if self.programme else {"YB"})

    def binding_days(self) -> dict[str, date]:
        return {"filing": self.first_filed_on} if self.first_filed_on else {}

    @advances_stage(
        Stage.FILING,
        to=Stage.BUDGET,
        permission="projects.submit",
        rules=FILING_RULES,
        title="提交会审",
    )
    def submit(self, *, on: date) -> None:
        """提交会同审核；内容自此冻结为本轮版本。"""
        self.round_number += 1
        self.filed_on = on
        self.first_filed_on = self.first_filed_on or on

    @advances_stage(
        Stage.BUDGET, to=Stage.FILING, permission="budgeting.return_project", title="退回修改"
    )
    def return_for_correction(self) -> None:
        """退回修改：本轮结束，意见保留，修改后另起一轮。"""
        self.filed_on = None

    @advances_stage(
        Stage.BUDGET,
        to=Stage.PROCUREMENT,
        permission="budgeting.issue_reply",
        rules=APPROVAL_RULES,
        title="预算批复",
    )
    def approve_budget(self, *, reply_number: str, approved_fen: int) -> None:
        """预算批复：此后购买主体方可组织采购。"""
        self.reply_number = reply_number
        self.approved_fen = approved_fen

    @advances_stage(
        Stage.BUDGET,
        to=Stage.IMPLEMENTATION,
        permission="budgeting.issue_reply",
        rules=APPROVAL_RULES,
        title="补助批复",
    )
    def approve_subsidy(self, *, reply_number: str, approved_fen: int) -> None:
        """补助批复：转移支付，不经采购和合同。"""
        self.reply_number = reply_number
        self.approved_fen = approved_fen

    @follows(
        Stage.PROCUREMENT,
        to=Stage.IMPLEMENTATION,
        rules=["PH-7.4-subsidy-only"],
        title="转入补助的路径",
    )
    def take_subsidy_path(self) -> None:
        """旧版本批复的补助停在采购环节，转入实施。"""

    @advances_stage(
        Stage.IMPLEMENTATION,
        to=STAYS,
        permission="contracts.allot_subsidy",
        rules=[
            "PH-7.4-subsidy-only",
            "PH-7.4-shares-add-up",
            "PH-7.4-centres-eight",
            "PH-7.4-allotted-once",
        ],
        title="编列补助分配",
    )
    def allot_subsidy(self, *, shares: list[dict[str, Any]]) -> None:
        """各镇街道便民服务中心分得多少；合计等于批复金额。"""

    @advances_stage(
        Stage.PROCUREMENT,
        Stage.CONTRACT,
        Stage.IMPLEMENTATION,
        Stage.EVALUATION,
        Stage.DISCLOSURE,
        to=STAYS,
        permission="budgeting.draft_adjustment",
        rules=ADJUSTING_RULES,
        title="拟订预算调整",
    )
    def adjust_budget(self, **_values: Any) -> None:
        """批复之后的追加、调减、调剂、年末收回、平衡下达缺口；另一名财政审核人批准之后才动资金。"""

    @advances_stage(
        Stage.BUDGET,
        to=Stage.REJECTED,
        permission="budgeting.reject_project",
        rules=["YB-9.2-rejection-decided"],
        title="不予批准",
    )
    def reject(self) -> None:
        """不予批准：须先有审定结论。"""

    @advances_stage(
        Stage.FILING,
        Stage.BUDGET,
        to=Stage.WITHDRAWN,
        permission="projects.withdraw",
        title="撤回项目",
    )
    def withdraw(self) -> None:
        """购买主体撤回；理由入历史。"""

    @advances_stage(
        Stage.PROCUREMENT,
        to=STAYS,
        permission="projects.divide_packages",
        rules=["YB-10-packages-add-up", "YB-10-packages-untouched"],
        title="划分采购包",
    )
    def divide_packages(self, *, packages: list[dict[str, Any]]) -> None:
        """各包预算合计等于批复金额；已启动采购的不再划分。"""

    @advances_stage(
        Stage.PROCUREMENT, to=STAYS, permission="procurement.prepare", title="登记采购准备"
    )
    def record_preparation(self, **_values: Any) -> None:
        """需求调查、第三方意见、考核标准（《渝北办法》第十四条）。"""

    @advances_stage(
        Stage.PROCUREMENT,
        to=STAYS,
        permission="procurement.prepare",
        rules=["YB-9.2-intention-once", "YB-9.2-exemption-reasoned"],
        title="登记采购意向",
    )
    def register_intention(self, **_values: Any) -> None:
        """采购意向公开的日期和网址，或者豁免的理由。"""

    @advances_stage(
        Stage.PROCUREMENT,
        Stage.IMPLEMENTATION,
        to=STAYS,
        permission="procurement.open_tender",
        rules=OPENING_RULES,
        title="启动采购",
    )
    def open_tender(self, **_values: Any) -> None:
        """为一个采购包拟制采购文件；失败之后再启动，即为下一次。"""

    @follows(
        Stage.PROCUREMENT, to=Stage.CONTRACT, rules=["YB-9-packages-reached"], title="采购完成"
    )
    def finish_procurement(self) -> None:
        """最慢的采购包也已成交。"""

    @follows(
        Stage.CONTRACT,
        to=Stage.PROCUREMENT,
        rules=["YB-9-package-back-in-procurement"],
        title="退回采购",
    )
    def return_to_procurement(self) -> None:
        """有采购包退回采购：成交供应商拒绝签订合同。"""

    @follows(
        Stage.CONTRACT, to=Stage.IMPLEMENTATION, rules=["YB-9-packages-reached"], title="合同齐备"
    )
    def finish_contracting(self) -> None:
        """最慢的采购包也已签订合同。"""

    @follows(
        Stage.IMPLEMENTATION,
        to=Stage.EVALUATION,
        rules=["YB-9-packages-reached"],
        title="履约验收完成",
    )
    def finish_delivery(self) -> None:
        """最慢的采购包也已验收（或合同已终止）。"""

    @follows(
        Stage.IMPLEMENTATION, to=Stage.EVALUATION, rules=["PH-7.4-all-settled"], title="补助结清"
    )
    def finish_subsidy(self) -> None:
        """各中心的补助都已结清。"""

    @follows(
        Stage.PROCUREMENT,
        Stage.CONTRACT,
        Stage.IMPLEMENTATION,
        Stage.EVALUATION,
        Stage.DISCLOSURE,
        to=STAYS,
        permission="performance.evaluate",
        rules=["PH-16-year-funded", "PH-16-one-a-year"],
        title="开始年度自评",
    )
    def start_self_evaluation(self, *, year: int) -> None:
        """某一年度的项目支出绩效自评。"""

    @follows(
        Stage.EVALUATION,
        to=Stage.DISCLOSURE,
        rules=["YB-9-packages-reached"],
        title="评估完成",
    )
    def finish_evaluation(self) -> None:
        """最慢的采购包也已评估、结算并付清（或合同已终止）。"""

    @follows(
        Stage.EVALUATION,
        to=Stage.DISCLOSURE,
        rules=["PH-16-self-evaluated"],
        title="补助评估完成",
    )
    def finish_subsidy_evaluation(self) -> None:
        """补助没有合同可评；用钱的各年度都已自评。"""

    @follows(
        Stage.PROCUREMENT,
        Stage.CONTRACT,
        Stage.IMPLEMENTATION,
        to=Stage.TERMINATED,
        rules=["YB-9-no-package-left"],
        title="项目终止",
    )
    def end_without_packages(self) -> None:
        """各采购包均已终止采购，没有可以继续的。"""

    @advances_stage(
        Stage.PROCUREMENT,
        Stage.CONTRACT,
        Stage.IMPLEMENTATION,
        Stage.EVALUATION,
        Stage.DISCLOSURE,
        to=STAYS,
        permission="projects.conclude_pilot",
        rules=["YB-4.2-pilot-ended", "YB-4.2-pilot-concluded-once"],
        title="登记试点结论",
    )
    def conclude_pilot(self, *, outcome: str, conclusion: str, on: date) -> None:
        """试点到期，写明结论；可以推广的，推广项目方可申报。"""
        self.pilot_outcome = outcome
        self.pilot_conclusion = conclusion
        self.pilot_concluded_on = on

    @advances_stage(
        Stage.DISCLOSURE,
        to=Stage.CLOSED,
        permission="projects.close",
        rules=CLOSING_RULES,
        title="办结",
        seals=True,
    )
    def close(self, *, on: date) -> None:
        """各项公开义务都已履行，案卷封存。"""
        self.sealed_on = on

    @advances_stage(
        Stage.WITHDRAWN,
        Stage.REJECTED,
        Stage.TERMINATED,
        to=STAYS,
        permission="projects.close",
        rules=ARCHIVING_RULES,
        title="归档封存",
        seals=True,
    )
    def archive(self, *, on: date) -> None:
        """中途结束的项目善后完毕，案卷封存；结束的缘由不变。"""
        self.sealed_on = on
