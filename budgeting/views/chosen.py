"""Choosing projects by rows: one small form a project, keyed by the project itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from projects.models import Project


@dataclass(frozen=True)
class Line:
    project: Any
    form: forms.Form


class ChosenLines:
    """The rows of a page on which projects are ticked.

    The rows come from the database, not from the form, so nobody can add a project that is not
    offered; a ticked project that is no longer offered is refused by name of its row.
    """

    def __init__(
        self,
        request: HttpRequest,
        projects: Iterable[Project],
        form_class: type[forms.Form],
        initial: Callable[[Any], dict[str, Any]],
    ) -> None:
        data = request.POST if request.method == "POST" else None
        self.lines = [
            Line(p, form_class(data, prefix=f"project-{p.pk}", initial=initial(p)))
            for p in projects
        ]
        self.errors: list[str] = []
        ticked = {k for k in data or () if k.startswith("project-") and k.endswith("-include")}
        self._is_stale = bool(ticked - {f"{line.form.prefix}-include" for line in self.lines})

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def are_valid(self) -> bool:
        valid = not [line for line in self.lines if not line.form.is_valid()]
        if self._is_stale:
            self.errors.append("所选项目中有的情况已经变化，不再列在下面。请核对后重新勾选。")
        elif valid and not self.chosen():
            self.errors.append("请至少勾选一个项目。")
        self.errors += [
            f"{line.project}：{error}"
            for line in self.lines
            for errors in line.form.errors.values()
            for error in errors
        ]
        return not self.errors

    def chosen(self) -> list[tuple[Project, dict[str, Any]]]:
        return [
            (line.project, line.form.cleaned_data)
            for line in self.lines
            if line.form.cleaned_data.get("include")
        ]
