"""A rule is one short pure function beside its article, and some act names it."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest

from config.docs.moves import moves_by_rule
from core.rules import RULES
from tests.architecture.source import PROJECT, functions, length, named, python_files, tree

ID = re.compile(r"(YB|PH)-(\d+)(?:\.(\d+))?-[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_LINES = 20
RULE_FILES = [p for p in python_files() if p.name == "rules.py" or p.parent.name == "rules"]
RULE_FILES = [p for p in RULE_FILES if not named(p).startswith("core/")]
FORBIDDEN_IMPORTS = ("django", "core.history", "core.transitions", "core.events", "celery")
FORBIDDEN_NAMES = {
    "objects",
    "_default_manager",
    "_base_manager",
    "filter",
    "select_related",
    "today",
    "now",
    "localdate",
}

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.id)
every_file = pytest.mark.parametrize("path", RULE_FILES, ids=named)


def impurities(module: ast.Module) -> list[str]:
    """Imports and attributes through which a rule would ask something besides its facts."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(FORBIDDEN_IMPORTS):
            found.append(f"from {node.module}")
        elif isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.startswith(FORBIDDEN_IMPORTS)]
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_NAMES:
            found.append(ast.unparse(node))
    return found


@every_rule
class TestARule:
    def test_is_named_after_an_article_it_cites(self, rule):
        match = ID.fullmatch(rule.id)
        assert match
        regulation, number, item = match.groups()
        wanted = (regulation, int(number), int(item) if item else None)
        assert wanted in {(a.regulation.code, a.number, a.item) for a in rule.cites}

    def test_cites_articles_that_are_printed(self, rule):
        assert rule.cites
        assert all(article.exists() for article in rule.cites)

    def test_has_a_title_and_a_sentence(self, rule):
        assert rule.title
        assert rule.sentence.endswith("。")
        assert "\n" not in rule.sentence

    def test_guards_an_act(self, rule):
        assert rule.id in moves_by_rule()

    def test_takes_its_numbers_from_parameters_that_are_shipped(self, rule):
        files = PROJECT.glob("*/reference/parameters.toml")
        shipped = {p["key"] for f in files for p in tomllib.loads(f.read_text())["parameter"]}
        assert set(rule.parameters) <= shipped

    def test_is_a_rule_of_the_app_that_has_the_facts(self, rule):
        app = rule.module.split(".")[0]
        assert rule.module == f"{app}.rules" or rule.module.startswith(f"{app}.rules.")
        assert rule.collector.__module__.startswith(f"{app}.facts")


@every_file
class TestAFileOfRules:
    def test_asks_nothing_but_its_facts(self, path):
        assert impurities(tree(path)) == []

    def test_has_only_short_functions(self, path):
        long = [f"{f.name}: {length(f)}" for f in functions(tree(path)) if length(f) > MOST_LINES]
        assert long == []


@pytest.mark.parametrize(
    "planted",
    [
        "from django.db.models import Sum",
        "import django.utils.timezone",
        "Project.objects.count()",
        "project.lines.filter(pk=1)",
        "clock.today()",
    ],
)
def test_an_impure_rule_is_found(planted):
    assert impurities(ast.parse(planted))
