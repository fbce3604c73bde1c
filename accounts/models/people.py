"""机构、辖区、账号与任职。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.recording import GuardedQuerySet, recorded
from accounts.roles import PURCHASER_ROLES, REVIEW_ROLES, Role


class OrganisationKind(models.TextChoices):
    GOVERNMENT = "government", "区政府"
    DEPARTMENT = "department", "区级部门"
    TOWNSHIP = "township", "镇街"
    INSTITUTION = "institution", "事业单位"
    PARTY = "party", "党的机关与人民团体"
    FINANCE = "finance", "财政部门"
    REFORM = "reform", "发展改革部门"
    INFORMATION = "information", "经济和信息化部门"
    DECISION_BODY = "decision_body", "决策机构"
    TRADING_CENTRE = "trading_centre", "招投标交易中心"
    AUDIT = "audit", "审计机关"
    SUPERVISION = "supervision", "监察机关"
    OPERATOR = "operator", "系统运行机构"


@recorded()
class Jurisdiction(models.Model):
    """辖区：采用哪些办法、由哪些机构会审和审定，都是数据。"""

    code = models.SlugField("代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=100)
    objects = GuardedQuerySet["Jurisdiction"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "辖区"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


@recorded()
class RegulationAdoption(models.Model):
    """辖区自某日起采用某一办法，至某日止（不含）。"""

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="adoptions"
    )
    regulation = models.CharField("办法代号", max_length=8)
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    objects = GuardedQuerySet["RegulationAdoption"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办法采用"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "regulation", "since"], name="adoption_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} 采用 {self.regulation}"


@recorded()
class Organisation(models.Model):
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=30)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind.choices)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="organisations"
    )
    document_code = models.CharField("机关代字", max_length=20, blank=True)
    objects = GuardedQuerySet["Organisation"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "name"], name="organisation_name_in_jurisdiction"
            )
        ]

    def __str__(self) -> str:
        return self.name


class MandateKind(models.TextChoices):
    JOINT_REVIEWER = "joint_reviewer", "会审机构"
    DECISION_BODY = "decision_body", "审定机构"
    TRADING_CENTRE = "trading_centre", "集中采购机构"


@recorded()
class Mandate(models.Model):
    """职能映射：本辖区由哪个机构承担某项职能，按次序。"""

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="辖区", related_name="mandates"
    )
    kind = models.CharField("职能", max_length=20, choices=MandateKind.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="机构", related_name="+"
    )
    position = models.PositiveSmallIntegerField("次序", default=1)
    code = models.CharField("职能代号", max_length=30, blank=True)
    # A path of review: those of one step speak in parallel, a later step only after the earlier.
    step = models.PositiveSmallIntegerField("先后", default=1)
    step_name = models.CharField("环节名称", max_length=40, blank=True, default="")
    objects = GuardedQuerySet["Mandate"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "职能映射"
        ordering: ClassVar = ["kind", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "kind", "organisation"], name="mandate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.organisation}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)

    def get_queryset(self) -> GuardedQuerySet[User]:
        return GuardedQuerySet(self.model, using=self._db)


@recorded(personal=("mobile", "password"))
class User(AbstractBaseUser):
    """账号，一人一号。没有超级用户：权限只来自任职。"""

    username = models.CharField("用户名", max_length=60, unique=True)
    full_name = models.CharField("姓名", max_length=60)
    mobile = models.CharField("手机号", max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="所在机构", related_name="+"
    )
    is_active = models.BooleanField("启用", default=True)
    last_login = None

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["full_name"]
    day: date | None = None

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.full_name

    def check_password(self, raw_password: str | None) -> bool:
        """Never rewrite the hash on sign-in: the column changes only through the history log."""
        return raw_password is not None and check_password(raw_password, self.password)

    def active_roles(self) -> list[RoleAssignment]:
        """Assignments in force on the day the door set, else on the calendar day in Shanghai."""
        if "_roles" not in self.__dict__:
            on = self.day or timezone.localdate()
            self.__dict__["_roles"] = list(
                RoleAssignment.objects.in_force(on)
                .filter(user=self)
                .select_related("organisation__jurisdiction")
            )
        roles: list[RoleAssignment] = self.__dict__["_roles"]
        return roles

    def posts(self) -> list[RoleAssignment]:
        """The posts this user may act in: own ones first, then those of others, by delegation."""
        if "_deputy" not in self.__dict__:
            on = self.day or timezone.localdate()
            delegations: Any = getattr(self, "deputising")  # noqa: B009 - the reverse of Delegation
            self.__dict__["_deputy"] = [d.post for d in delegations.of_deputy(self, on)]
        deputy: list[RoleAssignment] = self.__dict__["_deputy"]
        return [*self.active_roles(), *deputy]


class RoleAssignmentQuerySet(GuardedQuerySet["RoleAssignment"]):
    def in_force(self, on: date) -> RoleAssignmentQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


@recorded()
class RoleAssignment(models.Model):
    """任职：某人自某日起在某机构任某岗位，至某日止（不含）。"""

    user = models.ForeignKey(User, models.PROTECT, verbose_name="人员", related_name="+")
    role = models.CharField("岗位", max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="机构", related_name="+"
    )
    since = models.DateField("自")
    until = models.DateField("至（不含）", null=True, blank=True)
    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "since"], name="assignment_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name}·{self.get_role_display()}"

    def label_for(self, user: User) -> str:
        """As the person who acts in it reads it: 文旅委·分管领导（代王芳）for a deputy."""
        return str(self) if self.user_id == user.pk else f"{self}（代{self.user.full_name}）"

    @property
    def is_purchaser_role(self) -> bool:
        return self.role in PURCHASER_ROLES

    @property
    def is_review_role(self) -> bool:
        return self.role in REVIEW_ROLES
