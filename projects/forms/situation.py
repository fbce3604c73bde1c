"""填报表的情形：什么时候一栏必填、一节展开。"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from projects.models import FormWeight, ProjectKind


@dataclass(frozen=True)
class Situation:
    """现在所填的情形：分量、类别、路径，以及哪几类须按系统测算、须预审。"""

    weight: str
    programme: str = ""
    kind: str = ""
    ticked: frozenset[str] = frozenset()
    system_programmes: tuple[str, ...] = ()
    reviewed_programmes: tuple[str, ...] = ()
    is_new_system: bool = False


Holds = Callable[[Situation], bool]


def _is_planned(s: Situation) -> bool:
    return s.weight != FormWeight.SMALL and s.kind != ProjectKind.SUBSIDY


def _is_studied(s: Situation) -> bool:
    return bool(s.programme) or s.weight == FormWeight.KEY


def _is_reviewed(s: Situation) -> bool:
    return s.programme in s.reviewed_programmes or (not s.programme and s.is_new_system)


def _when(name: str) -> Holds:
    return lambda s: name in s.ticked


CONDITIONS: dict[str, tuple[str, Holds]] = {
    "always": ("提交会审前必填", lambda _: True),
    "planned": ("一般、重点项目必填", _is_planned),
    "programme": ("特定目标类必填", lambda s: bool(s.programme)),
    "systems": ("信息化、数智城市建设项目必填", lambda s: s.programme in s.system_programmes),
    "studied": ("特定目标类、重点项目必填", _is_studied),
    "reviewed": ("电子政务类、新建信息系统必填", _is_reviewed),
    "key": ("重点项目必填", lambda s: s.weight == FormWeight.KEY),
    "pilot": ("试点项目必填", _when("is_pilot")),
    "commerce": ("可部分商业化的必填", _when("is_partly_commercial")),
    "full": ("全额购买的必填", _when("is_full_purchase")),
    "transfer": ("承接转移职能的必填", _when("is_function_transfer")),
}
