"""Nothing kept in the project speaks of one machine, or puts work off in a comment."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import kept_files, named

MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/(?:home|root|Users|[w]ork|mnt)/[\w.]|[A-Z]:\\Users")
PUT_OFF = re.compile("|".join(rf"\b{word}\b" for word in ("TODO", "FIXME", "XXX")))
# Where such a path is the thing itself.
EXCEPTIONS: dict[str, str] = {
    "tests/architecture/test_names.py": "plants what it looks for",
}


def texts():
    for path in kept_files():
        try:
            yield named(path), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, PUT_OFF], ids=["paths", "put off"])
def test_no_file_holds_it(pattern):
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts()
        if name not in EXCEPTIONS
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("planted", ["/home/ann/x", "see /mnt/a", "'/root/.cache'", "/Users/a"])
def test_a_machine_path_is_found(planted):
    assert MACHINE_PATHS.search(planted)


@pytest.mark.parametrize("harmless", ["/homework/", "https://x.cn/home/a", "/regulations/YB/9/"])
def test_an_address_is_none(harmless):
    assert not MACHINE_PATHS.search(harmless)
