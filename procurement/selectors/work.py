"""各岗位手上的采购：等着办的项目、采购包、采购和成交；期限的日历和参数各读一次。"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import Jurisdiction, RoleAssignment, User
from accounts.roles import Role
from budgeting.models import ReplyLine, ReplyStatus
from core.calendar.arithmetic import CalendarUnknown, Workdays
from core.calendar.loading import workdays
from core.rules.parameters import ParameterTable
from procurement.facts.attempts import touched
from procurement.facts.preparation import preconditions
from procurement.models import (
    Award,
    AwardStatus,
    Intention,
    OrganisationForm,
    Preparation,
    Tender,
    TenderStatus,
)
from projects.models import Package, PackageStatus, Project, Stage

LIVE = (
    TenderStatus.PREPARING,
    TenderStatus.PUBLISHED,
    TenderStatus.OPENED,
    TenderStatus.EVALUATED,
)
DECIDE, NOTIFY = "YB-9.3-decide-workdays", "YB-9.3-notify-workdays"


class Dues:
    """某日之后若干工作日是哪一天；日历或参数不足的为 None。"""

    @cached_property
    def _calendar(self) -> Workdays:
        return workdays()

    @cached_property
    def _table(self) -> ParameterTable:
        return ParameterTable(DECIDE, NOTIFY)

    def after(self, jurisdiction: Jurisdiction, day: date, key: str) -> date | None:
        count = self._table.in_force(jurisdiction, day).get(key)
        try:
            return None if count is None else self._calendar.add_workdays(day, count).day
        except CalendarUnknown:
            return None


def projects_to_prepare(acting: RoleAssignment) -> QuerySet[Any]:
    """本单位处在采购环节、前置条件还没有登记齐的项目；`replied_on` 是批复之日。"""
    ready = Preparation.objects.filter(project=OuterRef("pk"), surveyed_on__isnull=False)
    for name in ("survey", "third_party", "third_party_opinion", "assessment_standard"):
        ready = ready.exclude(**{name: ""})
    rows = Project.objects.filter(
        ~Exists(ready),
        stage=Stage.PROCUREMENT,
        purchaser__organisation=acting.organisation_id,
    )
    return rows.annotate(replied_on=_replied_on("pk"))


def packages_to_tender(acting: RoleAssignment) -> QuerySet[Any]:
    """本单位待启动采购的包；`replied_on` 批复之日，`failed_on` 上次采购失败之日。"""
    rows = idle_packages().filter(
        project__stage=Stage.PROCUREMENT,
        project__purchaser__organisation=acting.organisation_id,
    )
    failed = Tender.objects.filter(package=OuterRef("pk"), status=TenderStatus.FAILED)
    return rows.select_related("project").annotate(
        replied_on=_replied_on("project"),
        failed_on=Subquery(failed.values("package").annotate(d=Max("ended_on")).values("d")),
    )


def idle_packages() -> QuerySet[Package]:
    """待采购而没有采购正在拟制的包。"""
    preparing = Tender.objects.filter(package=OuterRef("pk"), status=TenderStatus.PREPARING)
    return Package.objects.filter(~Exists(preparing), status=PackageStatus.PLANNED)


def _replied_on(project: str) -> Subquery:
    lines = ReplyLine.objects.filter(project=OuterRef(project), reply__status=ReplyStatus.ISSUED)
    return Subquery(lines.order_by("-pk").values("reply__issued_on")[:1])


def tenders_at(user: User, acting: RoleAssignment) -> QuerySet[Any]:
    """与本机构有关的、还没有办完的采购：委托给交易中心的，或者本单位的。

    附 `decided_on`：已定成交而没有公告的，是确定之日；`refused_on`：有成交供应商拒绝签订的，
    是最近一次拒绝之日。
    """
    refused = Award.objects.refused().filter(tender=OuterRef("pk")).order_by("-refused_on")
    waiting = Award.objects.filter(tender=OuterRef("pk"), status=AwardStatus.DECIDED)
    rows = Tender.objects.visible_to(user).with_case().order_by("pk")
    rows = rows.annotate(
        decided_on=Subquery(waiting.values("decided_on")[:1]),
        refused_on=Subquery(refused.values("refused_on")[:1]),
    )
    rows = rows.filter(Q(status__in=LIVE) | Q(decided_on__isnull=False))
    if acting.role == Role.TRADING_CENTRE:
        return rows.filter(
            package__project__agency=acting.organisation_id,
            mode__form=OrganisationForm.CENTRALISED,
        )
    return rows.filter(package__project__purchaser__organisation=acting.organisation_id)


# --- “下一步”里显不显示 --------------------------------------------------------------------------


def may_divide(project: Project) -> bool:
    """还没有一个包动过：都待采购，也没有启动过采购（作废的不算）。"""
    return not touched(project)


def lacks_preparation(project: Project) -> bool:
    row = Preparation.objects.filter(project=project).first()
    return not all(is_there for _, is_there in preconditions(row, has_targets=True))


def lacks_intention(project: Project) -> bool:
    return not Intention.objects.filter(project=project).exists()


def has_idle_package(project: Project) -> bool:
    """在采购环节、有待启动的包；补助没有包。"""
    at_stage = project.stage == Stage.PROCUREMENT
    return at_stage and idle_packages().filter(project=project).exists()


def live_tenders(project: Project) -> list[Tender]:
    rows = Tender.objects.filter(package__project=project, status__in=LIVE)
    return list(rows.with_case().order_by("pk"))


def open_awards(project: Project) -> list[Award]:
    """待公告的，和已公告而合同还没有签订的。"""
    rows = Award.objects.filter(package__project=project).filter(
        Q(status=AwardStatus.DECIDED)
        | Q(status=AwardStatus.NOTIFIED, package__status=PackageStatus.AWARDED)
    )
    return list(rows.with_case().order_by("pk"))


def planned_packages(project: Project) -> list[Package]:
    """待采购的包，连同项目（免得逐个再查）。"""
    rows = list(Package.objects.filter(project=project, status=PackageStatus.PLANNED))
    for row in rows:
        row.project = project
    return rows
