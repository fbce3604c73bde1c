"""指导性目录各页印什么：状态的字样、基本情况、部门意见、公布情况。"""

from __future__ import annotations

from datetime import date
from typing import Any

from core.calendar.clock import today
from core.history.reading import events_of
from core.history.values import reference
from core.navigation import panels_of
from core.navigation.panel import next_acts
from core.transitions import StatefulModel
from core.views.acts import SignedInRequest
from projects.models import (
    CatalogueLevel,
    CatalogueOpinion,
    CatalogueOpinionStatus,
    CatalogueRevision,
    RevisionStatus,
    ServiceCatalogue,
    differences_of,
)
from projects.views.frame import panel_act

Badge = dict[str, str]
TONES: dict[str, str] = {
    RevisionStatus.DRAFTED: "act",
    RevisionStatus.CONSULTING: "act",
    RevisionStatus.ABANDONED: "bad",
}
OPINION_TONES: dict[str, str] = {
    CatalogueOpinionStatus.PENDING: "act",
    CatalogueOpinionStatus.AGREED: "ok",
    CatalogueOpinionStatus.SUGGESTED: "late",
    CatalogueOpinionStatus.HANDLED: "ok",
    CatalogueOpinionStatus.LAPSED: "neutral",
    CatalogueOpinionStatus.CANCELLED: "neutral",
}


def revision_of(catalogue: ServiceCatalogue) -> CatalogueRevision | None:
    """怎样制定的；系统启用时已有的版本和上级目录没有。"""
    return getattr(catalogue, "revision", None)


def badge_of(catalogue: ServiceCatalogue, on: date) -> Badge:
    """一版目录今日的状态：未发布的看制定的进展，发布过的看起止日。"""
    revision = revision_of(catalogue)
    if catalogue.since is None:
        status = revision.status if revision else RevisionStatus.DRAFTED
        return {
            "label": str(RevisionStatus(status).label),
            "tone": TONES.get(status, "neutral"),
        }
    if catalogue.until is not None and catalogue.until <= on:
        return {"label": "被替代", "tone": "neutral"}
    if catalogue.since > on:
        return {"label": f"已发布，{catalogue.since.isoformat()} 起施行", "tone": "info"}
    if catalogue.until is not None:
        return {"label": f"现行，至 {catalogue.until.isoformat()} 被替代", "tone": "ok"}
    return {"label": "现行", "tone": "ok"}


def catalogue_context(request: SignedInRequest, catalogue: ServiceCatalogue) -> dict[str, Any]:
    """一版目录的页面，除条目表以外的一切。"""
    revision = revision_of(catalogue)
    differences = differences_of(catalogue)
    return {
        "catalogue": catalogue,
        "revision": revision,
        "badge": badge_of(catalogue, today()),
        "facts": _facts(catalogue, revision, len(differences)),
        "opinions": _opinions(revision) if revision else [],
        "difference_count": len(differences),
        "events": events_of(reference(catalogue)),
        "panels": panels_of(revision) if revision else [],
        **(next_context(request, revision) if revision else {}),
    }


def next_context(request: SignedInRequest, row: StatefulModel) -> dict[str, Any]:
    """`acts` and `others` of components/next_step.html, on a page that is no project."""
    acts = next_acts(row, by=request.user, acting_as=request.acting, on=today())
    return {
        "acts": [panel_act(act) for act in acts if act.permitted],
        "others": [act for act in acts if act.is_primary and not act.permitted],
    }


def _facts(
    catalogue: ServiceCatalogue, revision: CatalogueRevision | None, changed: int
) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        ("来源级次", catalogue.get_level_display()),
        ("发布文号", catalogue.number or None),
        ("施行日", _day(catalogue.since)),
        ("终止日（不含）", _day(catalogue.until)),
    ]
    if catalogue.level == CatalogueLevel.COUNTY:
        facts += [("上级目录", catalogue.parent), ("据以调整的版本", catalogue.based_on)]
    if revision is not None:
        facts += [
            ("起草", f"{revision.bureau.short_name} {revision.drafted_by}　{revision.drafted_on}"),
            ("制定或调整的理由", revision.reason),
            ("调整的条目", f"{changed} 条" if catalogue.based_on_id else None),
            ("答复期限", _day(revision.answers_due_on)),
            ("通过日", _day(revision.adopted_on)),
        ]
    return facts


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _opinions(revision: CatalogueRevision) -> list[tuple[CatalogueOpinion, Badge]]:
    rows = CatalogueOpinion.objects.filter(revision=revision).whole()
    return [
        (row, {"label": row.get_status_display(), "tone": OPINION_TONES[row.status]})
        for row in rows.order_by("-round_number", "pk")
    ]
