"""System checks: rules that exist, articles that exist, permissions that exist, no back doors."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from accounts.roles import ACTS
from core.rules import RULES
from core.transitions.declare import moves_of, stateful_models
from core.transitions.guard import GUARDS

OURS = (
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


@register()
def named_rules_exist(**_: Any) -> list[CheckMessage]:
    named = [
        (f"{model._meta.label}.{move.name}", rule_id)
        for model in stateful_models()
        for move in moves_of(model)
        for rule_id in move.rules
    ]
    named += [(g.act, rule_id) for g in GUARDS.values() for rule_id in g.rules]
    return [
        Error(f"{act} names unknown rule {rule_id}", id="core.E001")
        for act, rule_id in named
        if rule_id not in RULES
    ]


@register()
def cited_articles_exist(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"rule {rule.id} cites {rule.cites}, which the text does not have", id="core.E002")
        for rule in RULES.values()
        if not rule.cites or not all(article.exists() for article in rule.cites)
    ]


@register()
def permissions_exist(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"{model._meta.label}.{move.name} asks unknown act {move.permission}", id="core.E004")
        for model in stateful_models()
        for move in moves_of(model)
        if move.permission not in ACTS
    ]


@register()
def no_reverse_accessors(**_: Any) -> list[CheckMessage]:
    """A reverse accessor is an upward dependency no import linter sees."""
    return [
        Error(f"{field} crosses apps and needs related_name='+'", id="core.E003")
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.model._meta.app_label == model._meta.app_label
        and field.related_model._meta.app_label != model._meta.app_label
        and not field.remote_field.hidden
    ]
