"""会审台与审核卡。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)

from accounts.models import Organisation, User
from budgeting.comparison import version_differences
from budgeting.facts import CeilingFact, ceiling_facts
from budgeting.models import (
    SPOKEN,
    BudgetReview,
    Objection,
    Obligation,
    Opinion,
    OpinionStatus,
    ReviewStatus,
)
from budgeting.selectors.badges import badge_of
from core.money import format_yuan
from core.rules import Context
from projects.models import Project, ProjectVersion, Purchaser, Stage

AWAITED = (OpinionStatus.PENDING, OpinionStatus.ANSWERED)
UNSETTLED = (*AWAITED, OpinionStatus.OPPOSED)
CASE = "project__purchaser__organisation__jurisdiction"


def opinions_visible_to(user: User) -> QuerySet[Opinion]:
    return Opinion.objects.filter(review__in=BudgetReview.objects.visible_to(user)).select_related(
        "reviewer", f"review__{CASE}"
    )


def objections_visible_to(user: User) -> QuerySet[Objection]:
    return Objection.objects.filter(
        review__in=BudgetReview.objects.visible_to(user)
    ).select_related(f"review__{CASE}")


def obligations_visible_to(user: User) -> QuerySet[Obligation]:
    return Obligation.objects.filter(project__in=Project.objects.visible_to(user)).select_related(
        "opinion__reviewer", CASE
    )


def purchasers_reviewed_by(user: User) -> QuerySet[Purchaser]:
    return Purchaser.objects.visible_to(user).select_related("organisation")


# --- 会审台 --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewQueue:
    rows: QuerySet[BudgetReview]
    counts: dict[str, int]


def review_queue(user: User, *, desk: Organisation | None, wanted: dict[str, Any]) -> ReviewQueue:
    """可见的各轮会审，按筛选条件；`counts` 是筛选之前的各类件数。"""
    opinions = Opinion.objects.select_related("reviewer").order_by("position")
    visible = BudgetReview.objects.visible_to(user)
    mine = Q(
        status=ReviewStatus.OPEN,
        pk__in=Opinion.objects.filter(reviewer=desk, status__in=AWAITED).values("review"),
    )
    rows = with_waiting(visible.with_case()).prefetch_related(
        Prefetch("opinions", queryset=opinions)
    )
    if wanted.get("status"):
        rows = rows.filter(status=wanted["status"])
    if wanted.get("purchaser"):
        rows = rows.filter(project__purchaser=wanted["purchaser"])
    if wanted.get("mine"):
        rows = rows.filter(mine)
    counts = visible.aggregate(
        open=Count("pk", filter=Q(status=ReviewStatus.OPEN)),
        concluded=Count("pk", filter=Q(status=ReviewStatus.CONCLUDED)),
        mine=Count("pk", filter=mine),
    )
    return ReviewQueue(rows, counts)


@dataclass(frozen=True)
class ReviewDesk:
    """会审台的一行：等谁、自何日起。"""

    review: BudgetReview
    badge: dict[str, str]
    progress: str
    waiting: tuple[str, ...]
    since: date | None


def review_desk(review: BudgetReview) -> ReviewDesk:
    opinions = [o for o in review.opinions.all() if o.status != OpinionStatus.CANCELLED]
    spoken = [o for o in opinions if o.status in SPOKEN]
    return ReviewDesk(
        review=review,
        badge=badge_of(review),
        progress=f"{len(spoken)}/{len(opinions)}",
        waiting=_waiting(review, opinions),
        since=review.waiting_on,  # type: ignore[attr-defined]
    )


def _waiting(review: BudgetReview, opinions: list[Opinion]) -> tuple[str, ...]:
    if review.status == ReviewStatus.CONCLUDED:
        return ("审定和批复",)
    if review.status != ReviewStatus.OPEN:
        return ()
    owner = review.project.purchaser.organisation.short_name
    names = [o.reviewer.short_name for o in opinions if o.status in AWAITED]
    names += [
        f"{owner}答复{o.reviewer.short_name}" for o in opinions if o.status == OpinionStatus.OPPOSED
    ]
    return tuple(names) or ("财政汇总意见",)


def with_waiting(rows: QuerySet[BudgetReview]) -> QuerySet[BudgetReview]:
    """附 `waiting_on`：现在这一步自何日起等待；不在等待的为空。"""
    here = Opinion.objects.filter(review=OuterRef("pk"))
    last = here.order_by("-given_on").values("given_on")[:1]
    return rows.annotate(
        waiting_on=Case(
            When(status=ReviewStatus.CONCLUDED, then="concluded_on"),
            When(
                Q(status=ReviewStatus.OPEN) & ~Exists(here.filter(status__in=UNSETTLED)),
                then=Subquery(last),
            ),
            When(status=ReviewStatus.OPEN, then="opened_on"),
            output_field=DateField(),
        )
    )


def reviews_all_spoken(user: User) -> QuerySet[Any]:
    """意见已齐、等财政汇总的会审；`spoken_on` 是最后一份意见的日子。"""
    unsettled = Opinion.objects.filter(status__in=UNSETTLED).values("review")
    rows = BudgetReview.objects.visible_to(user).with_case().filter(status=ReviewStatus.OPEN)
    return rows.exclude(pk__in=unsettled).annotate(spoken_on=Max("opinions__given_on"))


# --- 审核卡 --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpinionRow:
    opinion: Opinion
    badge: dict[str, str]
    waiting_since: date | None


@dataclass(frozen=True)
class Round:
    """一轮会审连同各机构的意见和退回意见。"""

    review: BudgetReview
    badge: dict[str, str]
    opinions: tuple[OpinionRow, ...]
    objections: tuple[tuple[Objection, dict[str, str]], ...]


def rounds_of(project: Project) -> list[Round]:
    """各轮，新的在前；查询次数与轮数无关。"""
    rows = BudgetReview.objects.filter(project=project).prefetch_related(
        Prefetch("opinions", Opinion.objects.select_related("reviewer", "given_by")),
        "objections",
    )
    return [
        Round(
            review=row,
            badge=badge_of(row),
            opinions=tuple(_opinion_row(o, row) for o in row.opinions.all()),
            objections=tuple((o, badge_of(o)) for o in row.objections.all()),
        )
        for row in rows.order_by("-round_number")
    ]


def _opinion_row(opinion: Opinion, review: BudgetReview) -> OpinionRow:
    since = {
        OpinionStatus.PENDING: review.opened_on,
        OpinionStatus.OPPOSED: opinion.given_on,
    }.get(OpinionStatus(opinion.status))
    badge = badge_of(opinion)
    if opinion.status == OpinionStatus.CANCELLED and opinion.given_on:
        badge = {"label": "有异议，至本轮结束未了结", "tone": "neutral"}
    return OpinionRow(opinion, badge, since)


def review_card(review: BudgetReview, user: User, *, on: date) -> dict[str, Any]:
    """审核卡：所请、对控制数的影响、各方意见、与上一轮的差异。"""
    project = review.project
    rounds = rounds_of(project)
    current = next(r for r in rounds if r.review.pk == review.pk)
    earlier = [r for r in rounds if r.review.round_number < review.round_number]
    basis = review.proposed_fen or project.requested_fen
    is_live = project.stage == Stage.BUDGET and review.round_number == project.round_number
    context = Context(on, user, data={"approved_fen": basis})
    return {
        "review": review,
        "project": project,
        "badge": current.badge,
        "round": current,
        "earlier": earlier,
        "asked": _asked(project, review),
        "basis_fen": basis,
        "effects": _effects(ceiling_facts(project, context).lines) if is_live else [],
        "diffs": _differences(review),
    }


def _asked(project: Project, review: BudgetReview) -> list[tuple[str, Any]]:
    item = project.catalogue_item
    return [
        ("购买主体", project.purchaser),
        ("预算年度", project.year),
        ("目录条目", item),
        ("项目总额（元）", format_yuan(project.total_fen)),
        ("申请财政资金（元）", format_yuan(project.requested_fen)),
        ("是否列入当年预算", "未列入" if project.is_off_budget else "已列入"),
        ("拟采用采购方式", project.get_proposed_method_display() or None),
        ("服务需求", project.need or None),
        ("立项依据", project.basis or None),
        ("建议金额（元）", format_yuan(review.proposed_fen) if review.proposed_fen else None),
        ("审核意见", review.summary or None),
    ]


def _effects(lines: tuple[CeilingFact, ...]) -> list[dict[str, Any]]:
    return [
        {
            "fund": line.fund,
            "needed_fen": line.needed_fen,
            "ceiling_fen": line.ceiling_fen,
            "before_fen": line.available_fen,
            "after_fen": line.available_fen - line.needed_fen,
            "is_set": line.is_set,
            "is_enough": line.is_set and line.available_fen >= line.needed_fen,
        }
        for line in lines
    ]


def _differences(review: BudgetReview) -> list[dict[str, str]] | None:
    """与上一轮版本的差异；第一轮为 None。"""
    before = ProjectVersion.objects.filter(
        project=review.project_id, round_number=review.round_number - 1
    ).first()
    return version_differences(before, review.filed_version) if before else None
