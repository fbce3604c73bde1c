"""公告所据的文件：从代号取回，以及它们自己的编号。"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

from contracts.models import Acceptance, Contract
from core.history.values import referenced_pk
from disclosure.models import NoticeDraft
from performance.models import Evaluation
from procurement.models import Award, Intention, Tender
from projects.models import Package, Project

OWNER = "purchaser__organisation__jurisdiction"
ROWS: dict[str, Callable[[], Any]] = {
    "projects.project": Project.objects.with_owner,
    "projects.package": lambda: Package.objects.select_related(f"project__{OWNER}"),
    "procurement.intention": lambda: Intention.objects.select_related(f"project__{OWNER}"),
    "procurement.tender": Tender.objects.with_case,
    "procurement.award": Award.objects.with_case,
    "contracts.contract": Contract.objects.with_case,
    "contracts.acceptance": lambda: Acceptance.objects.select_related(
        f"contract__package__project__{OWNER}", "contract__award__provider"
    ),
    "performance.evaluation": Evaluation.objects.with_case,
    "disclosure.noticedraft": NoticeDraft.objects.with_case,
}
Subject = (
    Project
    | Package
    | Intention
    | Tender
    | Award
    | Contract
    | Acceptance
    | Evaluation
    | NoticeDraft
)
PAPERS = ("project", "package", "contract", "award", "tender", "provider")
NUMBERS = ("number", "reply_number", "credit_code", "notice_number")


def source_of(reference: str) -> Any:  # noqa: ANN401  its kind is in the reference
    """代号所指的文件。"""
    return ROWS[reference.partition(":")[0]]().get(pk=referenced_pk(reference))


def numbers_of(subject: Subject) -> tuple[str, ...]:
    """所据文件及其上游文件的编号；公告里照登，不当作个人号码。"""
    found = {str(getattr(paper, name, "") or "") for paper in _papers(subject) for name in NUMBERS}
    return tuple(sorted(found - {""}))


def _papers(subject: models.Model) -> Iterator[models.Model]:
    if isinstance(subject, NoticeDraft):
        yield from _papers(source_of(subject.subject))
    yield subject
    for name in PAPERS:
        paper = getattr(subject, name, None)
        if isinstance(paper, models.Model):
            yield from _papers(paper)
