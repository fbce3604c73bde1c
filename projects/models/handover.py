"""移交：一个岗位上的人离开时，手里的每一件事交给了谁。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import RoleAssignment, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded


class HandoverQuerySet(GuardedQuerySet["Handover"]):
    def visible_to(self, user: User) -> HandoverQuerySet:
        sight = sight_of(user)
        return self.filter(
            models.Q(post__organisation__in=sight.own)
            | models.Q(post__organisation__jurisdiction__in=sight.audited)
        )


@recorded()
class Handover(models.Model):
    """一次移交：谁的哪个岗位，哪天止，逐件的去向；`items` 是移交时的清单。"""

    post = models.ForeignKey(
        RoleAssignment, models.PROTECT, verbose_name="移交的岗位", related_name="+"
    )
    ends_on = models.DateField("任职至（不含）")
    reason = models.CharField("事由", max_length=200)
    items = models.JSONField("逐件去向", default=list)
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name="办理人", related_name="+")
    made_on = models.DateField("移交日")
    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "移交"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.post.user}（{self.post}）移交"
