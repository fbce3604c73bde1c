"""公开规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from core.calendar.loading import workdays
from core.rules import Context
from core.rules.parameters import ParameterTable
from disclosure.models import DisclosureDuty, DutyKind, DutyStatus
from projects.models import Project


@dataclass(frozen=True)
class PublicationFacts:
    """起算日、期限届满日与实际公开日。"""

    page: str
    opened_on: date
    due_on: date
    published_on: date


PUBLISH_DAYS = "YB-9.2-publish-days"
CONTRACT_WORKDAYS = "YB-16-contract-notice-workdays"
PERIODS = (PUBLISH_DAYS, CONTRACT_WORKDAYS)


class Deadlines:
    """推算期限所需的日历和参数，各读一次，供多项义务使用。"""

    def __init__(self) -> None:
        self._calendar = workdays()
        self._parameters = ParameterTable(*PERIODS)

    def due_on(self, duty: DisclosureDuty) -> date:
        """期限届满日，自起算日次日起算：合同公告为工作日，其余为自然日，末日逢节假日顺延。

        Raises `CalendarUnknown`, `ParameterMissing`.
        """
        values = self._parameters.in_force(duty.jurisdiction(), duty.opened_on)
        if duty.kind == DutyKind.CONTRACT_NOTICE:
            return self._calendar.add_workdays(duty.opened_on, values[CONTRACT_WORKDAYS]).day
        return self._calendar.add_days(duty.opened_on, values[PUBLISH_DAYS], roll=True).day


def due_on(duty: DisclosureDuty) -> date:
    """一项义务的期限届满日；多项的用 `Deadlines`。"""
    return Deadlines().due_on(duty)


def publication_facts(duty: DisclosureDuty, context: Context) -> PublicationFacts:
    return PublicationFacts(
        page=duty.project.get_absolute_url(),
        opened_on=duty.opened_on,
        due_on=due_on(duty),
        published_on=context.data.get("published_on") or context.on,
    )


@dataclass(frozen=True)
class ClosingDuties:
    """办结前的公开义务：批复过没有，开立了几项，还有哪几项没有公开。"""

    page: str
    is_approved: bool
    opened: int
    open: tuple[tuple[str, str], ...]


def closing_duties(project: Project, context: Context) -> ClosingDuties:
    duties = list(DisclosureDuty.objects.filter(project=project))
    return ClosingDuties(
        page=reverse("disclosure:case", args=[project.pk]),
        is_approved=project.approved_fen is not None,
        opened=len(duties),
        open=tuple(
            (d.matter, d.get_status_display()) for d in duties if d.status != DutyStatus.FULFILLED
        ),
    )
