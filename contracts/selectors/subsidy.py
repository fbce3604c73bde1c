"""补助的页面：分配表、支出报告，以及各人手里的补助事项；金额单位为分。"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from budgeting.models import ReplyLine, ReplyStatus
from contracts.facts.subsidy import ShareSums, sums_of
from contracts.models import (
    ReportStatus,
    ShareStatus,
    SpendingReport,
    SubsidyRelease,
    SubsidyReturn,
    SubsidyShare,
)
from contracts.selectors.badges import mark
from core.navigation import TodoItem
from projects.models import ENDED_STAGES, Project, ProjectKind, Stage

TONES: dict[str, str] = {
    ShareStatus.ALLOTTED: "info",
    ShareStatus.SETTLED: "ok",
    ReportStatus.SUBMITTED: "act",
    ReportStatus.ACCEPTED: "ok",
    ReportStatus.RETURNED: "late",
}


@dataclass(frozen=True)
class ShareRow:
    """分配表的一行。"""

    share: SubsidyShare
    sums: ShareSums
    badge: dict[str, str]
    moves: tuple[str, ...]


@dataclass(frozen=True)
class ReportRow:
    report: SpendingReport
    total_fen: int
    badge: dict[str, str]
    moves: tuple[str, ...]


def badge_of(row: SubsidyShare | SpendingReport) -> dict[str, str]:
    return mark(row.state_label, TONES[row.state])


def moves_due(share: SubsidyShare) -> tuple[str, ...]:
    """“下一步”所列的办理：前面拨付的都有着落才催再拨，还有未拨的不催结清。"""
    sums, late = sums_of(share), set()
    if sums.unchecked_fen:
        late.add("release_part")
    if sums.left_fen:
        late.add("settle")
    return tuple(move for move in moves_in_hand(share) if move not in late)


def moves_in_hand(share: SubsidyShare) -> tuple[str, ...]:
    """现在谈得上的办理：有未拨的可拨，有未报的可报、可退，都有着落的可结清。"""
    if share.status != ShareStatus.ALLOTTED:
        return ()
    sums = sums_of(share)
    release = ("release_part",) if sums.left_fen else ()
    spend = ("report", "return_unspent") if sums.unspent_fen else ()
    return (*release, *spend) if sums.unchecked_fen else (*release, "settle")


def subsidy_page(project: Project) -> dict[str, Any]:
    """一个补助项目的全部：分配表及合计、支出报告、历次拨付和退回。"""
    shares = [_share_row(s) for s in SubsidyShare.objects.with_sums().filter(project=project)]
    reports = SpendingReport.objects.filter(share__project=project).select_related(
        "share", "reported_by", "checked_by"
    )
    of_project = {"share__project": project}
    return {
        "rows": shares,
        "total": _total([row.sums for row in shares]),
        "reports": [_report_row(r) for r in reports.prefetch_related("lines")],
        "releases": SubsidyRelease.objects.filter(**of_project).select_related("share"),
        "returns": SubsidyReturn.objects.filter(**of_project).select_related("share"),
    }


def _share_row(share: SubsidyShare) -> ShareRow:
    return ShareRow(share, sums_of(share), badge_of(share), moves_in_hand(share))


def _report_row(report: SpendingReport) -> ReportRow:
    total = sum(line.amount_fen for line in report.lines.all())
    is_pending = report.status == ReportStatus.SUBMITTED
    moves = ("accept", "send_back") if is_pending else ()
    return ReportRow(report, total, badge_of(report), moves)


def _total(sums: list[ShareSums]) -> ShareSums:
    return ShareSums(*(sum(getattr(s, f.name) for s in sums) for f in fields(ShareSums)))


# --- 各人手里的 ----------------------------------------------------------------------------------


def shares_visible_to(user: User) -> QuerySet[Any]:
    return SubsidyShare.objects.visible_to(user).with_case().with_sums()


def reports_visible_to(user: User) -> QuerySet[SpendingReport]:
    return SpendingReport.objects.visible_to(user).with_case()


def open_shares(user: User) -> QuerySet[Any]:
    """没有结清的分配，附最近一次拨付日。"""
    last = SubsidyRelease.objects.filter(share=OuterRef("pk")).order_by("-released_on")
    rows: QuerySet[Any] = shares_visible_to(user).annotate(
        last_released_on=Subquery(last.values("released_on")[:1])
    )
    return rows.filter(status=ShareStatus.ALLOTTED).exclude(project__stage__in=ENDED_STAGES)


def pending_reports(user: User) -> QuerySet[SpendingReport]:
    """待核对的支出报告。"""
    rows = reports_visible_to(user).filter(status=ReportStatus.SUBMITTED)
    return rows.exclude(share__project__stage__in=ENDED_STAGES)


def unallotted(user: User) -> QuerySet[Any]:
    """已批复而还没有编列分配的补助项目，附批复日。"""
    rows = Project.objects.visible_to(user).with_owner()
    replies = ReplyLine.objects.filter(project=OuterRef("pk"), reply__status=ReplyStatus.ISSUED)
    return (
        rows.filter(kind=ProjectKind.SUBSIDY, stage=Stage.IMPLEMENTATION)
        .exclude(pk__in=SubsidyShare.objects.values("project"))
        .annotate(approved_on=Subquery(replies.values("reply__issued_on")[:1]))
    )


def awaits_allotment(project: Project) -> bool:
    """“下一步”是否列出编列补助分配。"""
    if project.kind != ProjectKind.SUBSIDY:
        return False
    return not SubsidyShare.objects.filter(project=project).exists()


def papers_in_hand(project: Project) -> list[SubsidyShare | SpendingReport]:
    """案卷“下一步”所列：每一种办理里排在最前的一份分配，以及待核对的报告。

    各份分配都列出，一页就有几十项；其余的在补助表中逐行办理。
    """
    if project.kind != ProjectKind.SUBSIDY or project.has_ended:
        return []
    rows = SubsidyShare.objects.with_case().with_sums().filter(project=project)
    first: dict[str, SubsidyShare] = {}
    for share in rows:
        for move in moves_due(share):
            first.setdefault(move, share)
    shares = sorted({s.pk: s for s in first.values()}.values(), key=lambda s: s.position)
    reports = SpendingReport.objects.with_case().filter(
        share__project=project, status=ReportStatus.SUBMITTED
    )
    return [*shares, *reports]


# --- 待办与等待 ----------------------------------------------------------------------------------

OWN, HERE = "project__purchaser__organisation", "project__purchaser__organisation__jurisdiction"


CHECK = "contracts.check_spending"


def to_do(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """本岗位要办的补助事项；同一项目的各份分配并作一行。"""
    if acting.role == Role.OFFICER:
        own = {"purchaser__organisation": acting.organisation_id}
        for project in unallotted(user).filter(**own):
            url = reverse("contracts:allot_subsidy", args=[project.pk])
            since = project.approved_on or project.filed_on
            yield TodoItem("编列补助分配", str(project), url, since, kind="补助")
        shares = open_shares(user).filter(**{OWN: acting.organisation_id})
        yield from _by_project(shares, "登记补助支出", lambda s: s.unspent_fen > 0)
    if acting.role == Role.FINANCE:
        shares = open_shares(user).filter(**{HERE: acting.organisation.jurisdiction_id})
        yield from _by_project(shares, "拨付补助", _may_be_released)
    if acting.role == Role.DIVISION_LEADER:
        reports = pending_reports(user).filter(**{f"share__{OWN}": acting.organisation_id})
        for report in reports.exclude(reported_by=user).exclude(share__project__officer=user):
            url = reverse("contracts:accept_report", args=[report.pk])
            since = report.reported_on
            yield TodoItem("核对补助支出", str(report), url, since, kind="补助", act=CHECK)
        shares = open_shares(user).filter(**{OWN: acting.organisation_id})
        yield from _by_project(shares, "结清补助", _may_be_settled, act=CHECK)


def awaited(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """经办人在等谁。"""
    if acting.role != Role.OFFICER:
        return
    reports = pending_reports(user).filter(**{f"share__{OWN}": acting.organisation_id})
    for report in reports:
        yield TodoItem(
            "核对补助支出",
            str(report),
            report.get_absolute_url(),
            report.reported_on,
            kind="补助",
            waits_for="分管领导",
        )
    shares = open_shares(user).filter(**{OWN: acting.organisation_id})
    yield from _by_project(shares, "拨付补助", _may_be_released, waits_for="财政部门")
    yield from _by_project(shares, "结清补助", _may_be_settled, waits_for="分管领导")


def _may_be_released(sums: ShareSums) -> bool:
    """还有未拨的，前面拨付的都有着落。"""
    return sums.left_fen > 0 and sums.unchecked_fen == 0


def _may_be_settled(sums: ShareSums) -> bool:
    return sums.left_fen == 0 and sums.unchecked_fen == 0


def _by_project(
    shares: Iterable[Any],
    title: str,
    wanted: Callable[[ShareSums], bool],
    waits_for: str = "",
    act: str = "",
) -> Iterator[TodoItem]:
    found: dict[int, list[Any]] = {}
    for share in shares:
        if wanted(sums_of(share)):
            found.setdefault(share.project_id, []).append(share)
    for rows in found.values():
        since = min(row.last_released_on or row.allotted_on for row in rows)
        yield TodoItem(
            title,
            f"{rows[0].project}：{len(rows)} 个便民服务中心",
            rows[0].get_absolute_url(),
            since,
            kind="补助",
            waits_for=waits_for,
            act=act,
        )
