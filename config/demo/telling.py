"""Telling a story: each step is a call of a service by a named person on a stated day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.models import Mandate, MandateKind
from budgeting.models import BudgetReview, Objection, Obligation, Opinion
from budgeting.services import (
    DecisionInput,
    agree,
    agree_on_condition,
    answer_objection,
    conclude_review,
    issue_reply,
    prepare_decision,
    prepare_reply,
    record_decision,
    return_project,
)
from config.demo.district import Actor, District, Line, make_filing
from core.events import drain
from projects.models import InternalSignature, Project, SignatureStatus
from projects.services import (
    file_project,
    send_back,
    sign,
    submit_project,
)

MINUTES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
    b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


class Telling:
    """Tells the story of one district: remembers whose role is whose."""

    def __init__(self, district: District) -> None:
        self.district = district

    def actor(self, place: str, role: str) -> Actor:
        """The person who holds a role in a place."""
        organisation = self.district.organisations[place]
        for actor in self.district.actors.values():
            if actor.role.organisation_id == organisation.pk and actor.role.role == role:
                return actor
        raise LookupError(f"{place} has no {role}")

    def file(
        self,
        place: str,
        name: str,
        on: date,
        lines: list[Line],
        fund: str = "部门预算",
        year: int = 2026,
        **changes: Any,
    ) -> Project:
        plan = self.district.plans_of[place, year]
        filing = make_filing(self.district, name, lines, fund, on, **changes)
        project = file_project(plan, filing, **self.actor(place, "officer").acts(on))
        drain()
        return project

    def sign_next(self, place: str, project: Project, on: date) -> None:
        """The next pending step of the chain is signed by its holder."""
        step = self.pending(project)[0]
        sign(step, comment="同意报出。", **self.actor(place, step.role).acts(on))

    def send_back(self, place: str, project: Project, on: date, comment: str) -> None:
        step = self.pending(project)[0]
        send_back(step, comment=comment, **self.actor(place, step.role).acts(on))

    def pending(self, project: Project) -> list[InternalSignature]:
        return list(
            InternalSignature.objects.filter(
                project=project, status=SignatureStatus.PENDING
            ).order_by("position")
        )

    def submit(self, place: str, project: Project, on: date) -> None:
        """Sign what is unsigned, a day each, then submit and open the review."""
        while self.pending(project):
            self.sign_next(place, project, on)
        submit_project(project, **self.actor(place, "officer").acts(on))
        drain()

    def opinion(self, project: Project, place: str) -> Opinion:
        review = self.review(project)
        return review.opinions.get(reviewer=self.district.organisations[place])

    def review(self, project: Project) -> BudgetReview:
        return BudgetReview.objects.filter(project=project).order_by("-round_number")[0]

    def reviewers(self) -> list[str]:
        """In the order of the path of review."""
        mandates = Mandate.objects.filter(
            jurisdiction=self.district.jurisdiction, kind=MandateKind.JOINT_REVIEWER
        )
        rows = mandates.select_related("organisation").order_by("step", "position")
        return [m.organisation.short_name for m in rows]

    def reviewer(self, place: str) -> Actor:
        finance = self.district.organisations[place].kind == "finance"
        return self.actor(place, "finance" if finance else "joint_reviewer")

    def all_agree(self, project: Project, on: date, but: tuple[str, ...] = ()) -> None:
        for place in self.reviewers():
            if place not in but:
                agree(self.opinion(project, place), text="同意。", **self.reviewer(place).acts(on))

    def condition(
        self, project: Project, place: str, on: date, text: str, due_stage: str
    ) -> Obligation:
        agree_on_condition(
            self.opinion(project, place),
            condition=text,
            due_stage=due_stage,
            **self.reviewer(place).acts(on),
        )
        return Obligation.objects.get(project=project, text=text)

    def finance(self) -> Actor:
        place = next(s for s, o in self.district.organisations.items() if o.kind == "finance")
        return self.actor(place, "finance")

    def conclude(self, project: Project, on: date, proposed_fen: int = 0) -> None:
        fresh = Project.objects.get(pk=project.pk)
        conclude_review(
            self.review(project),
            proposed_fen=proposed_fen or fresh.requested_fen,
            summary="经会同审核，同意列入年度购买计划。",
            **self.finance().acts(on),
        )
        drain()

    def decide(
        self,
        projects: list[Project],
        on: date,
        body: str,
        by: Actor,
        meeting: str,
        number: str,
        outcome: str = "approve",
        is_recorded: bool = True,
    ) -> None:
        lines = [
            DecisionInput(
                p, outcome, self.review(p).proposed_fen or 0 if outcome == "approve" else 0
            )
            for p in projects
        ]
        decision = prepare_decision(
            self.district.organisations[body],
            meeting=meeting,
            decided_on=on,
            number=number,
            lines=lines,
            file=("会议纪要.pdf", "application/pdf", MINUTES),
            **by.acts(on),
        )
        if is_recorded:
            record_decision(decision, **by.acts(on))

    def reply(
        self, place: str, projects: list[Project], on: date, *, is_issued: bool = True
    ) -> None:
        """One reply for several projects of a purchaser."""
        finance = self.finance()
        reply = prepare_reply(
            self.district.purchasers[place],
            bureau=finance.role.organisation,
            year=projects[0].year,
            lines=[(p, self.review(p).proposed_fen or 0) for p in projects],
            **finance.acts(on),
        )
        if is_issued:
            issue_reply(reply, **finance.acts(on))
            drain()

    def return_with(self, project: Project, on: date, objections: list[str]) -> None:
        return_project(self.review(project), objections=objections, **self.finance().acts(on))
        drain()

    def answer(self, place: str, project: Project, number: int, on: date, text: str) -> None:
        objection = Objection.objects.get(review=self.review(project), number=number)
        answer_objection(objection, text=text, **self.actor(place, "officer").acts(on))


def days(start: date, count: int) -> date:
    return start + timedelta(days=count)
