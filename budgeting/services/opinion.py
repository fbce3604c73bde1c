"""会审意见与待落实条件的动作。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.models import (
    Obligation,
    Opinion,
)
from core.history import change, unit_of_work
from core.transitions import Outcome, perform


def agree(
    opinion: Opinion,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    text: str = "",
    proposed_fen: int | None = None,
    **shown: Any,
) -> Outcome:
    """同意；`proposed_fen` 为建议金额（分），可不填。Raises as `perform`."""
    data = {"by": by, "on": on, "text": text, "proposed_fen": proposed_fen}
    return perform(
        opinion, "agree", by=by, acting_as=acting_as, on=on, note=text, data=data, **shown
    )


def agree_on_condition(
    opinion: Opinion,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    condition: str,
    due_stage: str,
    text: str = "",
    proposed_fen: int | None = None,
    **shown: Any,
) -> Outcome:
    """附条件同意；条件成为购买主体待落实的事项，在 `due_stage` 之前落实。"""
    data = {
        "by": by,
        "on": on,
        "text": text,
        "proposed_fen": proposed_fen,
        "condition": condition,
        "due_stage": due_stage,
    }
    with unit_of_work():
        outcome = perform(
            opinion,
            "agree_on_condition",
            by=by,
            acting_as=acting_as,
            on=on,
            note=condition,
            data=data,
            **shown,
        )
        if not outcome.is_repeat:
            project = opinion.review.project
            with change(
                title="立项待落实条件",
                act="budgeting.open_obligation",
                by=by,
                acting_as=acting_as,
                on=on,
                stream=project.stream(),
            ) as changes:
                changes.create(
                    Obligation(
                        project=project,
                        opinion=opinion,
                        text=condition,
                        due_stage=due_stage,
                        opened_on=on,
                    )
                )
        return outcome


def oppose(
    opinion: Opinion,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    text: str,
    **shown: Any,
) -> Outcome:
    """提出异议，须写明理由；购买主体答复后由该机构重新出具意见。"""
    data = {"by": by, "on": on, "text": text}
    return perform(
        opinion, "oppose", by=by, acting_as=acting_as, on=on, note=text, data=data, **shown
    )


def answer_opinion(
    opinion: Opinion,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    text: str,
    **shown: Any,
) -> Outcome:
    return perform(
        opinion,
        "answer",
        by=by,
        acting_as=acting_as,
        on=on,
        note=text,
        data={"text": text, "on": on},
        **shown,
    )


def submit_evidence(
    obligation: Obligation,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    evidence: str,
    **shown: Any,
) -> Outcome:
    """购买主体提交条件已落实的凭据。"""
    return perform(
        obligation,
        "submit_evidence",
        by=by,
        acting_as=acting_as,
        on=on,
        note=evidence,
        data={"evidence": evidence, "on": on},
        **shown,
    )


def accept_obligation(
    obligation: Obligation,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    return perform(obligation, "accept", by=by, acting_as=acting_as, on=on, **shown)


def send_back_obligation(
    obligation: Obligation,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    note: str,
    **shown: Any,
) -> Outcome:
    return perform(obligation, "send_back", by=by, acting_as=acting_as, on=on, note=note, **shown)
