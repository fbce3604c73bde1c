"""公告稿：由环节里的事项拟出，经办人处理，第二人审查，然后才冻结为公告。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core.history import GuardedQuerySet, recorded
from core.transitions import STAYS, StateField, advances
from disclosure.models.duty import DisclosureDuty
from disclosure.models.text import Section, withhold
from disclosure.public.models import NoticeKind
from projects.models import CaseDocument, Project


class DraftStatus(models.TextChoices):
    DRAFTED = "drafted", "待处理"
    UNDER_REVIEW = "under_review", "待审查"
    RETURNED = "returned", "已退回"
    PUBLISHED = "published", "已发布"
    DISCARDED = "discarded", "已作废"


WITH_OFFICER = (DraftStatus.DRAFTED, DraftStatus.RETURNED)


class NoticeDraftQuerySet(GuardedQuerySet["NoticeDraft"]):
    def visible_to(self, user: User) -> NoticeDraftQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_case(self) -> NoticeDraftQuerySet:
        owner = "project__purchaser__organisation__jurisdiction"
        return self.select_related(owner, f"duty__{owner}")

    def unpublished(self) -> NoticeDraftQuerySet:
        return self.filter(status__in=(*WITH_OFFICER, DraftStatus.UNDER_REVIEW))


@recorded()
class NoticeDraft(CaseDocument):
    """一份公告稿（《渝北办法》第十六条；发布前审查，《政府信息公开条例》第十七条）。

    `sections` 是已遮盖的各节；`own_numbers` 是项目、合同等自己的编号，不当作个人号码；
    `masked` 是遮了哪些 `[{"place", "kind", "shown"}]`；`withheld` 是不予公开的栏 `{记号: 理由}`；
    `details` 是所据文件上没有的内容（终止的原因、更正的内容）。
    """

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    duty = models.OneToOneField(
        DisclosureDuty,
        models.PROTECT,
        verbose_name="公开义务",
        null=True,
        blank=True,
        related_name="draft",
    )
    kind = models.CharField("公告种类", max_length=20, choices=NoticeKind.choices)
    subject = models.CharField("所据文件", max_length=80)
    supersedes = models.CharField("更正的公告编号", max_length=60, blank=True)
    details = models.JSONField("另据", default=dict, blank=True)
    title = models.CharField("标题", max_length=500)
    sections = models.JSONField("内容", default=list)
    own_numbers = models.JSONField("照登的编号", default=list, blank=True)
    masked = models.JSONField("已遮盖", default=list, blank=True)
    withheld = models.JSONField("不予公开", default=dict, blank=True)
    is_dated = models.BooleanField("公告日期已随事项登记", default=False)
    published_on = models.DateField("公告日期", null=True, blank=True)
    medium = models.CharField("公告媒体", max_length=100, blank=True)
    address = models.CharField("公告网址", max_length=300, blank=True)
    drafted_on = models.DateField("拟稿日")
    preparer = models.ForeignKey(
        User, models.PROTECT, verbose_name="处理人", null=True, blank=True, related_name="+"
    )
    sent_on = models.DateField("送审日", null=True, blank=True)
    reviewer = models.ForeignKey(
        User, models.PROTECT, verbose_name="审查人", null=True, blank=True, related_name="+"
    )
    reviewed_on = models.DateField("审查日", null=True, blank=True)
    return_reason = models.CharField("退回理由", max_length=500, blank=True)
    notice_number = models.CharField("公告编号", max_length=60, blank=True)
    status = StateField(
        "状态", choices=DraftStatus.choices, default=DraftStatus.DRAFTED, protected=True
    )
    objects = NoticeDraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公告稿"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["status", "-id"], name="draft_by_status")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(supersedes=""), name="draft_once"
            ),
            models.UniqueConstraint(
                fields=["notice_number"],
                condition=~Q(notice_number=""),
                name="draft_notice_number_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("disclosure:draft", args=[self.pk])

    def prepare_url(self) -> str:
        return reverse("disclosure:prepare", args=[self.pk])

    def case(self) -> Project:
        return self.project

    def shown_sections(self) -> list[Section]:
        """发布出去的各节：不予公开的栏换成理由。"""
        return withhold(self.sections, self.withheld)

    @advances(
        *WITH_OFFICER,
        to=STAYS,
        permission="disclosure.prepare_notice",
        title="处理公告稿",
    )
    def prepare(self, *, preparer: User, **values: Any) -> None:
        """登记媒体、网址、公告日期，选定不予公开的栏；内容按所据文件重取。"""
        self.preparer = preparer
        for name, value in values.items():
            setattr(self, name, value)

    @advances(
        *WITH_OFFICER,
        to=DraftStatus.UNDER_REVIEW,
        permission="disclosure.prepare_notice",
        rules=["YB-16-place-stated", "YB-9.2-published-not-early", "YB-16-numbers-masked"],
        title="送审查",
    )
    def send(self, *, preparer: User, on: date) -> None:
        self.preparer, self.sent_on, self.return_reason = preparer, on, ""

    @advances(
        DraftStatus.UNDER_REVIEW,
        to=DraftStatus.PUBLISHED,
        permission="disclosure.review_notice",
        rules=["YB-16-second-reviewer", "YB-16-numbers-masked"],
        title="审查通过并发布",
    )
    def approve(self, *, reviewer: User, on: date) -> None:
        """公告随即冻结，公开义务随即履行。"""
        self.reviewer, self.reviewed_on = reviewer, on

    @advances(
        DraftStatus.UNDER_REVIEW,
        to=DraftStatus.RETURNED,
        permission="disclosure.review_notice",
        title="退回拟稿",
    )
    def send_back(self, *, reviewer: User, on: date, reason: str) -> None:
        self.reviewer, self.reviewed_on, self.return_reason = reviewer, on, reason

    @advances(
        DraftStatus.PUBLISHED,
        to=STAYS,
        permission="disclosure.prepare_notice",
        rules=["YB-16-correction-differs"],
        title="拟更正公告",
    )
    def correct(self, **_values: Any) -> None:
        """已发布的公告不再改动；有误的另发更正公告，也要审查。"""

    @advances(
        *WITH_OFFICER,
        to=DraftStatus.DISCARDED,
        permission="disclosure.prepare_notice",
        rules=["YB-16-duty-stands"],
        title="作废公告稿",
    )
    def discard(self) -> None:
        """拟错的更正稿作废；应当公开的不得作废。"""
