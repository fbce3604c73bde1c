"""The stage of the budget race: a small district built by services, and what the writers do.

On the stage stand one project with money reserved from two sources and some not yet used, and for
each writer a project that waits for its reply. Two replies are drafted for each of these: one by
a bureau of its own, one by the bureau all share. Replies of one bureau wait for each other at its
row, where the number is taken; replies of different bureaus meet only at the ceiling. Besides, each
writer has a project that may be reserved for at once, without a reply and its number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from accounts.services import create_organisation, system_actor
from budgeting.models import Allocation, BudgetReply, Ceiling, EntryKind
from budgeting.services import (
    Posting,
    commit,
    commit_more,
    issue_reply,
    lock_lines,
    prepare_reply,
    release,
    set_ceiling,
)
from budgeting.services.ledger import allocate_and_reserve, enter, lock_ceilings
from core.history import change, unit_of_work
from core.money import allocate
from projects.models import FundLine, Project
from tests import steps
from tests.world import SINCE, World, build_world

FUND, SECOND = "部门预算", "本级财政管理资金"
RESERVED_FEN, UNUSED_FEN = 180_000_001, 30_000_001


@dataclass(frozen=True)
class Act:
    """What one writer tries: so much from one pool, promising these entries if acknowledged."""

    pool: str
    fen: int
    kinds: tuple[str, ...]
    do: Callable[[], object]


@dataclass(frozen=True)
class Round:
    """The money there is, by pool, and one act for each writer."""

    pools: dict[str, int]
    acts: list[Act]


@dataclass
class Stage:
    world: World
    project: Project
    amounts: list[int]
    own: list[BudgetReply] = field(default_factory=list)
    shared: list[BudgetReply] = field(default_factory=list)
    rivals: list[Project] = field(default_factory=list)


def build_stage(writers: int, rng: Random, *, with_replies: bool = True) -> Stage:
    """Build everything in the database in use; the same seed builds the same.

    Without the replies (half a second a writer) the races `line`, `mixed` and `reserve` remain.
    """
    world = build_world()
    stage = Stage(world, _reserved(world), [])
    stage.amounts = [rng.randint(8_000_000, 24_000_000) for _ in range(writers)]
    stage.rivals = _rivals(stage.project, writers)
    if with_replies:
        _add_replies(stage)
    return stage


def _rivals(project: Project, count: int) -> list[Project]:
    """So many other projects like this one, each paid from the one fund."""
    rivals = []
    with change(
        title="竞争项目", act="rigs.rivals", by=None, on=steps.REPLIED, stream=project.stream()
    ) as changes:
        for number in range(count):
            line = FundLine.objects.get(project=project, fund__name=FUND)
            rival = Project.objects.get(pk=project.pk)
            rival.pk, rival.number, rival.name = None, f"RIVAL-{number}", f"竞争{number}"
            line.pk, line.project = None, changes.create(rival)
            changes.create(line)
            rivals.append(rival)
    return rivals


def _add_replies(stage: Stage) -> None:
    world = stage.world
    projects = [
        steps.conclude(world, name=f"竞争项目{n}", fen=fen) for n, fen in enumerate(stage.amounts)
    ]
    steps.decide(world, *projects)
    for number, project in enumerate(projects):
        stage.shared.append(steps.draft_reply(world, project))
        stage.own.append(_drafted_by_own_bureau(stage, number, project))


def _reserved(world: World) -> Project:
    funds = [world.fund(124_000_000), world.fund(62_000_000, SECOND)]
    project = steps.conclude(world, name="已批复项目", fen=RESERVED_FEN, funds=funds)
    steps.decide(world, project)
    issue_reply(steps.draft_reply(world, project), **world.zhao.acts(steps.REPLIED))
    _add_unused(project)
    return steps.fresh(project)


def _add_unused(project: Project) -> None:
    """An adjustment of the budget: approved, not reserved; entered in the ledger as all else."""
    lines = list(Allocation.objects.filter(project=project).select_related("ceiling"))
    shares = allocate(UNUSED_FEN, [1] * len(lines))
    with change(
        title="预算调整", act="rigs.adjust", by=None, on=steps.REPLIED, stream=project.stream()
    ) as changes:
        for line, fen in zip(lines, shares, strict=True):
            ceiling = line.ceiling
            changes.update(ceiling, allocated_fen=ceiling.allocated_fen + fen)
            changes.update(line, approved_fen=line.approved_fen + fen)
            enter(changes, line, EntryKind.APPROVE, fen, project, steps.REPLIED)


def _drafted_by_own_bureau(stage: Stage, number: int, project: Project) -> BudgetReply:
    bureau = create_organisation(
        jurisdiction=stage.world.jurisdiction,
        name=f"第{number}财政局",
        short_name=f"财政{number}",
        kind="finance",
        document_code=f"示财{number}",
        by=system_actor()[0],
        on=SINCE,
    )
    return prepare_reply(
        project.purchaser,
        bureau=bureau,
        year=project.year,
        lines=[(project, stage.amounts[number])],
        **stage.world.zhao.acts(steps.REPLIED),
    )


# --- The races ----------------------------------------------------------------------------------


def ceiling_race(stage: Stage, rng: Random) -> Round:
    """Each writer issues a reply, of its own bureau or of the shared one, all on one ceiling.

    The money suffices for a third of the replies exactly, or lacks the last 分.
    """
    chosen = rng.sample(stage.amounts, max(1, len(stage.amounts) // 3))
    money = sum(chosen) - rng.randint(0, 1) * (len(chosen) > 1)
    _set_available(stage.world, money)
    replies = [rng.choice(both) for both in zip(stage.own, stage.shared, strict=True)]
    return Round({"ceiling": money}, [_issue(stage, n, reply) for n, reply in enumerate(replies)])


def line_race(stage: Stage, rng: Random) -> Round:
    """Each writer commits a part of one project's reservation."""
    writers = len(stage.amounts)
    amounts = _fitting_and_more(rng, RESERVED_FEN, writers)
    return Round({"reserved": RESERVED_FEN}, [_commit(stage, fen) for fen in amounts])


