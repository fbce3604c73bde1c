"""The lock files pin everything, work with any package source and say what is installed."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
RUNTIME, DEV = PROJECT / "requirements.lock", PROJECT / "requirements-dev.lock"
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
WANTED = {
    RUNTIME: PYPROJECT["dependencies"],
    DEV: [*PYPROJECT["dependencies"], *PYPROJECT["optional-dependencies"]["dev"]],
}

both = pytest.mark.parametrize("lock", [RUNTIME, DEV], ids=lambda lock: lock.name)


def entries(lock: Path) -> list[str]:
    """One string a package: its line and its hashes."""
    return lock.read_text("utf-8").replace("\\\n", " ").strip().splitlines()


def pins(lock: Path) -> dict[str, str]:
    """Name and version of what a lock installs on this machine."""
    found = [Requirement(entry.split("--hash")[0].strip()) for entry in entries(lock)]
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in found
        if not one.marker or one.marker.evaluate()
    }


def closure(wanted: list[str]) -> set[str]:
    """Every package these requirements lead to, by what the installed packages declare."""
    todo, seen, names = [Requirement(line) for line in wanted], set(), set()
    while todo:
        one = todo.pop()
        name = canonicalize_name(one.name)
        if (name, frozenset(one.extras)) in seen:
            continue
        seen.add((name, frozenset(one.extras)))
        names.add(name)
        for line in metadata.requires(name) or []:
            further = Requirement(line)
            extras = ["", *one.extras]
            if not further.marker or any(further.marker.evaluate({"extra": e}) for e in extras):
                todo.append(further)
    return names


@both
class TestALock:
    def test_holds_no_address_and_no_path(self, lock):
        text = lock.read_text("utf-8")
        assert "://" not in text
        assert not re.search(r"^\s*(-|#)(?!-hash)", text, re.MULTILINE)

    def test_pins_every_package_by_version_and_hash(self, lock):
        for entry in entries(lock):
            assert re.match(r"[a-z0-9-]+==[^ ;]+ .*--hash=sha256:[0-9a-f]{64}", entry), entry

    def test_satisfies_every_range_of_pyproject(self, lock):
        pinned = pins(lock)
        for requirement in map(Requirement, WANTED[lock]):
            version = pinned[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), requirement

    def test_holds_what_the_dependencies_need_and_nothing_else(self, lock):
        assert set(pins(lock)) == closure(WANTED[lock])

    def test_is_what_is_installed(self, lock):
        assert {name: metadata.version(name) for name in pins(lock)} == pins(lock)


def test_the_development_lock_changes_no_runtime_version():
    assert pins(RUNTIME).items() <= pins(DEV).items()


def test_only_one_package_provides_the_state_machine():
    assert "django-fsm" not in pins(DEV)
