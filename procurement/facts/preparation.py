"""启动采购、发布文件的规则所问的事实；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Organisation
from core.calendar.loading import workdays
from core.rules import Context
from core.rules.parameters import parameters_in_force
from procurement.facts.schedule import INTENTION, ONE_DAY
from procurement.models import Intention, Mode, OrganisationForm, Preparation, Tender
from projects.models import Indicator, Package, PackageStatus, Project


@dataclass(frozen=True)
class ModeFacts:
    """所选采购方式：是否在用，组织形式，项目批复金额，批准文号。"""

    page: str
    project_kind: str
    method: str
    method_label: str
    form: str
    form_label: str
    is_in_force: bool
    approved_fen: int
    approval: str
    has_centre: bool


def mode_facts(subject: Project | Tender, context: Context) -> ModeFacts:
    """以项目（启动）或采购（修改、发布）为对象；表单另选了方式的按表单。"""
    project = subject.case()
    chosen: Any = context.data.get("mode") or getattr(subject, "mode", None)
    in_force = Mode.objects.in_force(project.jurisdiction(), context.on)
    approval = context.data.get("mode_approval")
    if approval is None:
        approval = getattr(subject, "mode_approval", "")
    return ModeFacts(
        page=project.get_absolute_url(),
        project_kind=project.kind,
        method=chosen.method if chosen else "",
        method_label=chosen.get_method_display() if chosen else "未选",
        form=chosen.form if chosen else "",
        form_label=chosen.get_form_display() if chosen else "",
        is_in_force=chosen is not None and in_force.filter(pk=chosen.pk).exists(),
        approved_fen=project.approved_fen or 0,
        approval=str(approval).strip(),
        has_centre=trading_centre(project) is not None,
    )


def trading_centre(project: Project) -> Organisation | None:
    """本辖区的集中采购机构；没有设置的为 None。"""
    mandate = project.jurisdiction().mandates.filter(kind="trading_centre").first()
    return mandate.organisation if mandate else None


@dataclass(frozen=True)
class StartFacts:
    """启动采购：是不是补助，所选的包是不是本项目待采购的包。"""

    page: str
    is_subsidy: bool
    package: str
    is_waiting: bool
    waiting: tuple[str, ...]


def start_facts(project: Project, context: Context) -> StartFacts:
    packages = list(Package.objects.filter(project=project))
    chosen: Package | None = context.data.get("package")
    free = [p for p in packages if p.status == PackageStatus.PLANNED and not _is_busy(p)]
    is_waiting = bool(free) if chosen is None else any(p.pk == chosen.pk for p in free)
    return StartFacts(
        page=project.get_absolute_url(),
        is_subsidy=project.kind == "subsidy",
        package=str(chosen or ""),
        is_waiting=is_waiting,
        waiting=tuple(str(p) for p in free),
    )


def _is_busy(package: Package) -> bool:
    """已有一次采购正在拟制文件。"""
    return Tender.objects.filter(package=package, status="preparing").exists()


@dataclass(frozen=True)
class IntentionFacts:
    """采购意向：登记过没有，现在登记的是日期还是豁免理由；最早可以开始的日子。"""

    page: str
    on: date
    is_registered: bool
    published_on: date | None
    days_passed: int | None
    earliest: date | None
    exemption: str
    is_own: bool


def intention_facts(subject: Project | Tender, context: Context) -> IntentionFacts:
    project = subject.case()
    row = Intention.objects.filter(project=project).first()
    published = context.data.get("published_on") or (row.published_on if row else None)
    exemption = context.data.get("exemption")
    days = parameters_in_force(project.jurisdiction(), context.on).get(INTENTION)
    mode = getattr(subject, "mode", None)
    return IntentionFacts(
        page=project.get_absolute_url(),
        on=context.on,
        is_registered=row is not None,
        published_on=published,
        days_passed=(context.on - published).days if published else None,
        earliest=published + days * ONE_DAY if published and days else None,
        exemption=str(exemption if exemption is not None else (row.exemption if row else "")),
        is_own=mode is not None and mode.form == OrganisationForm.OWN,
    )


@dataclass(frozen=True)
class PreconditionFacts:
    """第十四条所列购买前的四项：各有没有。"""

    page: str
    parts: tuple[tuple[str, bool], ...]


def precondition_facts(tender: Tender, context: Context) -> PreconditionFacts:
    project = tender.case()
    row = Preparation.objects.filter(project=project).first()
    indicators = Indicator.objects.filter(project=project)
    return PreconditionFacts(
        page=project.get_absolute_url(),
        parts=preconditions(row, has_targets=indicators.exists()),
    )


def preconditions(row: Preparation | None, *, has_targets: bool) -> tuple[tuple[str, bool], ...]:
    """需求调查、第三方意见、绩效目标、考核标准，依次是否具备。"""
    return (
        ("需求调查", row is not None and bool(row.survey.strip()) and row.surveyed_on is not None),
        (
            "第三方意见",
            row is not None and bool(row.third_party.strip() and row.third_party_opinion.strip()),
        ),
        ("绩效目标", has_targets),
        ("考核标准", row is not None and bool(row.assessment_standard.strip())),
    )


@dataclass(frozen=True)
class DocumentFacts:
    """采购文件：限价、权重、各项日期；表单填的优先。"""

    page: str
    method: str
    method_label: str
    form: str
    ceiling_price_fen: int
    budget_fen: int
    price_weight: Decimal
    published_on: date
    offered_from: date | None
    offered_until: date | None
    offered_workdays: int | None
    response_deadline: date | None


def document_facts(tender: Tender, context: Context) -> DocumentFacts:
    data = context.data
    first = data.get("offered_from") or tender.offered_from
    last = data.get("offered_until") or tender.offered_until
    return DocumentFacts(
        page=tender.get_absolute_url(),
        method=tender.method,
        method_label=tender.mode.get_method_display(),
        form=tender.mode.form,
        ceiling_price_fen=tender.ceiling_price_fen,
        budget_fen=tender.package.budget_fen,
        price_weight=tender.price_weight,
        published_on=tender.published_on or context.on,
        offered_from=first,
        offered_until=last,
        offered_workdays=_workdays(first, last),
        response_deadline=data.get("response_deadline") or tender.response_deadline,
    )


def _workdays(first: date | None, last: date | None) -> int | None:
    """提供期的工作日数，含起始日；日期不全或倒置为 None。Raises `CalendarUnknown`."""
    if first is None or last is None or last < first:
        return None
    return workdays().count_workdays(first, last, include_first=True)
