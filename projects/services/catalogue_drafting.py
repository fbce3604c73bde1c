"""起草指导性目录：由现行版本起草，增、改、删条目；登记上级目录。"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.transitions import ActError, Outcome, answered_with, claim, perform, require_may
from projects.facts import current_version
from projects.models import (
    CatalogueChange,
    CatalogueItem,
    CatalogueLevel,
    CatalogueRevision,
    ServiceCatalogue,
)
from projects.services.setup import CATALOGUE_FILE

DRAFT = "projects.draft_catalogue"
COLUMNS = ("code", "name", "category", "kind", "nature", "content", "note")


class CodeTaken(ActError):
    """同一版目录里已经有这个编码的条目。"""

    def __init__(self, code: str) -> None:
        super().__init__(f"目录中已有编码为 {code} 的条目，没有增加。")


class UpperNotLater(ActError):
    """上级目录的新版不晚于已经登记的一版。"""

    def __init__(self, known: ServiceCatalogue) -> None:
        super().__init__(f"已经登记了“{known}”（{known.since} 起），新版的施行日须晚于该日。")


# --- 起草 ----------------------------------------------------------------------------------------


def draft_catalogue(
    bureau: Organisation,
    *,
    title: str,
    reason: str,
    parent: ServiceCatalogue | None = None,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> CatalogueRevision:
    """由现行版本起草新的一版；没有现行版本的，由随附的品目起草（《渝北办法》第八条）。

    Raises `NotPermitted`, `RequestKeyMismatch`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    _require_may(bureau, **acts)
    with unit_of_work():
        known = claim(key, by=by, act=DRAFT, content=[bureau, title, reason, parent])
        if known is not None:
            return CatalogueRevision.objects.get(pk=referenced_pk(known.result))
        catalogue = ServiceCatalogue(jurisdiction=bureau.jurisdiction, title=title, parent=parent)
        catalogue.based_on = current_version(catalogue)
        with change(title="起草指导性目录", act=DRAFT, reason=reason, **acts) as changes:
            changes.create(catalogue)
            revision = changes.create(
                CatalogueRevision(
                    catalogue=catalogue,
                    bureau=bureau,
                    reason=reason,
                    drafted_by=by,
                    drafted_on=on,
                )
            )
            upper = upper_items(parent)
            for values in _first_items(catalogue.based_on):
                hung = nearest(values["code"], upper)
                changes.create(CatalogueItem(catalogue=catalogue, parent_item=hung, **values))
        answered_with(key, revision)
        return revision


def _first_items(base: ServiceCatalogue | None) -> Iterable[dict[str, Any]]:
    if base is not None:
        for item in CatalogueItem.objects.filter(catalogue=base).order_by("code"):
            yield {name: getattr(item, name) for name in COLUMNS}
        return
    for item in tomllib.loads(CATALOGUE_FILE.read_text(encoding="utf-8"))["item"]:
        yield {name: item.get(name, "") for name in COLUMNS}


def upper_items(parent: ServiceCatalogue | None) -> dict[str, CatalogueItem]:
    """上级目录的条目，按编码。"""
    rows = CatalogueItem.objects.filter(catalogue=parent) if parent else ()
    return {item.code: item for item in rows}


def nearest(code: str, upper: dict[str, CatalogueItem]) -> CatalogueItem | None:
    """上级目录中同一编码的条目；没有的，取最近的上一级编码。"""
    above = (code, *(code[:length].ljust(9, "0") for length in (7, 5, 3)))
    return next((upper[each] for each in above if each in upper), None)


# --- 条目 ----------------------------------------------------------------------------------------


def add_item(revision: CatalogueRevision, *, reason: str, code: str, **values: Any) -> Outcome:
    """增加一个条目，写明理由。Raises as `perform`, and `CodeTaken`."""
    content, acts = _parted(values)
    with unit_of_work():
        data = {"code": code, **content}
        outcome = perform(revision, "revise", note=reason, data=data, **acts)
        if outcome.is_repeat:
            return outcome
        if CatalogueItem.objects.filter(catalogue=revision.catalogue_id, code=code).exists():
            raise CodeTaken(code)
        with _writing(revision, "增加目录条目", acts) as changes:
            changes.create(CatalogueItem(catalogue=revision.catalogue, code=code, **content))
            _explain(changes, revision, code, reason)
        return outcome


