"""采购期限：由采购方式、参数和工作日历推算，逐日有据。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar.arithmetic import Deadline, Workdays
from core.calendar.loading import workdays
from core.rules import ParameterMissing, Parameters
from core.rules.parameters import parameters_in_force
from procurement.models import Intention
from projects.models import CaseDocument, Project

INTENTION, RESPONSE = "YB-9.3-intention-days", "YB-9.3-response-days"
OFFER, NOTICE = "YB-9.3-offer-workdays", "YB-9.3-notice-workdays"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """一项期限：名称、依据、推算、建议日（自然日期限落在休息日的，建议其后的工作日）。"""

    title: str
    basis: str
    deadline: Deadline
    suggested: date


def of_method(parameters: Parameters, key: str, method: str) -> int:
    """某一采购方式的值（天、家、百分数，均为整数）。没有规定的 raises `ParameterMissing`."""
    values: dict[str, int] = parameters[key]
    if method not in values:
        raise ParameterMissing(f"{key}（{method}）", parameters.on)
    return values[method]


def has_periods(parameters: Parameters, method: str) -> bool:
    """这种方式要不要公告和等待；自行采购不要。"""
    return method in parameters[RESPONSE]


def periods(case: Project | CaseDocument, method: str, published_on: date) -> list[Period]:
    """在 `published_on` 发布采购文件的各项期限。Raises `CalendarUnknown`, `ParameterMissing`."""
    project = case.case()
    parameters = parameters_in_force(project.jurisdiction(), published_on)
    calendar = workdays()
    found = _of_intention(project, parameters, calendar)
    if not has_periods(parameters, method):
        return found
    response = calendar.add_days(published_on, of_method(parameters, RESPONSE, method))
    offer = calendar.add_workdays(published_on - ONE_DAY, of_method(parameters, OFFER, method))
    notice = calendar.add_workdays(published_on, of_method(parameters, NOTICE, method))
    return [
        *found,
        Period(
            "响应截止不得早于",
            f"发出之日起 {of_method(parameters, RESPONSE, method)} 日",
            response,
            calendar.next_workday(response.day),
        ),
        Period(
            "文件提供不得早于此日结束",
            f"含当日 {of_method(parameters, OFFER, method)} 个工作日",
            offer,
            offer.day,
        ),
        Period(
            "公告期限届满",
            f"发布次日起 {of_method(parameters, NOTICE, method)} 个工作日",
            notice,
            notice.day,
        ),
    ]


def _of_intention(project: Project, parameters: Parameters, calendar: Workdays) -> list[Period]:
    intention = Intention.objects.filter(project=project, published_on__isnull=False).first()
    if intention is None or intention.published_on is None:
        return []
    earliest = calendar.add_days(intention.published_on, parameters[INTENTION])
    basis = f"采购意向 {intention.published_on.isoformat()} 公开，满 {parameters[INTENTION]} 日"
    suggested = calendar.next_workday(earliest.day)
    return [Period("采购文件不得早于此日发布", basis, earliest, suggested)]


def earliest_response(published_on: date, days: int) -> tuple[date, date | None]:
    """响应截止最早的日子，和建议的工作日；日历没有载入时建议为 None。"""
    earliest = published_on + days * ONE_DAY
    calendar = workdays()
    known = earliest.year in calendar.years
    return earliest, calendar.next_workday(earliest) if known else None
