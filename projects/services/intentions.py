"""采购意向清单：收下并逐条判断、改定、确认写入计划、作废。"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.models import Organisation, RoleAssignment, User
from core.attachments import attach
from core.attachments import store as files
from core.attachments.upload import Uploaded
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.rules import Context, Verdict, ask
from core.rules.parameters import parameters_in_force
from core.transitions import (
    ActError,
    Outcome,
    answered_with,
    claim,
    guard,
    perform,
    require_may,
)
from projects.documents.intentions import IntentionLine, read_intentions
from projects.facts.intentions import intention_facts, plain
from projects.models import AnnualPlan, IntentionList, IntentionOutcome, ListedIntention, Purchaser
from projects.models.intention import SCREEN
from projects.rules.intentions import kind_of

PURPOSE = "采购意向清单"
_STEM = re.compile(r"[(（\-—－].*", re.DOTALL)
SCREENING = guard(
    "projects.screen_intention",
    "筛查采购意向",
    "YB-5-intention-purchaser",
    "YB-5-intention-purchaser-known",
    "YB-7-intention-not-works",
    "YB-7-intention-no-works-inside",
    "YB-7-intention-not-goods",
    "YB-7-intention-no-staffing",
    "YB-7-intention-not-sensitive",
    "YB-7-intention-information",
    "YB-7-intention-kind-clear",
    "YB-9.1-intention-readable",
    "YB-9.1-intention-complete",
    "YB-9.3-intention-month",
    "YB-9.1-intention-amount",
    "YB-11-intention-near-limit",
    "YB-11-intention-not-split",
)


class NotScreened(ActError):
    """辖区没有采用《渝北办法》，没有筛查意向的依据。"""

    def __init__(self) -> None:
        super().__init__("本辖区没有采用《渝北办法》，没有筛查采购意向的依据，文件没有收下。")


class NotDecidable(ActError):
    """这一条不能这样改定。"""


def receive_intentions(
    bureau: Organisation,
    upload: Uploaded,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> IntentionList:
    """收下一份清单，逐条判断；不写入任何计划。

    Raises `NotPermitted`, `UploadRefused`, `ListRefused`, `NotScreened`, `RequestKeyMismatch`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    stream = f"accounts.organisation:{bureau.pk}"
    unsaved = IntentionList(bureau=bureau)
    require_may(SCREEN, on=unsaved, stream=stream, by=by, acting_as=acting_as, day=on)
    name, data, lines = read_intentions(upload)
    with unit_of_work():
        known = claim(key, by=by, act=SCREEN, content=[bureau, name, files.digest_of(data)])
        if known is not None:
            return IntentionList.objects.get(pk=referenced_pk(known.result))
        with change(title="上传意向清单", act="projects.receive_intentions", **acts) as changes:
            made = changes.create(
                IntentionList(bureau=bureau, name=name, received_by=by, received_on=on)
            )
            for row in _judged(made, lines, Context(on, by, acting_as)):
                changes.create(row)
            attach(changes, (name, "text/csv", data), to=made, purpose=PURPOSE, by=by, on=on)
        answered_with(key, made)
        return made


def _judged(
    made: IntentionList, lines: Sequence[IntentionLine], context: Context
) -> Iterable[ListedIntention]:
    """各行连同判断；查询次数与单位数无关，每行只查一次参数。"""
    jurisdiction = made.bureau.jurisdiction
    prefetch_related_objects([jurisdiction], "adoptions")
    buyers = {
        plain(p.organisation.name): p
        for p in Purchaser.objects.filter(organisation__jurisdiction=jurisdiction).select_related(
            "organisation"
        )
    }
    planned = ListedIntention.objects.planned().filter(
        intentions__bureau__jurisdiction=jurisdiction
    )
    known = set(planned.values_list("unit", "name", "month"))
    parameters = parameters_in_force(jurisdiction, context.on)
    for row in _rows(made, lines):
        row.purchaser = buyers.get(plain(row.unit))
        verdicts = ask(row, SCREENING.rules, context).verdicts
        if not verdicts:
            raise NotScreened
        row.grounds = [_ground(v) for v in verdicts if v.state != "met"]
        row.marks = f" {' '.join(g['rule'] for g in row.grounds)} "
        row.kind = kind_of(intention_facts(row, context), parameters)
        is_known = (row.unit, row.name, row.month) in known
        row.judged = IntentionOutcome.KNOWN if is_known else outcome_of(verdicts)
        row.outcome = row.judged
        yield row


