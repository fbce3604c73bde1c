"""The cast, seen by every app's tests; and the count of rules seen true and false."""

from __future__ import annotations

import copy
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

RULES_SEEN = "TEST_RULES_SEEN"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rules-seen",
        action="store_true",
        help="fail unless every rule was seen kept and broken in this run",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--rules-seen") and not hasattr(config, "workerinput"):
        os.environ[RULES_SEEN] = tempfile.mkdtemp(prefix="rules-seen-")


@pytest.fixture(autouse=True, scope="session")
def _observe_rules() -> None:
    """Every answer of every rule, in this process, is noted for the session's end."""
    from core.rules import engine

    seen: set[tuple[str, bool]] = set()
    engine.observers.append(lambda rule_id, is_kept: seen.add((rule_id, is_kept)))
    yield
    folder = os.environ.get(RULES_SEEN)
    if folder:
        Path(folder, f"{os.getpid()}.json").write_text(json.dumps(sorted(seen)))


@pytest.fixture(autouse=True, scope="session")
def _follow_the_trail() -> None:
    """Steps of the story are taken once and then laid down again; see `tests/staging.py`."""
    from django.db import connection

    from tests.staging import TRAIL

    connection.execute_wrappers.append(TRAIL)
    yield
    connection.execute_wrappers.remove(TRAIL)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Between transactions the database is as it was migrated: every test undoes what it did."""
    from django.db import connection

    from tests import staging

    staging.is_open = not _replaces_parts(item)
    if not connection.in_atomic_block:
        staging.TRAIL.reset()


def _replaces_parts(item: pytest.Item) -> bool:
    """Whether the test, or a fixture of ours that it uses, may replace a part of the product."""
    info = getattr(item, "_fixtureinfo", None)
    if info is None:
        return False
    ours = [f[-1] for f in info.name2fixturedefs.values() if f[-1].func.__module__[:5] == "tests"]
    asked = {*info.argnames, *(name for fixture in ours for name in fixture.argnames)}
    return bool(asked & {"monkeypatch", "settings"})


@pytest.fixture(autouse=True, scope="session")
def _quick_documents() -> None:
    """Documents are laid out without the PDF engine: the template's page stands for its PDF.

    Hundreds of tests walk the same purchase; the engine takes more time than all the rest of it.
    The engine itself is met in `core/test_documents.py`, on one document of every kind in
    `config/test_demo.py`, and on all of them by the product that the browser tests start.
    """
    from core.documents import services
    from core.documents.rendering import render_html

    render = services.render_pdf

    def quick(kind: str, context: dict) -> bytes:
        if sys.modules.get("weasyprint", render) is None:
            return render(kind, context)
        return b"%PDF-1.7\n" + render_html(kind, context).encode() + b"\n%%EOF\n"

    services.render_pdf = quick
    yield
    services.render_pdf = render


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    folder = os.environ.get(RULES_SEEN)
    if not folder or hasattr(session.config, "workerinput"):
        return
    from core.rules import RULES

    seen = {tuple(s) for f in Path(folder).glob("*.json") for s in json.loads(f.read_text())}
    missing = [
        f"{rule_id} was never seen {'kept' if is_kept else 'broken'}"
        for rule_id in sorted(RULES)
        for is_kept in (True, False)
        if (rule_id, is_kept) not in seen
    ]
    if missing:
        print("\n".join(["", "Rules not seen both ways:", *missing]))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for no `district` come first in their module, on a database without one."""
    modules: dict[Path, int] = {}
    for item in items:
        modules.setdefault(item.path, len(modules))
    items.sort(
        key=lambda item: (modules[item.path], "district" in getattr(item, "fixturenames", ()))
    )


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """The district of walk A, built once a module and undone at its end."""
    from django.db import transaction

    from tests.world import build_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(district, db):
    """The district as it was built, for each test; whatever the test does to it is undone."""
    from django.db import transaction

    with transaction.atomic():
        yield copy.deepcopy(district)
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def demonstration(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for the class and undone at its end."""
    from django.conf import settings
    from django.db import transaction

    from config.demo.load import load_demo

    is_demo, settings.MINGGOU_DEMO = settings.MINGGOU_DEMO, True
    with django_db_blocker.unblock(), transaction.atomic():
        assert load_demo()
        yield
        transaction.set_rollback(True)
    settings.MINGGOU_DEMO = is_demo
