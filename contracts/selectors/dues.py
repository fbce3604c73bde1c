"""各项期限的届满日，供一页多行的列表：日历和参数各取一次。"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property

from contracts.models import Contract, Rectification
from core.calendar.arithmetic import CalendarUnknown, Workdays
from core.calendar.loading import workdays
from core.rules import ParameterMissing, Parameters
from core.rules.parameters import ParameterTable
from procurement.models import Award
from projects.models import Project

SIGN_DAYS = "YB-9.4-sign-days"
FILING_WORKDAYS = "YB-9.4-filing-workdays"
NOTICE_WORKDAYS = "YB-16-contract-notice-workdays"


class DueDays:
    """届满日；日历没有载入或者没有规定的，为 None。"""

    @cached_property
    def _calendar(self) -> Workdays:
        return workdays()

    @cached_property
    def _table(self) -> ParameterTable:
        return ParameterTable(SIGN_DAYS, FILING_WORKDAYS, NOTICE_WORKDAYS)

    def signing(self, award: Award) -> date | None:
        """签订合同：自通知书发出之日起。"""
        start = award.notified_on
        if start is None:
            return None
        days = self._of(award.case(), start)
        return _known(lambda: self._calendar.add_days(start, days[SIGN_DAYS], roll=True).day)

    def filing(self, contract: Contract) -> date | None:
        """报送备案：自签订之日起。"""
        return self._after_signing(contract, FILING_WORKDAYS)

    def notice(self, contract: Contract) -> date | None:
        """合同公告：自签订之日起。"""
        return self._after_signing(contract, NOTICE_WORKDAYS)

    def mending(self, row: Rectification) -> date | None:
        """整改：自责令之日起。"""
        return _known(lambda: self._calendar.add_workdays(row.ordered_on, row.workdays).day)

    def _after_signing(self, contract: Contract, key: str) -> date | None:
        start = contract.signed_on
        if start is None:
            return None
        days = self._of(contract.case(), start)
        return _known(lambda: self._calendar.add_workdays(start, days[key]).day)

    def _of(self, project: Project, on: date) -> Parameters:
        return self._table.in_force(project.jurisdiction(), on)


def _known(found: Callable[[], date]) -> date | None:
    try:
        return found()
    except (CalendarUnknown, ParameterMissing):
        return None


def is_past(due: date | None, on: date) -> bool:
    """已经过了届满日；届满日不明的不算。"""
    return due is not None and on > due
