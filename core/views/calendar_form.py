"""The form that loads a year of the working-day calendar: its notice and the holidays it names."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from core.calendar.holidays import Holiday, HolidaysContradict, days_of_year
from core.calendar.loading import loadable_years, missing_years
from core.views.rows import Rows, RowsForm, Values, rows_of

STATUTORY = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
MOST_HOLIDAYS = 20
WRITE_A_DAY = "请按“年-月-日”填写，如 2027-02-05。"
_BETWEEN = re.compile(r"[、，,；;\s]+")
_DAY = re.compile(r"(\d{4})(?:-|/|年)(\d{1,2})(?:-|/|月)(\d{1,2})日?", re.ASCII)


class DaysField(forms.CharField):
    """Several dates in one box, between them 、, a space or a new line; cleaned to a tuple."""

    def clean(self, value: Any) -> Any:
        """The dates in the order typed. Raises `ValidationError` naming what is no date."""
        text = super().clean(value)
        return tuple(_day(part) for part in _BETWEEN.split(text) if part)


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    if found:
        with suppress(ValueError):
            return date(*map(int, found.groups()))
    raise ValidationError(f"“{text}”不是日期。{WRITE_A_DAY}")


def _day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}。", "invalid": WRITE_A_DAY},
    )


class HolidayForm(forms.Form):
    """One holiday of the notice."""

    name = forms.CharField(
        label="节日",
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "请填写节日名称。"},
    )
    starts_on = _day_field("放假起日")
    ends_on = _day_field("放假止日")
    make_up = DaysField(
        label="调休上班日",
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 1, "autocomplete": "off", "class": "days-input"}),
    )


class HolidayRows(Rows):
    """At least one holiday: a year without any was never announced."""

    def clean(self) -> None:
        if not self.kept():
            raise ValidationError("请至少填写一个节日。")


class CalendarForm(RowsForm):
    """A year, its notice and its holidays; `on` says which years may be loaded."""

    tables: ClassVar[dict[str, type[Rows]]] = {
        "holidays": rows_of(
            HolidayForm,
            MOST_HOLIDAYS,
            len(STATUTORY),
            formset=HolidayRows,
            caption="节日放假安排",
        )
    }
    year = forms.IntegerField(
        label="年份",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请填写年份。", "invalid": "请填写四位数的年份。"},
    )
    source = forms.CharField(
        label="通知文号",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="国务院办公厅放假安排通知的文号，如“国办发明电〔2025〕7号”；逐日推算时作为依据印出。",
        error_messages={"required": "请填写通知文号。"},
    )

    def __init__(self, data: Any = None, *, on: date) -> None:
        self.years = loadable_years(on)
        missing = missing_years(on)
        start: Values = {
            "year": missing[0] if missing else self.years[-1],
            "holidays": [{"name": name} for name in STATUTORY],
        }
        super().__init__(data, initial=start if data is None else None)
        self.fields["year"].help_text = f"只能载入 {_listed(self.years)}。"

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year not in self.years:
            raise ValidationError(f"只能载入 {_listed(self.years)}，请核对年份。")
        return year

    def is_valid(self) -> bool:
        """Field by field, then the year as a whole; what contradicts stands at its own row."""
        if not super().is_valid():
            return False
        rows = self.row_sets["holidays"].kept()
        self.cleaned_data["holidays"] = [_holiday(row.cleaned_data) for row in rows]
        try:
            days_of_year(**self.cleaned_data)
        except HolidaysContradict as error:
            for fault in error.faults:
                rows[fault.at].add_error(fault.part, f"{fault.message}。")
            return False
        return True


def _holiday(row: Values) -> Holiday:
    return Holiday(row["name"], row["starts_on"], row["ends_on"], row["make_up"])


def _listed(years: range) -> str:
    return "、".join(f"{year} 年" for year in years)
