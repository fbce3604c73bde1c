"""项目的组成：所在的计划行，所分的采购包。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models.catalogue import AnnualPlan
from projects.models.document import CaseDocument
from projects.models.project import Project
from projects.models.stages import Stage


@recorded()
class PlanLine(models.Model):
    """计划行：项目在年度购买计划中的归属，不是第二个项目。"""

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="计划", related_name="lines")
    project = models.OneToOneField(
        Project, models.PROTECT, verbose_name="项目", related_name="plan_line"
    )
    serial = models.CharField("外部序号", max_length=40, blank=True, default="")
    # To a line, not to its project: a case file that is sealed is not touched by its successor.
    precedent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上年计划项", null=True, blank=True, related_name="+"
    )
    objects = GuardedQuerySet["PlanLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划行"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "serial"],
                condition=~Q(serial=""),
                name="serial_once_in_plan",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}：{self.project}"


class PackageStatus(models.TextChoices):
    PLANNED = "planned", "待采购"
    PROCURING = "procuring", "采购中"
    AWARDED = "awarded", "已成交"
    CONTRACTED = "contracted", "已签合同"
    ACCEPTED = "accepted", "已验收"
    SETTLED = "settled", "已结清"
    TERMINATED = "terminated", "合同已终止"
    CANCELLED = "cancelled", "已终止采购"
    REPLACED = "replaced", "已重新划分"


# 采购包走到哪里，项目至多走到哪个环节；已终止采购的、已重新划分的不再计。
REACHED: dict[str, Stage] = {
    PackageStatus.PLANNED: Stage.PROCUREMENT,
    PackageStatus.PROCURING: Stage.PROCUREMENT,
    PackageStatus.AWARDED: Stage.CONTRACT,
    PackageStatus.CONTRACTED: Stage.IMPLEMENTATION,
    PackageStatus.ACCEPTED: Stage.EVALUATION,
    PackageStatus.SETTLED: Stage.DISCLOSURE,
    PackageStatus.TERMINATED: Stage.DISCLOSURE,
}


class PackageQuerySet(GuardedQuerySet["Package"]):
    def current(self) -> PackageQuerySet:
        """现在的采购包：重新划分之前的不在其中。"""
        return self.exclude(status=PackageStatus.REPLACED)


@recorded()
class Package(CaseDocument):
    """采购包：采购、成交、合同、验收都落在包上；项目的阶段是最慢一个包的阶段。"""

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", related_name="packages"
    )
    position = models.PositiveSmallIntegerField("包号")
    name = models.CharField("包名", max_length=200)
    budget_fen = models.BigIntegerField("预算（分）")
    status = StateField(
        "状态", choices=PackageStatus.choices, default=PackageStatus.PLANNED, protected=True
    )
    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购包"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "position"],
                condition=~Q(status="replaced"),
                name="package_position_once",
            ),
            models.CheckConstraint(condition=Q(budget_fen__gt=0), name="package_budget_positive"),
        ]

    def __str__(self) -> str:
        return f"包 {self.position} {self.name}"

    def case(self) -> Project:
        return self.project

    @advances(
        PackageStatus.PLANNED,
        to=PackageStatus.PROCURING,
        permission="projects.advance",
        title="包进入采购",
    )
    def start(self) -> None:
        """采购文件已发布。"""

    @advances(
        PackageStatus.PROCURING,
        to=PackageStatus.PLANNED,
        permission="projects.advance",
        title="包退回待采购",
    )
    def fail(self) -> None:
        """本次采购未成，可再次启动。"""

    @advances(
        PackageStatus.PROCURING,
        to=PackageStatus.AWARDED,
        permission="projects.advance",
        title="包已成交",
    )
    def award(self) -> None:
        """成交结果已公告。"""

    @advances(
        PackageStatus.AWARDED,
        to=PackageStatus.PROCURING,
        permission="projects.advance",
        title="包退回采购",
    )
    def reopen(self) -> None:
        """成交供应商拒绝签订合同，回到采购。"""

    @advances(
        PackageStatus.AWARDED,
        to=PackageStatus.CONTRACTED,
        permission="contracts.sign",
        title="包已签合同",
    )
    def contract(self) -> None:
        """合同已签订。"""

    @advances(
        PackageStatus.CONTRACTED,
        to=PackageStatus.ACCEPTED,
        permission="contracts.conclude_acceptance",
        title="包已验收",
    )
    def accept(self) -> None:
        """全部服务已验收合格。"""

    @advances(
        PackageStatus.ACCEPTED,
        to=PackageStatus.SETTLED,
        permission="contracts.complete",
        title="包已结清",
    )
    def settle(self) -> None:
        """评估已有结论，应付总额已付清。"""

    @advances(
        PackageStatus.CONTRACTED,
        PackageStatus.ACCEPTED,
        to=PackageStatus.TERMINATED,
        permission="contracts.terminate",
        title="包的合同已终止",
    )
    def terminate(self) -> None:
        """合同按约定终止；验收之后评价不合格而拒不整改的亦然。"""

    @advances(
        PackageStatus.PLANNED,
        to=PackageStatus.CANCELLED,
        permission="procurement.cancel_package",
        rules=["YB-9.3-cancel-between-attempts"],
        title="终止采购",
    )
    def cancel(self) -> None:
        """不再采购此包，预留的资金释放。"""

    @advances(
        PackageStatus.PLANNED,
        to=PackageStatus.REPLACED,
        permission="projects.divide_packages",
        title="由新的采购包代替",
    )
    def supersede(self) -> None:
        """重新划分；作废的采购文件留在原来的包上。"""
