"""申报：立项、内部签批、提交。"""

from __future__ import annotations

from typing import Any

from config.demo.district import make_filing
from config.story.acts.registry import act, whole_yuan
from config.story.scene import Acts, Scene
from projects.models import InternalSignature, SignatureStatus
from projects.services import IndicatorInput, file_project, sign, submit_project


@act
def file(
    scene: Scene,
    acts: Acts,
    *,
    place: str,
    year: int,
    fund: str,
    lines: list[dict[str, Any]],
    indicators: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> None:
    """`lines` 为 `{item, code, quantity, unit, price}`，单价为元。"""
    estimate = [
        (row["item"], row["code"], row["quantity"], row["unit"], whole_yuan(row["price"]))
        for row in lines
    ]
    if indicators:
        changes["indicators"] = [IndicatorInput(**row) for row in indicators]
    filing = make_filing(scene.district, scene.name, estimate, fund, **changes)
    file_project(scene.district.plans_of[place, year], filing, **acts)


@act
def countersign_filing(scene: Scene, acts: Acts, *, comment: str = "同意报出。") -> None:
    """下一位签批人签署。"""
    pending = InternalSignature.objects.filter(
        project=scene.project, status=SignatureStatus.PENDING
    )
    sign(pending.earliest("position"), comment=comment, **acts)


@act
def submit(scene: Scene, acts: Acts) -> None:
    submit_project(scene.project, **acts)
