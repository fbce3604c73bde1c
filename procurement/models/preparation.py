"""采购之前：采购方式、购买前的准备、采购意向。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Jurisdiction
from core.history import GuardedQuerySet, recorded
from projects.models import ProcurementMethod, Project


class OrganisationForm(models.TextChoices):
    """组织形式：进入交易中心集中采购，购买主体分散采购，限额以下自行采购。"""

    CENTRALISED = "centralised", "集中采购"
    DECENTRALISED = "decentralised", "分散采购"
    OWN = "own", "自行采购"


class ModeQuerySet(GuardedQuerySet["Mode"]):
    def in_force(self, jurisdiction: Jurisdiction, on: date) -> ModeQuerySet:
        return self.filter(
            Q(until__isnull=True) | Q(until__gt=on), jurisdiction=jurisdiction, since__lte=on
        )


@recorded()
class Mode(models.Model):
    """采购方式表的一行：本辖区自某日起可用的方式及其组织形式；期限和数额是参数。"""

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="+"
    )
    method = models.CharField("采购方式", max_length=20, choices=ProcurementMethod.choices)
    form = models.CharField("组织形式", max_length=20, choices=OrganisationForm.choices)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    objects = ModeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购方式"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "method", "since"], name="mode_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}（{self.get_form_display()}）"


@recorded()
class Preparation(models.Model):
    """购买前的准备：需求调查、第三方意见、考核标准（《渝北办法》第十四条）。"""

    project = models.OneToOneField(Project, models.PROTECT, verbose_name="项目", related_name="+")
    survey = models.TextField("需求调查", blank=True)
    surveyed_on = models.DateField("调查日期", null=True, blank=True)
    third_party = models.CharField("第三方", max_length=120, blank=True)
    third_party_opinion = models.TextField("第三方意见", blank=True)
    assessment_standard = models.TextField("考核标准", blank=True)
    recorded_on = models.DateField("登记日")
    objects = GuardedQuerySet["Preparation"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购准备"

    def __str__(self) -> str:
        return f"{self.project}的采购准备"


@recorded()
class Intention(models.Model):
    """采购意向：公开的日期和网址，或者豁免的理由。"""

    project = models.OneToOneField(Project, models.PROTECT, verbose_name="项目", related_name="+")
    published_on = models.DateField("公开日期", null=True, blank=True)
    medium = models.CharField("公开媒体", max_length=100, blank=True)
    address = models.CharField("公开网址", max_length=300, blank=True)
    expected_month = models.CharField("预计采购时间", max_length=7, blank=True)
    exemption = models.CharField("豁免理由", max_length=300, blank=True)
    registered_on = models.DateField("登记日")
    objects = GuardedQuerySet["Intention"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购意向"

    def __str__(self) -> str:
        return f"{self.project}的采购意向"
