"""The product as `./run` starts it: built once, and a copy of it for each story."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 300


class Demonstration:
    """Serves a story at a time, each from the demonstration as it was built.

    What one walk spends of a ceiling, or how far it moves the clock, no other walk sees. `shared`
    is a folder that the processes of one test run have in common.
    """

    def __init__(self, shared: Path, own: Path) -> None:
        self.pristine, self.lock, self.own = shared / "pristine", shared / "pristine.lock", own
        self.story, self.address = "", ""
        self.process: subprocess.Popen | None = None

    def serve(self, story: str) -> str:
        """Address of the product on which `story` is told; the same one as long as it is told."""
        if story != self.story:
            self.stop()
            self._build_once()
            data = self.own / story
            shutil.copytree(self.pristine, data)
            self._start(data)
            self.story = story
        return self.address

    def stop(self) -> None:
        if self.process is None:
            return
        os.kill(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process, self.story = None, ""

    def _build_once(self) -> None:
        built = self.pristine / "built"
        with self.lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if built.exists():
                return
            self.pristine.mkdir(exist_ok=True)
            environment = _environment(self.pristine, _free_port())
            done = subprocess.run(
                ["./run", "--setup-only"],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"./run --setup-only failed:\n{done.stdout}\n{done.stderr}")
            built.touch()

    def _start(self, data: Path) -> None:
        port, log = _free_port(), data / "run.log"
        self.address = f"http://127.0.0.1:{port}"
        with log.open("w") as output:
            self.process = subprocess.Popen(
                ["./run"],
                cwd=ROOT,
                env=_environment(data, port),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _wait_for(self.address, self.process, log)


def _environment(data: Path, port: int) -> dict[str, str]:
    """A newcomer's shell: nothing of the test run's own settings."""
    ours = ("MINGGOU_", "DJANGO_", "PG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"MINGGOU_DATA": str(data), "PORT": str(port)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(WAIT_SECONDS * 4):
        if process.poll() is not None:
            raise RuntimeError(f"./run ended:\n{log.read_text()}")
        if address in log.read_text():
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return
        time.sleep(0.25)
    raise RuntimeError(f"./run did not start in time:\n{log.read_text()}")
