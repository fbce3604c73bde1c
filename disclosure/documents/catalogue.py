"""一版目录公布出去的全部内容：取自目录本身，个人号码一律遮盖；审查时看的与冻结的是同一份。"""

from __future__ import annotations

from typing import Any

from core.history.values import reference
from disclosure.masking import mask
from disclosure.models import CatalogueDuty
from disclosure.public.catalogues import PublishedCatalogue
from projects.models import CatalogueItem, ServiceCatalogue, differences_of


def catalogue_page(duty: CatalogueDuty) -> PublishedCatalogue:
    """这一版目录的快照，尚无编号和摘要，尚未保存。"""
    catalogue = duty.revision.catalogue
    items = list(CatalogueItem.objects.filter(catalogue=catalogue).select_related("parent_item"))
    # 品目编码和文号是目录自己的号码，照登。
    keep = [catalogue.number, *(item.code for item in items)]
    jurisdiction = duty.jurisdiction()
    return PublishedCatalogue(
        jurisdiction_code=jurisdiction.code,
        jurisdiction_name=jurisdiction.name,
        bureau_name=duty.revision.bureau.name,
        document_number=catalogue.number,
        subject=reference(catalogue),
        replaces=reference(catalogue.based_on) if catalogue.based_on else "",
        **_days(duty, catalogue),
        **_masked(_texts(duty, catalogue), keep),
        items=[_masked(_item(item), keep) for item in items],
        changes=[_masked(each, keep) for each in _changes(catalogue)],
    )


def _days(duty: CatalogueDuty, catalogue: ServiceCatalogue) -> dict[str, Any]:
    """通过之后前两个都有；公布日送审时登记，在那以前只供预览。"""
    return {
        "adopted_on": duty.revision.adopted_on,
        "since": catalogue.since,
        "published_on": duty.published_on,
    }


def _texts(duty: CatalogueDuty, catalogue: ServiceCatalogue) -> dict[str, Any]:
    return {
        "title": catalogue.title,
        "reason": duty.revision.reason,
        "upper_title": str(catalogue.parent or ""),
        "replaces_title": str(catalogue.based_on or ""),
        "medium": duty.medium,
        "address": duty.address,
    }


def _item(item: CatalogueItem) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "category": item.category_label,
        "kind": item.kind,
        "nature": item.nature,
        "content": item.content,
        "note": item.note,
        "upper": str(item.parent_item or ""),
    }


def _changes(catalogue: ServiceCatalogue) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "name": each.name,
            "kind": each.kind,
            "reason": each.reason,
            "fields": [list(field) for field in each.fields],
        }
        for each in differences_of(catalogue)
    ]


def _masked(texts: dict[str, Any], keep: list[str]) -> dict[str, Any]:
    """其中的每一段文字都遮盖过；`fields` 是各栏的名称、原来和现在。"""
    return {
        name: [[mask(text, keep)[0] for text in field] for field in value]
        if name == "fields"
        else mask(value, keep)[0]
        for name, value in texts.items()
    }
