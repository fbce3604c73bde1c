"""谁看得见哪些项目。"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet

if TYPE_CHECKING:
    pass


class ProjectQuerySet(GuardedQuerySet["Project"]):
    def visible_to(self, user: User) -> ProjectQuerySet:
        """本单位的全部；财政、会审、审定机构见已提交过的；审计见本辖区全部；

        交易中心见委托它采购的；其余不可见。"""
        sight = sight_of(user)
        return self.filter(
            Q(purchaser__organisation__in=sight.own)
            | Q(
                purchaser__organisation__jurisdiction__in=sight.reviewed,
                first_filed_on__isnull=False,
            )
            | Q(purchaser__organisation__jurisdiction__in=sight.audited)
            | Q(agency__in=sight.entrusted)
        )

    def with_owner(self) -> ProjectQuerySet:
        return self.select_related("purchaser__organisation__jurisdiction")
