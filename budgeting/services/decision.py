"""审定与批复的动作。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from accounts.models import Organisation, RoleAssignment, User
from budgeting.documents import reply_context
from budgeting.facts import current_review
from budgeting.models import (
    BudgetReply,
    Decision,
    DecisionLine,
    ReplyLine,
    ReplyStatus,
)
from budgeting.services.ledger import allocate_and_reserve, lock_ceilings
from budgeting.services.off_budget import follow_decision
from budgeting.services.review import close_review
from core.attachments import attach
from core.documents.services import request_document
from core.history import Changes, change, unit_of_work
from core.history.values import referenced_pk
from core.transitions import Outcome, answered_with, claim, perform, require_may
from projects.models import APPROVALS, Project, Purchaser
from projects.services import open_packages


@dataclass(frozen=True)
class DecisionInput:
    """审定中一个项目的结论；金额单位为分。"""

    project: Project
    outcome: str
    approved_fen: int = 0


def prepare_decision(
    body: Organisation,
    *,
    meeting: str,
    decided_on: date,
    number: str,
    lines: Sequence[DecisionInput],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    file: tuple[str, str, bytes] | None = None,
    key: str | None = None,
) -> Decision:
    """拟登一次审定，附会议文件；登记（`record_decision`）之前没有效力。"""
    with unit_of_work():
        content = [
            body,
            meeting,
            decided_on,
            number,
            [[i.project, i.outcome, i.approved_fen] for i in lines],
        ]
        known = claim(key, by=by, act="budgeting.prepare_decision", content=content)
        if known is not None:
            return Decision.objects.get(pk=referenced_pk(known.result))
        decision = Decision(body=body, meeting=meeting, decided_on=decided_on, number=number)
        require_may(
            "budgeting.record_decision",
            on=decision,
            stream=f"accounts.organisation:{body.pk}",
            by=by,
            acting_as=acting_as,
            day=on,
        )
        with change(
            title="拟登审定", act="budgeting.prepare_decision", by=by, acting_as=acting_as, on=on
        ) as changes:
            changes.create(decision)
            _write_lines(changes, decision, lines)
            if file is not None:
                attach(changes, file, to=decision, purpose="会议文件", by=by, on=on)
        answered_with(key, decision)
        return decision


def _write_lines(changes: Changes, decision: Decision, lines: Sequence[DecisionInput]) -> None:
    for line in lines:
        project = Project.objects.get(pk=line.project.pk)
        changes.create(
            DecisionLine(
                decision=decision,
                project=project,
                outcome=line.outcome,
                round_number=project.round_number,
                approved_fen=line.approved_fen,
            )
        )


def record_decision(
    decision: Decision, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """登记审定：此后方可批复（《渝北办法》第九条第（二）项）；未列预算的申请随之推进（第十一条）。"""
    with unit_of_work():
        _lock_decided(decision)
        outcome = perform(decision, "record", by=by, acting_as=acting_as, on=on, **shown)
        if not outcome.is_repeat:
            follow_decision(Decision.objects.get(pk=decision.pk), on=on)
        return outcome


def _lock_decided(decision: Decision) -> None:
    """The cases decided, by number: their requests do not change route under the decision."""
    listed = DecisionLine.objects.filter(decision=decision).values("project")
    rows = Project.objects.select_for_update(no_key=True).filter(pk__in=listed)
    list(rows.order_by("pk"))


def discard_draft(
    draft: Decision | BudgetReply,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    note: str,
    **shown: Any,
) -> Outcome:
    """作废拟错的审定或批复草稿，理由入历史；已登记、已签发的不能作废。"""
    return perform(draft, "discard", by=by, acting_as=acting_as, on=on, note=note, **shown)


def reject_project(
    project: Project,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    note: str,
    **shown: Any,
) -> Outcome:
    """不予批准：依据审定结论，结束本轮会审。"""
    with unit_of_work():
        outcome = perform(project, "reject", by=by, acting_as=acting_as, on=on, note=note, **shown)
        review = current_review(Project.objects.get(pk=project.pk))
        if not outcome.is_repeat and review is not None:
            close_review(review, by=by, acting_as=acting_as, on=on, note="不予批准")
        return outcome


def prepare_reply(
    purchaser: Purchaser,
    *,
    bureau: Organisation,
    year: int,
    lines: Sequence[tuple[Project, int]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> BudgetReply:
    """拟制批复，列明项目与金额（分）；签发之前没有文号，也不动资金。"""
    with unit_of_work():
        content = [purchaser, bureau, year, [[p, fen] for p, fen in lines]]
        known = claim(key, by=by, act="budgeting.prepare_reply", content=content)
        if known is not None:
            return BudgetReply.objects.get(pk=referenced_pk(known.result))
        reply = BudgetReply(
            purchaser=purchaser,
            bureau=bureau,
            year=year,
            round_number=_next_round(purchaser, year),
            prepared_on=on,
        )
        require_may(
            "budgeting.prepare_reply",
            on=reply,
            stream=f"projects.purchaser:{purchaser.pk}",
            by=by,
            acting_as=acting_as,
            day=on,
        )
        with change(
            title="拟制批复", act="budgeting.prepare_reply", by=by, acting_as=acting_as, on=on
        ) as changes:
            changes.create(reply)
            for project, approved_fen in lines:
                changes.create(ReplyLine(reply=reply, project=project, approved_fen=approved_fen))
        answered_with(key, reply)
        return reply


def _next_round(purchaser: Purchaser, year: int) -> int:
    """一个购买主体一个年度的下一批；以购买主体一行为锁，作废的草稿不占批次。"""
    Purchaser.objects.select_for_update(no_key=True).get(pk=purchaser.pk)
    rows = BudgetReply.objects.filter(purchaser=purchaser, year=year)
    kept = rows.exclude(status=ReplyStatus.DISCARDED)
    return 1 + int(kept.aggregate(last=Max("round_number"))["last"] or 0)


def issue_reply(
    reply: BudgetReply, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """签发批复：取号、逐项进入采购、预留资金、形成文书，一次事务（第九条第（二）项、第十二条）。

    Raises as `perform`, and `CeilingExceeded`; a refusal of one project leaves all unchanged.
    """
    with unit_of_work():
        lines = list(
            ReplyLine.objects.filter(reply=reply)
            .select_related("project__purchaser__organisation__jurisdiction")
            .order_by("project_id")
        )
        lock_ceilings([line.project for line in lines])
        number = _next_number(reply)
        data = {"number": number, "on": on}
        outcome = perform(reply, "issue", by=by, acting_as=acting_as, on=on, data=data, **shown)
        if outcome.is_repeat:
            return outcome
        for line in lines:
            _approve(line, number, by=by, acting_as=acting_as, on=on)
        _request_pdf(reply, by=by, acting_as=acting_as, on=on)
        return outcome


def _next_number(reply: BudgetReply) -> str:
    """下一个批复文号；以批复机关一行为锁，不跳号。已签发的仍是原号，重复提交才认得出来。"""
    bureau = Organisation.objects.select_for_update(no_key=True).get(pk=reply.bureau_id)
    if own := BudgetReply.objects.get(pk=reply.pk).number:
        return own
    prefix = f"{bureau.document_code}〔{reply.year}〕"
    issued = BudgetReply.objects.filter(
        bureau=bureau, number__startswith=prefix, status=ReplyStatus.ISSUED
    )
    return f"{prefix}{issued.count() + 1}号"


def approval_of(line: ReplyLine, number: str = "") -> tuple[str, dict[str, Any]]:
    """批复对所列一个项目做什么：动作，写明的内容（金额为分）。"""
    data = {"reply_number": number, "approved_fen": line.approved_fen}
    return APPROVALS[line.project.kind], data


def _approve(
    line: ReplyLine, number: str, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    move, data = approval_of(line, number)
    perform(line.project, move, by=by, acting_as=acting_as, on=on, data=data)
    open_packages(line.project, by=by, acting_as=acting_as, on=on)
    allocate_and_reserve(
        line.project,
        approved_fen=line.approved_fen,
        document=line.reply,
        by=by,
        acting_as=acting_as,
        on=on,
    )
    review = current_review(line.project)
    if review is not None:
        close_review(review, by=by, acting_as=acting_as, on=on, note=f"已批复：{number}")


def _request_pdf(
    reply: BudgetReply, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    fresh = BudgetReply.objects.get(pk=reply.pk)
    request_document(
        kind="budgeting.reply",
        subject=fresh,
        stream=fresh.stream(),
        title=f"关于{fresh.purchaser} {fresh.year} 年购买信息服务项目的批复",
        number=fresh.number,
        context=reply_context(fresh),
        by=by,
        acting_as=acting_as,
        on=on,
    )
