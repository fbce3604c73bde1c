"""两轮申报版本的差异：总额、正文与各项明细，逐项列出前后。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import models

from core.money import format_yuan
from projects.models import CatalogueItem, FundSource, Indicator, Project, ProjectVersion

Row = dict[str, Any]
Diff = dict[str, str]

FIELDS = (
    "name",
    "catalogue_item_id",
    "service_nature",
    "programme",
    "total_fen",
    "is_partly_commercial",
    "subsidy_fen",
    "commercial_income",
    "is_full_purchase",
    "vulnerable_group",
    "full_purchase_evidence",
    "need",
    "basis",
    "duty",
    "feasibility",
    "pre_review",
    "leading_group_minutes",
    "proposed_method",
    "is_off_budget",
    "supplement_number",
)


def version_differences(before: ProjectVersion, after: ProjectVersion) -> list[Diff]:
    """各项 `{label, before, after}`；没有改动的不列。"""
    old, new = before.content, after.content
    names = _Names(old, new)
    pairs = [
        (_label(f), names.shown(f, old["project"]), names.shown(f, new["project"])) for f in FIELDS
    ]
    pairs += _lines("测算", names.estimate(old), names.estimate(new))
    pairs += _lines("资金", names.funds(old), names.funds(new))
    pairs += _lines("指标", names.indicators(old), names.indicators(new))
    return [{"label": n, "before": a, "after": b} for n, a, b in pairs if a != b]


def _lines(title: str, old: dict[str, str], new: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(f"{title}：{key}", old.get(key, ""), new.get(key, "")) for key in {**old, **new}]


def _label(attname: str) -> str:
    field = Project._meta.get_field(attname.removesuffix("_id"))
    return str(getattr(field, "verbose_name", attname)).replace("（分）", "（元）")


class _Names:
    """目录条目与资金来源的名称，一次取齐。"""

    def __init__(self, *contents: Row) -> None:
        items = {c["project"]["catalogue_item_id"] for c in contents}
        items |= {r["catalogue_item_id"] for c in contents for r in c["estimateline"]}
        funds = {r["fund_id"] for c in contents for r in c["fundline"]}
        self._items = _names_of(CatalogueItem, items)
        self._funds = _names_of(FundSource, funds)

    def shown(self, attname: str, row: Row) -> str:
        value = row.get(attname)
        if attname == "catalogue_item_id":
            return self._items.get(value or 0, "")
        if attname.endswith("_fen"):
            return format_yuan(value or 0)
        if isinstance(value, bool):
            return "是" if value else "否"
        choices = dict(getattr(Project._meta.get_field(attname), "flatchoices", ()))
        return str(choices.get(value, value or ""))

    def estimate(self, content: Row) -> dict[str, str]:
        return _keyed(
            (r["name"], f"{_sum(r)}，{self._items.get(r['catalogue_item_id'], '')}")
            for r in content["estimateline"]
        )

    def funds(self, content: Row) -> dict[str, str]:
        return _keyed(
            (self._funds.get(r["fund_id"], ""), f"{format_yuan(r['amount_fen'])} 元")
            for r in content["fundline"]
        )

    def indicators(self, content: Row) -> dict[str, str]:
        signs = dict(Indicator._meta.get_field("operator").flatchoices)
        return _keyed(
            (r["name"], f"{signs.get(r['operator'], '')}{_target(r)}，权重 {r['weight']}%")
            for r in content["indicator"]
        )


def _sum(row: Row) -> str:
    price, amount = format_yuan(row["unit_price_fen"]), format_yuan(row["amount_fen"])
    return f"{row['quantity']} {row['unit']} × {price} = {amount} 元"


def _target(row: Row) -> str:
    return f"{row['value'] or ''}{row['unit']}"


def _names_of(model: type[models.Model], pks: set[Any]) -> dict[int, str]:
    return {row.pk: str(row) for row in model._default_manager.filter(pk__in=pks - {None})}


def _keyed(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """名称相同的各行加序号，以免互相覆盖。"""
    seen: Counter[str] = Counter()
    found = {}
    for name, text in pairs:
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name}（{seen[name]}）"] = text
    return found
