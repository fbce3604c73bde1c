"""政务云资源收集的待办与等待。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accounts.models import RoleAssignment, User
from accounts.roles import ACTS, Role
from core.navigation import TodoItem
from projects.models import (
    CloudAnswer,
    CloudAnswerStatus,
    CloudCollection,
    CollectionStatus,
)
from projects.models.cloud_answer import CONFIRM, UNCONFIRMED

FILLING = (CloudAnswerStatus.PENDING, CloudAnswerStatus.RETURNED)


def cloud_work(_user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    """经办人要填的、负责人要确认的；组织收集的经办人，收齐或者到期可以汇总的。"""
    own = CloudAnswer.objects.filter(purchaser__organisation=acting.organisation_id).whole()
    if acting.role == Role.OFFICER:
        for answer in own.filter(status__in=FILLING):
            is_back = answer.status == CloudAnswerStatus.RETURNED
            yield _item("重报云资源" if is_back else "填报云资源", answer)
        yield from _to_close(acting, on)
    if acting.role in ACTS[CONFIRM].roles:
        for answer in own.filter(status=CloudAnswerStatus.FILLED):
            yield _item("确认云资源填报", answer)


def _to_close(acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    rows = CloudCollection.objects.filter(
        organiser__organisation=acting.organisation_id, status=CollectionStatus.OPEN
    )
    for row in rows.prefetch_related("answers"):
        waiting = [a for a in row.answers.all() if a.status in UNCONFIRMED]
        done = [a.confirmed_on for a in row.answers.all() if a.confirmed_on]
        if done and (not waiting or on > row.answers_due_on):
            since = row.answers_due_on if waiting else max(done)
            url = row.get_absolute_url()
            yield TodoItem(f"汇总：{row}", "政务云", url, since, kind="云资源")


def cloud_awaited(_user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """组织收集的经办人在等哪些单位；填好的经办人在等谁确认。"""
    if acting.role != Role.OFFICER:
        return
    live = CloudAnswer.objects.filter(status__in=UNCONFIRMED).whole()
    place = acting.organisation_id
    for answer in live.filter(collection__organiser__organisation=place):
        yield _item("填报云资源", answer, answer.purchaser.organisation.short_name)
    filled = live.filter(purchaser__organisation=place, status=CloudAnswerStatus.FILLED)
    for answer in filled.exclude(collection__organiser__organisation=place):
        yield _item("确认云资源填报", answer, "本单位负责人")


def _item(title: str, answer: CloudAnswer, waits_for: str = "") -> TodoItem:
    return TodoItem(
        f"{title}：{answer.collection}",
        "政务云",
        answer.get_absolute_url(),
        answer.waiting_since,
        due=answer.collection.answers_due_on,
        kind="云资源",
        waits_for=waits_for,
    )
