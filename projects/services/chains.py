"""签批链：由审批矩阵选定，逐步送签；矩阵的行有起止日，停用不删除。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Jurisdiction, RoleAssignment, User
from accounts.roles import Role
from core.history import Changes, change, unit_of_work
from core.money import format_yuan
from core.rules import regulations_reaching
from core.rules.parameters import parameters_in_force
from core.transitions import ActError, answered_with, claim, require_may
from projects.models import (
    ORDINARY,
    TIER_ROLES,
    ApprovalTier,
    InternalSignature,
    Project,
    Purchaser,
)

KEEP = "projects.keep_tiers"


class TierRefused(ActError):
    """这一行不能写入矩阵；`str()` 说明与哪一行冲突或哪里不对。"""

    is_of_form = True


@dataclass(frozen=True)
class TierInput:
    """矩阵的一行；金额为分，含下限，不含上限；空为不限。"""

    title: str
    roles: tuple[str, ...]
    basis: str
    since: date
    purchaser: Purchaser | None = None
    from_fen: int = 0
    below_fen: int | None = None
    service_nature: str = ""
    programme: str = ""
    kind: str = ""
    needs_leading_group: bool = False


@dataclass(frozen=True)
class Weighed:
    """矩阵的一行对一个项目合不合；`misses` 是不合之处，`is_chosen` 是选定的一行。"""

    tier: ApprovalTier
    misses: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True)
class Chain:
    """选定的签批链：岗位次序、理由、矩阵各行的合与不合。"""

    roles: tuple[str, ...]
    basis: str
    weighed: tuple[Weighed, ...]

    @property
    def label(self) -> str:
        return " → ".join(str(Role(role).label) for role in (Role.OFFICER, *self.roles))


def chain_for(project: Project, on: date) -> Chain:
    """这个项目在这一天的签批链（《渝北办法》第四条第（三）项）；项目可以尚未保存。

    合的各行中取最专的：本单位的先于通用的，其次看范围、路径、服务对象；没有合的，用辖区的默认链。
    特定目标类项目一律以领导小组结尾（《平湖办法》第十五条）。
    """
    rows = list(_rows_for(project, on))
    misses = {row.pk: tuple(_misses(row, project)) for row in rows}
    fitting = sorted((row for row in rows if not misses[row.pk]), key=_closeness, reverse=True)
    chosen = fitting[0] if fitting else None
    is_special = "PH" in regulations_reaching(project, on)
    roles, basis = _default(project, on, is_special) if chosen is None else _of_tier(chosen)
    if is_special and Role.LEADING_GROUP not in roles:
        roles, basis = (*roles, Role.LEADING_GROUP), f"{basis}；特定目标类项目须经领导小组"
    weighed = tuple(Weighed(row, misses[row.pk], row is chosen) for row in rows)
    return Chain(tuple(str(Role(role)) for role in roles), basis[:200], weighed)


def chain_roles(project: Project, on: date) -> list[str]:
    """签批链的岗位次序。"""
    return list(chain_for(project, on).roles)


def missing_holders(chain: Chain, purchaser: Purchaser, on: date) -> tuple[str, ...]:
    """链上哪些岗位本单位这一天没有人任职：送签之后无人可签。"""
    held = RoleAssignment.objects.in_force(on).filter(
        organisation=purchaser.organisation_id, role__in=chain.roles, user__is_active=True
    )
    known = set(held.values_list("role", flat=True))
    return tuple(str(Role(role).label) for role in chain.roles if role not in known)


def open_chain(changes: Changes, project: Project, on: date) -> None:
    """送签：另起一轮，写明依据。"""
    last = InternalSignature.objects.filter(project=project).aggregate(n=models.Max("chain"))["n"]
    chain = chain_for(project, on)
    for position, role in enumerate(chain.roles, 1):
        changes.create(
            InternalSignature(
                project=project,
                chain=(last or 0) + 1,
                position=position,
                role=role,
                opened_on=on,
                basis=chain.basis,
            )
        )


def add_tier(
    jurisdiction: Jurisdiction,
    tier: TierInput,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> ApprovalTier:
    """矩阵增加一行；已开启的签批不受影响。Raises `NotPermitted`, `TierRefused`."""
    with unit_of_work():
        known = claim(key, by=by, act=KEEP, content=[jurisdiction, *_columns(tier).values()])
        if known is not None:
            return ApprovalTier.objects.get(pk=int(known.result.rpartition(":")[2]))
        _require_keeper(jurisdiction, by, acting_as, on)
        row = ApprovalTier(jurisdiction=jurisdiction, **_columns(tier))
        Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)
        _require_sound(row, on)
        with change(title="审批矩阵增加一行", act=KEEP, by=by, acting_as=acting_as, on=on) as made:
            made.create(row)
        answered_with(key, row)
        return row


def end_tier(
    tier: ApprovalTier,
    *,
    until: date,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> ApprovalTier:
    """停用一行，自 `until` 起不再适用；此前开启的签批不变。Raises `NotPermitted`, `TierRefused`."""
    with unit_of_work():
        row = ApprovalTier.objects.select_for_update(no_key=True).get(pk=tier.pk)
        _require_keeper(row.jurisdiction, by, acting_as, on)
        if row.until is not None and row.until <= on:
            raise TierRefused(f"“{row}”已于 {row.until.isoformat()} 停用，未作改动。")
        if until < max(on, row.since):
            first = max(on, row.since).isoformat()
            raise TierRefused(f"停用日不能早于 {first}：已经适用的日子不能改。未作改动。")
        with change(
            title="停用审批矩阵的一行",
            act=KEEP,
            by=by,
            acting_as=acting_as,
            on=on,
            subject=row,
            reason=reason,
        ) as changes:
            changes.update(row, until=until)
        return row


def _require_keeper(
    jurisdiction: Jurisdiction, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    stream = f"accounts.jurisdiction:{jurisdiction.pk}"
    require_may(KEEP, on=None, stream=stream, by=by, acting_as=acting_as, day=on)


def _columns(tier: TierInput) -> dict[str, Any]:
    return {name: getattr(tier, name) for name in TierInput.__dataclass_fields__} | {
        "roles": list(tier.roles)
    }


def _require_sound(row: ApprovalTier, on: date) -> None:
    """岗位由低到高不重复；同样条件的行，金额和日期不得重叠。"""
    ranks = [TIER_ROLES.index(Role(role)) for role in row.roles if role in TIER_ROLES]
    if not ranks or len(ranks) != len(row.roles) or sorted(set(ranks)) != ranks:
        raise TierRefused("签批岗位须由低到高、各列一次，至少一级。未作改动。")
    if row.since < on:
        raise TierRefused("起始日不能早于今天：已经送签的不能改走另一条链。未作改动。")
    if row.purchaser and row.purchaser.organisation.jurisdiction_id != row.jurisdiction_id:
        raise TierRefused("购买主体不在所选的辖区。未作改动。")
    same = ApprovalTier.objects.filter(
        Q(until__isnull=True) | Q(until__gt=row.since),
        Q(below_fen__isnull=True) | Q(below_fen__gt=row.from_fen),
        **{name: getattr(row, name) for name in ("jurisdiction", "purchaser", *_CONDITIONS)},
    ).exclude(until=models.F("since"))
    if row.below_fen is not None:
        same = same.filter(from_fen__lt=row.below_fen)
    clash = same.first()
    if clash is not None:
        raise TierRefused(
            f"与“{clash}”（{amounts(clash)}，自 {clash.since.isoformat()}）的条件相同而金额重叠。"
            "请先停用那一行，或错开金额。未作改动。"
        )


_CONDITIONS = ("service_nature", "programme", "kind")


def amounts(tier: ApprovalTier) -> str:
    """金额范围，元，含下限不含上限。"""
    if tier.below_fen is None:
        return f"{format_yuan(tier.from_fen)} 元及以上" if tier.from_fen else "不限金额"
    if not tier.from_fen:
        return f"不足 {format_yuan(tier.below_fen)} 元"
    return f"{format_yuan(tier.from_fen)} 元及以上、不足 {format_yuan(tier.below_fen)} 元"


def _rows_for(project: Project, on: date) -> Iterable[ApprovalTier]:
    rows = ApprovalTier.objects.in_force(on).filter(jurisdiction=project.jurisdiction())
    return rows.select_related("purchaser__organisation").order_by("pk")


def _misses(tier: ApprovalTier, project: Project) -> Iterable[str]:
    if tier.purchaser_id not in (None, project.purchaser_id):
        yield f"只适用于{tier.purchaser}"
    if project.total_fen < tier.from_fen or (
        tier.below_fen is not None and project.total_fen >= tier.below_fen
    ):
        yield f"金额 {format_yuan(project.total_fen)} 元不在“{amounts(tier)}”之内"
    if tier.service_nature not in ("", project.service_nature):
        yield f"服务对象须为“{tier.get_service_nature_display()}”"
    if tier.programme not in ("", project.programme or ORDINARY):
        yield f"范围须为“{tier.get_programme_display()}”"
    if tier.kind not in ("", project.kind):
        yield f"路径须为“{tier.get_kind_display()}”"


def _closeness(tier: ApprovalTier) -> tuple[Any, ...]:
    return (
        tier.purchaser_id is not None,
        tier.programme != "",
        tier.kind != "",
        tier.service_nature != "",
        tier.since,
        tier.pk,
    )


def _of_tier(tier: ApprovalTier) -> tuple[tuple[str, ...], str]:
    last = (Role.LEADING_GROUP,) if tier.needs_leading_group else ()
    return (*tier.roles, *last), f"审批矩阵“{tier}”：{amounts(tier)}，{tier.basis}"


def _default(project: Project, on: date, is_special: bool) -> tuple[tuple[str, ...], str]:
    """没有合的行：辖区参数里的默认链（《平湖办法》第十一、十五条，《渝北办法》第十八条）。"""
    key = "PH-11-internal-chain" if is_special else "YB-18-internal-chain"
    roles = tuple(parameters_in_force(project.jurisdiction(), on)[key])
    return roles, "审批矩阵没有相合的行，用本辖区默认的签批次序"
