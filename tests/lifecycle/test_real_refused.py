"""Two real notices filed as printed, and refused: goods in six packages, and disposal of ash.

`cases/refused_2026.toml` says what is printed where, and what had to be invented to file it.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgeting.models import BudgetReview
from core.calendar.arithmetic import Workdays
from core.calendar.data_loader import read_year, shipped_years
from core.history.reading import refusals_of
from core.transitions import TransitionRefused
from projects.declarations import NEGATIVE_LIST
from projects.models import CatalogueItem, ProjectVersion, ServiceCatalogue, Stage
from projects.services import EstimateInput, filed_content, submit_project
from tests import steps
from tests.lifecycle import walking
from tests.lifecycle.reading import case, faults

CASE = case("refused_2026")
PRINTED, INVENTED = CASE.figures, CASE.invented
SEVEN, NINE = "第七条", "第九条第（一）项"
WEEKDAYS = "一二三四五六日"


def outside_item(code, name):
    """An item of none of the five categories, in the catalogue of the test only."""
    item = CatalogueItem(catalogue=ServiceCatalogue.objects.get(), code=code, name=name)
    return steps.put(item, on=INVENTED["filed_on"])


def file(world, name, lines, **changes):
    """Filed and signed inside the department; submitting is what is refused."""
    total = sum(int(line.quantity) * line.unit_price_fen for line in lines)
    values = {
        "name": name,
        "service_nature": "duty",
        "proposed_method": "open",
        "catalogue_item": lines[0].catalogue_item,
        "estimate": lines,
        "funds": [world.fund(total)],
    }
    project = steps.file(world, on=INVENTED["filed_on"], **values | changes)
    steps.sign_all(world, project, on=INVENTED["filed_on"])
    return steps.fresh(project)


def water_lines():
    """As printed: the subject of each line is an amount."""
    item = outside_item(INVENTED["goods_code"], PRINTED["goods"])
    quantity, unit = Decimal(PRINTED["goods_quantity"]), PRINTED["goods_unit"]
    return [
        EstimateInput(subject["value"], item, quantity, unit, line["value"])
        for subject, line in zip(PRINTED["subjects"], PRINTED["items"], strict=True)
    ]


def water(world, lines=None, *, are_goods=True):
    declared = dict.fromkeys(NEGATIVE_LIST, False) | {"goods_or_works": are_goods}
    return file(world, PRINTED["water_name"], lines or water_lines(), negative_list=declared)


def ash(world):
    item = outside_item(INVENTED["waste_code"], INVENTED["waste_name"])
    price = PRINTED["ash_fen"] // PRINTED["ash_tons"]
    tons = Decimal(PRINTED["ash_tons"])
    line = EstimateInput(PRINTED["ash_scope"], item, tons, PRINTED["ash_unit"], price)
    return file(world, PRINTED["ash_name"], [line])


def refused(world, project):
    """The articles by which the filing is refused, by rule; nothing else happens."""
    before = filed_content(project)
    with pytest.raises(TransitionRefused) as raised:
        submit_project(project, **world.zhang.acts(INVENTED["filed_on"]))

    (recorded,) = refusals_of(project.stream())
    assert filed_content(steps.fresh(project)) == before
    assert steps.fresh(project).stage == Stage.FILING
    assert not ProjectVersion.objects.exists()
    assert not BudgetReview.objects.exists()
    assert [r.rule for r in recorded.refusals] == [v.rule for v in raised.value.refusals]
    assert walking.differences() == []
    return {v.rule: v for v in raised.value.refusals}


class TestTheCase:
    """What the headers of the two files promise is so, by the product's own calendar."""

    calendar = Workdays.of(row for path in shipped_years().values() for row in read_year(path))

    def test_the_test_and_its_case_agree(self):
        assert faults(CASE, Path(__file__).read_text("utf-8")) == []

    def test_the_six_packages_make_the_budget(self):
        budgets = [row["value"] for row in PRINTED["packages"]]

        assert len(budgets) == PRINTED["water_packages"]
        assert sum(budgets) == PRINTED["water_sum_fen"] == PRINTED["water_fen"]
        assert budgets == [row["value"] for row in PRINTED["items"]]

    def test_the_documents_are_offered_five_working_days_from_the_monday(self):
        first, last = PRINTED["water_offered_from"], PRINTED["water_offered_until"]
        published, workdays = PRINTED["water_published_on"], PRINTED["water_offer_workdays"]

        assert self.calendar.count_workdays(first, last, include_first=True) == workdays
        assert PRINTED["water_weekday"][-1] == WEEKDAYS[published.weekday()]
        assert not self.calendar.is_workday(published)
        assert self.calendar.add_workdays(published, PRINTED["water_notice_workdays"]).day == last

    def test_the_response_period_crosses_the_spring_festival(self):
        first, last = PRINTED["water_offered_from"], PRINTED["water_deadline"]
        crossed = {self.calendar.row(day).name for day in self.calendar.days if first < day < last}
        worked = self.calendar.row(PRINTED["worked_saturday"])

        assert (last - first).days == PRINTED["water_response_days"]
        assert PRINTED["water_response_days"] >= PRINTED["least_response_days"]
        assert f"{PRINTED['festival']}放假" in crossed
        assert (worked.is_workday, worked.name) == (True, f"{PRINTED['festival']}调休上班")

    def test_the_third_attempt_leaves_twenty_one_days(self):
        days = (PRINTED["ash_deadline"] - PRINTED["ash_published_on"]).days

        assert days == PRINTED["ash_response_days"] >= PRINTED["least_response_days"]
        assert PRINTED["ash_ceiling_fen"] == PRINTED["ash_fen"]
        assert PRINTED["ash_waste"] in INVENTED["waste_name"]


class TestGoods:
    """《渝北办法》第七条、第九条第（一）项: goods are no service, an amount is no subject."""

    def test_as_printed_it_is_refused_by_each_article(self, world):
        found = refused(world, water(world))

        assert {rule: v.article.label.partition("》")[2] for rule, v in found.items()} == {
            "YB-7-negative-list": SEVEN,
            "YB-7-catalogue-category": SEVEN,
            "YB-9.1-lines-named": NINE,
        }

    def test_every_line_that_names_an_amount_is_shown(self, world):
        found = refused(world, water(world))

        shown = [text for _, text in found["YB-9.1-lines-named"].compared]
        assert shown == [row["value"] for row in PRINTED["subjects"]]

    def test_goods_stay_goods_whatever_is_declared(self, world):
        lines = [replace(line, name=INVENTED["mended_name"]) for line in water_lines()]

        found = refused(world, water(world, lines, are_goods=False))

        assert list(found) == ["YB-7-catalogue-category"]
        assert INVENTED["goods_code"] in dict(found["YB-7-catalogue-category"].compared).values()


class TestAsh:
    """《渝北办法》第七条: a service, but none of the five categories of information services."""

    def test_as_printed_it_is_refused(self, world):
        project = ash(world)

        found = refused(world, project)

        assert project.total_fen == PRINTED["ash_fen"]
        assert list(found) == ["YB-7-catalogue-category"]
        assert SEVEN in found["YB-7-catalogue-category"].article.label
