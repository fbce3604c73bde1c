"""The generated reference says what the code says."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from config.docs.pages import differing, generated, write


def test_the_pages_are_up_to_date_and_need_no_database(capsys):
    call_command("docs", "--check")


def test_a_difference_names_the_file_and_fails(monkeypatch, capsys):
    page = "docs/reference/lifecycle.md"
    changed = generated() | {page: "something else\n"}
    monkeypatch.setattr("config.management.commands.docs.generated", lambda: changed)

    with pytest.raises(SystemExit) as end:
        call_command("docs", "--check")

    assert end.value.code == 1
    assert page in capsys.readouterr().err


def test_writing_writes_what_differs_and_nothing_else(tmp_path):
    pages = {"a/one.md": "one\n", "two.md": "two\n"}

    assert write(pages, tmp_path) == ["a/one.md", "two.md"]
    assert write(pages, tmp_path) == []
    assert differing(pages | {"two.md": "2\n"}, tmp_path) == ["two.md"]


def test_every_rule_and_every_parameter_has_its_entry():
    pages = generated()
    from config.docs.accounted import RULES

    for rule in RULES.values():
        assert f"### {rule.id}　{rule.title}" in pages["docs/reference/rulebook.md"]
        for parameter in rule.parameters:
            assert f"`{parameter}`" in pages["docs/reference/parameters.md"]
