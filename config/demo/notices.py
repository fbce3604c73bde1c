"""Notices on every desk: returned, under review, with a field withheld, corrected, discarded."""

from __future__ import annotations

from datetime import date

from config.demo.announcing import approve, drafts_of, publish_all, send
from config.demo.performing import Performing
from config.demo.telling import Telling
from disclosure.models import NoticeDraft, NoticeKind, fields_of
from disclosure.services import correct_notice, discard_draft, send_back_draft


def tell_contract_notice(b: Performing, step: str) -> None:
    """Of three contracts: one announced, one with a field withheld, one returned."""
    on = date(2026, 2, 11)
    (draft,) = drafts_of(b.project)
    place = _key(draft, "履约地点")
    send(b.t, b.place, draft, on, {place: "security"} if step == "requested" else None)
    if step == "verified":
        send_back_draft(
            draft,
            reason="服务要求写到了机房网络结构，请选定不予公开后再送。",
            **b.head.acts(date(2026, 2, 12)),
        )
    else:
        approve(b.t, b.place, draft, date(2026, 2, 12))


def tell_result_notice(b: Performing, on: date) -> None:
    """The tender is told; the result lies with the reviewer."""
    for draft in drafts_of(b.project):
        send(b.t, b.place, draft, on)
        if draft.kind != NoticeKind.RESULT:
            approve(b.t, b.place, draft, on)


def tell_intention_notice(b: Performing, on: date) -> None:
    """The intention is public; the project and its requirements are still to be announced."""
    for draft in drafts_of(b.project):
        if draft.kind == NoticeKind.INTENTION:
            send(b.t, b.place, draft, on)
            approve(b.t, b.place, draft, on)


def tell_corrections(t: Telling) -> None:
    """One correction published, one drawn up by mistake and discarded."""
    wrong = _published("卫健委", t, NoticeKind.RESULT)
    officer = t.actor("卫健委", "officer")
    on = date(2025, 4, 9)
    correct_notice(
        wrong,
        items=[{"field": _key(wrong, "供应商地址"), "after": "示范区创新大道 1 号 3 楼"}],
        reason="供应商地址漏写楼层。",
        **officer.acts(on),
    )
    publish_all(t, "卫健委", wrong.project, on)
    again = correct_notice(
        wrong,
        items=[{"field": _key(wrong, "供应商名称"), "after": "明川信息技术有限公司（本部）"}],
        reason="供应商来电要求注明本部。",
        **officer.acts(date(2025, 4, 10)),
    )
    discard_draft(
        again,
        note="营业执照上的名称没有“本部”，原公告无误。",
        **officer.acts(date(2025, 4, 11)),
    )


def _published(place: str, t: Telling, kind: str) -> NoticeDraft:
    purchaser = t.district.purchasers[place]
    rows = NoticeDraft.objects.filter(project__purchaser=purchaser, kind=kind, status="published")
    return rows.with_case().earliest("pk")


def _key(draft: NoticeDraft, label: str) -> str:
    """The mark of the field of that label."""
    return next(f.key for f in fields_of(draft.sections) if f.place.endswith(label))