def mixed_race(stage: Stage, rng: Random) -> Round:
    """Writers commit from the reservation, release it, or commit what is not yet used."""
    moves = [(_commit, _release, _commit_more)[n % 3] for n in range(len(stage.amounts))]
    more = moves.count(_commit_more)
    reserved = iter(_fitting_and_more(rng, RESERVED_FEN, len(moves) - more))
    unused = iter(_fitting_and_more(rng, UNUSED_FEN, more))
    acts = [move(stage, next(unused if move is _commit_more else reserved)) for move in moves]
    rng.shuffle(acts)
    return Round({"reserved": RESERVED_FEN, "unused": UNUSED_FEN}, acts)


def reserve_race(stage: Stage, rng: Random) -> Round:
    """Each writer reserves for a project of its own, all on one ceiling."""
    money = sum(stage.amounts) // 3
    _set_available(stage.world, money)
    amounts = _fitting_and_more(rng, money, len(stage.rivals))
    acts = [_reserve(stage, p, fen) for p, fen in zip(stage.rivals, amounts, strict=True)]
    return Round({"reserve": money}, acts)


RACES = {
    "ceiling": ceiling_race,
    "line": line_race,
    "mixed": mixed_race,
    "reserve": reserve_race,
}


def _set_available(world: World, fen: int) -> None:
    purchaser, fund = world.purchasers["文旅委"], world.funds[FUND]
    held = Ceiling.objects.get(purchaser=purchaser, year=2026, fund=fund)
    set_ceiling(
        purchaser,
        year=2026,
        fund=fund,
        amount_fen=held.allocated_fen + fen,
        number="示财预〔2026〕1号",
        **world.zhao.acts(steps.REPLIED),
    )


def _fitting_and_more(rng: Random, pool_fen: int, count: int) -> list[int]:
    """Amounts of which some use the pool to the last 分; all together about three times as much."""
    parts = min(count, max(2, count // 3))
    fitting = allocate(pool_fen, [rng.randint(1, 9) for _ in range(parts)])
    others = [rng.choice(fitting) + rng.randint(-99, 99) for _ in range(count - parts)]
    amounts = fitting + others
    rng.shuffle(amounts)
    return amounts


def _issue(stage: Stage, number: int, reply: BudgetReply) -> Act:
    def do() -> None:
        issue_reply(reply, **stage.world.zhao.acts(steps.REPLIED))

    return Act("ceiling", stage.amounts[number], (EntryKind.APPROVE, EntryKind.RESERVE), do)


def _post(stage: Stage, service: Callable[..., object], fen: int) -> Callable[[], None]:
    def do() -> None:
        with unit_of_work():
            lock_lines(stage.project)
            who = stage.world.zhao.acts(steps.REPLIED)
            service(stage.project, fen, Posting(stage.project, **who))

    return do


def _commit(stage: Stage, fen: int) -> Act:
    return Act("reserved", fen, (EntryKind.COMMIT,), _post(stage, commit, fen))


def _release(stage: Stage, fen: int) -> Act:
    return Act("reserved", fen, (EntryKind.RELEASE,), _post(stage, release, fen))


def _reserve(stage: Stage, project: Project, fen: int) -> Act:
    def do() -> None:
        with unit_of_work():
            lock_ceilings([project])
            who = stage.world.zhao.acts(steps.REPLIED)
            allocate_and_reserve(project, approved_fen=fen, document=project, **who)

    return Act("reserve", fen, (EntryKind.APPROVE, EntryKind.RESERVE), do)


def _commit_more(stage: Stage, fen: int) -> Act:
    return Act("unused", fen, (EntryKind.RESERVE, EntryKind.COMMIT), _post(stage, commit_more, fen))
