"""What every model must have, so that the log, the pages and the direction of imports hold."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import models

from accounts.recording import COVERED, UNCOVERED, GuardedQuerySet
from accounts.roles import ACTS
from core.history.models import Checkpoint, HistoryEvent
from core.rules import RULES
from core.transitions import StatefulModel, moves_of, stateful_models
from tests.architecture.source import APPS

OURS = [m for m in apps.get_models() if m._meta.app_label in APPS]
ALL_TABLES = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
# The log is its own evidence: leaves and signed roots.
THE_LOG = {HistoryEvent._meta.db_table, Checkpoint._meta.db_table}

every_model = pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
every_stateful_model = pytest.mark.parametrize(
    "model", stateful_models(), ids=lambda m: m._meta.label
)


def is_chinese(text: object) -> bool:
    return re.search(r"[\u4e00-\u9fff]", str(text)) is not None


@every_model
class TestAModel:
    def test_says_what_a_row_is(self, model):
        assert model.__str__ is not models.Model.__str__

    def test_has_its_chinese_name(self, model):
        assert "verbose_name" in model._meta.original_attrs
        assert is_chinese(model._meta.verbose_name)

    def test_names_every_field_in_chinese(self, model):
        own = [f for f in model._meta.concrete_fields if not f.auto_created]
        assert [f.name for f in own if not is_chinese(f.verbose_name)] == []

    def test_gives_no_other_app_a_way_back(self, model):
        crossing = [
            field
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model._meta.app_label != model._meta.app_label
        ]
        assert [f.name for f in crossing if not f.remote_field.hidden] == []

    def test_loses_nothing_by_a_deletion_it_did_not_ask_for(self, model):
        """What the log covers is protected; only drafts and delivery marks go with their owner."""
        kept = model in COVERED
        cascading = [
            f.name
            for f in model._meta.concrete_fields
            if f.is_relation and f.remote_field.on_delete is not models.PROTECT
        ]
        assert not (kept and cascading), cascading


@every_stateful_model
class TestAStatefulModel:
    def test_names_a_known_permission_and_known_rules_for_every_move(self, model):
        for move in moves_of(model):
            assert move.permission in ACTS, move.name
            assert set(move.rules) <= set(RULES), move.name
            assert is_chinese(move.title), move.name

    def test_has_one_protected_state_field_of_which_every_move_is(self, model):
        field = model._meta.get_field(model.STATE_FIELD)
        assert field.protected
        assert {move.field for move in moves_of(model)} == {model.STATE_FIELD}
        known = {str(value) for value, _ in field.flatchoices}
        for move in moves_of(model):
            assert {*move.sources, *([] if move.stays else [move.to])} <= known, move.name

    def test_is_recorded_and_says_whose_it_is(self, model):
        assert model in COVERED
        assert issubclass(model, StatefulModel)
        for name in ("owner", "stream", "governed_by"):
            assert getattr(model, name) is not getattr(StatefulModel, name), name


@pytest.mark.parametrize("model", COVERED, ids=lambda m: m._meta.label)
def test_a_recorded_model_refuses_mass_writes_outside_the_log(model):
    assert isinstance(model._default_manager.all(), GuardedQuerySet)


class TestCoverage:
    def test_every_table_is_covered_or_says_why_not(self):
        covered = {model._meta.db_table for model in COVERED}
        assert ALL_TABLES - covered - set(UNCOVERED) - THE_LOG == set()

    def test_no_table_is_both(self):
        assert {model._meta.db_table for model in COVERED} & set(UNCOVERED) == set()

    def test_every_reason_is_about_a_table_there_is_and_can_be_read(self):
        assert set(UNCOVERED) - ALL_TABLES <= {"django_migrations"}
        assert all(is_chinese(reason) for reason in UNCOVERED.values())

    def test_personal_fields_are_fields(self):
        for coverage in COVERED.values():
            names = {field.name for field in coverage.model._meta.concrete_fields}
            assert coverage.personal <= names
