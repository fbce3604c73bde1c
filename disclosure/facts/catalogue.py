"""公布目录的期限。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.calendar.loading import workdays
from core.rules import Context
from core.rules.parameters import parameters_in_force
from disclosure.models import CatalogueDuty

PERIOD = "YB-8-catalogue-publish-workdays"


@dataclass(frozen=True)
class CatalogueDutyFacts:
    page: str
    opened_on: date
    due_on: date
    published_on: date | None


def catalogue_due_on(duty: CatalogueDuty) -> date:
    """公布的期限届满日，工作日，自通过次日起算。Raises `CalendarUnknown`, `ParameterMissing`."""
    days = parameters_in_force(duty.jurisdiction(), duty.opened_on)[PERIOD]
    return workdays().add_workdays(duty.opened_on, days).day


def catalogue_duty_facts(duty: CatalogueDuty, context: Context) -> CatalogueDutyFacts:
    return CatalogueDutyFacts(
        page=duty.revision.get_absolute_url(),
        opened_on=duty.opened_on,
        due_on=catalogue_due_on(duty),
        published_on=context.data.get("published_on", duty.published_on),
    )


@dataclass(frozen=True)
class CatalogueReviewFacts:
    """谁送审的，是不是本人来审查。"""

    page: str
    preparer: str
    is_by_preparer: bool


def catalogue_review_facts(duty: CatalogueDuty, context: Context) -> CatalogueReviewFacts:
    return CatalogueReviewFacts(
        page=duty.revision.get_absolute_url(),
        preparer=str(duty.preparer or ""),
        is_by_preparer=context.is_by(duty.preparer_id),
    )
