"""立目录、定购买主体、开年度计划。"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from accounts.models import Jurisdiction, Organisation, User
from core.history import change
from projects.models import (
    AnnualPlan,
    CatalogueItem,
    FundSource,
    Purchaser,
    ServiceCatalogue,
)

CATALOGUE_FILE = Path(__file__).parent.parent / "reference" / "catalogue.toml"


def register_purchaser(
    organisation: Organisation,
    *,
    nature: str,
    by: User,
    on: date,
    has_administrative_staffing: bool = True,
    is_funded_by_treasury: bool = True,
) -> Purchaser:
    """登记购买主体（《渝北办法》第五条）。"""
    with change(title="登记购买主体", act="accounts.manage_accounts", by=by, on=on) as changes:
        return changes.create(
            Purchaser(
                organisation=organisation,
                nature=nature,
                has_administrative_staffing=has_administrative_staffing,
                is_funded_by_treasury=is_funded_by_treasury,
            )
        )


def register_fund(
    jurisdiction: Jurisdiction, *, kind: str, name: str, by: User, on: date
) -> FundSource:
    with change(title="登记资金来源", act="budgeting.set_ceiling", by=by, on=on) as changes:
        return changes.create(FundSource(jurisdiction=jurisdiction, kind=kind, name=name))


def adopt_catalogue(
    jurisdiction: Jurisdiction, *, title: str, since: date, by: User, on: date
) -> ServiceCatalogue:
    """系统启用时已在施行的目录，条目取自随附的品目数据；此后的各版经起草、征求意见、通过。"""
    items = tomllib.loads(CATALOGUE_FILE.read_text(encoding="utf-8"))["item"]
    with change(
        title="登记现行指导性目录", act="projects.adopt_catalogue", by=by, on=on
    ) as changes:
        catalogue = changes.create(
            ServiceCatalogue(jurisdiction=jurisdiction, title=title, since=since)
        )
        for item in items:
            columns = {
                k: item.get(k, "") for k in ("code", "name", "kind", "nature", "content", "note")
            }
            changes.create(CatalogueItem(catalogue=catalogue, category=item["category"], **columns))
    return catalogue


def open_plan(
    purchaser: Purchaser, *, year: int, budget_total_fen: int, by: User, on: date
) -> AnnualPlan:
    """编制某年度的购买计划（《渝北办法》第九条第（一）项）；部门预算合计单位为分。"""
    with change(title="编制年度计划", act="projects.file", by=by, on=on) as changes:
        return changes.create(
            AnnualPlan(
                purchaser=purchaser, year=year, budget_total_fen=budget_total_fen, opened_on=on
            )
        )
