"""报送的一份计划：定格的内容，与部门预算、与上一轮的差异，打印的汇总表。

内容一经报送不再变化；差异都由内容算出，谁在什么时候算都一样。金额为分。
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from projects.models import EstimateLine, FundLine, PlanSubmission, Project

Content = Mapping[str, Any]
SENT, ALREADY, HELD = "sent", "already", "held"
OUTCOMES = {SENT: "本次提交会审", ALREADY: "此前已提交", HELD: "未能提交"}


@dataclass(frozen=True)
class Gap:
    """一项资金或一个品目：计划多少、部门预算多少。"""

    name: str
    plan_fen: int
    budget_fen: int

    @property
    def gap_fen(self) -> int:
        return self.budget_fen - self.plan_fen


@dataclass(frozen=True)
class Moved:
    """与上一轮相比的一个项目：新列入、不再列入，或金额变了。"""

    kind: str
    number: str
    name: str
    before_fen: int | None
    after_fen: int | None

    @property
    def change_fen(self) -> int:
        return (self.after_fen or 0) - (self.before_fen or 0)


# --- 定格 ----------------------------------------------------------------------------------------


def package_rows(projects: Sequence[Project]) -> list[dict[str, Any]]:
    """各项目的一行，连同它的资金与测算品目；查询次数与项目数无关。"""
    ids = [p.pk for p in projects]
    funds = _sums(
        FundLine.objects.filter(project__in=ids).values_list(
            "project_id", "fund__name", "amount_fen"
        )
    )
    items = _sums(
        EstimateLine.objects.filter(project__in=ids).values_list(
            "project_id", "catalogue_item__code", "amount_fen"
        )
    )
    return [
        {
            "project": p.pk,
            "number": p.number,
            "name": p.name,
            "item": str(p.catalogue_item),
            "code": p.catalogue_item.code if p.catalogue_item else "",
            "total_fen": p.total_fen,
            "requested_fen": p.requested_fen,
            "is_off_budget": p.is_off_budget,
            "funds": funds[p.pk],
            "items": items[p.pk],
        }
        for p in projects
    ]


def _sums(rows: Iterable[tuple[int, str, int]]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for project, name, fen in rows:
        found[project][name] += fen
    return defaultdict(dict, {project: dict(sums) for project, sums in found.items()})


def planned_fen(rows: Iterable[Mapping[str, Any]]) -> int:
    """列入当年预算的各项目申请的财政资金合计；未列入当年预算的另行审批，不在其内。"""
    return sum(row["requested_fen"] for row in rows if not row["is_off_budget"])


# --- 差异 ----------------------------------------------------------------------------------------


def gaps_by_fund(content: Content) -> list[Gap]:
    """按资金来源：计划的资金明细，与部门预算。"""
    return _gaps(content, "funds", "fund")


def gaps_by_item(content: Content) -> list[Gap]:
    """按品目编码：计划的测算明细，与部门预算。"""
    return _gaps(content, "items", "code")


def _gaps(content: Content, part: str, key: str) -> list[Gap]:
    plan: dict[str, int] = defaultdict(int)
    budget: dict[str, int] = defaultdict(int)
    for row in content["rows"]:
        if not row["is_off_budget"]:
            for name, fen in row[part].items():
                plan[name] += fen
    for line in content["budget"]:
        budget[line[key]] += line["amount_fen"]
    return [Gap(name, plan[name], budget[name]) for name in sorted({*plan, *budget})]


def moved_since(before: Content | None, after: Content) -> list[Moved]:
    """与上一轮相比；没有上一轮的没有差异。"""
    if before is None:
        return []
    old = {row["project"]: row for row in before["rows"]}
    new = {row["project"]: row for row in after["rows"]}
    found = []
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        before_fen = was["requested_fen"] if was else None
        after_fen = now["requested_fen"] if now else None
        if before_fen != after_fen:
            row = now or was or {}
            kind = "新列入" if was is None else "不再列入" if now is None else "金额变动"
            found.append(Moved(kind, row["number"], row["name"], before_fen, after_fen))
    return found


# --- 打印 ----------------------------------------------------------------------------------------


def summary_context(submission: PlanSubmission, before: Content | None) -> dict[str, Any]:
    """计划汇总表（PDF）的内容。"""
    content = submission.content
    return {
        "purchaser": str(submission.plan.purchaser),
        "year": submission.plan.year,
        "round": submission.round_number,
        "submitted_on": submission.submitted_on.isoformat(),
        "planned_fen": submission.planned_fen,
        "budget_total_fen": submission.budget_total_fen,
        "gap_fen": submission.gap_fen,
        "note": submission.note,
        "digest": submission.digest,
        "rows": [
            {name: row[name] for name in ("number", "name", "item", "total_fen", "requested_fen")}
            | {"outcome": _outcome(row)}
            for row in content["rows"]
        ],
        "budget": list(content["budget"]),
        "funds": [_printed(gap) for gap in gaps_by_fund(content)],
        "items": [_printed(gap) for gap in gaps_by_item(content)],
        "moved": [
            {
                "kind": m.kind,
                "number": m.number,
                "name": m.name,
                "before_fen": m.before_fen,
                "after_fen": m.after_fen,
                "change_fen": m.change_fen,
            }
            for m in moved_since(before, content)
        ],
        "has_before": before is not None,
    }


def _outcome(row: Mapping[str, Any]) -> str:
    said = OUTCOMES[row["outcome"]]
    return f"{said}（未列入当年预算）" if row["is_off_budget"] else said


def _printed(gap: Gap) -> dict[str, Any]:
    return {
        "name": gap.name,
        "plan_fen": gap.plan_fen,
        "budget_fen": gap.budget_fen,
        "gap_fen": gap.gap_fen,
    }
