"""发布件的组成：主体、品目、文件、相关过程、编号。"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from accounts.models import Organisation
from contracts.models import ContractLine
from disclosure.documents.wording import name, plain
from disclosure.ocds.printed import Fields, Printed, instant, kept
from disclosure.public.models import PublishedNotice
from procurement.models import Provider, Tender
from projects.models import ProcurementMethod, Project

LANGUAGE = "zh"
# 统一社会信用代码（GB 32100）和政府采购品目分类目录：OCDS 的开放代码表里没有，由本系统加列。
CREDIT_CODE_SCHEME = "CN-USCC"
CATALOGUE_SCHEME = "CN-GPC"

# OCDS 的 method 说的是怎样找到供应商：公开征集的磋商须先具备条件才能响应，算 selective；
# 谈判和限额以下自行采购由采购人选定几家，算 limited。中文的方式另列。
METHODS: dict[str, str] = {
    ProcurementMethod.OPEN: "open",
    ProcurementMethod.INVITED: "selective",
    ProcurementMethod.CONSULTATION: "selective",
    ProcurementMethod.FRAMEWORK: "selective",
    ProcurementMethod.NEGOTIATION: "limited",
    ProcurementMethod.OWN: "limited",
    ProcurementMethod.SINGLE_SOURCE: "direct",
}

# --- 编号 ----------------------------------------------------------------------


def planning_ocid(project: Project) -> str:
    """一个项目的计划过程。"""
    return f"{settings.OCID_PREFIX}-{project.number}"


def tender_ocid(tender: Tender) -> str:
    """一个采购包的一次采购，连同由它而来的成交、合同、履约，是一个合同过程。"""
    project = tender.case()
    return f"{planning_ocid(project)}-{tender.package.position}-{tender.attempt}"


# --- 主体 ----------------------------------------------------------------------


def body_party(organisation: Organisation, *roles: str) -> Fields:
    """一个机关单位；系统不登记它的统一社会信用代码，以辖区内的编号标识。"""
    code = organisation.jurisdiction.code.upper()
    return {
        "id": f"{code}-ORG-{organisation.pk}",
        "name": organisation.name,
        "roles": sorted(roles),
    }


def purchaser_party(project: Project, tender: Tender | None) -> Fields:
    """购买主体；自己组织采购的，也是采购组织者。"""
    runs_it = tender is not None and not tender.is_centralised
    roles = ("buyer", "procuringEntity") if runs_it else ("buyer",)
    return body_party(project.owner(), *roles)


def agency_party(tender: Tender, printed: Printed) -> Fields | None:
    """受托的集中采购机构，公告写明的。"""
    agency = tender.case().agency
    if agency is None or not tender.is_centralised or not printed.text(agency.name):
        return None
    return body_party(agency, "procuringEntity")


def provider_party(provider: Provider, printed: Printed) -> Fields | None:
    """承接主体，公告写明的。"""
    legal_name = printed.text(provider.name)
    if legal_name is None:
        return None
    return kept(
        id=f"{CREDIT_CODE_SCHEME}-{provider.credit_code}",
        name=legal_name,
        identifier={
            "scheme": CREDIT_CODE_SCHEME,
            "id": provider.credit_code,
            "legalName": legal_name,
        },
        address=kept(streetAddress=printed.text(provider.address)),
        roles=["supplier", "tenderer"],
    )


def referred(party: Fields | None) -> Fields | None:
    """别处提到一个主体：只写编号和名称。"""
    return {"id": party["id"], "name": party["name"]} if party else None


# --- 采购、品目、文件 ----------------------------------------------------------------------


def tender_outline(tender: Tender, printed: Printed, status: str) -> Fields:
    """采购的概要，合同过程的每一份发布件都有。"""
    purchaser = purchaser_party(tender.case(), tender)
    organiser = agency_party(tender, printed) if tender.is_centralised else purchaser
    return kept(
        id=tender.number,
        title=printed.text(name(tender)),
        status=status,
        procuringEntity=referred(organiser),
        procurementMethod=METHODS[tender.method],
        procurementMethodDetails=tender.mode.get_method_display(),
        mainProcurementCategory="services",
    )


def classification(project: Project) -> Fields | None:
    """指导性目录的条目，编码为政府采购品目。"""
    item = project.catalogue_item
    if item is None:
        return None
    return {"scheme": CATALOGUE_SCHEME, "id": item.code, "description": item.name}


def package_item(tender: Tender, printed: Printed) -> Fields:
    """整个采购包作为一项。"""
    package = tender.package
    return kept(
        id=str(package.position),
        description=printed.text(package.name) or printed.text(name(tender)),
        classification=classification(tender.case()),
    )


def line_item(line: ContractLine, printed: Printed) -> Fields:
    """合同标的的一行；公告印出“12 月”的才列数量、单位和单价。"""
    number = plain(line.quantity)
    item = kept(
        id=str(line.position),
        description=printed.text(line.name),
        classification=classification(line.contract.case()),
    )
    if printed.text(f"{number} {line.unit}"):
        price = printed.money(line.unit_price_fen)
        item |= {"quantity": Decimal(number), "unit": kept(name=line.unit, value=price)}
    return item


def notice_documents(printed: Printed, document_type: str, **more: str | None) -> list[Fields]:
    """公告本身，以及指定媒体上的那一份；两者不一致的，以指定媒体的为准。"""
    notice = printed.notice
    shared = kept(
        documentType=document_type,
        title=notice.title,
        datePublished=instant(notice.published_on),
        format="text/html",
        language=LANGUAGE,
    )
    found = [kept(id=notice.number, url=page_of(notice), **more) | shared]
    if notice.link:
        found.append({"id": f"{notice.number}-medium", "url": notice.link} | shared)
    return found


def page_of(notice: PublishedNotice) -> str:
    return f"{settings.PUBLIC_URL}{notice.get_absolute_url()}"
