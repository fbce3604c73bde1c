"""Versions of the guidance catalogue in the states tests begin from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from core.history.values import reference
from disclosure.models import CatalogueDuty, PublishedCatalogue
from disclosure.services import approve_catalogue, send_catalogue
from projects.models import CatalogueItem, CatalogueOpinion, CatalogueRevision
from projects.services import (
    adopt_revision,
    agree_to_catalogue,
    change_item,
    consult,
    draft_catalogue,
)
from tests import steps
from tests.world import DAY, World, deliver_all

DUE = DAY + timedelta(days=10)
SINCE = DAY + timedelta(days=5)
ANSWERERS = {"发改委": "qian", "经信委": "sun", "文旅委": "li"}


def fresh(row: Any) -> Any:
    return type(row).objects.whole().get(pk=row.pk)


def drafted(world: World, **changes: Any) -> CatalogueRevision:
    values = {"title": "目录（2025 年第二版）", "reason": "职能调整。", **changes}
    return draft_catalogue(world.organisations["财政局"], **values, **world.zhao.acts())


def item_of(revision: CatalogueRevision, code: str) -> CatalogueItem:
    return CatalogueItem.objects.get(catalogue=revision.catalogue_id, code=code)


def changed(world: World, revision: CatalogueRevision) -> CatalogueRevision:
    """One item changed, with its reason."""
    item = item_of(revision, "C16060000")
    change_item(item, content="含密评。", reason="密码法施行。", **world.zhao.acts())
    return fresh(revision)


def consulted(world: World, *places: str, revision: Any = None) -> CatalogueRevision:
    """Out for opinions: 发改委 and 文旅委 unless said otherwise, until `DUE`."""
    revision = revision or changed(world, drafted(world))
    asked = [world.organisations[place] for place in places or ("发改委", "文旅委")]
    consult(revision, organisations=asked, answers_due_on=DUE, **world.zhao.acts())
    return fresh(revision)


def opinion_of(world: World, revision: CatalogueRevision, place: str) -> CatalogueOpinion:
    rows = CatalogueOpinion.objects.filter(organisation=world.organisations[place])
    return rows.filter(revision=revision).whole().latest("round_number")


def answered(world: World, revision: Any = None) -> CatalogueRevision:
    """Everybody asked has agreed."""
    revision = revision or consulted(world)
    for opinion in revision.opinions.filter(status="pending").select_related("organisation"):
        actor = getattr(world, ANSWERERS[opinion.organisation.short_name])
        agree_to_catalogue(opinion, text="", **actor.acts())
    return fresh(revision)


def adopted(world: World, since: date = SINCE, revision: Any = None) -> CatalogueRevision:
    revision = revision or answered(world)
    adopt_revision(revision, since=since, number="示财购〔2025〕9号", **world.zhao.acts())
    return fresh(revision)


def sent(world: World, duty: CatalogueDuty, on: date = SINCE, **place: Any) -> CatalogueDuty:
    """Sent by 赵磊 for review, as published on `on`."""
    where = {"medium": "门户网站", "address": "https://example.cn/", "published_on": on, **place}
    send_catalogue(duty, **where, **world.zhao.acts(max(on, where["published_on"])))
    return fresh(duty)


def published(world: World, duty: CatalogueDuty, on: date = SINCE) -> PublishedCatalogue:
    """Sent by 赵磊, reviewed by 白薇; the page of the public site."""
    approve_catalogue(sent(world, duty, on), **world.bai.acts(on))
    return PublishedCatalogue.objects.get(subject=reference(duty.revision.catalogue))


def owed(world: World, **changes: Any) -> CatalogueDuty:
    """The duty that an adoption opens."""
    revision = adopted(world, **changes)
    deliver_all()
    return CatalogueDuty.objects.whole().get(revision=revision)


def opened(world: World) -> dict[str, Any]:
    """One draft before 发改委 and its papers; 教委 is not asked and sees none of it."""
    revision = consulted(world, "发改委")
    duty = CatalogueDuty(
        revision=revision,
        opened_on=DAY,
        status="under_review",
        preparer=world.zhao.user,
        sent_on=DAY,
        published_on=DAY,
    )
    return {
        "catalogue": revision.catalogue,
        "revision": revision,
        "catalogue_item": item_of(revision, "C16060000"),
        "catalogue_opinion": opinion_of(world, revision, "发改委"),
        "catalogue_duty": steps.put(duty),
    }
