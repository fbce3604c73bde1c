"""公开的期限：从哪一日起、到哪一日止，实际哪一日公开。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.calendar.loading import workdays
from core.rules import Context
from core.rules.parameters import ParameterTable
from disclosure.models import DisclosureDuty, DutyKind, NoticeDraft


@dataclass(frozen=True)
class Term:
    """法定期限：取哪一个参数，是不是工作日。"""

    parameter: str
    is_workdays: bool = True


# 法律没有规定期限的事项不在其列：期限空着，不代设。
TERMS: dict[str, Term] = {
    DutyKind.PROJECT_AND_REQUIREMENTS: Term("YB-9.2-publish-days", is_workdays=False),
    DutyKind.RESULT: Term("YB-9.3-notify-workdays"),
    DutyKind.CONTRACT_NOTICE: Term("YB-16-contract-notice-workdays"),
    DutyKind.ACCEPTANCE: Term("YB-16-acceptance-notice-workdays"),
    DutyKind.EVALUATION: Term("YB-14-evaluation-notice-workdays"),
}
PERIODS = tuple(term.parameter for term in TERMS.values())


class Deadlines:
    """推算期限所需的日历和参数，各读一次，供多项义务使用。"""

    def __init__(self) -> None:
        self._calendar = workdays()
        self._parameters = ParameterTable(*PERIODS)

    def due_on(self, duty: DisclosureDuty) -> date | None:
        """期限届满日，自起算日次日起算，自然日的末日逢节假日顺延；法律没有规定期限的为 None。

        Raises `CalendarUnknown`, `ParameterMissing`.
        """
        term = TERMS.get(duty.kind)
        if term is None:
            return None
        days = self._parameters.in_force(duty.jurisdiction(), duty.opened_on)[term.parameter]
        if term.is_workdays:
            return self._calendar.add_workdays(duty.opened_on, days).day
        return self._calendar.add_days(duty.opened_on, days, roll=True).day


def due_on(duty: DisclosureDuty) -> date | None:
    """一项义务的期限届满日；多项的用 `Deadlines`。"""
    return Deadlines().due_on(duty)


@dataclass(frozen=True)
class PublicationFacts:
    """起算日、期限届满日与公开日。"""

    page: str
    opened_on: date | None
    due_on: date | None
    published_on: date


def publication_facts(subject: DisclosureDuty | NoticeDraft, context: Context) -> PublicationFacts:
    """就一份公告稿问的，是它所履行的义务；更正公告没有义务，也就没有期限。"""
    duty: DisclosureDuty | None
    if isinstance(subject, NoticeDraft):
        duty, due, stated = subject.duty, None, subject.published_on
    else:
        duty, due, stated = subject, due_on(subject), context.data.get("published_on")
    return PublicationFacts(
        page=subject.project.get_absolute_url(),
        opened_on=duty.opened_on if duty else None,
        due_on=due,
        published_on=stated or context.on,
    )
