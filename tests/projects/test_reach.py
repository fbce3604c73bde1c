"""No project escapes the rules by belonging to nobody."""

from __future__ import annotations

import pytest

from accounts.models import RegulationAdoption
from core.history import change
from core.transitions import TransitionRefused
from projects.models import Project
from projects.services import chain_roles, submit_project
from tests import steps
from tests.world import DAY, build_world

pytestmark = pytest.mark.django_db


class TestPinghuAlone:
    """《平湖办法》第七条：在只采用平湖办法的辖区，项目须属于四类之一。"""

    def test_a_project_of_no_programme_is_refused_with_the_article(self):
        world = build_world(adopts=("PH",))
        project = steps.file(world)

        with pytest.raises(TransitionRefused, match="第七条：没有选定特定目标类"):
            submit_project(project, **world.zhang.acts())

    def test_its_chain_includes_the_leading_group(self):
        world = build_world(adopts=("PH",))
        assert chain_roles(steps.file(world), DAY)[-1] == "leading_group"

    def test_a_project_of_a_programme_keeps_the_rule(self):
        world = build_world(adopts=("PH",))
        project = steps.file(world, programme="information")
        assert steps.verdict(project, "PH-7-programme-chosen").state == "met"


class TestYubeiAlone:
    """《渝北办法》：未采用平湖办法的辖区，选了特定目标类也不走领导小组。"""

    def test_the_chain_is_the_yubei_chain(self):
        world = build_world(adopts=("YB",))
        project = steps.file(world, programme="information")
        assert "leading_group" not in chain_roles(project, DAY)


class TestNothingAdopted:
    """A jurisdiction that adopted nothing decides nothing: every rule refuses."""

    def test_every_rule_is_unknown_and_refuses(self, world):
        project = steps.file(world)
        with change(title="停用", act="accounts.manage_accounts", by=world.zhang.user, on=DAY) as c:
            for adoption in RegulationAdoption.objects.filter(jurisdiction=world.jurisdiction):
                c.update(adoption, until=DAY)
        fresh = Project.objects.with_owner().get(pk=project.pk)
        assert steps.verdict(fresh, "YB-14-need-described").state == "unknown"
        with pytest.raises(TransitionRefused, match="没有采用任何办法"):
            submit_project(fresh, **world.zhang.acts())
