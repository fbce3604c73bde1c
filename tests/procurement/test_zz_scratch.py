import pytest
from tests import purchase
from tests.steps import fresh
from tests.purchase import *
from projects.services import divide_packages
from procurement.services import *
from projects.models import Package
pytestmark = pytest.mark.django_db

def two(world, project, a=100_000_000):
    divide_packages(project, packages=[{"name":"甲","budget_fen":a},{"name":"乙","budget_fen":project.approved_fen-a}], **world.zhang.acts(INTENDED))

def test_mixed(world):
    project = replied(world); prepare(world, project); two(world, project)
    central = tender(world, project, method="open")
    own = tender(world, fresh(project), package=package_of(project, 2))
    publish(world, own)

def test_second_attempt_by_other_mode(world):
    project = replied(world); prepare(world, project)
    central = tender(world, project, method="open")
    publish(world, central, by=world.zhou, response_deadline=date(2026,3,25))
    fail_tender(fresh(central), ground="unlawful", reason="x", **world.zhou.acts(PUBLISHED))
    second = tender(world, fresh(project))
    publish(world, second)

def test_divide_preparing(world):
    project = replied(world); prepare(world, project)
    tender(world, project)
    two(world, fresh(project))

def test_stale_weight(world):
    project = replied(world); prepare(world, project)
    row = tender(world, project)
    stale = fresh(row)
    revise_tender(row, number="x", ceiling_price_fen=row.ceiling_price_fen, price_weight=Decimal(20), **world.zhang.acts(INTENDED))
    publish(world, fresh(row)); open_responses(row, **world.zhang.acts(DEADLINE))
    bids = {n: bid(world, row, n, f) for n, f in PRICES.items()}
    submit_report(stale, evaluated_on=date(2026,3,17), reported_on=REPORTED, experts=["a","b"], representatives=["c"], opinion="", scores=[{"bid": b.pk, "technical_score": Decimal(70)} for b in bids.values()], **world.zhang.acts(REPORTED))
    assert winner(row).price_score == 20
