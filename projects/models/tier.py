"""分层分级审批矩阵：多大的钱、什么对象、什么范围，走哪几级签批。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Jurisdiction, User
from accounts.permissions import sight_of
from accounts.roles import Role
from core.history import GuardedQuerySet, recorded
from projects.models.kinds import Programme, ProjectKind, ServiceNature
from projects.models.purchaser import Purchaser

ORDINARY = "ordinary"
# 可以列入签批链的岗位，由低到高；领导小组另有一栏。
TIER_ROLES = (Role.SECTION_HEAD, Role.DIVISION_LEADER, Role.PRINCIPAL)


class ApprovalTierQuerySet(GuardedQuerySet["ApprovalTier"]):
    def in_force(self, on: date) -> ApprovalTierQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)

    def visible_to(self, user: User) -> ApprovalTierQuerySet:
        """安全管理员见全部；各单位见本辖区通用的和本单位的；会审机构与审计见本辖区的。"""
        roles = user.active_roles()
        if any(r.role == Role.SECURITY_ADMIN for r in roles):
            return self
        sight = sight_of(user)
        here = {r.organisation.jurisdiction_id for r in roles}
        return self.filter(
            Q(jurisdiction__in=sight.reviewed | sight.audited)
            | Q(jurisdiction__in=here, purchaser__isnull=True)
            | Q(purchaser__organisation__in=sight.own)
        )


@recorded()
class ApprovalTier(models.Model):
    """审批矩阵的一行（《渝北办法》第四条第（三）项）；金额为分，含下限，不含上限。

    购买主体、服务性质、范围、路径为空的，是不限。
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="+"
    )
    purchaser = models.ForeignKey(
        Purchaser,
        models.PROTECT,
        verbose_name="购买主体",
        null=True,
        blank=True,
        related_name="tiers",
    )
    title = models.CharField("名称", max_length=80)
    from_fen = models.BigIntegerField("金额下限（分，含）", default=0)
    below_fen = models.BigIntegerField("金额上限（分，不含）", null=True, blank=True)
    service_nature = models.CharField(
        "服务对象", max_length=10, choices=ServiceNature.choices, blank=True
    )
    programme = models.CharField(
        "范围",
        max_length=20,
        choices=[(ORDINARY, Programme.NONE.label), *(c for c in Programme.choices if c[0])],
        blank=True,
    )
    kind = models.CharField("路径", max_length=10, choices=ProjectKind.choices, blank=True)
    roles = models.JSONField("签批岗位（依次）")
    needs_leading_group = models.BooleanField("须经领导小组", default=False)
    basis = models.CharField("依据", max_length=200)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    objects = ApprovalTierQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审批矩阵"
        ordering: ClassVar = ["jurisdiction", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_fen__gte=0)
                & (Q(below_fen__isnull=True) | Q(below_fen__gt=F("from_fen"))),
                name="tier_amounts_in_order",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="tier_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def chain_label(self) -> str:
        """经办人 → 归口科室负责人 → …，领导小组在后。"""
        roles = [Role.OFFICER, *self.roles]
        if self.needs_leading_group:
            roles.append(Role.LEADING_GROUP)
        return " → ".join(str(Role(role).label) for role in roles)
