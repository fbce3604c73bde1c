"""A project of two funds, its money all reserved, and a look at its lines."""

from __future__ import annotations

from datetime import date

from budgeting.models import Allocation
from budgeting.services import Posting, Share
from projects.models import Project
from tests import steps
from tests.staging import staged
from tests.world import World

FUND, SECOND = "部门预算", "本级财政管理资金"
ON = date(2026, 4, 10)
FIRST_FEN, SECOND_FEN = 120_000_000, 60_000_000
TOTAL = FIRST_FEN + SECOND_FEN


@staged
def of_two_funds(world: World) -> Project:
    """A project of 1,800,000.00 from two funds, two to one, all reserved."""
    funds = [world.fund(124_000_000), world.fund(62_000_000, SECOND)]
    reply = steps.reply(world, fen=TOTAL, funds=funds)
    return reply.lines.get().project


@staged
def by_finance(world: World, project: Project) -> Posting:
    return Posting(project, world.zhao.user, world.zhao.role, ON)


def lines() -> list[Allocation]:
    return list(Allocation.objects.order_by("pk"))


def seen(bucket: str) -> list[int]:
    return [getattr(line, bucket) for line in lines()]


def shares(*amounts: int) -> list[Share]:
    return [Share(line, fen) for line, fen in zip(lines(), amounts, strict=False) if fen]
