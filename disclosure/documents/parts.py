"""采购类公告共有的各节。"""

from __future__ import annotations

from datetime import date
from typing import Any

from core.regulations import YUBEI
from core.rules import regulations_reaching
from core.rules.parameters import Parameters, parameters_in_force
from core.templatetags.ui import cn_date
from disclosure.documents.wording import from_publication, name, section, yuan
from disclosure.models import Section
from procurement.models import Condition, Intention, Tender
from projects.models import Project

NOTICE_WORKDAYS = "YB-9.3-notice-workdays"
ASK_ABOUT_NOTICE = "凡对本次公告内容提出询问，请按以下方式联系"


def basics(tender: Tender, *more: tuple[str, str]) -> Section:
    rows = [
        ("项目编号", tender.number),
        ("项目名称", name(tender)),
        *more,
        ("预算金额", yuan(tender.package.budget_fen)),
        ("最高限价", yuan(tender.ceiling_price_fen)),
        ("采购需求", tender.case().need),
    ]
    return section("项目基本情况", rows=rows)


def requirements(tender: Tender, published_on: date) -> Section:
    """申请人的资格要求：本辖区采用《渝北办法》的，列其第六条的六项条件。"""
    heading = "申请人的资格要求"
    if "YB" not in regulations_reaching(tender, published_on):
        return section(heading)
    return section(
        heading,
        f"供应商应当具备{YUBEI.article(6).label}规定的条件：",
        *(str(c.label) for c in Condition),
    )


def notice_period(tender: Tender, published_on: date) -> Section:
    by_method = in_force(tender, published_on).get(NOTICE_WORKDAYS) or {}
    return section("公告期限", from_publication(by_method.get(tender.method)))


def others(tender: Tender) -> Section:
    """其他补充事宜：意向在哪里公开的。"""
    intention = Intention.objects.filter(project=tender.case()).first()
    address = intention.address if intention else ""
    return section("其他补充事宜", rows=[("采购意向公开网址", address)])


def contacts(tender: Tender, heading: str) -> Section:
    return asking(tender.case(), heading, is_centralised=tender.is_centralised)


def asking(project: Project, heading: str, *, is_centralised: bool = False) -> Section:
    """向谁询问：只写单位。"""
    agency = project.agency if is_centralised else None
    rows = [
        ("采购人", str(project.purchaser)),
        ("集中采购机构", str(agency) if agency else ""),
    ]
    return section(heading, rows=rows)


def by_deadline(tender: Tender) -> str:
    day = cn_date(tender.response_deadline)
    return f"于{day}前（含当日）" if day else ""


def offered(tender: Tender) -> str:
    first, last = cn_date(tender.offered_from), cn_date(tender.offered_until)
    return f"{first}至{last}" if first and last else ""


def in_force(tender: Tender, on: date) -> dict[str, Any]:
    """当日有值的参数；没有的，公告里就不写这一节，不因此发不出来。"""
    values: Parameters = parameters_in_force(tender.jurisdiction(), on)
    return {key: values[key] for key in values}
