"""The plan's workbook comes in: new, changed, unchanged, refused; all or nothing."""

import pytest

from core.history.models import HistoryEvent
from core.history.reading import acts_of
from core.history.verify import verify
from projects.models import PlanLine, Project
from tests import steps
from tests.projects.workbooks import (
    column,
    exported,
    four,
    imported,
    kinds,
    made,
    read,
    receive,
    report,
    said,
    whole,
)

pytestmark = pytest.mark.django_db


class TestNew:
    def test_a_whole_workbook_becomes_projects_each_with_its_own_event(self, world):
        row = imported(world, whole(world, 3))

        assert (row.state, row.new_count) == ("done", 3)
        assert [p.name for p in Project.objects.order_by("pk")] == ["项目甲1", "项目甲2", "项目甲3"]
        for project in Project.objects.all():
            assert acts_of(project.stream()) == ["projects.file"]
            assert project.total_fen == 12_000_000
        assert verify().is_clean

    def test_again_changes_nothing(self, world):
        sheets = whole(world, 3)
        imported(world, sheets)
        row = receive(world, sheets)
        assert kinds(row) == ["unchanged"] * 3, said(row)

    def test_export_import(self, world):
        steps.file(world)
        row = receive(world, exported(world))
        assert kinds(row) == ["unchanged"], (said(row), report(row))
