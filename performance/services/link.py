"""第三方评估链接的动作：发出、收取填报、采纳、不予采纳、撤销。"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.services import system_actor
from core.history import change, unit_of_work
from core.transitions import Outcome, perform
from performance.models import ASPECTS, Evaluation, EvaluationLink, Party
from performance.services.evaluation import record_opinion


def token_digest(token: str) -> str:
    """令牌只以摘要留存。"""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_link(
    evaluation: Evaluation,
    *,
    organisation: str,
    expires_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> str:
    """发一个链接；返回令牌，只此一次。重复提交的返回空。Raises as `perform`."""
    data = {"organisation": organisation, "expires_on": expires_on}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    token = secrets.token_urlsafe(32)
    with unit_of_work():
        outcome = perform(evaluation, "issue_link", data=data, **acts, **shown)
        if outcome.is_repeat:
            return ""
        with change(
            title="第三方评估链接",
            act="performance.write_link",
            stream=evaluation.stream(),
            **acts,
        ) as changes:
            changes.create(
                EvaluationLink(
                    evaluation=evaluation, token_digest=token_digest(token), issued_on=on, **data
                )
            )
        return token


def take_answer(link: EvaluationLink, *, on: date, **values: Any) -> Outcome:
    """收下第三方凭链接所填；由系统记录，采纳之前不作数。Raises as `perform`."""
    user, role = system_actor()
    note = f"{link.organisation}凭链接填报"
    data = {"on": on, **values}
    return perform(link, "take_answer", by=user, acting_as=role, on=on, note=note, data=data)


def accept_answer(
    link: EvaluationLink,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """采纳：所填登记为第三方专业机构的评估意见。Raises as `perform`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(link, "accept", data={"on": on}, **acts, **shown)
        if not outcome.is_repeat:
            row = EvaluationLink.objects.with_case().get(pk=link.pk)
            record_opinion(
                row.evaluation,
                party=Party.THIRD_PARTY,
                organisation=row.organisation,
                given_on=row.answered_on or on,
                **answer_of(row),
                **acts,
            )
        return outcome


def answer_of(link: EvaluationLink) -> dict[str, Any]:
    """所填的四个方面：意见是文字，评分是数。"""
    return {name: link.answer[name] for name in ASPECTS} | {
        f"{name}_score": Decimal(link.answer[f"{name}_score"]) for name in ASPECTS
    }


def refuse_answer(
    link: EvaluationLink,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """不予采纳，写明理由；所填保留。"""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    data = {"reason": reason, "on": on}
    return perform(link, "refuse", note=reason, data=data, **acts, **shown)


def revoke_link(
    link: EvaluationLink,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """撤销还没有填报的链接。"""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    data = {"reason": reason, "on": on}
    return perform(link, "revoke", note=reason, data=data, **acts, **shown)
