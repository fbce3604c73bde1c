"""The product's own files, for the tests that read code."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
APPS = (
    "accounts",
    "core",
    "projects",
    "budgeting",
    "procurement",
    "contracts",
    "performance",
    "disclosure",
    "audit",
)
PRODUCT = (*APPS, "config")
BESIDE = {".git", ".venv", ".hypothesis", ".import_linter_cache", "__pycache__", "var"}


def python_files(*folders: str, migrations: bool = True) -> list[Path]:
    """The Python files of these folders of the project, all of the product by default."""
    found = [p for folder in folders or PRODUCT for p in (PROJECT / folder).rglob("*.py")]
    return sorted(p for p in found if migrations or "migrations" not in p.parts)


def templates() -> list[Path]:
    return sorted((PROJECT / "templates").rglob("*.html"))


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the last, decorators not counted."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def kept_files() -> list[Path]:
    """What git keeps or would keep; without git, everything that is not a build product."""
    if shutil.which("git") and (PROJECT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        names = [name for name in listed.stdout.split("\0") if name]
        return sorted({PROJECT / name for name in names if (PROJECT / name).is_file()})
    found = (p for p in PROJECT.rglob("*") if p.is_file())
    return sorted(p for p in found if not BESIDE & set(p.relative_to(PROJECT).parts))
