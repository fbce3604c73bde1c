"""余额与上限：要的超过有的，拒绝，写明比的是什么数，并在案卷历史里留下未获准的一条。"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from accounts.models import Jurisdiction, Organisation
from budgeting.facts.released import governed, released_facts
from budgeting.models import Ceiling, YearClosing, available
from core.history.unit import PendingEvent
from core.rules import Context, Verdict
from core.transitions import TransitionRefused, guard, require_kept
from projects.models import FundSource, Project, Purchaser


class LimitExceeded(TransitionRefused):
    """余额不够；`available_fen` 为尚可用的金额（分）。"""

    def __init__(
        self,
        available_fen: int,
        title: str,
        refusals: tuple[Verdict, ...],
        record: PendingEvent | None,
    ) -> None:
        self.available_fen = available_fen
        super().__init__(title, refusals, record)


class CeilingExceeded(LimitExceeded):
    """控制数不够。"""


class NotReleased(LimitExceeded):
    """资金还没有下达，或者下达的不够。"""


class FundsShort(LimitExceeded):
    """项目这一桶的余额不够。"""


RESERVE = guard("budgeting.reserve", "批复并预留资金", "YB-12-within-balance")
POST = guard("budgeting.post", "资金过账", "YB-12-within-balance")
COMMIT = guard("budgeting.commit", "资金承诺", "YB-12-within-released")
YEAR = guard("budgeting.post_in_year", "年度过账", "PH-16-year-open")
ROUND = guard("budgeting.state_round", "编报控制数", "YB-9.2-rounds-in-order")
SET = guard("budgeting.set_ceiling", "下达控制数", "YB-12-ceiling-covers-allocated")


def require_ceiling(project: Project, ceiling: Ceiling, asked_fen: int, **acts: Any) -> None:
    """批复（分）不超过控制数的可用余额。Raises `CeilingExceeded`."""
    left = available(ceiling)
    balance = {"holder": f"{ceiling}可用余额", "asked_fen": asked_fen, "available_fen": left}
    require_kept(
        RESERVE,
        project,
        stream=project.stream(),
        context=Context(data=balance, **acts),
        refuse=partial(CeilingExceeded, left),
    )


def require_funds(
    project: Project, bucket: str, asked_fen: int, available_fen: int, **acts: Any
) -> None:
    """过账（分）不超过项目这一桶的余额。Raises `FundsShort`."""
    balance = {
        "holder": f"“{project}”{bucket}",
        "asked_fen": asked_fen,
        "available_fen": available_fen,
    }
    require_kept(
        POST,
        project,
        stream=project.stream(),
        context=Context(data=balance, **acts),
        refuse=partial(FundsShort, available_fen),
    )


def require_released(project: Project, ceiling: Ceiling, asked_fen: int, **acts: Any) -> None:
    """承诺（分）不超过已经下达而没有承诺的；只问登记下达的资金。Raises `NotReleased`."""
    if not governed(ceiling.fund, ceiling.year):
        return
    # The fund is the lock of its pools: last, after ceilings and lines, in the order of its key.
    FundSource.objects.select_for_update(no_key=True).get(pk=ceiling.fund_id)
    data = {"ceiling": ceiling, "asked_fen": asked_fen}
    left = released_facts(project, Context(data=data, **acts)).left_fen
    require_kept(
        COMMIT,
        project,
        stream=project.stream(),
        context=Context(data=data, **acts),
        refuse=partial(NotReleased, left),
    )


def require_open(subject: Project | CeilingScope, ceiling: Ceiling, **acts: Any) -> None:
    """这一年度的这项资金还没有结账。Raises `TransitionRefused`."""
    if YearClosing.objects.filter(ceiling=ceiling.pk).exists():
        context = Context(data={"ceiling": ceiling}, **acts)
        require_kept(YEAR, subject, stream=subject.stream(), context=context)


class CeilingScope:
    """控制数的权限与规则的范围：按购买主体所在辖区判断。"""

    def __init__(self, purchaser: Purchaser) -> None:
        self.purchaser = purchaser

    def owner(self) -> Organisation:
        return self.purchaser.organisation

    def assignee(self) -> None:
        return None

    def required_role(self, _act: str, /) -> None:
        return None

    def jurisdiction(self) -> Jurisdiction:
        return self.purchaser.organisation.jurisdiction

    def governed_by(self) -> frozenset[str]:
        return frozenset()

    def binding_days(self) -> dict[str, date]:
        return {}

    def stream(self) -> str:
        return f"projects.purchaser:{self.purchaser.pk}"


def require_limit(scope: CeilingScope, ceiling: Ceiling, limit_fen: int, **acts: Any) -> None:
    """控制数（分，连同上年结转）不低于已分配。Raises `CeilingExceeded`."""
    left = available(ceiling)
    data = {
        "ceiling": str(ceiling),
        "limit_fen": limit_fen,
        "allocated_fen": ceiling.allocated_fen,
        "available_fen": left,
    }
    require_kept(
        SET,
        scope,
        stream=scope.stream(),
        context=Context(data=data, **acts),
        refuse=partial(CeilingExceeded, left),
    )


def require_round(
    scope: CeilingScope,
    purchaser: Purchaser,
    year: int,
    fund: FundSource,
    round_name: str,
    **acts: Any,
) -> None:
    """这一轮次轮到了没有。Raises `TransitionRefused`."""
    data = {"purchaser": purchaser, "year": year, "fund": fund, "round": round_name}
    require_kept(ROUND, scope, stream=scope.stream(), context=Context(data=data, **acts))
