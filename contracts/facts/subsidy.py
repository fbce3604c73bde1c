"""补助规则所问的事实；金额单位为分。"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min
from django.urls import reverse

from contracts.facts.hands import Hands, own_hands
from contracts.facts.standing import DayFacts
from contracts.models import LIVE_REPORTS, ShareStatus, SpendingReport, SubsidyShare
from core.rules import Context
from projects.models import ExpenseKind, Project


@dataclass(frozen=True)
class ShareSums:
    """一份分配的各项合计（分）。已报支出含待核对的，已退回的报告不计。"""

    amount_fen: int
    released_fen: int
    returned_fen: int
    reported_fen: int
    accepted_fen: int

    @property
    def left_fen(self) -> int:
        """还没有拨付的。"""
        return self.amount_fen - self.released_fen

    @property
    def kept_fen(self) -> int:
        """拨付之后没有退回的。"""
        return self.released_fen - self.returned_fen

    @property
    def unspent_fen(self) -> int:
        """拨付之后既没有报支出、也没有退回的。"""
        return self.kept_fen - self.reported_fen

    @property
    def unchecked_fen(self) -> int:
        """拨付之后既没有核对过的支出、也没有退回的。"""
        return self.kept_fen - self.accepted_fen


@dataclass(frozen=True)
class SettledFacts:
    """还没有结清的各份分配：（中心，状态）。"""

    page: str
    count: int
    open: tuple[tuple[str, str], ...]


def settled_facts(project: Project, context: Context) -> SettledFacts:
    rows = list(SubsidyShare.objects.filter(project=project))
    return SettledFacts(
        page=project.get_absolute_url(),
        count=len(rows),
        open=tuple(
            (r.recipient, r.get_status_display()) for r in rows if r.status != ShareStatus.SETTLED
        ),
    )


def sums_of(share: SubsidyShare) -> ShareSums:
    """`share` 取自 `with_sums()` 时不再查询。"""
    row: Any = share
    if not hasattr(row, "released_fen"):
        row = SubsidyShare.objects.with_sums().get(pk=share.pk)
    return ShareSums(
        row.amount_fen, row.released_fen, row.returned_fen, row.reported_fen, row.accepted_fen
    )


@dataclass(frozen=True)
class AllotmentFacts:
    """编列补助分配：批复金额、所列各中心及其金额、已编列的份数。"""

    page: str
    kind: str
    kind_label: str
    approved_fen: int
    shares: tuple[tuple[str, int], ...]
    allotted: int


def allotment_facts(project: Project, context: Context) -> AllotmentFacts:
    listed: Sequence[dict[str, Any]] = context.data.get("shares") or ()
    return AllotmentFacts(
        page=reverse("contracts:subsidy", args=[project.pk]),
        kind=project.kind,
        kind_label=project.get_kind_display(),
        approved_fen=project.approved_fen or 0,
        shares=tuple((str(s["recipient"]).strip(), int(s["amount_fen"])) for s in listed),
        allotted=SubsidyShare.objects.filter(project=project).count(),
    )


@dataclass(frozen=True)
class ShareFacts:
    """一份分配现在的各项合计，以及本次所报的金额、支出和对余额的处置。

    `asked_fen` 在填表之前为 None。
    """

    page: str
    recipient: str
    sums: ShareSums
    asked_fen: int | None
    expenses: tuple[tuple[str, str, str], ...]
    amounts: tuple[tuple[str, int], ...]
    gives_up_rest: bool


def share_facts(share: SubsidyShare, context: Context) -> ShareFacts:
    data = context.data
    lines: Sequence[dict[str, Any]] | None = data.get("lines")
    asked = data.get("amount_fen")
    if lines is not None:
        asked = sum(int(line["amount_fen"]) for line in lines)
    return ShareFacts(
        page=share.get_absolute_url(),
        recipient=share.recipient,
        sums=sums_of(share),
        asked_fen=asked,
        expenses=tuple(
            (str(x["item"]), str(x["expense_kind"]), ExpenseKind(x["expense_kind"]).label)
            for x in lines or ()
        ),
        amounts=tuple((str(x["item"]), int(x["amount_fen"])) for x in lines or ()),
        gives_up_rest=bool(data.get("gives_up_rest")),
    )


def return_day_facts(share: SubsidyShare, context: Context) -> DayFacts:
    """款项退回的日期；最早在首次拨付之日。"""
    return DayFacts(
        page=share.get_absolute_url(),
        what="退回日",
        day=context.data.get("returned_on"),
        since_what="首次拨付日",
        since=share.releases.aggregate(first=Min("released_on"))["first"],
        on=context.on,
    )


@dataclass(frozen=True)
class CheckFacts:
    """谁核对支出，他此前经过哪几手。"""

    page: str
    checker: str
    own_hands: Hands


def check_facts(subject: SubsidyShare | SpendingReport, context: Context) -> CheckFacts:
    """一份报告的登记人；结清一份分配的，为它名下各份没有退回的报告的登记人。"""
    reports = [subject] if isinstance(subject, SpendingReport) else _live_reports(subject)
    reporters = {r.reported_by_id: r.reported_by for r in reports}
    return CheckFacts(
        page=subject.get_absolute_url(),
        checker=context.by.full_name if context.by else "",
        own_hands=own_hands(
            context,
            ("项目经办人", subject.case().officer),
            *(("支出登记人", who) for who in reporters.values()),
        ),
    )


def _live_reports(share: SubsidyShare) -> Iterable[SpendingReport]:
    return share.reports.filter(status__in=LIVE_REPORTS).select_related("reported_by")
