"""Tables inside forms: rows that can be added and removed, or fixed rows to be filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

Values = dict[str, Any]


def is_removed(form: forms.Form) -> bool:
    return bool(getattr(form, "cleaned_data", {}).get("DELETE"))


def errors_of(form: forms.Form, place: str = "") -> Iterator[dict[str, str]]:
    """Each error of a form as {label, error, url}: where, what, and the way to its field."""
    for said in form.non_field_errors():
        yield {"label": place.strip(), "error": str(said), "url": ""}
    for field in form:
        url = f"#{field.id_for_label or field.auto_id}"
        for said in field.errors:
            yield {"label": f"{place}{field.label}", "error": str(said), "url": url}


class Rows(BaseFormSet):
    """One table. A prefilled row counts like an empty one: cleared means there is none."""

    caption: str = ""
    total_label: str = ""
    line_totals: bool = True

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        if self.is_bound:
            return super().total_form_count()
        return len(self.initial) + bool(self.can_delete) if self.initial else self.extra

    def kept(self) -> list[forms.Form]:
        """The forms of the rows filled in and not removed; of a fixed table, all."""
        kept = [form for form in self.forms if not is_removed(form)]
        return [form for form in kept if form.has_changed()] if self.can_delete else kept

    def rows(self) -> list[Values]:
        """What the rows say that were filled in and not removed; of a fixed table, all."""
        return [form.cleaned_data for form in self.kept()]

    def said(self) -> Iterator[dict[str, str]]:
        """Each error of the table, as `errors_of` says it."""
        for said in self.non_form_errors():
            yield {"label": self.caption, "error": str(said), "url": ""}
        for number, form in enumerate((f for f in self.forms if not is_removed(f)), 1):
            yield from errors_of(form, f"{self.caption}第 {number} 行 ")

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "删除"


def rows_of(
    form: type[forms.Form],
    most: int,
    extra: int,
    *,
    formset: type[Rows] = Rows,
    caption: str = "",
    total_label: str = "",
    line_totals: bool = True,
    is_fixed: bool = False,
) -> type[Rows]:
    """A table of at most `most` rows, `extra` of them open at first. A fixed table has its rows
    from `initial`; none can be added or removed. Without `line_totals` only the sum of all rows is
    shown: where each row has one amount, its total says nothing new."""
    made: Any = formset_factory(
        form,
        formset=formset,
        extra=extra,
        can_delete=not is_fixed,
        max_num=most,
        absolute_max=most + 1,
        validate_max=True,
    )
    made.caption, made.total_label, made.line_totals = caption, total_label, line_totals
    rows: type[Rows] = made
    return rows


class RowsForm(forms.Form):
    """A form with tables below its fields; `cleaned_data[name]` holds the rows of each.

    Declare `tables = {"lines": rows_of(LineForm, …)}`; `row_options` are passed to every row form.
    """

    tables: ClassVar[dict[str, type[Rows]]] = {}
    row_options: ClassVar[Values] = {}

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        given = kwargs.get("initial") or {}
        self.row_sets: dict[str, Rows] = {
            name: rows(
                data, initial=given.get(name), prefix=name, form_kwargs=dict(self.row_options)
            )
            for name, rows in self.tables.items()
        }

    def tables_shown(self) -> Iterator[Rows]:
        yield from self.row_sets.values()

    def said_of_tables(self) -> list[dict[str, str]]:
        """Every error of the tables, for the summary above the form."""
        return [said for rows in self.row_sets.values() for said in rows.said()]

    def is_valid(self) -> bool:
        """Fields and tables together; the tables' rows join `cleaned_data`."""
        parts = [rows.is_valid() for rows in self.row_sets.values()]
        is_whole = super().is_valid()
        if not (is_whole and all(parts)):
            return False
        for name, rows in self.row_sets.items():
            self.cleaned_data[name] = rows.rows()
        return True
