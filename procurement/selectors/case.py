"""案卷的“采购”分页。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.money import format_yuan
from core.regulations import PINGHU
from procurement.facts.preparation import preconditions
from procurement.models import Award, Intention, Preparation, Tender
from procurement.selectors.badges import Badge, badge_of
from procurement.selectors.schedule import intention_end
from projects.models import Indicator, Package, PackageStatus, Project, ProjectKind

SUBSIDY = PINGHU.article(7, 4)


@dataclass(frozen=True)
class Attempt:
    """一个包的一次采购。"""

    tender: Tender
    badge: Badge
    days: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class PackageRow:
    """一个采购包：各次采购（新的在前）和各份成交（新的在前）。"""

    package: Package
    badge: Badge
    attempts: tuple[Attempt, ...]
    awards: tuple[tuple[Award, Badge], ...]

    @property
    def is_current(self) -> bool:
        return bool(self.package.status != PackageStatus.REPLACED)


def procurement_case(project: Project) -> dict[str, Any]:
    """采购准备、意向、采购包、各次采购、成交；查询次数与包数无关。"""
    rows = package_rows(project)
    packages = [row for row in rows if row.is_current]
    return {
        "is_subsidy": project.kind == ProjectKind.SUBSIDY,
        "subsidy_article": SUBSIDY,
        "preconditions": _preconditions(project),
        "intention": _intention(project),
        "packages": packages,
        "tendered": [row for row in rows if row.attempts],
        "total_fen": sum(row.package.budget_fen for row in packages),
        "awards": [(row.package, *award) for row in packages for award in row.awards],
    }


def package_rows(project: Project) -> list[PackageRow]:
    tenders: dict[int, list[Tender]] = {}
    for tender in Tender.objects.filter(package__project=project).select_related("mode"):
        tenders.setdefault(tender.package_id, []).append(tender)
    awards: dict[int, list[Award]] = {}
    for award in Award.objects.filter(package__project=project).select_related("provider"):
        awards.setdefault(award.package_id, []).append(award)
    return [
        _package_row(package, tenders.get(package.pk, []), awards.get(package.pk, []))
        for package in Package.objects.filter(project=project)
    ]


def _package_row(package: Package, tenders: list[Tender], awards: list[Award]) -> PackageRow:
    newest_first = sorted(tenders, key=lambda t: -t.attempt)
    return PackageRow(
        package=package,
        badge=badge_of(package),
        attempts=tuple(_attempt(t) for t in newest_first),
        awards=tuple((award, badge_of(award)) for award in awards),
    )


def _attempt(tender: Tender) -> Attempt:
    days = (
        ("启动", tender.opened_for_on),
        ("发布", tender.published_on),
        ("响应截止", tender.response_deadline),
        ("开启", tender.opened_on),
        ("评审报告", tender.reported_on),
        ("结束", tender.ended_on),
    )
    known = tuple((label, day) for label, day in days if day)
    return Attempt(tender, badge_of(tender), known)


def _preconditions(project: Project) -> list[dict[str, Any]]:
    """第十四条的四项，各有没有，内容是什么。"""
    row = Preparation.objects.filter(project=project).first()
    names = list(Indicator.objects.filter(project=project).values_list("name", flat=True))
    texts = (
        _words(row.survey, row.surveyed_on) if row else "",
        "：".join(filter(None, (row.third_party, row.third_party_opinion))) if row else "",
        "、".join(names),
        row.assessment_standard if row else "",
    )
    parts = preconditions(row, has_targets=bool(names))
    return [
        {"name": name, "is_there": is_there, "text": text}
        for (name, is_there), text in zip(parts, texts, strict=True)
    ]


def _words(text: str, on: date | None) -> str:
    return f"{on.isoformat()}　{text}" if on else text


def _intention(project: Project) -> list[tuple[str, Any]] | None:
    """登记的采购意向；没有登记为 None。"""
    row = Intention.objects.filter(project=project).select_related("project").first()
    if row is None:
        return None
    if row.exemption:
        return [("豁免理由", row.exemption), ("登记日", row.registered_on.isoformat())]
    row.project = project
    end = intention_end(row)
    title, day = (f"{end[0]} 日届满", end[1].isoformat()) if end else ("届满", "暂无法确定")
    return [
        ("公开日期", row.published_on and row.published_on.isoformat()),
        (title, day),
        ("公开媒体", row.medium),
        ("公开网址", row.address),
        ("预计采购时间", row.expected_month),
        ("登记日", row.registered_on.isoformat()),
    ]


def package_facts_of(project: Project) -> tuple[tuple[str, Any], ...]:
    """办理页上说明采购包的几行。"""
    approved = project.approved_fen
    return (
        ("项目", f"{project.number} {project.name}"),
        ("购买主体", project.purchaser),
        ("批复金额（元）", format_yuan(approved) if approved is not None else None),
    )
