"""Every address says who may open it; what it says is tried, with real people and real rows."""

from __future__ import annotations

import copy
import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import ACTS, Role
from config.docs.moves import all_moves
from core.history.models import EventKind, HistoryEvent
from core.navigation.registry import registry
from tests.architecture.opened import REPLIED, rows_opened
from tests.architecture.source import PROJECT
from tests.staging import TRAIL
from tests.world import World


@dataclass(frozen=True)
class Route:
    """One row of routes.toml."""

    path: str
    name: str
    kind: str
    who: str
    relation: str
    permission: str = ""
    role: str = ""
    opens: str = ""
    by: str = ""
    shared: bool = False

    def url(self, opened: dict[str, Any]) -> str:
        path = f"/{self.path}".replace("<str:code>", "YB").replace("<int:number>", "9")
        for place in ("<str:number>", "<str:token>", "<int:size>", "<int:year>"):
            path = path.replace(place, str(opened.get(self.opens)))
        return path.replace("<int:pk>", str(opened[self.opens])) if "<int:pk>" in path else path


FILE = PROJECT / "tests/architecture/routes.toml"
ROUTES = [Route(**row) for row in tomllib.loads(FILE.read_text("utf-8"))["route"]]
AUDITORS_OWN = {"audit.export_dossier", "audit.verify_log", "budgeting.check_ledger"}
KINDS, WHO = {"page", "form", "act", "post"}, {"public", "signed-in", "role"}
INSIDE = [route for route in ROUTES if route.who != "public"]


