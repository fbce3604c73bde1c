"""公开：公告稿的处理、审查、发布；办结；案卷。"""

from __future__ import annotations

from audit.services import export_dossier, work_off
from config.story.acts.registry import act
from config.story.scene import Acts, Scene
from disclosure.models import NoticeDraft
from disclosure.services import approve_draft, prepare_draft, send_draft
from projects.services import close_project

SITE = "https://www.example.gov.cn"


def _waiting(scene: Scene) -> list[NoticeDraft]:
    drafts = NoticeDraft.objects.filter(project=scene.project).with_case().unpublished()
    return list(drafts.order_by("pk"))


@act
def send_notices(scene: Scene, acts: Acts, *, medium: str) -> None:
    """经办人看过各份公告稿，没有登记媒体和日期的登记，送审查。"""
    for draft in _waiting(scene):
        if not draft.is_dated or not draft.medium:
            prepare_draft(
                draft,
                medium=draft.medium or medium,
                address=draft.address or f"{SITE}/{draft.kind}/{draft.pk}.html",
                published_on=acts["on"],
                **acts,
            )
        send_draft(draft, **acts)


@act
def publish_notices(scene: Scene, acts: Acts) -> None:
    """第二人逐份审查，通过即发布。"""
    for draft in _waiting(scene):
        approve_draft(draft, **acts)


@act
def close(scene: Scene, acts: Acts, *, note: str) -> None:
    close_project(scene.project, note=note, **acts)


@act
def bind_dossier(scene: Scene, acts: Acts, *, reason: str) -> None:
    """导出案卷；装订由后台办理。"""
    export_dossier(scene.project, reason=reason, **acts)
    work_off(on=acts["on"])
