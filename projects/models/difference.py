"""指导性目录两个版本之间的不同。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from projects.models.catalogue import CatalogueItem, ServiceCatalogue
from projects.models.revision import CatalogueChange

ADDED, CHANGED, REMOVED = "增加", "修改", "删除"


@dataclass(frozen=True)
class ItemDifference:
    """一个条目在两版之间的不同；`fields` 为 (栏, 原来, 现在)，增加和删除的为空。"""

    code: str
    name: str
    kind: str
    reason: str
    fields: tuple[tuple[str, str, str], ...] = ()


def differences_of(catalogue: ServiceCatalogue) -> list[ItemDifference]:
    """与据以调整的版本逐条相比，依编码；没有前一版的为空。"""
    if catalogue.based_on_id is None:
        return []
    items = CatalogueItem.objects.filter(catalogue__in=[catalogue.pk, catalogue.based_on_id])
    before: dict[str, CatalogueItem] = {}
    after: dict[str, CatalogueItem] = {}
    for item in items.select_related("parent_item"):
        (after if item.catalogue_id == catalogue.pk else before)[item.code] = item
    rows = CatalogueChange.objects.filter(catalogue=catalogue).values_list("code", "reason")
    return list(_compared(before, after, dict(rows)))


def _compared(
    before: dict[str, CatalogueItem], after: dict[str, CatalogueItem], reasons: dict[str, str]
) -> Iterator[ItemDifference]:
    for code in sorted({*before, *after}):
        old, new, reason = before.get(code), after.get(code), reasons.get(code, "")
        if old is None and new is not None:
            yield ItemDifference(code, new.name, ADDED, reason)
        elif new is None and old is not None:
            yield ItemDifference(code, old.name, REMOVED, reason)
        elif old is not None and new is not None:
            fields = tuple(_fields(old, new))
            if fields:
                yield ItemDifference(code, new.name, CHANGED, reason, fields)


def _fields(old: CatalogueItem, new: CatalogueItem) -> Iterable[tuple[str, str, str]]:
    """内容上的不同；挂接上级条目不是内容，不计。"""
    for name in ("name", "category_label", "kind", "nature", "content", "note"):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            label = "类别" if name == "category_label" else CatalogueItem._meta.get_field(name)
            yield str(getattr(label, "verbose_name", label)), was, now
