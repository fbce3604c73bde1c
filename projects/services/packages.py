"""采购包的动作，以及项目随采购包推进。"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import ProtectedError

from accounts.models import RoleAssignment, User
from accounts.services import system_actor
from core.history import change, unit_of_work
from core.transitions import Outcome, perform
from projects.models import (
    REACHED,
    SEVEN_STAGES,
    Package,
    PackageStatus,
    Project,
    Stage,
)

FINISHES: dict[str, str] = {
    Stage.PROCUREMENT: "finish_procurement",
    Stage.CONTRACT: "finish_contracting",
    Stage.IMPLEMENTATION: "finish_delivery",
    Stage.EVALUATION: "finish_evaluation",
}


def open_packages(
    project: Project, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    """批复之后先立一个采购包，等于全部批复金额（分）；需要时再划分。"""
    row = Project.objects.get(pk=project.pk)
    if Stage.PROCUREMENT not in row.path or row.approved_fen is None:
        return
    with change(
        title="设立采购包",
        act="projects.open_packages",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=row.stream(),
    ) as changes:
        changes.create(Package(project=row, position=1, name=row.name, budget_fen=row.approved_fen))


# What later apps have to bring up to date; each takes the day and returns how many cases.
UPGRADES: list[Callable[[date], int]] = []


def upgrade_cases(*, on: date) -> int:
    """补齐旧版本的案卷，返回补齐几个：采购的立一个采购包，补助的转入实施；可反复执行。

    各后续环节登记在 `UPGRADES` 的，一并办理。
    """
    waiting = Project.objects.filter(stage=Stage.PROCUREMENT, packages=None).order_by("pk")
    upgraded = sum(_upgrade(pk, on) for pk in list(waiting.values_list("pk", flat=True)))
    return upgraded + sum(upgrade(on) for upgrade in UPGRADES)


def _upgrade(pk: int, on: date) -> bool:
    user, role = system_actor()
    acts: dict[str, Any] = {"by": user, "acting_as": role, "on": on}
    with unit_of_work():
        row = Project.objects.select_for_update(no_key=True).get(pk=pk)
        if row.stage != Stage.PROCUREMENT or Package.objects.filter(project=row).exists():
            return False
        if Stage.PROCUREMENT in row.path:
            open_packages(row, **acts)
        else:
            perform(row, "take_subsidy_path", note="批复时的版本没有补助的路径", **acts)
        return True


def divide_packages(
    project: Project,
    *,
    packages: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """划分采购包：`[{"name": 包名, "budget_fen": 预算（分）}, …]`，合计等于批复金额（第十条）。"""
    data = {"packages": list(packages)}
    with unit_of_work():
        outcome = perform(
            project, "divide_packages", by=by, acting_as=acting_as, on=on, data=data, **shown
        )
        if not outcome.is_repeat:
            _replace(project, packages, by=by, acting_as=acting_as, on=on)
        return outcome


def _replace(
    project: Project,
    packages: Sequence[dict[str, Any]],
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> None:
    """原有的采购包由新的代替：有采购文件（已作废的）的留存，没有的删去。"""
    with change(
        title="列明采购包",
        act="projects.list_packages",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=project.stream(),
    ) as changes:
        for row in Package.objects.current().filter(project=project):
            try:
                changes.delete(row)
            except ProtectedError:
                perform(row, "supersede", by=by, acting_as=acting_as, on=on, note="重新划分采购包")
        for position, values in enumerate(packages, 1):
            changes.create(
                Package(
                    project=project,
                    position=position,
                    name=values["name"],
                    budget_fen=values["budget_fen"],
                )
            )


def cut_package(
    package: Package, amount_fen: int, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    """核减一个待采购的包的预算（分），项目要采购的合计随之减少；调用者已锁住项目。

    Raises `ValueError` where the package has begun, or nothing of its budget would be left.
    """
    row = Package.objects.select_related("project").get(pk=package.pk)
    if row.status != PackageStatus.PLANNED or not 0 < amount_fen < row.budget_fen:
        raise ValueError(f"{amount_fen} cannot be cut from {row}")
    project = row.project
    with change(
        title="核减采购包的预算",
        act="projects.cut_package",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=project.stream(),
    ) as changes:
        changes.update(row, budget_fen=row.budget_fen - amount_fen)
        changes.update(project, cut_fen=project.cut_fen + amount_fen)


def move_package(package: Package, move: str, *, on: date, note: str = "") -> None:
    """采购包随它的采购变动；由系统办理，能不能办已按那次采购问过。"""
    user, role = system_actor()
    perform(package, move, by=user, acting_as=role, on=on, note=note or "随采购推进")


def follow_packages(project: Project, *, on: date) -> Project:
    """项目随最慢的采购包推进（或者退回采购）到它应在的环节；由系统办理，逐个环节各记一条历史。"""
    row = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    user, role = system_actor()
    acts: dict[str, Any] = {"by": user, "acting_as": role, "on": on}
    while (move := _move_due(row)) is not None:
        perform(row, move, note="随最慢的采购包", **acts)
        row = Project.objects.get(pk=row.pk)
    return row


def _move_due(project: Project) -> str | None:
    """现在应作的变动；已在应在的环节为 None。"""
    if project.stage not in FINISHES:
        return None
    live = [
        REACHED[status]
        for status in Package.objects.current()
        .filter(project=project)
        .values_list("status", flat=True)
        if status != PackageStatus.CANCELLED
    ]
    if not live:
        return "end_without_packages"
    slowest = min(SEVEN_STAGES.index(stage) for stage in live)
    here = SEVEN_STAGES.index(Stage(project.stage))
    if slowest < here:
        return "return_to_procurement" if project.stage == Stage.CONTRACT else None
    return FINISHES[project.stage] if slowest > here else None
