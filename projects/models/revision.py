"""指导性目录的制定与调整：起草、征求意见、通过并发布、被替代。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from accounts.models import Organisation, User
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, StatefulModel, advances
from projects.models.catalogue import ServiceCatalogue

DRAFT, ADOPT, ANSWER = (
    "projects.draft_catalogue",
    "projects.adopt_catalogue",
    "projects.answer_catalogue",
)
GOVERNED = frozenset({"YB", "PH"})


class RevisionStatus(models.TextChoices):
    DRAFTED = "drafted", "起草"
    CONSULTING = "consulting", "征求意见"
    ADOPTED = "adopted", "已发布"
    SUPERSEDED = "superseded", "被替代"
    ABANDONED = "abandoned", "已放弃"


OPEN_REVISIONS = (RevisionStatus.DRAFTED, RevisionStatus.CONSULTING)


class CatalogueRevisionQuerySet(GuardedQuerySet["CatalogueRevision"]):
    def visible_to(self, user: User) -> CatalogueRevisionQuerySet:
        return self.filter(catalogue__in=ServiceCatalogue.objects.visible_to(user))

    def whole(self) -> CatalogueRevisionQuerySet:
        return self.select_related(
            "catalogue__parent",
            "catalogue__based_on",
            "catalogue__jurisdiction",
            "bureau__jurisdiction",
            "drafted_by",
        )


@recorded()
class CatalogueRevision(StatefulModel):
    """目录一个版本的制定过程：财政部门会同有关部门制定，动态调整，及时公布（《渝北办法》第八条）。"""

    catalogue = models.OneToOneField(
        ServiceCatalogue, models.PROTECT, verbose_name="目录", related_name="revision"
    )
    bureau = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="财政部门", related_name="+"
    )
    reason = models.TextField("制定或调整的理由")
    drafted_by = models.ForeignKey(User, models.PROTECT, verbose_name="起草人", related_name="+")
    drafted_on = models.DateField("起草日")
    round_number = models.PositiveSmallIntegerField("征求意见轮次", default=0)
    answers_due_on = models.DateField("答复期限", null=True, blank=True)
    adopted_on = models.DateField("通过日", null=True, blank=True)
    status = StateField(
        "状态", choices=RevisionStatus.choices, default=RevisionStatus.DRAFTED, protected=True
    )
    objects = CatalogueRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目录制定"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.catalogue.title

    def get_absolute_url(self) -> str:
        return self.catalogue.get_absolute_url()

    def owner(self) -> Organisation:
        return self.bureau

    def assignee(self) -> Organisation:
        return self.bureau

    def stream(self) -> str:
        return f"projects.servicecatalogue:{self.catalogue_id}"

    def governed_by(self) -> frozenset[str]:
        return GOVERNED

    @advances(RevisionStatus.DRAFTED, to=STAYS, permission=DRAFT, title="增改目录条目")
    def revise(self, **_values: object) -> None:
        """增、改、删一个条目，逐项写明理由；条目另有各自的行。"""

    @advances(
        RevisionStatus.DRAFTED,
        to=RevisionStatus.CONSULTING,
        permission=DRAFT,
        rules=["YB-8-items-described", "YB-8-changes-explained"],
        title="征求部门意见",
    )
    def consult(self, *, answers_due_on: date) -> None:
        self.round_number += 1
        self.answers_due_on = answers_due_on

    @advances(
        RevisionStatus.CONSULTING,
        to=RevisionStatus.DRAFTED,
        permission=DRAFT,
        title="收回修改",
    )
    def take_back(self) -> None:
        """内容有改动的，改后重新征求意见；已经收到的意见留存。"""
        self.answers_due_on = None

    @advances(
        RevisionStatus.CONSULTING,
        to=RevisionStatus.ADOPTED,
        permission=ADOPT,
        rules=[
            "YB-8-departments-consulted",
            "YB-8-suggestions-handled",
            "YB-8-items-described",
            "YB-8-changes-explained",
            "YB-8-based-on-current",
            "YB-8-effective-day",
            "YB-7-kinds-covered",
            "YB-8-hung-under-upper",
        ],
        title="通过并发布目录",
    )
    def adopt(self, *, adopted_on: date, **_on_the_catalogue: object) -> None:
        """生效日和文号写在目录上；前一版同日终止。"""
        self.adopted_on = adopted_on

    @advances(
        RevisionStatus.ADOPTED,
        to=RevisionStatus.SUPERSEDED,
        permission=ADOPT,
        title="被新版替代",
    )
    def supersede(self) -> None:
        """新版通过时随之办理。"""

    @advances(*OPEN_REVISIONS, to=RevisionStatus.ABANDONED, permission=DRAFT, title="放弃草案")
    def abandon(self) -> None:
        """理由入历史；草案留存，不能恢复。"""


class CatalogueOpinionStatus(models.TextChoices):
    PENDING = "pending", "待答复"
    AGREED = "agreed", "同意"
    SUGGESTED = "suggested", "提出修改意见"
    HANDLED = "handled", "已说明采纳情况"
    LAPSED = "lapsed", "逾期未答复"
    CANCELLED = "cancelled", "已收回"


ANSWERED = (
    CatalogueOpinionStatus.AGREED,
    CatalogueOpinionStatus.SUGGESTED,
    CatalogueOpinionStatus.HANDLED,
)


class CatalogueOpinionQuerySet(GuardedQuerySet["CatalogueOpinion"]):
    def visible_to(self, user: User) -> CatalogueOpinionQuerySet:
        return self.filter(revision__in=CatalogueRevision.objects.visible_to(user))

    def whole(self) -> CatalogueOpinionQuerySet:
        return self.select_related(
            "organisation__jurisdiction",
            "answered_by",
            "revision__bureau__jurisdiction",
            "revision__catalogue",
        )


@recorded()
class CatalogueOpinion(StatefulModel):
    """一个部门对一份目录草案的意见；一轮一份，由本部门的人答复。"""

    revision = models.ForeignKey(
        CatalogueRevision, models.PROTECT, verbose_name="目录制定", related_name="opinions"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="部门", related_name="+"
    )
    round_number = models.PositiveSmallIntegerField("轮次")
    asked_on = models.DateField("征求日")
    text = models.TextField("意见", blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="答复人", null=True, blank=True, related_name="+"
    )
    answered_on = models.DateField("答复日", null=True, blank=True)
    handling = models.TextField("采纳情况", blank=True)
    status = StateField(
        "状态",
        choices=CatalogueOpinionStatus.choices,
        default=CatalogueOpinionStatus.PENDING,
        protected=True,
    )
    objects = CatalogueOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目录意见"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["revision", "organisation", "round_number"],
                name="catalogue_opinion_once_a_round",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}对目录草案的意见"

    def owner(self) -> Organisation:
        return self.revision.bureau

    def assignee(self) -> Organisation:
        """待答复的在部门手里，答复之后在财政部门手里。"""
        is_pending = self.status == CatalogueOpinionStatus.PENDING
        return self.organisation if is_pending else self.revision.bureau

    def stream(self) -> str:
        return self.revision.stream()

    def governed_by(self) -> frozenset[str]:
        return GOVERNED

    @advances(
        CatalogueOpinionStatus.PENDING,
        to=CatalogueOpinionStatus.AGREED,
        permission=ANSWER,
        title="同意目录草案",
    )
    def agree(self, *, by: User, on: date, text: str) -> None:
        self.answered_by, self.answered_on, self.text = by, on, text

    @advances(
        CatalogueOpinionStatus.PENDING,
        to=CatalogueOpinionStatus.SUGGESTED,
        permission=ANSWER,
        title="提出修改意见",
    )
    def suggest(self, *, by: User, on: date, text: str) -> None:
        self.answered_by, self.answered_on, self.text = by, on, text

    @advances(
        CatalogueOpinionStatus.SUGGESTED,
        to=CatalogueOpinionStatus.HANDLED,
        permission=DRAFT,
        title="说明采纳情况",
    )
    def handle(self, *, handling: str) -> None:
        self.handling = handling

    @advances(
        CatalogueOpinionStatus.PENDING,
        to=CatalogueOpinionStatus.CANCELLED,
        permission=DRAFT,
        title="收回征求意见",
    )
    def cancel(self) -> None:
        """草案收回修改或放弃的，还没有答复的不再答复。"""

    @advances(
        CatalogueOpinionStatus.PENDING,
        to=CatalogueOpinionStatus.LAPSED,
        permission=ADOPT,
        title="逾期未答复",
    )
    def lapse(self) -> None:
        """期限已过没有答复的，目录通过时记为逾期未答复。"""


@recorded()
class CatalogueChange(models.Model):
    """调整一个条目的理由：增、改、删各有一句（《渝北办法》第八条动态调整）。"""

    catalogue = models.ForeignKey(
        ServiceCatalogue, models.PROTECT, verbose_name="目录", related_name="changes"
    )
    code = models.CharField("品目编码", max_length=12)
    reason = models.CharField("理由", max_length=300)
    objects = GuardedQuerySet["CatalogueChange"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "条目调整理由"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="reason_once_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.code}：{self.reason}"
