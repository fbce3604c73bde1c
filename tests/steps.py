"""Steps of the budget path, each by the person who takes it and on the days of walk A."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from budgeting.models import (
    BudgetReply,
    BudgetReview,
    Decision,
    DecisionOutcome,
    MeetingSheet,
    Opinion,
)
from budgeting.services import (
    DecisionInput,
    agree,
    conclude_review,
    issue_reply,
    prepare_decision,
    prepare_meeting,
    prepare_reply,
    record_decision,
)
from config.demo.telling import MINUTES
from core.history import change
from core.rules import Answer, Context, Verdict, ask
from projects.models import InternalSignature, Project, SignatureStatus
from projects.services import file_project, sign, submit_project
from tests.staging import staged
from tests.world import DAY, World, deliver_all

SUBMITTED = date(2025, 10, 22)
AGREED = date(2025, 11, 10)
CONCLUDED = date(2025, 11, 20)
DECIDED = date(2026, 1, 26)
REPLIED = date(2026, 1, 30)
FILE = ("会议纪要.pdf", "application/pdf", MINUTES)
REVIEWERS = {"财政局": "zhao", "发改委": "qian", "经信委": "sun"}
SIGNERS = {"section_head": "li", "division_leader": "wang", "leading_group": "leading"}


def fresh(row: Any) -> Any:
    """The row as the database holds it now."""
    return type(row)._base_manager.get(pk=row.pk)


def put(row: models.Model, on: date = DAY) -> Any:
    """Insert any recorded row: how tests build a state without walking to it."""
    with change(title="测试数据", act="tests.put", by=None, on=on, stream="tests") as changes:
        return changes.create(row)


def edit(row: models.Model, on: date = DAY, **values: Any) -> Any:
    """Change any recorded row behind the services' back, recorded."""
    with change(title="测试数据", act="tests.edit", by=None, on=on, subject=row) as changes:
        return changes.update(row, **values)


def edit_then_fail(row: models.Model, **values: Any) -> None:
    """A recorded and announced change whose last step fails."""
    with change(title="x", act="x", by=None, on=DAY, subject=row, announce="t.fail") as changes:
        changes.update(row, **values)
        raise RuntimeError("afterwards")


@staged
def file(world: World, on: date = DAY, **changes: Any) -> Project:
    return file_project(world.plans["文旅委"], world.filing(**changes), **world.zhang.acts(on))


def sign_all(world: World, project: Project, on: date = DAY) -> None:
    steps = InternalSignature.objects.filter(project=project, status=SignatureStatus.PENDING)
    for step in steps.order_by("position"):
        sign(step, **getattr(world, SIGNERS[step.role]).acts(on))


@staged
def submit(world: World, project: Project | None = None, on: date = SUBMITTED, **changes: Any):
    """A project whose review is open; filed first unless given."""
    project = project or file(world, **changes)
    sign_all(world, project, on)
    submit_project(fresh(project), **world.zhang.acts(on))
    deliver_all()
    return fresh(project)


def review_of(project: Project) -> BudgetReview:
    return BudgetReview.objects.get(project=project, round_number=fresh(project).round_number)


def opinion_of(project: Project, reviewer: str) -> Opinion:
    return review_of(project).opinions.get(reviewer__short_name=reviewer)


@staged
def agree_all(world: World, project: Project, on: date = AGREED, but: tuple[str, ...] = ()) -> None:
    for short, name in REVIEWERS.items():
        if short not in but:
            agree(opinion_of(project, short), text="同意。", **getattr(world, name).acts(on))


@staged
def conclude(world: World, project: Project | None = None, fen: int = 0, **changes: Any) -> Project:
    """A project with a concluded review; walked there unless given."""
    if project is None:
        project = submit(world, **changes)
        agree_all(world, project)
    conclude_review(
        review_of(project),
        proposed_fen=fen or project.requested_fen,
        summary="同意列入年度计划。",
        **world.zhao.acts(CONCLUDED),
    )
    return fresh(project)


def prepared(world: World, *projects: Project, fen: int = 0, **changes: Any) -> Decision:
    """A drafted decision of the standing committee, with its file."""
    values: dict[str, Any] = {
        "meeting": "2026 年第 2 次会议",
        "number": "示府阅〔2026〕2号",
        "decided_on": DECIDED,
        "file": FILE,
        "outcome": DecisionOutcome.APPROVE,
        "body": "常务会",
        "by": world.secretary,
    } | changes
    outcome, body, by = (values.pop(name) for name in ("outcome", "body", "by"))
    lines = [DecisionInput(p, outcome, fen or review_of(p).proposed_fen or 0) for p in projects]
    return prepare_decision(world.organisations[body], lines=lines, **values, **by.acts(DECIDED))


@staged
def decide(world: World, *projects: Project, **changes: Any) -> Decision:
    decision = prepared(world, *projects, **changes)
    record_decision(decision, **changes.get("by", world.secretary).acts(DECIDED))
    return fresh(decision)


@staged
def draft_reply(world: World, *projects: Project, fen: int = 0) -> BudgetReply:
    lines = [(p, fen or review_of(p).proposed_fen or 0) for p in projects]
    return prepare_reply(
        world.purchasers["文旅委"],
        bureau=world.organisations["财政局"],
        year=2026,
        lines=lines,
        **world.zhao.acts(REPLIED),
    )


@staged
def reply(world: World, *projects: Project, **changes: Any) -> BudgetReply:
    """An issued reply; its one project is walked there unless projects are given."""
    if not projects:
        projects = (conclude(world, **changes),)
        decide(world, *projects)
    made = draft_reply(world, *projects)
    issue_reply(made, **world.zhao.acts(REPLIED))
    deliver_all()
    return fresh(made)


def answer(subject: Any, *rules: str, on: date = DAY, by: Any = None, **data: Any) -> Answer:
    """The engine's answer, as the executor asks it."""
    return ask(subject, rules, Context(on, by, None, data))


def verdict(subject: Any, rule_id: str, on: date = DAY, by: Any = None, **data: Any) -> Verdict:
    """One rule's verdict; fails where the rule is not asked at all."""
    (only,) = answer(subject, rule_id, on=on, by=by, **data).verdicts
    return only


def meeting_sheet(world: World, on: date) -> MeetingSheet:
    """What goes before the bureau's meeting about the first reviewed case."""
    review = BudgetReview.objects.earliest("pk")
    bureau, acts = world.organisations["财政局"], world.zhao.acts(on)
    return prepare_meeting(bureau, meeting="局务会", meets_on=on, reviews=[review], **acts)
