"""授权代理：谁在哪些日子里代谁签批。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.people import RoleAssignment, User
from accounts.recording import GuardedQuerySet, recorded
from accounts.roles import DELEGABLE_ACTS, Role


class DelegationScope(models.TextChoices):
    SIGNING = "signing", "本岗位全部签批事项"
    ACTS = "acts", "所列事项"


class DelegationQuerySet(GuardedQuerySet["Delegation"]):
    def in_force(self, on: date) -> DelegationQuerySet:
        """Not ended; of a post still held, by a person still switched on."""
        live = Q(post__until__isnull=True) | Q(post__until__gt=on)
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=on),
            live,
            since__lte=on,
            until__gt=on,
            post__since__lte=on,
            post__user__is_active=True,
        )

    def of_deputy(self, user: User, on: date) -> DelegationQuerySet:
        """In force, and the deputy still holds a post in the same organisation."""
        own = RoleAssignment.objects.in_force(on).filter(user=user)
        rows = self.in_force(on).filter(
            deputy=user, post__organisation__in=own.values("organisation")
        )
        return rows.select_related("post__organisation__jurisdiction", "post__user")

    def visible_to(self, user: User) -> DelegationQuerySet:
        """The two of them, the heads of the organisation, auditors, the security administrator."""
        roles = user.active_roles()
        if any(r.role == Role.SECURITY_ADMIN for r in roles):
            return self
        heads = (Role.SECTION_HEAD, Role.DIVISION_LEADER, Role.PRINCIPAL)
        headed = [r.organisation_id for r in roles if r.role in heads]
        audited = [r.organisation.jurisdiction_id for r in roles if r.role == Role.AUDITOR]
        return self.filter(
            Q(post__user=user)
            | Q(deputy=user)
            | Q(post__organisation__in=headed)
            | Q(post__organisation__jurisdiction__in=audited)
        )


@recorded()
class Delegation(models.Model):
    """授权代理：某人把一个岗位上的签批事项，在一段日子里交同机构的另一人代办；不得转授。"""

    post = models.ForeignKey(
        RoleAssignment, models.PROTECT, verbose_name="所代岗位", related_name="delegations"
    )
    deputy = models.ForeignKey(
        User, models.PROTECT, verbose_name="代理人", related_name="deputising"
    )
    scope = models.CharField("范围", max_length=10, choices=DelegationScope.choices)
    acts = models.JSONField("所列事项", default=list, blank=True)
    reason = models.CharField("事由", max_length=200)
    since = models.DateField("自")
    until = models.DateField("至（不含）")
    made_on = models.DateField("授权日")
    ended_on = models.DateField("提前结束日", null=True, blank=True)
    ended_reason = models.CharField("结束事由", max_length=200, blank=True)
    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权代理"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("since")), name="delegation_days_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deputy}代{self.post.user}（{self.post}）"

    def covers(self, act: str) -> bool:
        if act not in DELEGABLE_ACTS:
            return False
        return self.scope == DelegationScope.SIGNING or act in self.acts

    def ends_on(self) -> date:
        """The first day on which it holds no more."""
        return min(self.until, self.ended_on or self.until)
