"""会审台：筛选、各类件数、每一行谁已出具、在等谁、等了几个工作日。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Mandate, MandateKind, Organisation, User
from accounts.permissions import sight_of
from budgeting.models import (
    SPOKEN,
    BudgetReview,
    BudgetReviewQuerySet,
    Opinion,
    OpinionStatus,
    ReviewStatus,
)
from budgeting.selectors.badges import badge_of
from budgeting.selectors.reviews import (
    AWAITED,
    all_spoken,
    opinion_since,
    turns_in,
    with_waiting,
)
from core.calendar.arithmetic import CalendarUnknown, Workdays
from projects.models import FundLine

LONG_WAIT = 10
LIVE = (ReviewStatus.OPEN, ReviewStatus.CONCLUDED)


@dataclass(frozen=True)
class ReviewQueue:
    rows: QuerySet[BudgetReview]
    counts: dict[str, int]


@dataclass(frozen=True)
class Waits:
    """按工作日历数等了几天；历年没有载入的数不出来，是 None。"""

    workdays: Workdays
    on: date

    def days(self, since: date | None) -> int | None:
        if since is None or since > self.on:
            return None
        try:
            return self.workdays.count_workdays(since, self.on)
        except CalendarUnknown:
            return None

    def cutoff(self, days: int) -> date:
        """自这一天或更早起等待的，已满 `days` 个工作日。Raises `CalendarUnknown`."""
        day = self.on
        while self.workdays.count_workdays(day, self.on) < days:
            day -= timedelta(days=1)
        return day


def reviewers_seen_by(user: User) -> list[Organisation]:
    """会审台的各列：本人所在辖区的会审机构，按审核路径。"""
    sight = sight_of(user)
    rows = Mandate.objects.filter(
        kind=MandateKind.JOINT_REVIEWER, jurisdiction__in=sight.reviewed | sight.audited
    )
    ordered = rows.select_related("organisation").order_by("jurisdiction", "step", "position")
    return [m.organisation for m in ordered]


def review_queue(
    user: User, *, desk: Organisation | None, wanted: dict[str, Any], waits: Waits
) -> ReviewQueue:
    """可见的各轮会审，按筛选条件；`counts` 是同一范围（单位、年度、资金、类别）内的各类件数。

    Raises `CalendarUnknown` 按等待天数筛选而日历没有载入的。
    """
    scope = with_waiting(_scope(BudgetReview.objects.visible_to(user), wanted).with_case())
    states = _states(desk)
    rows = scope.prefetch_related(
        Prefetch("opinions", Opinion.objects.select_related("reviewer").order_by("position"))
    )
    if wanted.get("mine"):
        rows = rows.filter(states["mine"])
    else:
        rows = rows.filter(states[wanted.get("status") or "live"])
    if wanted.get("waited"):
        rows = rows.filter(waiting_on__lte=waits.cutoff(wanted["waited"]))
    if wanted.get("since"):
        rows = rows.filter(waiting_on__gte=wanted["since"])
    names = ("mine", "open", "spoken", "opposed", "concluded", "returned")
    counts = scope.aggregate(
        **{name: Count("pk", filter=states[name]) for name in names},
        **_long_waits(waits),
    )
    return ReviewQueue(rows, counts)


def _long_waits(waits: Waits) -> dict[str, Any]:
    try:
        day = waits.cutoff(LONG_WAIT)
    except CalendarUnknown:
        return {}
    overdue = Q(waiting_on__lte=day, status__in=LIVE)
    return {"long": Count("pk", filter=overdue)}


def _scope(rows: BudgetReviewQuerySet, wanted: dict[str, Any]) -> BudgetReviewQuerySet:
    by_field = {
        "purchaser": "project__purchaser",
        "year": "project__year",
        "programme": "project__programme",
    }
    for name, path in by_field.items():
        if wanted.get(name):
            rows = rows.filter(**{path: "" if wanted[name] == "none" else wanted[name]})
    if wanted.get("fund"):
        funded = FundLine.objects.filter(fund=wanted["fund"]).values("project")
        rows = rows.filter(project__in=funded)
    return rows


def _states(desk: Organisation | None) -> dict[str, Q]:
    """每一种状态的条件；`mine` 是轮到本单位出具的。"""
    turn = Opinion.objects.filter(reviewer=desk, status__in=AWAITED).in_turn()
    opposed = Opinion.objects.filter(status=OpinionStatus.OPPOSED)
    is_open = Q(status=ReviewStatus.OPEN)
    return {
        "all": Q(),
        "live": Q(status__in=LIVE),
        "mine": is_open & Q(pk__in=turn.values("review")),
        "open": is_open,
        "spoken": all_spoken(),
        "opposed": is_open & Q(pk__in=opposed.values("review")),
        "concluded": Q(status=ReviewStatus.CONCLUDED),
        "returned": Q(status=ReviewStatus.RETURNED),
        "closed": Q(status=ReviewStatus.CLOSED),
    }


# --- 一行 ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """一个机构在一轮中的意见：状态，出具日，或自何日起等、等了几个工作日。"""

    label: str
    tone: str
    on: date | None = None
    since: date | None = None
    days: int | None = None

    @property
    def text(self) -> str:
        if self.on:
            return f"{self.label} {self.on.isoformat()}"
        if self.since:
            waited = "" if self.days is None else f"（{self.days} 个工作日）"
            return f"{self.label} 自 {self.since.isoformat()}{waited}"
        return self.label


@dataclass(frozen=True)
class ReviewDesk:
    """会审台的一行：谁已出具，等谁、自何日起、等了几个工作日。"""

    review: BudgetReview
    badge: dict[str, str]
    progress: str
    waiting: tuple[str, ...]
    since: date | None
    days: int | None
    cells: dict[int, Cell]

    def cell_of(self, reviewer: Organisation) -> Cell | None:
        return self.cells.get(reviewer.pk)


def review_desk(review: BudgetReview, waits: Waits) -> ReviewDesk:
    """`review` 须由 `review_queue` 取出，带着意见和 `waiting_on`。"""
    opinions = list(review.opinions.all())
    turns = turns_in(opinions)
    live = [o for o in opinions if o.status != OpinionStatus.CANCELLED]
    spoken = [o for o in live if o.status in SPOKEN]
    since: date | None = review.waiting_on  # type: ignore[attr-defined]
    return ReviewDesk(
        review=review,
        badge=badge_of(review),
        progress=f"{len(spoken)}/{len(live)}",
        waiting=_waiting(review, [o for o in live if turns[o.pk][0]]),
        since=since,
        days=waits.days(since),
        cells={o.reviewer_id: _cell(o, review, turns[o.pk], waits) for o in opinions},
    )


def _cell(opinion: Opinion, review: BudgetReview, turn: tuple[bool, date | None], w: Waits) -> Cell:
    badge = badge_of(opinion)
    if review.status != ReviewStatus.OPEN or opinion.status in SPOKEN:
        return Cell(badge["label"], badge["tone"], on=opinion.given_on)
    is_turn, turn_on = turn
    if not is_turn:
        return Cell("未轮到", "neutral")
    since = opinion_since(opinion, review, turn_on)
    return Cell(badge["label"], badge["tone"], since=since, days=w.days(since))


def _waiting(review: BudgetReview, opinions: Iterable[Opinion]) -> tuple[str, ...]:
    """现在等谁；`opinions` 是已轮到的。"""
    if review.status == ReviewStatus.CONCLUDED:
        return ("审定和批复",)
    if review.status != ReviewStatus.OPEN:
        return ()
    rows = list(opinions)
    owner = review.project.purchaser.organisation.short_name
    names = [o.reviewer.short_name for o in rows if o.status in AWAITED]
    names += [
        f"{owner}答复{o.reviewer.short_name}" for o in rows if o.status == OpinionStatus.OPPOSED
    ]
    return tuple(names) or ("财政汇总意见",)
