"""Ceilings in rounds, releases of funds, programmes and their conclusions, a year closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from budgeting.models import Ceiling, ExitConclusion, FundingProgramme, FundRelease, Round
from budgeting.services import (
    correct_release,
    issue_round,
    print_rounds,
    propose_conclusion,
    record_release,
    report_round,
    set_ceiling,
    set_programme_budget,
    set_up_programme,
    sign_by_bureau,
    sign_by_office,
    withdraw_conclusion,
)
from config.demo.balancing import tell_balancing
from config.demo.district import SINCE
from config.demo.telling import Telling, days
from contracts.services import close_year
from core.events import drain
from projects.models import FundSource
from projects.services import register_fund

ON, YEAR = date(2026, 2, 23), 2027
OFFICE = "政务办"
# (购买主体, 资金来源, 一上, 一下, 二上, 二下)，单位万元。
ROUNDS = (
    ("文旅委", "部门预算", (320, 290, 305, 300)),
    ("文旅委", "信息化专项资金", (180, 150, 150, 150)),
    ("教委", "部门预算", (410, 360, 395, None)),
    ("教委", "本级财政管理资金", (120, 120, 120, None)),
    ("卫健委", "部门预算", (275, 240, None, None)),
    ("城管局", "部门预算", (198, None, None, None)),
    ("城管局", "信息化专项资金", (60, None, None, None)),
)
STEPS = (Round.FIRST_UP, Round.FIRST_DOWN, Round.SECOND_UP, Round.SECOND_DOWN)
# 类别、名称、起止年度、各年度的预算，单位万元。
TERMS: tuple[tuple[str, str, int, int, dict[int, int]], ...] = (
    ("township_subsidy", "便民服务中心补助专项", 2023, 2025, {2025: 60}),
    ("smart_city", "数智城市建设专项", 2023, 2025, {2025: 800}),
    ("cloud", "政务云专项", 2024, 2026, {2025: 900, 2026: 950}),
    ("information", "信息化专项", 2025, 2027, {2025: 1200, 2026: 2400}),
)


def tell_ceilings(t: Telling) -> None:
    """示范区: next year's ceilings, the money released, the programmes, and last year's books."""
    for position, name in enumerate(STEPS):
        _round(t, name, position)
    print_rounds(t.district.purchasers["文旅委"], year=YEAR, **t.finance().acts(days(ON, 4)))
    _releases(t)
    _programmes(t)
    _closed(t)
    drain()


def _round(t: Telling, name: str, position: int) -> None:
    """One round of everybody who has come that far; units one after the other."""
    places = {place: None for place, _, _ in ROUNDS}
    for place in places:
        figures = [
            (t.district.funds[fund], wan * 1_000_000)
            for unit, fund, amounts in ROUNDS
            if unit == place and (wan := amounts[position]) is not None
        ]
        if not figures:
            continue
        purchaser, on = t.district.purchasers[place], days(ON, position)
        given: dict[str, Any] = {"year": YEAR, "round_name": name, "figures": figures, "note": ""}
        if position % 2 == 0:
            report_round(purchaser, **given, **t.actor(place, "officer").acts(on))
        else:
            number = f"示财预〔2026〕{61 + position}号"
            issue_round(purchaser, number=number, **given, **t.finance().acts(on))


def _releases(t: Telling) -> None:
    """A transfer from above for 政务办, released in two papers, one of them typed wrong first."""
    by = t.finance().user
    fund = register_fund(
        t.district.jurisdiction, kind="upper_transfer", name="上级转移支付资金", by=by, on=SINCE
    )
    for place, wan in ((OFFICE, 500), ("龙溪街道", 80)):
        set_ceiling(
            t.district.purchasers[place],
            year=2026,
            fund=fund,
            amount_fen=wan * 1_000_000,
            number="示财预〔2026〕21号",
            **t.finance().acts(ON),
        )
    _release(t, fund, 300, "市财下〔2026〕18号", "2026 年第一批", None)
    wrong = _release(t, fund, 1_200, "市财下〔2026〕33号", "2026 年第二批", OFFICE)
    correct_release(wrong, note="金额多记一位，另行登记。", **t.finance().acts(days(ON, 2)))
    _release(t, fund, 120, "市财下〔2026〕33号", "2026 年第二批", OFFICE)
    tell_balancing(t, OFFICE, fund)


def _release(
    t: Telling, fund: FundSource, wan: int, number: str, note: str, place: str | None
) -> FundRelease:
    return record_release(
        fund,
        year=2026,
        purchaser=t.district.purchasers[place] if place else None,
        amount_fen=wan * 1_000_000,
        number=number,
        released_on=date(2026, 2, 12),
        issuer="市财政局",
        note=note,
        **t.finance().acts(days(ON, 1)),
    )


def _programmes(t: Telling) -> None:
    """One kept and begun anew, one overdue, one waiting for signatures, one under way."""
    terms = [_term(t, *row) for row in TERMS]
    kept, overdue, waiting, _ = terms
    leader, second = t.actor(OFFICE, "division_leader"), t.district.actors["bai"]
    findings = "三年补助八个镇街道便民服务中心，办件量逐年上升，群众满意度都在九成以上。"
    made = _conclude(t, kept, "keep", findings)
    sign_by_office(made, **leader.acts(days(ON, 2)))
    made.refresh_from_db()
    sign_by_bureau(made, **second.acts(days(ON, 3)))
    _term(t, "township_subsidy", "便民服务中心补助专项", 2026, 2028, {2026: 64})
    findings = "云资源利用率由五成升到七成，建议按使用量核定下一期规模。"
    wrong = _conclude(t, waiting, "keep", findings)
    withdraw_conclusion(wrong, note="结论应为调整，另行拟订。", **t.finance().acts(days(ON, 2)))
    row = _conclude(t, waiting, "adjust", findings)
    sign_by_office(row, **leader.acts(days(ON, 3)))
    findings = "数字底座三年建成，平台已并入市级统一平台，区级不再单列。"
    _conclude(t, overdue, "cancel", findings)


def _term(
    t: Telling, kind: str, name: str, first: int, last: int, budgets: dict[int, int]
) -> FundingProgramme:
    term = set_up_programme(
        t.district.jurisdiction,
        programme=kind,
        name=name,
        first_year=first,
        last_year=last,
        number=f"示财专〔{first}〕3号",
        office=t.district.organisations[OFFICE],
        **t.finance().acts(ON),
    )
    for year, wan in budgets.items():
        set_programme_budget(
            term,
            year=year,
            amount_fen=wan * 1_000_000,
            number=f"示财专〔{year}〕8号",
            **t.finance().acts(ON),
        )
    return term


def _conclude(t: Telling, term: FundingProgramme, outcome: str, findings: str) -> ExitConclusion:
    return propose_conclusion(
        term,
        outcome=outcome,
        findings=findings,
        number="示政数〔2026〕5号",
        **t.finance().acts(days(ON, 1)),
    )


def _closed(t: Telling) -> None:
    """2025 of two units whose year is over; what stands in the way elsewhere is left as it is."""
    units = [t.district.purchasers[place] for place in ("龙溪街道", "石船镇")]
    rows = Ceiling.objects.filter(purchaser__in=units, year=2025).order_by("pk")
    near = rows.select_related("purchaser__organisation", "fund")
    close_year(list(near), number="示财结〔2026〕1号", **t.finance().acts(days(ON, 3)))
