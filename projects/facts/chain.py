"""签批链上除签批以外的东西，供页面印出：退回的意见、领导小组会议、纸质签署件、配合事项。"""

from __future__ import annotations

from typing import Any

from core.attachments import Attachment
from core.history.values import reference
from projects.models import GroupMeeting, InternalSignature, Project, ProjectTask, SignaturePoint


def chain_parts(project: Project) -> dict[str, Any]:
    """概况分页所需；查询次数与行数无关。"""
    return {
        "points": points_of(project),
        "meetings": meetings_of(project),
        "scans": scans_of(project),
        "tasks": tasks_of(project),
    }


def points_of(project: Project) -> list[SignaturePoint]:
    """签批退回的意见与答复，各轮都在。"""
    rows = SignaturePoint.objects.filter(signature__project=project)
    rows = rows.select_related("signature__signer", "answered_by")
    return list(rows.order_by("signature__chain", "number"))


def meetings_of(project: Project) -> list[tuple[GroupMeeting, list[Attachment]]]:
    """领导小组审议过几次，各附纪要。"""
    rows = GroupMeeting.objects.filter(project=project).prefetch_related("attendance__member")
    files = _files([reference(row) for row in rows])
    return [(row, files.get(reference(row), [])) for row in rows]


def tasks_of(project: Project) -> list[tuple[ProjectTask, list[Attachment]]]:
    """配合事项，各附办结凭据。"""
    rows = list(ProjectTask.objects.filter(project=project).select_related("doer", "assigned_by"))
    files = _files([reference(row) for row in rows])
    return [(row, files.get(reference(row), [])) for row in rows]


def scans_of(project: Project) -> list[tuple[InternalSignature, list[Attachment]]]:
    """登记过扫描件的各步，否认过的也在其中。"""
    rows = list(project.signatures.select_related("signer", "registered_by"))
    files = _files([reference(row) for row in rows])
    return [(row, files[reference(row)]) for row in rows if reference(row) in files]


def _files(subjects: list[str]) -> dict[str, list[Attachment]]:
    found: dict[str, list[Attachment]] = {}
    for row in Attachment.objects.filter(subject__in=subjects).select_related("uploaded_by"):
        found.setdefault(row.subject, []).append(row)
    return found
