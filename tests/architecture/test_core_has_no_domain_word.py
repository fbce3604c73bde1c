"""`core` is machinery: it knows articles, rules and rows, and nothing of what is bought."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import named, python_files, tree

DOMAIN = re.compile("项目|采购|预算|合同|购买|批复|会审|评价|验收")

# file → why the machinery says it all the same.
EXCEPTIONS = {
    "core/views/style_samples.py": "sample data of the components' own page, never a user's",
}


def domain_words(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string that the program uses; what explains is not used."""
    explaining = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if id(node) not in explaining and DOMAIN.search(node.value):
            yield node.lineno, node.value


@pytest.mark.parametrize(
    "path",
    [p for p in python_files("core") if not named(p).startswith("core/regulations/")],
    ids=named,
)
def test_core_does_not_speak_of_the_domain(path):
    found = [f"{named(path)}:{line}: {text}" for line, text in domain_words(tree(path))]
    assert bool(found) == (named(path) in EXCEPTIONS), found


def test_a_domain_word_is_found():
    assert list(domain_words(ast.parse("title = '提交项目'")))
