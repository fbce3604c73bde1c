"""政务云资源收集的待办与等待。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet

from accounts.models import RoleAssignment, User
from accounts.roles import ACTS, Role
from core.navigation import TodoItem
from projects.models import (
    CloudAnswer,
    CloudAnswerStatus,
    CollectionStatus,
)
from projects.models.cloud_answer import CONFIRM, UNCONFIRMED

FILLING = (CloudAnswerStatus.PENDING, CloudAnswerStatus.RETURNED)


def cloud_work(_user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    """经办人要填的、负责人要确认的；组织收集的经办人，收齐或者到期可以汇总的。"""
    is_officer, is_confirmer = acting.role == Role.OFFICER, acting.role in ACTS[CONFIRM].roles
    if not (is_officer or is_confirmer):
        return
    found = list(_open_answers(acting))
    for answer in found:
        if answer.purchaser.organisation_id != acting.organisation_id:
            continue
        if is_officer and answer.status in FILLING:
            is_back = answer.status == CloudAnswerStatus.RETURNED
            yield _item("重报云资源" if is_back else "填报云资源", answer)
        if is_confirmer and answer.status == CloudAnswerStatus.FILLED:
            yield _item("确认云资源填报", answer)
    if is_officer:
        yield from _to_close(acting, found, on)


def _open_answers(acting: RoleAssignment) -> QuerySet[CloudAnswer]:
    """正在收集的各轮里，本单位的填报，和本单位组织的收集的全部填报。"""
    place = acting.organisation_id
    return (
        CloudAnswer.objects.filter(collection__status=CollectionStatus.OPEN)
        .filter(Q(purchaser__organisation=place) | Q(collection__organiser__organisation=place))
        .whole()
        .order_by("collection", "pk")
    )


def _to_close(
    acting: RoleAssignment, answers: Iterable[CloudAnswer], on: date
) -> Iterator[TodoItem]:
    own = [a for a in answers if a.owner().pk == acting.organisation_id]
    for row, group in groupby(own, key=lambda a: a.collection):
        found = list(group)
        is_waiting = any(a.status in UNCONFIRMED for a in found)
        done = [a.confirmed_on for a in found if a.confirmed_on]
        if done and (not is_waiting or on > row.answers_due_on):
            since = row.answers_due_on if is_waiting else max(done)
            yield TodoItem(f"汇总：{row}", "政务云", row.get_absolute_url(), since, kind="云资源")


def cloud_awaited(_user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """组织收集的经办人在等哪些单位；填好的经办人在等谁确认。"""
    if acting.role != Role.OFFICER:
        return
    for answer in _open_answers(acting).filter(status__in=UNCONFIRMED):
        if answer.owner().pk == acting.organisation_id:
            yield _item("填报云资源", answer, answer.purchaser.organisation.short_name)
        elif answer.status == CloudAnswerStatus.FILLED:
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
