"""承接主体的动作：登记、审查六项条件、取消资格、停用。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from core.attachments import attach
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.transitions import ActError, Outcome, answered_with, claim, perform, require_may
from procurement.credit_code import CodeProblem, problem_of
from procurement.models import Condition, Debarment, Provider, Qualification


class CodeRefused(ActError):
    """统一社会信用代码不合规，或者校验位不符而没有写明理由。"""


class AlreadyRegistered(ActError):
    """同一代码的承接主体已经在册。"""


def register_provider(
    jurisdiction: Jurisdiction,
    *,
    registrar: Organisation,
    name: str,
    kind: str,
    credit_code: str,
    registered_with: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    code_note: str = "",
    address: str = "",
    key: str | None = None,
) -> Provider:
    """登记一个承接主体（第六条）。Raises `CodeRefused`, `AlreadyRegistered`, `NotPermitted`."""
    with unit_of_work():
        content = [jurisdiction, registrar, name, kind, credit_code, registered_with, address]
        known = claim(key, by=by, act="procurement.register_provider", content=content)
        if known is not None:
            return Provider.objects.get(pk=referenced_pk(known.result))
        provider = Provider(
            jurisdiction_of=jurisdiction,
            registrar=registrar,
            name=name,
            kind=kind,
            credit_code=credit_code,
            code_note=code_note,
            registered_with=registered_with,
            address=address,
            registered_on=on,
        )
        require_may(
            "procurement.keep_providers",
            on=provider,
            stream=f"accounts.organisation:{registrar.pk}",
            by=by,
            acting_as=acting_as,
            day=on,
        )
        _require_code(provider)
        with change(
            title="登记承接主体",
            act="procurement.register_provider",
            by=by,
            acting_as=acting_as,
            on=on,
        ) as changes:
            changes.create(provider)
        answered_with(key, provider)
        return provider


def _require_code(provider: Provider) -> None:
    """长度、字符不合的不收；校验位不符的，写明理由才收；辖区内不重复。"""
    problem = problem_of(provider.credit_code)
    if problem is CodeProblem.MALFORMED:
        raise CodeRefused(
            f"统一社会信用代码“{provider.credit_code}”不是 18 位规定字符，没有登记。请核对后重填。"
        )
    if problem is CodeProblem.CHECK_DIGIT and not provider.code_note.strip():
        raise CodeRefused(
            f"统一社会信用代码“{provider.credit_code}”校验位不符，没有登记。"
            "请核对；确有此代码的，写明校验说明后再登记。"
        )
    same = Provider.objects.filter(
        jurisdiction_of=provider.jurisdiction_of, credit_code=provider.credit_code
    ).first()
    if same is not None:
        raise AlreadyRegistered(f"该代码已登记为“{same}”，没有重复登记。请在名录中查找。")


def review_condition(
    provider: Provider,
    *,
    condition: int,
    is_met: bool,
    evidence: str,
    valid_from: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    valid_until: date | None = None,
    file: tuple[str, str, bytes] | None = None,
    **shown: Any,
) -> Outcome:
    """审查一项条件：结论、证据（可附文件）、有效期（第六条）。Raises as `perform`."""
    data = {
        "condition": condition,
        "is_met": is_met,
        "evidence": evidence,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    with unit_of_work():
        note = f"{Condition(condition).label}：{'具备' if is_met else '不具备'}"
        outcome = perform(
            provider,
            "review_condition",
            by=by,
            acting_as=acting_as,
            on=on,
            note=note,
            data=data,
            **shown,
        )
        if outcome.is_repeat:
            return outcome
        with change(
            title="记录条件审查",
            act="procurement.record_qualification",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=provider.stream(),
        ) as changes:
            row = changes.create(
                Qualification(provider=provider, reviewed_by=by, reviewed_on=on, **data)
            )
            if file is not None:
                attach(changes, file, to=row, purpose="条件证据", by=by, on=on)
        return outcome


def debar_provider(
    provider: Provider,
    *,
    authority: str,
    decision_number: str,
    decided_on: date,
    grounds: str,
    since: date,
    until: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """依处罚决定取消承接资格，期满自动恢复（第十九条）。Raises as `perform`."""
    data = {
        "authority": authority,
        "decision_number": decision_number,
        "decided_on": decided_on,
        "grounds": grounds,
        "since": since,
        "until": until,
    }
    with unit_of_work():
        outcome = perform(
            provider, "debar", by=by, acting_as=acting_as, on=on, note=grounds, data=data, **shown
        )
        if outcome.is_repeat:
            return outcome
        with change(
            title="记录取消资格",
            act="procurement.record_debarment",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=provider.stream(),
        ) as changes:
            changes.create(Debarment(provider=provider, **data))
        return outcome


def close_provider(
    provider: Provider,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """停用登记，理由入历史。"""
    return perform(provider, "close", by=by, acting_as=acting_as, on=on, note=note, **shown)
