"""Steps of the budget stage, by services, and a desk that works the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budgeting.models import BudgetReview, Decision, Opinion
from budgeting.services import (
    DecisionInput,
    agree,
    conclude_review,
    prepare_decision,
    prepare_reply,
    record_decision,
)
from projects.models import InternalSignature, Project, SignatureStatus
from projects.services import file_project, sign, submit_project
from tests.staging import staged
from tests.world import Actor, World, deliver_all

FILED, REVIEWED, DECIDED, REPLIED = (
    date(2025, 10, 20),
    date(2025, 11, 10),
    date(2026, 1, 26),
    date(2026, 1, 30),
)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def minutes(name: str = "纪要.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


@staged
def submitted(world: World, **changes: Any) -> Project:
    """A project submitted for joint review, its review open."""
    filing = replace(world.filing(), **changes)
    project = file_project(world.plans["文旅委"], filing, **world.zhang.acts(FILED))
    signers = {a.role.role: a for a in (world.li, world.wang, world.leading)}
    for step in InternalSignature.objects.filter(
        project=project, status=SignatureStatus.PENDING
    ).order_by("position"):
        sign(step, **signers[step.role].acts(FILED))
    submit_project(project, **world.zhang.acts(FILED))
    deliver_all()
    return Project.objects.get(pk=project.pk)


def review_of(project: Project) -> BudgetReview:
    return BudgetReview.objects.filter(project=project).latest("round_number")


def opinion_of(project: Project, short_name: str) -> Opinion:
    return review_of(project).opinions.get(reviewer__short_name=short_name)


@staged
def concluded(world: World, fen: int = 180_000_000, **changes: Any) -> Project:
    """All have agreed and finance proposes."""
    project = submitted(world, **changes)
    for name, actor in (("财政局", world.zhao), ("发改委", world.qian), ("经信委", world.sun)):
        agree(opinion_of(project, name), **actor.acts(REVIEWED))
    conclude_review(
        review_of(project), proposed_fen=fen, summary="建议核减。", **world.zhao.acts(REVIEWED)
    )
    deliver_all()
    return project


@staged
def decided(world: World, project: Project, fen: int = 180_000_000) -> Decision:
    decision = prepare_decision(
        world.organisations["财政局"],
        meeting="局务会",
        decided_on=DECIDED,
        number="纪要〔2026〕3号",
        lines=[DecisionInput(project, "approve", fen)],
        file=("纪要.pdf", "application/pdf", PDF),
        **world.zhao.acts(DECIDED),
    )
    record_decision(decision, **world.zhao.acts(DECIDED))
    return decision


@staged
def drafted(world: World, project: Project, fen: int = 180_000_000) -> Any:
    return prepare_reply(
        project.purchaser,
        bureau=world.organisations["财政局"],
        year=2026,
        lines=[(project, fen)],
        **world.zhao.acts(DECIDED),
    )


class Desk:
    """A signed-in person at the pages."""

    def __init__(self, actor: Actor) -> None:
        self.client = Client()
        self.client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, url: str, status: int = 200) -> str:
        response = self.client.get(url)
        assert response.status_code == status, (url, response.status_code)
        return self.text(response)

    def post(self, url: str, status: int = 302, **data: Any) -> Any:
        """Open the page first, and send its hidden fields with what is typed."""
        page = self.client.get(url)
        hidden = dict(
            re.findall(
                r'type="hidden" name="(version|shown|key|group)" value="([^"]*)"',
                page.content.decode(),
            )
        )
        response = self.client.post(url, hidden | data)
        assert response.status_code == status, (url, response.status_code, self.text(response))
        return response

    @staticmethod
    def text(response: Any) -> str:
        if response.streaming:
            return b"".join(response.streaming_content).decode()
        return response.content.decode()
