"""Menus, tabs, worklist rows and acts, filled by each app's `apps.py`.

Templates of a lower app never reverse URLs of an upper one: they ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.models import RoleAssignment, User
from core.transitions.models import StatefulModel


@dataclass(frozen=True)
class MenuItem:
    """One line of the left navigation; shown to the roles named (all signed-in users if none)."""

    group: str
    title: str
    url_name: str
    order: int
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tab:
    """One tab of the page of `subject` ("app.model"); the view takes the subject's pk."""

    subject: str
    title: str
    url_name: str
    order: int


@dataclass(frozen=True)
class TodoItem:
    """One thing to do, on one desk, gone when done."""

    title: str
    subject: str
    url: str
    since: date
    due: date | None = None
    kind: str = ""
    waits_for: str = ""
    # The permission of the act, for what a deputy may do; without it, its holder alone.
    act: str = ""


@dataclass(frozen=True)
class ActPlace:
    """Where an act is done, whether it is a main step, and for which rows it is shown at all."""

    url_name: str
    is_primary: bool
    when: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Panel:
    """One panel an upper app adds to the page of a lower app's row: title, template, its rows."""

    title: str
    note: str
    template: str
    rows: Callable[[Any], Any]


@dataclass(frozen=True)
class Way:
    """A next step of a case that is taken on a page of many; `holder` says whose it is."""

    title: str
    about: str
    url: str
    roles: tuple[str, ...]
    holder: str


@dataclass(frozen=True)
class SiteLink:
    """One column of the public site."""

    title: str
    url_name: str
    order: int


Todo = Callable[[User, RoleAssignment, date], Iterable[TodoItem]]
Documents = Callable[[Any], Iterable[StatefulModel]]
Ways = Callable[[Any, User], Iterable[Way]]


@dataclass
class Registry:
    menu: list[MenuItem] = field(default_factory=list)
    site: list[SiteLink] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    todos: list[Todo] = field(default_factory=list)
    waiting: list[Todo] = field(default_factory=list)
    acts: dict[str, ActPlace] = field(default_factory=dict)
    documents: dict[str, list[Documents]] = field(default_factory=dict)
    files: dict[str, Callable[[User, int], Any]] = field(default_factory=dict)
    panels: dict[str, list[Panel]] = field(default_factory=dict)
    ways: dict[str, list[Ways]] = field(default_factory=dict)


registry = Registry()


def add_menu(
    group: str, title: str, url_name: str, order: int, roles: tuple[str, ...] = ()
) -> None:
    registry.menu.append(MenuItem(group, title, url_name, order, roles))


def add_site_link(title: str, url_name: str, order: int) -> None:
    """A column of the public site, shown on every page that needs no sign-in."""
    registry.site.append(SiteLink(title, url_name, order))


def add_tab(subject: str, title: str, url_name: str, order: int) -> None:
    registry.tabs.append(Tab(subject, title, url_name, order))


def add_todo(provider: Todo) -> None:
    """A provider of what waits for a desk."""
    registry.todos.append(provider)


def add_waiting(provider: Todo) -> None:
    """A provider of what a desk waits for, with whose desk it is on."""
    registry.waiting.append(provider)


def add_act(
    act: str,
    url_name: str,
    *,
    primary: bool = True,
    when: Callable[[Any], bool] | None = None,
) -> None:
    """Where an act (`app.model.move`) is done; the view takes the instance's pk.

    `when` hides an act from the panel where it makes no sense yet; the act itself is unchanged.
    """
    registry.acts[act] = ActPlace(url_name, primary, when)


def add_documents(subject: str, provider: Documents) -> None:
    """Live documents of a case whose moves belong in its “下一步” panel."""
    registry.documents.setdefault(subject, []).append(provider)


def add_way(subject: str, provider: Ways) -> None:
    """Next steps of a case that are taken on a page of many; the provider gets case and user."""
    registry.ways.setdefault(subject, []).append(provider)


def ways_of(case: Any, user: User) -> list[Way]:
    """The next steps of a case that are taken elsewhere."""
    providers = registry.ways.get(case._meta.label_lower, [])
    return [way for provider in providers for way in provider(case, user)]


def add_panel(
    subject: str, title: str, template: str, rows: Callable[[Any], Any], *, note: str = ""
) -> None:
    """A panel on the page of `subject` ("app.model"); its template is given `rows`."""
    registry.panels.setdefault(subject, []).append(Panel(title, note, template, rows))


def panels_of(row: Any) -> list[dict[str, Any]]:
    """The panels added to the page of a row, with what they print."""
    return [
        {"title": p.title, "note": p.note, "template": p.template, "rows": p.rows(row)}
        for p in registry.panels.get(row._meta.label_lower, [])
    ]


def add_file_subject(model_label: str, visible: Callable[[User, int], Any]) -> None:
    """Who may download attachments of a model: the function answers None when not visible."""
    registry.files[model_label] = visible


def act_url(act: str, pk: int) -> str:
    place = registry.acts.get(act)
    return reverse(place.url_name, args=[pk]) if place else ""


def is_primary(act: str) -> bool:
    place = registry.acts.get(act)
    return place is not None and place.is_primary


def is_shown(act: str, row: Any) -> bool:
    """Whether the panel names this act for this row."""
    place = registry.acts.get(act)
    return place is not None and (place.when is None or place.when(row))


def documents_of(subject: str, case: Any) -> list[StatefulModel]:
    return [d for provider in registry.documents.get(subject, []) for d in provider(case)]


def tabs_of(subject: str) -> list[Tab]:
    return sorted((t for t in registry.tabs if t.subject == subject), key=lambda t: t.order)
