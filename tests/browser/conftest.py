"""The product as `./run` starts it, and a browser to drive it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.product import Demonstration
from tests.browser.purchase import People
from tests.browser.visitor import Visitor

# Of these, each begins where the one before it ended: one story, one after the other.
PURCHASE = ("test_walk_purchase", "test_walk_ending")
ARGUMENTS = [
    "--no-sandbox",
    "--lang=zh-CN",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def story_of(item: pytest.Item) -> str:
    """What is told on one copy of the demonstration: a module, or modules that go on."""
    return PURCHASE[0] if item.path.stem in PURCHASE else item.path.stem


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The story of several modules comes first, it is the longest; and in its order."""
    items.sort(key=lambda item: _place(item.path.stem))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Each process tells whole stories."""
    item.add_marker(pytest.mark.xdist_group(story_of(item)))


def _place(module: str) -> int:
    return PURCHASE.index(module) if module in PURCHASE else len(PURCHASE)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    return {"executable_path": shutil.which("chromium"), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {
        **browser_context_args,
        "viewport": {"width": 1366, "height": 768},
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
    }


@pytest.fixture(scope="session")
def demonstration_server(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Demonstration]:
    own = tmp_path_factory.getbasetemp()
    demonstration = Demonstration(own if worker_id == "master" else own.parent, own)
    yield demonstration
    demonstration.stop()


@pytest.fixture
def product(request: pytest.FixtureRequest, demonstration_server: Demonstration) -> str:
    """Address of the product on which this test's story is told.

    TEST_PRODUCT names one that already runs, for work on these tests.
    """
    running = os.environ.get("TEST_PRODUCT")
    return running or demonstration_server.serve(story_of(request.node))


@pytest.fixture
def pictures() -> Path | None:
    """Where screenshots go, if TEST_PICTURES names a folder."""
    folder = os.environ.get("TEST_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) if folder else None


@pytest.fixture
def visitor(page, product: str, pictures: Path | None) -> Iterator[Visitor]:
    person = Visitor(page, product, pictures)
    yield person
    assert person.failures == []


@pytest.fixture
def people(
    browser: Any, browser_context_args: dict, product: str, pictures: Path | None
) -> Iterator[People]:
    """Everybody who takes part in a purchase, each at a desk of their own."""
    everyone = People(browser, browser_context_args, product, pictures)
    yield everyone
    failures = everyone.failures()
    everyone.close()
    assert failures == []
