"""指导性目录征求意见、答复、收回、放弃，通过并发布（《渝北办法》第八条）。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from core.history import change, unit_of_work
from core.transitions import Outcome, perform
from projects.facts import current_version
from projects.models import (
    CatalogueOpinion,
    CatalogueOpinionStatus,
    CatalogueRevision,
    ServiceCatalogue,
)

# --- 征求意见 ------------------------------------------------------------------------------------


def consult(
    revision: CatalogueRevision,
    *,
    organisations: Sequence[Organisation],
    answers_due_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """征求有关部门的意见，每个部门一份，到期未答复的不再等待。Raises as `perform`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        data = {"answers_due_on": answers_due_on}
        outcome = perform(revision, "consult", data=data, **acts, **shown)
        if outcome.is_repeat:
            return outcome
        fresh = CatalogueRevision.objects.get(pk=revision.pk)
        with change(
            title="征求意见的部门",
            act="projects.ask_catalogue_opinions",
            stream=fresh.stream(),
            **acts,
        ) as changes:
            for organisation in organisations:
                changes.create(
                    CatalogueOpinion(
                        revision=fresh,
                        organisation=organisation,
                        round_number=fresh.round_number,
                        asked_on=on,
                    )
                )
        return outcome


def agree_to_catalogue(opinion: CatalogueOpinion, **values: Any) -> Outcome:
    """本部门同意草案。Raises as `perform`."""
    return _answer(opinion, "agree", **values)


def suggest_to_catalogue(opinion: CatalogueOpinion, **values: Any) -> Outcome:
    """本部门提出修改意见。Raises as `perform`."""
    return _answer(opinion, "suggest", **values)


def _answer(
    opinion: CatalogueOpinion,
    move: str,
    *,
    text: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    data = {"by": by, "on": on, "text": text}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    return perform(opinion, move, note=text, data=data, **acts, **shown)


def handle_suggestion(opinion: CatalogueOpinion, *, handling: str, **acts: Any) -> Outcome:
    """说明一份修改意见的采纳情况。Raises as `perform`."""
    return perform(opinion, "handle", note=handling, data={"handling": handling}, **acts)


def take_back(revision: CatalogueRevision, *, note: str, **acts: Any) -> Outcome:
    """收回修改：还没有答复的不再答复，改后重新征求。Raises as `perform`."""
    return _ended(revision, "take_back", note, acts)


def abandon(revision: CatalogueRevision, *, note: str, **acts: Any) -> Outcome:
    """放弃草案，理由入历史。Raises as `perform`."""
    return _ended(revision, "abandon", note, acts)


def _ended(revision: CatalogueRevision, move: str, note: str, acts: dict[str, Any]) -> Outcome:
    with unit_of_work():
        outcome = perform(revision, move, note=note, **acts)
        if not outcome.is_repeat:
            _end_waiting(revision, "cancel", acts)
        return outcome


def _end_waiting(revision: CatalogueRevision, move: str, acts: dict[str, Any]) -> None:
    who = {name: acts[name] for name in ("by", "acting_as", "on")}
    waiting = CatalogueOpinion.objects.filter(
        revision=revision, status=CatalogueOpinionStatus.PENDING
    )
    for opinion in waiting.whole():
        perform(opinion, move, **who)


# --- 通过并发布 ----------------------------------------------------------------------------------


def adopt_revision(
    revision: CatalogueRevision,
    *,
    since: date,
    number: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """通过并发布：自 `since` 起施行，前一版同日终止；公布的义务随事件开立（第八条）。

    Raises as `perform`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        Jurisdiction.objects.select_for_update(no_key=True).get(pk=revision.bureau.jurisdiction_id)
        earlier = current_version(revision.catalogue)
        data = {"adopted_on": on, "since": since, "number": number}
        outcome = perform(revision, "adopt", note=number, data=data, **acts, **shown)
        if outcome.is_repeat:
            return outcome
        with change(
            title="目录的施行与终止",
            act="projects.adopt_catalogue",
            stream=revision.stream(),
            **acts,
        ) as changes:
            catalogue = ServiceCatalogue.objects.get(pk=revision.catalogue_id)
            changes.name_subject(catalogue)
            changes.update(catalogue, since=since, number=number)
            if earlier is not None:
                changes.update(earlier, until=since)
        for ended in CatalogueRevision.objects.filter(catalogue=earlier).whole():
            perform(ended, "supersede", **acts)
        _end_waiting(revision, "lapse", acts)
        return outcome