def change_item(item: CatalogueItem, *, reason: str, **values: Any) -> Outcome:
    """修改一个条目，写明理由；编码不改，改编码的删去另增。Raises as `perform`."""
    revision = CatalogueRevision.objects.get(catalogue=item.catalogue_id)
    content, acts = _parted(values)
    with unit_of_work():
        data = {"code": item.code, **content}
        outcome = perform(revision, "revise", note=reason, data=data, **acts)
        if not outcome.is_repeat:
            with _writing(revision, "修改目录条目", acts) as changes:
                changes.update(CatalogueItem.objects.get(pk=item.pk), **content)
                _explain(changes, revision, item.code, reason)
        return outcome


def remove_item(item: CatalogueItem, *, reason: str, **values: Any) -> Outcome:
    """从草案中删去一个条目，写明理由；前一版不动。Raises as `perform`."""
    revision = CatalogueRevision.objects.get(catalogue=item.catalogue_id)
    _, acts = _parted(values)
    with unit_of_work():
        data = {"code": item.code, "removed": True}
        outcome = perform(revision, "revise", note=reason, data=data, **acts)
        if not outcome.is_repeat:
            with _writing(revision, "删去目录条目", acts) as changes:
                _explain(changes, revision, item.code, reason)
                changes.delete(CatalogueItem.objects.get(pk=item.pk))
        return outcome


ITEM_CONTENT = frozenset({*COLUMNS, "parent_item"})


def _parted(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """条目的各栏，与办理的人、日期、版次、请求号。"""
    content = {name: value for name, value in values.items() if name in ITEM_CONTENT}
    return content, {n: value for n, value in values.items() if n not in ITEM_CONTENT}


def _writing(revision: CatalogueRevision, title: str, acts: dict[str, Any]) -> Any:  # noqa: ANN401  a context manager of Changes
    return change(
        title=title,
        act="projects.write_catalogue_item",
        stream=revision.stream(),
        by=acts["by"],
        acting_as=acts["acting_as"],
        on=acts["on"],
    )


def _explain(changes: Any, revision: CatalogueRevision, code: str, reason: str) -> None:  # noqa: ANN401
    about = {"catalogue": revision.catalogue, "code": code}
    known = CatalogueChange.objects.filter(**about).first()
    if known is None:
        changes.create(CatalogueChange(**about, reason=reason))
    else:
        changes.update(known, reason=reason)


# --- 上级目录 ------------------------------------------------------------------------------------


def register_upper_catalogue(
    bureau: Organisation,
    *,
    level: str,
    title: str,
    number: str,
    since: date,
    items: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> ServiceCatalogue:
    """登记上级发布的目录，供本级条目挂接；同一级次的前一版同日终止。

    `items` 每个为 {code, name, category, kind, nature, content}。Raises `NotPermitted`,
    `RequestKeyMismatch`, `UpperNotLater`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    _require_may(bureau, **acts)
    with unit_of_work():
        known = claim(key, by=by, act=DRAFT, content=[bureau, level, title, number, since, items])
        if known is not None:
            return ServiceCatalogue.objects.get(pk=referenced_pk(known.result))
        Jurisdiction.objects.select_for_update(no_key=True).get(pk=bureau.jurisdiction_id)
        same = {"jurisdiction": bureau.jurisdiction, "level": CatalogueLevel(level)}
        earlier = ServiceCatalogue.objects.filter(until__isnull=True, **same).first()
        if earlier is not None and earlier.since is not None and earlier.since >= since:
            raise UpperNotLater(earlier)
        with change(title="登记上级目录", act=DRAFT, **acts) as changes:
            made = changes.create(ServiceCatalogue(title=title, number=number, since=since, **same))
            for values in items:
                changes.create(CatalogueItem(catalogue=made, **values))
            if earlier is not None:
                changes.update(earlier, until=since)
        answered_with(key, made)
        return made


def _require_may(
    bureau: Organisation, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    unsaved = CatalogueRevision(bureau=bureau)
    stream = f"accounts.organisation:{bureau.pk}"
    require_may(DRAFT, on=unsaved, stream=stream, by=by, acting_as=acting_as, day=on)
