"""会审的动作：开启、汇总、退回、答复退回意见、结束。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.models import Mandate, MandateKind, RoleAssignment, User
from budgeting.models import (
    BudgetReview,
    Objection,
    Opinion,
    OpinionStatus,
)
from budgeting.services.off_budget import close_request, open_request
from core.history import change, unit_of_work
from core.history.values import row_values
from core.transitions import Outcome, perform, shows
from projects.models import Project, ProjectVersion
from projects.services import filed_content


def open_review(project: Project, *, by: User, acting_as: RoleAssignment, on: date) -> BudgetReview:
    """开启本轮会审，为每个会审机构立一项意见任务；重复调用只开一次（第九条第（二）项）。"""
    known = BudgetReview.objects.filter(project=project, round_number=project.round_number).first()
    if known is not None:
        return known
    version = ProjectVersion.objects.get(project=project, round_number=project.round_number)
    reviewers = Mandate.objects.filter(
        jurisdiction=project.jurisdiction(), kind=MandateKind.JOINT_REVIEWER
    ).select_related("organisation")
    with change(
        title="开启会同审核",
        act="budgeting.open_review",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=project.stream(),
    ) as changes:
        review = changes.create(
            BudgetReview(
                project=project,
                filed_version=version,
                round_number=project.round_number,
                opened_on=on,
            )
        )
        for mandate in reviewers:
            changes.create(
                Opinion(
                    review=review,
                    reviewer=mandate.organisation,
                    position=mandate.position,
                    step=mandate.step,
                    step_name=mandate.step_name,
                )
            )
        open_request(changes, project, on)
    return review


def conclude_review(
    review: BudgetReview,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    proposed_fen: int,
    summary: str,
    **shown: Any,
) -> Outcome:
    """汇总各方意见，形成审核意见；建议金额单位为分，不超过申请金额。"""
    data = {"on": on, "proposed_fen": proposed_fen, "summary": summary}
    return perform(
        review, "conclude", by=by, acting_as=acting_as, on=on, note=summary, data=data, **shown
    )


def return_project(
    review: BudgetReview,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    objections: Sequence[str],
    **shown: Any,
) -> Outcome:
    """退回修改：逐条编号写明意见，本轮结束，项目回到申报；不牵连其他项目。"""
    note = "；".join(f"（{n}）{text}" for n, text in enumerate(objections, 1))
    with unit_of_work():
        # The case first, as issuing does: a return and an issue of one project never cross.
        Project.objects.select_for_update(no_key=True).get(pk=review.project_id)
        already = Objection.objects.filter(review=review).exists()
        if objections and not already:
            with change(
                title="列明退回意见",
                act="budgeting.state_objections",
                by=by,
                acting_as=acting_as,
                on=on,
                stream=review.stream(),
            ) as changes:
                for number, text in enumerate(objections, 1):
                    changes.create(Objection(review=review, number=number, text=text))
        outcome = perform(
            review, "return_for_correction", by=by, acting_as=acting_as, on=on, note=note, **shown
        )
        if not outcome.is_repeat:
            cancel_open_opinions(review, by=by, acting_as=acting_as, on=on)
            case = review.project
            close_request(case, by=by, acting_as=acting_as, on=on, note="项目已退回修改")
            perform(
                case,
                "return_for_correction",
                by=by,
                acting_as=acting_as,
                on=on,
                note=note,
            )
        return outcome


def answer_objection(
    objection: Objection,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    text: str,
    **shown: Any,
) -> Outcome:
    """逐条答复退回意见。"""
    return perform(
        objection,
        "answer",
        by=by,
        acting_as=acting_as,
        on=on,
        note=text,
        data={"text": text, "on": on},
        **shown,
    )


def cancel_open_opinions(
    review: BudgetReview, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    """取消本轮尚未定论的意见任务。"""
    waiting = (OpinionStatus.PENDING, OpinionStatus.OPPOSED, OpinionStatus.ANSWERED)
    for opinion in review.opinions.filter(status__in=waiting):
        perform(opinion, "cancel", by=by, acting_as=acting_as, on=on, note="本轮会审结束")


def close_review(
    review: BudgetReview, *, by: User, acting_as: RoleAssignment | None, on: date, note: str
) -> None:
    """项目已批复、不予批准或撤回：结束会审。"""
    cancel_open_opinions(review, by=by, acting_as=acting_as, on=on)
    perform(review, "close", by=by, acting_as=acting_as, on=on, note=note)


def _review_content(review: BudgetReview) -> dict[str, Any]:
    return {
        "filing": filed_content(review.project),
        "opinions": [row_values(o) for o in review.opinions.all()],
    }


shows("budgeting.budgetreview", _review_content)


shows("budgeting.opinion", lambda opinion: filed_content(opinion.review.project))
