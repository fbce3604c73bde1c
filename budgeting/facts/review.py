"""会审规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Mandate, MandateKind, Organisation
from budgeting.models import (
    SPOKEN,
    BudgetReview,
    Objection,
    ObjectionStatus,
    Obligation,
    ObligationStatus,
    Opinion,
    OpinionStatus,
    ReviewStatus,
)
from core.rules import Context
from core.transitions import StatefulModel
from projects.models import SEVEN_STAGES, Project, Stage


def review_page(project: Project) -> str:
    return f"/budget/projects/{project.pk}/"


def current_review(project: Project) -> BudgetReview | None:
    """本轮会审；尚未开启时为 None。"""
    found: BudgetReview | None = BudgetReview.objects.filter(
        project=project, round_number=project.round_number
    ).first()
    return found


@dataclass(frozen=True)
class ReviewFacts:
    """本轮会审：应出意见的机构、各自意见、建议金额。"""

    page: str
    is_open: bool
    status: str
    required: tuple[str, ...]
    spoken: tuple[str, ...]
    missing: tuple[str, ...]
    opposed: tuple[str, ...]
    requested_fen: int
    proposed_fen: int
    text: str
    condition: str
    due_stage: str
    awaited_before: tuple[tuple[str, str], ...] = ()


def review_facts(subject: StatefulModel, context: Context) -> ReviewFacts:
    """以项目、会审或意见为对象，收集本轮会审的事实。"""
    project, review = _project_and_review(subject)
    opinions = list(review.opinions.select_related("reviewer")) if review else []
    required = _asked(project, review, opinions)
    spoken = {o.reviewer_id for o in opinions if o.status in SPOKEN}
    against = (OpinionStatus.OPPOSED, OpinionStatus.ANSWERED)
    data = context.data
    return ReviewFacts(
        page=review_page(project),
        is_open=review is not None and review.status == ReviewStatus.OPEN,
        status=review.get_status_display() if review else "尚未开启",
        required=tuple(o.short_name for o in required),
        spoken=tuple(o.short_name for o in required if o.pk in spoken),
        missing=tuple(o.short_name for o in required if o.pk not in spoken),
        opposed=tuple(o.reviewer.short_name for o in opinions if o.status in against),
        requested_fen=project.requested_fen,
        proposed_fen=int(data.get("proposed_fen") or 0),
        text=str(data.get("text", "")),
        condition=str(data.get("condition", "")),
        due_stage=str(data.get("due_stage", "")),
        awaited_before=_awaited_before(subject, opinions),
    )


def _asked(
    project: Project, review: BudgetReview | None, opinions: list[Opinion]
) -> list[Organisation]:
    """应出意见的机构：开启本轮时问过的；此后加入或者离开的不影响本轮，还没有开启的按现在的。"""
    if review is not None:
        return [o.reviewer for o in sorted(opinions, key=lambda o: (o.step, o.position, o.pk))]
    rows = Mandate.objects.filter(
        jurisdiction=project.jurisdiction(), kind=MandateKind.JOINT_REVIEWER
    )
    return [m.organisation for m in rows.select_related("organisation")]


def joined_later(review: BudgetReview) -> tuple[str, ...]:
    """本轮开启之后加入、因而本轮没有问的会审机构；下一轮问。"""
    asked = review.opinions.values("reviewer")
    rows = Mandate.objects.filter(
        jurisdiction=review.project.jurisdiction(), kind=MandateKind.JOINT_REVIEWER
    ).exclude(organisation__in=asked)
    return tuple(m.organisation.short_name for m in rows.select_related("organisation"))


def _awaited_before(subject: StatefulModel, opinions: list[Opinion]) -> tuple[tuple[str, str], ...]:
    """以意见为对象：审核路径上在它之前、还没有出具意见的环节：（机构，状态）。"""
    if not isinstance(subject, Opinion):
        return ()
    return tuple(
        (f"{o.step_name}·{o.reviewer.short_name}".strip("·"), o.get_status_display())
        for o in opinions
        if o.step < subject.step and o.status not in SPOKEN
    )


def _project_and_review(subject: StatefulModel) -> tuple[Project, BudgetReview | None]:
    if isinstance(subject, BudgetReview):
        return subject.project, subject
    if isinstance(subject, Opinion):
        return subject.review.project, subject.review
    if isinstance(subject, Project):
        return subject, current_review(subject)
    raise TypeError(f"no review facts of {type(subject).__name__}")


@dataclass(frozen=True)
class ObjectionFacts:
    page: str
    unanswered: tuple[int, ...]
    stated: int
    answer: str


def objection_facts(subject: StatefulModel, context: Context) -> ObjectionFacts:
    """上次退回的编号意见答复了没有；退回时写明了几条。"""
    project = subject if isinstance(subject, Project) else subject.case()  # type: ignore[attr-defined]
    open_ones = Objection.objects.filter(review__project=project, status=ObjectionStatus.OPEN)
    stated = (
        Objection.objects.filter(review=subject).count() if isinstance(subject, BudgetReview) else 0
    )
    return ObjectionFacts(
        page=review_page(project),
        unanswered=tuple(open_ones.order_by("number").values_list("number", flat=True)),
        stated=stated,
        answer=str(context.data.get("text", "")).strip() or str(context.data.get("evidence", "")),
    )


@dataclass(frozen=True)
class ConditionFacts:
    """到某一环节须落实而尚未落实的条件：（条件，状态）。"""

    page: str
    unfulfilled: tuple[tuple[str, str], ...]


def condition_facts(project: Project, context: Context) -> ConditionFacts:
    return ConditionFacts(
        page=review_page(project), unfulfilled=conditions_before(project, Stage.PROCUREMENT)
    )


def all_conditions(project: Project, context: Context) -> ConditionFacts:
    """办结前：会审所附的全部条件。"""
    return ConditionFacts(
        page=review_page(project), unfulfilled=conditions_before(project, Stage.DISCLOSURE)
    )


def conditions_before(project: Project, stage: str) -> tuple[tuple[str, str], ...]:
    """进入某环节之前须落实而尚未落实的条件：（条件，状态）。"""
    earlier = SEVEN_STAGES[: SEVEN_STAGES.index(Stage(stage)) + 1]
    rows = Obligation.objects.filter(project=project, due_stage__in=earlier)
    rows = rows.exclude(status=ObligationStatus.FULFILLED)
    return tuple((o.text, o.get_status_display()) for o in rows)
