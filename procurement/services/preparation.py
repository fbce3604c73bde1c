"""采购之前的动作：采购方式表、采购准备、采购意向。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Jurisdiction, RoleAssignment, User
from core.history import change, unit_of_work
from core.transitions import Outcome, perform
from procurement.models import Intention, Mode, Preparation
from projects.models import Project


def register_mode(
    jurisdiction: Jurisdiction,
    *,
    method: str,
    form: str,
    since: date,
    by: User,
    on: date,
    note: str = "",
) -> Mode:
    """在辖区的采购方式表中增加一行（第九条第（三）项）。"""
    with change(title="登记采购方式", act="procurement.register_mode", by=by, on=on) as changes:
        return changes.create(
            Mode(jurisdiction=jurisdiction, method=method, form=form, since=since, note=note)
        )


def record_preparation(
    project: Project,
    *,
    survey: str,
    surveyed_on: date | None,
    third_party: str,
    third_party_opinion: str,
    assessment_standard: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记或更新购买前的准备（第十四条）；每次都留痕。Raises as `perform`."""
    data = {
        "survey": survey,
        "surveyed_on": surveyed_on,
        "third_party": third_party,
        "third_party_opinion": third_party_opinion,
        "assessment_standard": assessment_standard,
    }
    with unit_of_work():
        outcome = perform(
            project, "record_preparation", by=by, acting_as=acting_as, on=on, data=data, **shown
        )
        if outcome.is_repeat:
            return outcome
        with change(
            title="采购准备的内容",
            act="procurement.write_preparation",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=project.stream(),
        ) as changes:
            row = Preparation.objects.filter(project=project).first()
            if row is None:
                changes.create(Preparation(project=project, recorded_on=on, **data))
            else:
                changes.update(row, recorded_on=on, **data)
        return outcome


def register_intention(
    project: Project,
    *,
    published_on: date | None,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    medium: str = "",
    address: str = "",
    expected_month: str = "",
    exemption: str = "",
    **shown: Any,
) -> Outcome:
    """登记采购意向的公开，或者豁免的理由；只登记一次。Raises as `perform`."""
    data = {
        "published_on": published_on,
        "medium": medium,
        "address": address,
        "expected_month": expected_month,
        "exemption": exemption,
    }
    with unit_of_work():
        outcome = perform(
            project, "register_intention", by=by, acting_as=acting_as, on=on, data=data, **shown
        )
        if outcome.is_repeat:
            return outcome
        with change(
            title="采购意向的内容",
            act="procurement.write_intention",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=project.stream(),
        ) as changes:
            changes.create(Intention(project=project, registered_on=on, **data))
        return outcome
