"""Templates obey the strict content policy and open by saying what they expect."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import named, templates

FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped value": re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off|mark_safe"),
    "outside address": re.compile(r"""(?:src|href)=["']?(?:https?:)?//""", re.IGNORECASE),
}
# (template, fault) → why it may.
EXCEPTIONS = {
    ("templates/base_print.html", "style element"): "the PDF must stand alone; no browser reads it",
    ("templates/audit/dossier_index.html", "style element"): "read from a ZIP, without the server",
}
OPENING = re.compile(
    r"(?:\{% (?:load|extends) [^%]+%\}\s*)*\{% comment %\}.+?\{% endcomment %\}", re.DOTALL
)


def faults(text: str) -> list[str]:
    return [fault for fault, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("path", templates(), ids=named)
def test_a_template_has_nothing_the_policy_forbids(path):
    found = [f for f in faults(path.read_text("utf-8")) if (named(path), f) not in EXCEPTIONS]
    assert found == []


@pytest.mark.parametrize(
    "path",
    [p for p in templates() if p.name.startswith("base") or "components" in p.parts],
    ids=named,
)
def test_a_base_or_component_opens_with_its_contract(path):
    assert OPENING.match(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ('<p style="color:red">', "inline style"),
        ("<style>p{}</style>", "style element"),
        ('<a href="#" onclick="go()">', "inline handler"),
        ("<script>go()</script>", "inline script"),
        ('<a href="javascript:go()">', "javascript address"),
        ("{{ text|safe }}", "unescaped value"),
        ("{% autoescape off %}", "unescaped value"),
        ('<script src="https://cdn.example/x.js"></script>', "outside address"),
    ],
)
def test_each_fault_is_found(planted, fault):
    assert fault in faults(planted)
    assert faults('<script type="module" src="{% static "js/x.js" %}"></script>') == []
