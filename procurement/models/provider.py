"""承接主体：登记、六项条件的审查、取消资格。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Jurisdiction, Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, StatefulModel, advances

BOTH = frozenset({"YB", "PH"})


class ProviderKind(models.TextChoices):
    """《渝北办法》第六条所列的承接主体。"""

    ENTERPRISE = "enterprise", "企业"
    INSTITUTION = "institution", "机构"
    SOCIAL_ORGANISATION = "social_organisation", "登记的社会组织"
    EXEMPT_ORGANISATION = "exempt_organisation", "经国务院批准免予登记的社会组织"


class ProviderStatus(models.TextChoices):
    REGISTERED = "registered", "在册"
    CLOSED = "closed", "已停用"


class ProviderQuerySet(GuardedQuerySet["Provider"]):
    def visible_to(self, user: User) -> ProviderQuerySet:
        """本辖区任何岗位的工作人员都看得见承接主体名录。"""
        here = {r.organisation.jurisdiction_id for r in user.active_roles()}
        sight = sight_of(user)
        return self.filter(jurisdiction_of__in=here | sight.reviewed | sight.audited)

    def debarred(self, on: date) -> ProviderQuerySet:
        return self.filter(debarments__since__lte=on, debarments__until__gte=on).distinct()


@recorded()
class Provider(StatefulModel):
    """承接主体（《渝北办法》第六条）；不登录系统，由工作人员登记。"""

    jurisdiction_of = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="+"
    )
    registrar = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="登记单位", related_name="+"
    )
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=20, choices=ProviderKind.choices)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    code_note = models.CharField("代码校验说明", max_length=200, blank=True)
    registered_with = models.CharField("登记机关", max_length=100)
    address = models.CharField("地址", max_length=200, blank=True)
    registered_on = models.DateField("登记日")
    status = StateField(
        "状态", choices=ProviderStatus.choices, default=ProviderStatus.REGISTERED, protected=True
    )
    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承接主体"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction_of", "credit_code"], name="provider_once_in_jurisdiction"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("procurement:provider", args=[self.pk])

    def owner(self) -> Organisation:
        return self.registrar

    def jurisdiction(self) -> Jurisdiction:
        return self.jurisdiction_of

    def stream(self) -> str:
        return f"procurement.provider:{self.pk}"

    def governed_by(self) -> frozenset[str]:
        return BOTH

    @advances(
        ProviderStatus.REGISTERED,
        to=STAYS,
        permission="procurement.keep_providers",
        rules=["YB-6-condition-evidenced"],
        title="审查六项条件",
    )
    def review_condition(self, **_values: Any) -> None:
        """记下一项条件的审查结论、证据和有效期。"""

    @advances(
        ProviderStatus.REGISTERED,
        to=STAYS,
        permission="procurement.debar",
        rules=["YB-19-penalty-decided", "YB-19-three-years"],
        title="取消资格",
    )
    def debar(self, **_values: Any) -> None:
        """弄虚作假、冒领财政资金的，依处罚决定取消资格（第十九条）。"""

    @advances(
        ProviderStatus.REGISTERED,
        to=ProviderStatus.CLOSED,
        permission="procurement.keep_providers",
        title="停用登记",
    )
    def close(self) -> None:
        """注销、合并或重复登记的，停用；历史保留。"""


class Condition(models.IntegerChoices):
    """《渝北办法》第六条（一）至（六）项。"""

    LIABILITY = 1, "（一）独立承担民事责任的能力"
    CAPABILITY = 2, "（二）必需的设施、人员和专业技术能力"
    GOVERNANCE = 3, "（三）健全的内部治理、财务会计和资产管理制度"
    TAXES = 4, "（四）依法缴纳税收和社会保障资金的良好记录"
    RECORD = 5, "（五）前 3 年内无重大违法违纪和不良行为记录，信誉良好"
    OTHER = 6, "（六）法律法规和登记管理部门认定的其他条件"


@recorded()
class Qualification(models.Model):
    """一项条件的审查：结论、证据、有效期、审查人；复审另记一行，以最近的为准。"""

    provider = models.ForeignKey(
        Provider, models.PROTECT, verbose_name="承接主体", related_name="qualifications"
    )
    condition = models.PositiveSmallIntegerField("条件", choices=Condition.choices)
    is_met = models.BooleanField("具备")
    evidence = models.TextField("证据")
    valid_from = models.DateField("有效期自")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, verbose_name="审查人", related_name="+")
    reviewed_on = models.DateField("审查日")
    objects = GuardedQuerySet["Qualification"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资格条件审查"
        ordering: ClassVar = ["condition", "pk"]

    def __str__(self) -> str:
        return f"{self.provider}：{self.get_condition_display()}"

    def covers(self, day: date) -> bool:
        """这一天在有效期内（两端都含）。"""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@recorded()
class Debarment(models.Model):
    """取消承接资格：依处罚决定，自某日起至某日止（含），期满自动恢复（第十九条）。"""

    provider = models.ForeignKey(
        Provider, models.PROTECT, verbose_name="承接主体", related_name="debarments"
    )
    authority = models.CharField("处罚机关", max_length=100)
    decision_number = models.CharField("处罚决定文号", max_length=80)
    decided_on = models.DateField("处罚日期")
    grounds = models.TextField("事由")
    since = models.DateField("自")
    until = models.DateField("至（含）")
    objects = GuardedQuerySet["Debarment"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "取消资格"
        ordering: ClassVar = ["-since"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="debarment_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider}：{self.since.isoformat()} 至 {self.until.isoformat()}"
