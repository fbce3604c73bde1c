"""表单与服务之间的一步：所填变成 `Filing`，项目变回预填。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from core.attachments import checked_upload
from core.calendar.clock import today
from core.rules.parameters import parameters_in_force
from projects.declarations import NEGATIVE_LIST
from projects.facts.cloud import Collected
from projects.forms import FilingBundle
from projects.models import EstimateLine, Project, Purchaser
from projects.services import (
    EstimateInput,
    Filing,
    FundInput,
    IndicatorInput,
    not_as_collected,
)

SAME_NAMES = (
    "name", "kind", "service_nature", "catalogue_item", "basis", "need", "is_market_suitable",
    "is_provider_capable", "is_off_budget", "is_partly_commercial",
    "commercial_income", "is_full_purchase", "vulnerable_group", "full_purchase_evidence",
    "programme", "duty_code", "duty", "grant_number", "leading_group_minutes", "proposed_method",
    "planning_item", "planning_none_reason", "open_data", "open_data_content",
    "is_function_transfer", "transfer_item", "is_pilot", "pilot_until", "pilot_of",
    "feasibility", "feasibility_section", "feasibility_on", "feasibility_verdict",
    "pre_review", "pre_review_on", "pre_review_verdict", "splitting_reason",
)  # fmt: skip


def bundle_for(
    purchaser: Purchaser,
    data: Mapping[str, Any] | None,
    files: Any = None,
    *,
    initial: dict[str, Any] | None = None,
    collected: Collected | None = None,
) -> FilingBundle:
    """这个单位的填报表：目录、资金来源与核对金额的上限都取自它的辖区。

    `collected` 是当年度云资源收集的汇总：政务云项目的测算明细须与它逐行相同。"""
    jurisdiction, on = purchaser.organisation.jurisdiction, today()
    limit = dict(parameters_in_force(jurisdiction, on)).get("unit-warning-fen")
    differing = partial(_not_as_collected, collected) if collected else None
    return FilingBundle(
        data,
        files,
        initial=initial,
        jurisdiction=jurisdiction,
        on=on,
        limit_fen=limit,
        differing=differing,
    )


def _not_as_collected(collected: Collected, rows: Sequence[dict[str, Any]]) -> list[str]:
    """测算明细与收集的汇总不同之处，各一句；`rows` 是核对通过的各行。"""
    names = ("name", "quantity", "unit", "unit_price")
    return not_as_collected(collected, [tuple(row[n] for n in names) for row in rows])


def filing_of(bundle: FilingBundle, exclusions: dict[str, bool]) -> Filing:
    """核对通过的表单成为一份申报；金额一律为分。Raises `UploadRefused`."""
    data = bundle.form.cleaned_data
    return Filing(
        **{name: data[name] for name in SAME_NAMES},
        exclusions=exclusions,
        negative_list=bundle.form.negative_list(),
        subsidy_fen=data["subsidy"] or 0,
        estimate=[_estimate(row) for row in bundle.estimate.rows()],
        funds=[FundInput(row["fund"], row["amount"]) for row in bundle.funds.rows()],
        indicators=[_indicator(row) for row in bundle.indicators.rows()],
        papers={kind: checked_upload(f) for kind, f in bundle.form.papers().items()},
    )


def _estimate(row: dict[str, Any]) -> EstimateInput:
    return EstimateInput(
        name=row["name"],
        catalogue_item=row["catalogue_item"],
        quantity=row["quantity"],
        unit=row["unit"],
        unit_price_fen=row["unit_price"],
        expense_kind=row["expense_kind"],
    )


def _indicator(row: dict[str, Any]) -> IndicatorInput:
    names = ("level", "sublevel", "name", "operator", "value", "unit", "weight")
    return IndicatorInput(**{name: row[name] for name in names})


def initial_of(project: Project) -> dict[str, Any]:
    """项目现有的内容，供修改时预填；金额以元显示。"""
    negative = {
        f"negative_{key}": {True: "yes", False: "no"}.get(project.negative_list.get(key), "")
        for key in NEGATIVE_LIST
    }
    return {
        **{name: getattr(project, name) for name in SAME_NAMES},
        **negative,
        "unit": "元",
        "total": project.total_fen,
        "subsidy": project.subsidy_fen or None,
        "estimate": [_estimate_row(line) for line in project.estimate_lines.all()],
        "funds": [{"fund": f.fund_id, "amount": f.amount_fen} for f in project.fund_lines.all()],
        "indicators": list(
            project.indicators.values(
                "level", "sublevel", "name", "operator", "value", "unit", "weight"
            )
        ),
    }


def _estimate_row(line: EstimateLine) -> dict[str, Any]:
    names = ("name", "expense_kind", "quantity", "unit")
    return {name: getattr(line, name) for name in names} | {
        "catalogue_item": line.catalogue_item_id,
        "unit_price": line.unit_price_fen,
    }
