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

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "minggou-demo-2026"
ARGUMENTS = [
    "--no-sandbox",
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
    items.sort(key=lambda item: item.path.name == "test_walk_purchase.py")


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


class Visitor:
    """A person at the product: signs in, opens pages, presses buttons, keeps pictures."""

    def __init__(self, page, address: str, pictures: Path | None) -> None:
        self.page, self.address, self.pictures = page, address, pictures
        self.failures: list[str] = []
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", self._note)

    def _note(self, message) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.failures.append(message.text)

    def sign_in(self, username: str) -> None:
        self.page.context.clear_cookies()
        self.open("/accounts/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/desk/")

    def open(self, path: str) -> int:
        response = self.page.goto(self.address + path)
        return response.status if response else 0

    def press(self, label: str) -> None:
        self.page.click(f"main button:has-text('{label}')")
        self.page.wait_for_load_state()

    def follow(self, label: str) -> None:
        self.page.click(f"main a:has-text('{label}')")
        self.page.wait_for_load_state()

    def text(self) -> str:
        return self.page.inner_text("main")

    def picture(self, name: str) -> None:
        if self.pictures:
            self.page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)


@pytest.fixture
def visitor(page, product: str, pictures: Path | None) -> Iterator[Visitor]:
    person = Visitor(page, product, pictures)
    yield person
    assert person.failures == []
