"""A purchase run to its end, disclosed, closed and sealed; and its dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from audit.documents import write_dossier
from config.demo.announcing import drafts_of
from contracts.models import Supplement
from contracts.services import withdraw_supplement
from core.history import change
from core.history.bundle import evidence
from core.history.checkpoints import sign_checkpoint
from projects.models import Project, Stage
from projects.services import close_project
from tests import purchase, whole
from tests.disclosure.cases import reviewed
from tests.staging import staged
from tests.steps import fresh
from tests.world import World, deliver_all

CLOSED = date(2026, 12, 28)
ENDED = date(2026, 12, 21)


@dataclass(frozen=True)
class Room:
    """The district and its case."""

    world: World
    pk: int

    @property
    def project(self) -> Project:
        return Project.objects.get(pk=self.pk)

    @property
    def stream(self) -> str:
        return self.project.stream()


def put_in_stage(project: Project, stage: str) -> Project:
    """The case in another stage, with its event: as the move of a stage not walked here."""
    row = fresh(project)
    with change(
        title="测试变动", act="tests.move", by=None, on=ENDED, stream=row.stream()
    ) as changes:
        changes.watch(row)
        row.__dict__["stage"] = str(stage)
        return changes.save(row)


@staged
def bought(world: World) -> Room:
    """Bought, delivered, evaluated, paid; a checkpoint signed on the way; nothing published yet."""
    purchase.load_calendar(2027)
    project = purchase.replied(world)
    sign_checkpoint()
    contract = whole.buy(world, project)
    withdraw_supplement(
        Supplement.objects.get(contract=contract), note="不再需要", **world.zhang.acts(whole.DONE)
    )
    deliver_all()
    return Room(world, project.pk)


def publish_all(room: Room, on: date = ENDED) -> None:
    for draft in drafts_of(room.project):
        reviewed(room.world, draft, on)
    deliver_all()


@staged
def disclosed(world: World) -> Room:
    """Everything published: ready to be closed."""
    room = bought(world)
    publish_all(room)
    put_in_stage(room.project, Stage.DISCLOSURE)
    return room


@staged
def closed(world: World) -> Room:
    room = disclosed(world)
    close_project(room.project, **world.wang.acts(CLOSED))
    deliver_all()
    sign_checkpoint()
    return room


# --- Dossiers as bytes ----------------------------------------------------------------------------


def dossier_bytes(stream: str, folder: Path, **asked: Any) -> bytes:
    path = folder / "case.zip"
    path.write_bytes(b"")
    write_dossier(evidence(stream, **asked), path)
    return path.read_bytes()
