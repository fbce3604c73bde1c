"""购买主体与资金来源。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Jurisdiction, Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded


class PurchaserNature(models.TextChoices):
    """《渝北办法》第五条所列购买主体；后列为参照执行，末列不得作为购买主体。"""

    GOVERNMENT = "government", "区政府"
    DEPARTMENT = "department", "区级部门"
    TOWNSHIP = "township", "镇街"
    ADMINISTRATIVE_INSTITUTION = "administrative_institution", "参公且有行政管理职能的事业单位"
    PARTY_ORGAN = "party_organ", "党的机关"
    CONGRESS = "congress", "人大机关"
    CONSULTATIVE = "consultative", "政协机关"
    COURT = "court", "审判机关"
    PROCURATORATE = "procuratorate", "检察机关"
    DEMOCRATIC_PARTY = "democratic_party", "民主党派"
    PEOPLES_ORGANISATION = "peoples_organisation", "工会、共青团、妇联等人民团体"
    PUBLIC_WELFARE_ONE = "public_welfare_one", "公益一类事业单位"
    OTHER = "other", "其他单位"


DIRECT_NATURES = frozenset(
    {
        PurchaserNature.GOVERNMENT,
        PurchaserNature.DEPARTMENT,
        PurchaserNature.TOWNSHIP,
        PurchaserNature.ADMINISTRATIVE_INSTITUTION,
    }
)
EXCLUDED_NATURES = frozenset({PurchaserNature.PUBLIC_WELFARE_ONE, PurchaserNature.OTHER})


class PurchaserQuerySet(GuardedQuerySet["Purchaser"]):
    def visible_to(self, user: User) -> PurchaserQuerySet:
        sight = sight_of(user)
        return self.filter(
            models.Q(organisation__in=sight.own)
            | models.Q(organisation__jurisdiction__in=sight.reviewed | sight.audited)
        )


@recorded()
class Purchaser(models.Model):
    """购买主体：一个机构的购买资格（《渝北办法》第五条）。"""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, verbose_name="机构", related_name="+"
    )
    nature = models.CharField("单位性质", max_length=30, choices=PurchaserNature.choices)
    has_administrative_staffing = models.BooleanField("纳入行政编制管理", default=True)
    is_funded_by_treasury = models.BooleanField("经费由财政负担", default=True)
    objects = PurchaserQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "购买主体"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.organisation.name


class Staffing(models.TextChoices):
    """编制类型；参照执行的须为行政编制（《渝北办法》第五条）。"""

    ADMINISTRATIVE = "administrative", "行政编制"
    REFERENCED = "referenced", "参公事业编制"
    INSTITUTION = "institution", "事业编制"
    NONE = "none", "未纳入行政编制"


class Funding(models.TextChoices):
    """经费来源；参照执行的须由财政负担（《渝北办法》第五条）。"""

    TREASURY = "treasury", "财政负担"
    PARTLY = "partly", "财政补助"
    OWN = "own", "自收自支"


@recorded()
class PurchaserStatus(models.Model):
    """购买主体自某日起的性质、编制类型和经费来源；此前的照登记时的。"""

    purchaser = models.ForeignKey(
        Purchaser, models.PROTECT, verbose_name="购买主体", related_name="statuses"
    )
    since = models.DateField("自")
    nature = models.CharField("单位性质", max_length=30, choices=PurchaserNature.choices)
    staffing = models.CharField("编制类型", max_length=20, choices=Staffing.choices)
    funding = models.CharField("经费来源", max_length=10, choices=Funding.choices)
    basis = models.CharField("依据文号", max_length=120)
    objects = GuardedQuerySet["PurchaserStatus"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "购买主体性质"
        ordering: ClassVar = ["purchaser", "since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purchaser", "since"], name="status_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.purchaser} 自 {self.since}"


class FundKind(models.TextChoices):
    """《渝北办法》第十二条与《平湖办法》第六条所列资金来源。"""

    DEPARTMENT_BUDGET = "department_budget", "部门预算"
    SPECIAL_FUND = "special_fund", "经批准的专项资金"
    NEW_BUDGET = "new_budget", "新增财政预算"
    LOCAL_TREASURY = "local_treasury", "本级财政管理资金"
    UNIT_FUND = "unit_fund", "单位资金"
    UPPER_TRANSFER = "upper_transfer", "上级转移支付资金"


@recorded()
class FundSource(models.Model):
    """资金来源：某辖区的一项资金。"""

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="+"
    )
    kind = models.CharField("种类", max_length=30, choices=FundKind.choices)
    name = models.CharField("名称", max_length=100)
    objects = GuardedQuerySet["FundSource"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金来源"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "name"], name="fund_source_name_in_jurisdiction"
            )
        ]

    def __str__(self) -> str:
        return self.name
