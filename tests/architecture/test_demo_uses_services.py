"""The demonstration is built by the services, like everything else: it writes no row by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import named, python_files, tree

WRITES = {
    "create",
    "save",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
FORBIDDEN_MODULES = ("accounts.recording", "core.history", "core.transitions", "django.db.models")


def direct_writes(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every write of a row and every import of the machinery that writes."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in WRITES:
                yield node.lineno, ast.unparse(node.func)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(FORBIDDEN_MODULES):
            yield node.lineno, f"from {node.module}"


@pytest.mark.parametrize("path", python_files("config/demo"), ids=named)
def test_the_demonstration_goes_through_services(path):
    assert [f"{named(path)}:{line}: {text}" for line, text in direct_writes(tree(path))] == []


@pytest.mark.parametrize(
    "planted",
    [
        "Project.objects.create(name='x')",
        "project.save()",
        "Project.objects.filter(pk=1).update(name='x')",
        "with change() as changes:\n    changes.create(row)",
        "from core.history import change",
    ],
)
def test_a_direct_write_is_found(planted):
    assert list(direct_writes(ast.parse(planted)))
