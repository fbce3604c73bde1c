"""填报表现在的分量与情形：由总额、类别和参数得出，供页面展开或者收起各节。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.calendar.clock import today
from core.money import MoneyError, format_wanyuan, parse_amount
from core.rules.parameters import Parameters, parameters_in_force
from projects.forms import FilingBundle, Situation
from projects.models import CatalogueItem, FormWeight, Programme, Purchaser
from projects.rules.weight import KEY_FROM, KEY_PROGRAMMES, SMALL_BELOW, weight_of

TICKS = ("is_pilot", "is_partly_commercial", "is_full_purchase", "is_function_transfer")


@dataclass(frozen=True)
class Shown:
    """分量与它的由来，和脚本照此展开各节所需的数（分）。"""

    weight: str
    label: str
    explained: str
    small_below: int
    key_from: int
    key_programmes: str
    system_programmes: str
    reviewed_programmes: str
    new_system_prefixes: str


def situation_of(purchaser: Purchaser, bundle: FilingBundle) -> tuple[Situation, Shown]:
    """现在所填的情形；总额还没有填、读不出的，当作一般表。"""
    parameters = parameters_in_force(purchaser.organisation.jurisdiction, today())
    programme = str(bundle.form["programme"].value() or "")
    total = _total(bundle)
    assumed = parameters[SMALL_BELOW] if total is None else total
    weight = weight_of(assumed, programme, parameters)
    prefixes = tuple(parameters["PH-2.5-item-prefixes"])
    situation = Situation(
        weight=weight,
        programme=programme,
        kind=str(bundle.form["kind"].value() or ""),
        ticked=frozenset(name for name in TICKS if _is_ticked(bundle, name)),
        system_programmes=tuple(parameters["PH-8-system-programmes"]),
        reviewed_programmes=tuple(parameters["PH-2.5-programmes"]),
        is_new_system=_code(bundle).startswith(prefixes),
    )
    return situation, _shown(weight, parameters)


def _shown(weight: FormWeight, parameters: Parameters) -> Shown:
    small, key = parameters[SMALL_BELOW], parameters[KEY_FROM]
    named = "、".join(str(Programme(p).label) for p in parameters[KEY_PROGRAMMES])
    explained = (
        f"不足 {format_wanyuan(small)} 万元又不属特定目标类的为小额表；"
        f"{format_wanyuan(key)} 万元（含）以上{f'和{named}' if named else ''}为重点表；其余为一般表"
    )
    return Shown(
        weight=weight,
        label=str(weight.label),
        explained=explained,
        small_below=small,
        key_from=key,
        key_programmes=" ".join(parameters[KEY_PROGRAMMES]),
        system_programmes=" ".join(parameters["PH-8-system-programmes"]),
        reviewed_programmes=" ".join(parameters["PH-2.5-programmes"]),
        new_system_prefixes=" ".join(parameters["PH-2.5-item-prefixes"]),
    )


def _total(bundle: FilingBundle) -> int | None:
    """所填的总额（分）。"""
    value: Any = bundle.form["total"].value()
    if isinstance(value, int):
        return value
    try:
        return parse_amount(str(value or "").strip(), bundle.unit)
    except MoneyError:
        return None


def _is_ticked(bundle: FilingBundle, name: str) -> bool:
    return bundle.form[name].value() in (True, "on", "true", "True", "1")


def _code(bundle: FilingBundle) -> str:
    value = str(getattr(bundle.form["catalogue_item"].value(), "pk", None) or "") or str(
        bundle.form["catalogue_item"].value() or ""
    )
    row = CatalogueItem.objects.filter(pk=value).first() if value.isdigit() else None
    return row.code if row else ""
