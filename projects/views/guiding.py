"""填报表的帮手：选用指标模板、填报之后的化整为零提示。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import QueryDict

from core.calendar.clock import today
from core.rules import Context, ask
from core.views.acts import SignedInRequest
from projects.dictionaries import indicator_templates, template_of
from projects.documents.clouding import plain
from projects.facts.cloud import Collected
from projects.forms import FilingBundle, typed_values
from projects.models import ExpenseKind, Programme, Project, Purchaser
from projects.views.typed import bundle_for

SPLITTING = ("YB-11-no-splitting", "YB-10-not-split-for-tender")
_CELLS = ("name", "value", "unit", "weight", "sublevel")


def template_choices(on: date) -> list[dict[str, str]]:
    """可以选用的指标模板：这一天有效的各类。"""
    return [
        {
            "programme": t.programme,
            "label": str(Programme(t.programme).label),
            "article": t.article,
            "hint": t.hint,
        }
        for t in indicator_templates()
        if t.in_force(on)
    ]


def wants_template(request: SignedInRequest) -> bool:
    """按的是“选用模板”，不是提交。"""
    return bool(request.POST.get("use_template"))


def with_template(purchaser: Purchaser, data: QueryDict) -> FilingBundle:
    """所填的照旧，指标表添上模板各行；已有同名指标的不重复。目标值与权重留空。"""
    values: dict[str, Any] = typed_values(dict(data.lists()))
    template = template_of(data.get("template", ""), today())
    kept = [row for row in values["indicators"] if any(row.get(name) for name in _CELLS)]
    named = {row.get("name", "").strip() for row in kept}
    rows = template.rows if template else ()
    values["indicators"] = kept + [dict(row) for row in rows if row["name"] not in named]
    return bundle_for(purchaser, None, initial=values)


def wants_collection(request: SignedInRequest) -> bool:
    """按的是“取用收集结果”，不是提交。"""
    return bool(request.POST.get("use_collection"))


def with_collection(
    purchaser: Purchaser, data: QueryDict, collected: Collected | None
) -> FilingBundle:
    """所填的照旧，测算明细换成收集的汇总，类别是政务云，总额是汇总的合计（元）。"""
    values: dict[str, Any] = typed_values(dict(data.lists()))
    if collected is not None:
        item = values.get("catalogue_item", "")
        values |= {
            "programme": Programme.CLOUD,
            "unit": "元",
            "total": sum(each.amount_fen for each in collected.lines),
            "estimate": [
                {
                    "name": each.price.line_name,
                    "catalogue_item": item,
                    "expense_kind": ExpenseKind.RENTAL,
                    "quantity": plain(each.quantity),
                    "unit": each.price.unit,
                    "unit_price": each.price.price_fen,
                }
                for each in collected.lines
            ],
        }
    return bundle_for(purchaser, None, initial=values, collected=collected)


def splitting_warnings(request: SignedInRequest, project: Project) -> Iterator[str]:
    """刚填报的项目与同类项目合起来看：要留意的各一句；写了理由的不再说。"""
    fresh = Project.objects.get(pk=project.pk)
    if fresh.splitting_reason.strip():
        return
    context = Context(today(), request.user, request.acting)
    for verdict in ask(fresh, SPLITTING, context).verdicts:
        if verdict.state == "warn":
            yield f"{verdict.message}（{verdict.article.short}）。在“修改申报”中填写理由。"
