"""Which pages are generated, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from config.docs.lifecycle import lifecycle_page
from config.docs.parameters import parameters_page
from config.docs.permissions import golden_matrix, permissions_page
from config.docs.rulebook import rulebook_page

GOLDEN = "tests/golden/permissions.txt"


def generated() -> dict[str, str]:
    """Path within the project → text."""
    return {
        "docs/reference/rulebook.md": rulebook_page(),
        "docs/reference/lifecycle.md": lifecycle_page(),
        "docs/reference/permissions.md": permissions_page(),
        "docs/reference/parameters.md": parameters_page(),
    }


def accepted() -> dict[str, str]:
    """The golden matrix, written only when somebody has read it and says so."""
    return {GOLDEN: golden_matrix()}


def differing(pages: Mapping[str, str], root: Path) -> list[str]:
    """The pages whose file is missing or says something else."""
    return [path for path, text in pages.items() if _read(root / path) != text]


def write(pages: Mapping[str, str], root: Path) -> list[str]:
    """Write what differs; returns the paths written."""
    changed = differing(pages, root)
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(pages[path], encoding="utf-8")
    return changed


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
