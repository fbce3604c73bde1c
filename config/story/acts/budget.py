"""预算：会审、审定、批复、条件的落实。"""

from __future__ import annotations

from datetime import date
from typing import Any

from budgeting.models import BudgetReply, BudgetReview, Decision, Obligation, Opinion
from budgeting.services import (
    DecisionInput,
    accept_obligation,
    agree,
    agree_on_condition,
    conclude_review,
    issue_reply,
    prepare_decision,
    prepare_reply,
    record_decision,
    submit_evidence,
)
from config.demo.telling import MINUTES
from config.story.acts.registry import act, fen
from config.story.scene import Acts, Scene
from projects.models import Stage


def _review(scene: Scene) -> BudgetReview:
    return BudgetReview.objects.filter(project=scene.project).latest("round_number")


def _opinion(scene: Scene, acts: Acts) -> Opinion:
    return _review(scene).opinions.get(reviewer=acts["acting_as"].organisation)


@act
def agree_budget(scene: Scene, acts: Acts, *, text: str, proposed: str = "") -> None:
    proposal: dict[str, Any] = {"proposed_fen": fen(proposed)} if proposed else {}
    agree(_opinion(scene, acts), text=text, **proposal, **acts)


@act
def agree_conditionally(
    scene: Scene, acts: Acts, *, condition: str, due: str = Stage.EVALUATION
) -> None:
    agree_on_condition(_opinion(scene, acts), condition=condition, due_stage=due, **acts)


@act
def conclude(scene: Scene, acts: Acts, *, proposed: str, summary: str) -> None:
    conclude_review(_review(scene), proposed_fen=fen(proposed), summary=summary, **acts)


@act
def decide(
    scene: Scene, acts: Acts, *, body: str, meeting: str, number: str, held: date, amount: str
) -> None:
    """审定结论：拟订并登记，附会议纪要。"""
    decision: Decision = prepare_decision(
        scene.district.organisations[body],
        meeting=meeting,
        number=number,
        decided_on=held,
        file=("会议纪要.pdf", "application/pdf", MINUTES),
        lines=[DecisionInput(scene.project, "approve", fen(amount))],
        **acts,
    )
    record_decision(decision, **acts)


@act
def draft_reply(scene: Scene, acts: Acts, *, amount: str) -> None:
    prepare_reply(
        scene.project.purchaser,
        bureau=acts["acting_as"].organisation,
        year=scene.project.year,
        lines=[(scene.project, fen(amount))],
        **acts,
    )


@act
def reply(scene: Scene, acts: Acts) -> None:
    drafts = BudgetReply.objects.filter(purchaser=scene.project.purchaser, number="")
    issue_reply(drafts.latest("pk"), **acts)


@act
def evidence_condition(scene: Scene, acts: Acts, *, evidence: str) -> None:
    submit_evidence(Obligation.objects.get(project=scene.project), evidence=evidence, **acts)


@act
def confirm_condition(scene: Scene, acts: Acts) -> None:
    accept_obligation(Obligation.objects.get(project=scene.project), **acts)
