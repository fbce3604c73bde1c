"""What waits for those a deputy stands in for: one line of the desk a post, with the way there.

A deputy is shown what was entrusted to them and nothing else: the rest waits for its holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse

from accounts.models import Delegation, RoleAssignment, User
from core.navigation.registry import TodoItem, registry


def waits_for_a_deputy(user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    """The work of posts held by delegation, while the deputy acts in a post of their own."""
    if acting.user_id != user.pk:
        return
    for post in user.posts():
        if post.user_id == user.pk:
            continue
        every = [
            item
            for provider in registry.todos
            if provider is not waits_for_a_deputy
            for item in provider(user, post, on)
        ]
        found = entrusted(every, user, post, on)
        if found:
            yield TodoItem(
                title=f"代{post.user}（{post}）办理：{len(found)} 件待办",
                subject="、".join(dict.fromkeys(item.subject for item in found[:3])),
                url=reverse("core:delegations"),
                since=min(item.since for item in found),
                due=min((item.due for item in found if item.due), default=None),
                kind="代理",
            )


def entrusted(
    items: Iterable[TodoItem], user: User, post: RoleAssignment, on: date
) -> list[TodoItem]:
    """Of what waits for a post, what `user` may do in it: all in their own, else the covered."""
    if post.user_id == user.pk:
        return list(items)
    held = list(Delegation.objects.of_deputy(user, on).filter(post=post))
    return [item for item in items if any(row.covers(item.act) for row in held)]
