"""The tutorial shows what the browser tests saw: each picture has its page and its walk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial"
PAGES = sorted(TUTORIAL.glob("*.md"))
PICTURE = re.compile(r"!\[([^\]]+)\]\(pictures/([^)]+)\)")
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 250_000


def shown() -> set[str]:
    return {name for page in PAGES for _, name in PICTURE.findall(page.read_text(encoding="utf-8"))}


def test_every_picture_stands_on_a_page_and_every_page_has_its_pictures():
    assert shown() == {file.name for file in (TUTORIAL / "pictures").iterdir()}
    assert len(shown()) > 30


@pytest.mark.parametrize("name", sorted(shown()))
def test_a_picture_is_taken_by_a_walk(name):
    walks = "".join(file.read_text() for file in (ROOT / "tests" / "browser").glob("test_walk*.py"))
    content = (TUTORIAL / "pictures" / name).read_bytes()

    assert f'picture("{name.removesuffix(".png")}")' in walks
    assert content.startswith(PNG)
    assert len(content) < LARGEST


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (TUTORIAL / target).is_file(), target