def _rows(made: IntentionList, lines: Sequence[IntentionLine]) -> list[ListedIntention]:
    """各行，连同清单里与它重复的、与它名称主干相同的。"""
    first: dict[tuple[str, str], int] = {}
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in lines:
        alike[_alike(line)].append(line.amount_fen or 0)
    rows = []
    for line in lines:
        same, amounts = (plain(line.unit), plain(line.name)), alike[_alike(line)]
        before = first.setdefault(same, line.line)
        rows.append(
            ListedIntention(
                intentions=made,
                duplicate_of=before if before != line.line else 0,
                alike_count=len(amounts),
                alike_fen=sum(amounts),
                alike_least_fen=min(amounts),
                **asdict(line),
            )
        )
    return rows


def _alike(line: IntentionLine) -> tuple[str, str]:
    """单位，和名称里括号、短横以前的主干。"""
    return plain(line.unit), _STEM.sub("", plain(line.name)) or plain(line.name)


def outcome_of(verdicts: Iterable[Verdict]) -> str:
    """有不通过的不予受理；有须核对的、判不了的人工复核；其余可入计划。"""
    states = {v.state for v in verdicts}
    if "unmet" in states:
        return IntentionOutcome.REFUSE
    return IntentionOutcome.REVIEW if states & {"warn", "unknown"} else IntentionOutcome.ACCEPT


def _ground(verdict: Verdict) -> dict[str, Any]:
    refusal = verdict.refusal
    return {
        "rule": verdict.rule,
        "state": verdict.state,
        "article": verdict.article.label,
        "code": verdict.article.code,
        "message": refusal.message if refusal else "",
        "compared": [list(pair) for pair in refusal.compared] if refusal else [],
    }


# --- 改定、确认、作废 ----------------------------------------------------------------------------


def decide_intention(
    row: ListedIntention,
    *,
    outcome: str,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """由人定一条：与判断相同的即确认；复核的、改判的写明理由。

    Raises as `perform`, and `NotDecidable` for what is already in a plan or lacks its reason.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        data = {"line": row.line, "outcome": outcome}
        done = perform(row.intentions, "decide", note=reason, data=data, **acts, **shown)
        if done.is_repeat:
            return done
        fresh = ListedIntention.objects.get(pk=row.pk)
        if fresh.outcome == IntentionOutcome.KNOWN:
            raise NotDecidable("这一条以前已经写入计划，不必改定。")
        is_confirmed = outcome == fresh.judged
        if not is_confirmed and not reason.strip():
            raise NotDecidable("与判断不同的，须写明理由。")
        with change(
            title="确认一条意向" if is_confirmed else "改定一条意向",
            act="projects.decide_intention",
            stream=row.intentions.stream(),
            **acts,
        ) as changes:
            changes.name_subject(fresh)
            changes.update(fresh, outcome=outcome, decided_reason=reason, decided_by=by)
        return done


def confirm_intentions(
    intentions: IntentionList,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """确认全部结论，可入计划的写入各单位当年的计划，要么全部，要么一条也没有。

    Raises as `perform`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        buyers = intentions.rows.filter(outcome=IntentionOutcome.ACCEPT).values("purchaser")
        locked = AnnualPlan.objects.select_for_update(no_key=True).filter(purchaser__in=buyers)
        plans = {(p.purchaser_id, p.year): p for p in locked.order_by("pk")}
        done = perform(intentions, "confirm", data={"by": by, "on": on}, **acts, **shown)
        if done.is_repeat:
            return done
        with change(
            title="意向写入计划",
            act="projects.place_intentions",
            stream=intentions.stream(),
            **acts,
        ) as changes:
            changes.name_subject(intentions)
            for row in ListedIntention.objects.filter(
                intentions=intentions, outcome=IntentionOutcome.ACCEPT
            ):
                changes.update(row, plan=plans[row.purchaser_id or 0, row.year])
        return done


def discard_intentions(intentions: IntentionList, *, note: str, **acts: Any) -> Outcome:
    """作废清单，理由入历史。Raises as `perform`."""
    return perform(intentions, "discard", note=note, **acts)
