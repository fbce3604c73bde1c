"""台账核对：一次核对的结果，只记结论，不改台账。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Jurisdiction, User
from accounts.permissions import sight_of
from accounts.roles import Role
from core.history import GuardedQuerySet, recorded


class LedgerCheckQuerySet(GuardedQuerySet["LedgerCheck"]):
    def visible_to(self, user: User) -> LedgerCheckQuerySet:
        """财政和审计看本辖区的；审计管理员看全系统的。"""
        roles = user.active_roles()
        if any(role.role == Role.AUDIT_ADMIN for role in roles):
            return self.all()
        finance = {r.organisation.jurisdiction_id for r in roles if r.role == Role.FINANCE}
        return self.filter(district__in=finance | sight_of(user).audited)

    def done(self) -> LedgerCheckQuerySet:
        return self.filter(finished_at__isnull=False)


@recorded()
class LedgerCheck(models.Model):
    """一次台账核对：哪个辖区、谁要的、核对了多少行、有哪些不符之处。

    `lines`：`[[名称, 行数], …]`；`differences`：`[{code, subject, sentence, gap_fen, url}, …]`，
    最多载明 200 处，`difference_count` 是全部。
    """

    district = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="+"
    )
    requested_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="申请人", null=True, blank=True, related_name="+"
    )
    requested_on = models.DateField("申请日")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    lines = models.JSONField("核对的行数", default=list, blank=True)
    line_count = models.PositiveIntegerField("行数合计", default=0)
    differences = models.JSONField("不符之处", default=list, blank=True)
    difference_count = models.PositiveIntegerField("不符处数", default=0)
    objects = LedgerCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账核对"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "requested_on"],
                condition=Q(requested_by__isnull=True),
                name="one_scheduled_check_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"第 {self.pk} 次台账核对"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:ledger_check", args=[self.pk])

    def stream(self) -> str:
        """自成一卷：核对不写进任何案卷。"""
        return f"budgeting.ledgercheck:{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.finished_at is None

    @property
    def is_clean(self) -> bool:
        return not self.is_waiting and not self.difference_count
