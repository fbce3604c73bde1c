"""The product as `./run` starts it, and a browser to drive it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.purchase import People
from tests.browser.visitor import Visitor

# One purchase, told by two modules in this order.
LAST = ("test_walk_purchase.py", "test_walk_ending.py")
ROOT = Path(__file__).resolve().parents[2]
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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The walk that moves the clock into the next year comes last, however the rest is shuffled."""
    items.sort(key=lambda item: LAST.index(item.path.name) if item.path.name in LAST else -1)


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
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a freshly built demonstration, started by the newcomer's one command.

    TEST_PRODUCT names one that already runs, for work on these tests.
    """
    if running := os.environ.get("TEST_PRODUCT"):
        yield running
        return
    data, port = tmp_path_factory.mktemp("data"), _free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MINGGOU_", "DJANGO_", "PG"))
    }
    environment |= {"MINGGOU_DATA": str(data), "PORT": str(port)}
    log = (data / "run.log").open("w")
    process = subprocess.Popen(
        ["./run"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, data / "run.log")
        yield address
    finally:
        os.kill(process.pid, signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"./run ended:\n{log.read_text()}")
        if address in log.read_text():
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return
        time.sleep(0.5)
    raise RuntimeError(f"./run did not start in time:\n{log.read_text()}")


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