def patterns(resolver: URLResolver, path: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Path and name of every address the product answers at."""
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here, f"{space}:{entry.name}" if space else entry.name or ""
        else:
            yield from patterns(entry, here, entry.namespace or space)


class TestTheTable:
    def test_has_a_row_for_every_address_and_no_other(self):
        assert [(r.path, r.name) for r in ROUTES] == list(patterns(get_resolver()))

    @pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.path or "/")
    def test_says_what_can_be_tried(self, route):
        assert route.kind in KINDS
        assert route.who in WHO
        assert route.relation
        known = (route.permission in ACTS) + (route.role in Role)
        assert known == (route.who == "role")
        assert ("<" in route.path) == bool(route.opens)
        assert route.who == "public" or route.by

    def test_asks_at_an_acts_address_the_permission_of_its_move(self):
        asked = {r.name: r.permission for r in ROUTES if r.kind == "act"}
        declared = {
            registry.acts[machine.act(move)].url_name: move.permission
            for machine, move in all_moves()
            if machine.act(move) in registry.acts
        }
        assert asked == declared


# --- Trying it ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(district, django_db_blocker):
    """The world on one day, and what every route opens, by name: built once for all tests here."""
    from core.calendar import clock

    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        patch.setattr(clock.timezone, "localdate", lambda: REPLIED)
        world = copy.deepcopy(district)
        yield world, rows_opened(world)
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db) -> World:
    with transaction.atomic():
        yield copy.deepcopy(built[0])
        transaction.set_rollback(True)


@pytest.fixture
def opened(built, world) -> dict[str, Any]:
    """What every route opens, by name."""
    return dict(built[1])


def client_of(world: World, name: str, **options: Any) -> Client:
    client = Client(**options)
    user = getattr(world, name).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked(client: Client, route: Route, opened: dict[str, Any]) -> HttpResponse:
    """Opened the way it is meant to be: a page got, a bare act posted."""
    url = route.url(opened)
    return client.post(url) if route.kind == "post" else client.get(url)


def fingerprint() -> dict[str, str]:
    """Every row of every table of ours, by a digest per table."""
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in apps.get_models()
        if model._meta.app_label not in ("sessions", "axes")
    }


def report(found: dict[str, Any]) -> str:
    return "\n".join(f"{path or '/'}: {what}" for path, what in found.items())


def test_a_stranger_gets_the_public_pages_and_else_the_way_to_sign_in(opened):
    sign_in, wrong = resolve_url("accounts:sign_in"), {}
    for route in ROUTES:
        response = asked(Client(), route, opened)
        if route.name == "home":
            is_right = response.headers.get("Location") == resolve_url("public:home")
        elif route.who == "public":
            is_right = response.status_code == 200
        else:
            to_sign_in = response.headers.get("Location", "").startswith(sign_in)
            is_right = response.status_code == 302 and to_sign_in
        if not is_right:
            wrong[route.path] = response.status_code
    assert not wrong, report(wrong)


def test_the_one_it_is_for_can_open_it_and_looking_changes_nothing(world, opened):
    before, wrong = fingerprint(), {}
    for route in ROUTES:
        if route.kind == "post":
            continue
        client = client_of(world, route.by) if route.by else Client()
        unwritten = TRAIL.place
        response = client.get(route.url(opened))
        _drain(response)
        allowed = {200, 404} if route.opens == "document" else {200}
        if route.name in ("projects:new", "home"):
            allowed = {302}  # back to the declaration that comes first; on to the public site
        if response.status_code not in allowed:
            wrong[route.path] = response.status_code
        if TRAIL.place != unwritten and fingerprint() != before:
            wrong[route.path] = "a GET changed a row"
            before = fingerprint()
    assert not wrong, report(wrong)
    assert fingerprint() == before


def test_a_neighbour_is_told_there_is_no_such_page(world, opened):
    """Another department's officer: the same 404 for what is not theirs as for what is not."""
    chen, wrong = client_of(world, "chen"), {}
    nobody = dict.fromkeys(opened, 999_999)
    for route in INSIDE:
        if not route.opens or route.shared:
            continue
        theirs = asked(chen, route, opened)
        nobodys = asked(chen, route, nobody)
        allowed = {404, 403} if _asks_the_role_first(route) else {404}
        if theirs.status_code not in allowed or theirs.status_code != nobodys.status_code:
            wrong[route.path] = (theirs.status_code, nobodys.status_code)
        elif _words(theirs, route, opened) != _words(nobodys, route, nobody):
            wrong[route.path] = "the two answers differ"
    assert not wrong, report(wrong)


def test_a_door_that_asks_for_a_role_is_shut_to_others(world, opened):
    """An act's page explains itself to everyone who sees the case; a form's page does not open."""
    wrong = {}
    for route in INSIDE:
        if route.role or (route.permission and route.kind == "form"):
            client = client_of(world, "chen" if route.role else "wu")
            response = client.get(route.url(opened))
            if response.status_code != 403:
                wrong[route.path] = response.status_code
    assert not wrong, report(wrong)


def test_an_auditor_reads_and_does_nothing(world, opened):
    """POST at every address that needs a role: refused, and nothing happened but the refusal."""
    wu, wrong = client_of(world, "wu"), {}
    last = HistoryEvent.objects.latest("seq").seq
    for route in INSIDE:
        if not route.permission or route.permission in AUDITORS_OWN:
            continue
        response = wu.post(route.url(opened))
        if response.status_code < 400:
            wrong[route.path] = response.status_code
    done = HistoryEvent.objects.filter(seq__gt=last).exclude(kind=EventKind.REFUSED)
    assert not wrong, report(wrong)
    assert not done.exists()


def test_what_an_auditor_may_do_writes_the_auditors_own_records_alone(world, opened):
    """Exporting, downloading, verifying: no case gets an event, no row outside `audit` changes."""
    wu = client_of(world, "wu")
    before, last = fingerprint(), HistoryEvent.objects.latest("seq").seq
    for name in ("audit:project", "audit:verify", "audit:download"):
        route = next(r for r in ROUTES if r.name == name)
        response = wu.post(route.url(opened), {"reason": "年度审计"})
        _drain(response)
        assert response.status_code in (200, 302), name
    written = HistoryEvent.objects.filter(seq__gt=last)
    assert written.count() == 3
    assert {e.stream.partition(".")[0] for e in written} == {"audit"}
    changed = {label for label, digest in fingerprint().items() if digest != before[label]}
    assert changed == {
        "audit.Dossier", "audit.DossierDownload", "audit.Verification", "core.HistoryEvent",
    }  # fmt: skip


def test_a_form_from_elsewhere_is_refused(world, opened):
    """POST without the CSRF token, signed in as the one who may."""
    before, wrong = fingerprint(), {}
    for route in ROUTES:
        client = (
            client_of(world, route.by, enforce_csrf_checks=True)
            if route.by
            else Client(enforce_csrf_checks=True)
        )
        response = client.post(route.url(opened))
        if response.status_code != 403:
            wrong[route.path] = response.status_code
    assert not wrong, report(wrong)
    assert fingerprint() == before


def test_a_page_takes_no_form_and_a_bare_act_is_no_page(world, opened):
    wrong = {}
    for route in ROUTES:
        client = client_of(world, route.by) if route.by else Client()
        url = route.url(opened)
        if route.kind in ("page", "post"):
            response = client.post(url) if route.kind == "page" else client.get(url)
            if response.status_code != 405:
                wrong[route.path] = response.status_code
    assert not wrong, report(wrong)


def _asks_the_role_first(route: Route) -> bool:
    """A page whose door asks for the role before it looks for the row."""
    return bool(route.role) or (
        route.kind == "form" and route.permission == "budgeting.set_ceiling"
    )


def _words(response: Any, route: Route, opened: dict[str, Any]) -> str:
    """The answer without what differs anyway: the address asked for and the page's token."""
    text = response.content.decode().replace(route.url(opened), "")
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", text)


def _drain(response: Any) -> None:
    if response.streaming:
        b"".join(response.streaming_content)
