"""第三方评估链接：不登录，限期，只对一份综合评估；所填经工作人员采纳方才作数。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from performance.models.evaluation import Evaluation
from projects.models import CaseDocument, Project


class LinkStatus(models.TextChoices):
    WAITING = "waiting", "待第三方填报"
    ANSWERED = "answered", "待采纳"
    ACCEPTED = "accepted", "已采纳"
    REFUSED = "refused", "不予采纳"
    REVOKED = "revoked", "已撤销"


LIVE_LINKS = (LinkStatus.WAITING, LinkStatus.ANSWERED)


class EvaluationLinkQuerySet(GuardedQuerySet["EvaluationLink"]):
    def visible_to(self, user: User) -> EvaluationLinkQuerySet:
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user))

    def with_case(self) -> EvaluationLinkQuerySet:
        return self.select_related(
            "evaluation__contract__package__project__purchaser__organisation__jurisdiction",
            "evaluation__contract__award__provider",
        )

    def usable(self, token_digest: str, on: date) -> EvaluationLinkQuerySet:
        """凭链接打得开的：没有用过、没有撤销、没有过期，评估还没有结论。"""
        return self.filter(
            token_digest=token_digest,
            status=LinkStatus.WAITING,
            expires_on__gte=on,
            evaluation__in=Evaluation.objects.under_way(),
        )


@recorded()
class EvaluationLink(CaseDocument):
    """发给第三方专业机构的一个链接；只存令牌的摘要，令牌只在发出时显示一次。"""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, verbose_name="综合评估", related_name="links"
    )
    organisation = models.CharField("第三方专业机构", max_length=120)
    token_digest = models.CharField("令牌摘要", max_length=64, unique=True)
    issued_on = models.DateField("发出日")
    expires_on = models.DateField("有效期至")
    answer = models.JSONField("填报内容", default=dict)
    answered_on = models.DateField("填报日", null=True, blank=True)
    reason = models.TextField("理由", blank=True)
    ended_on = models.DateField("了结日", null=True, blank=True)
    status = StateField(
        "状态", choices=LinkStatus.choices, default=LinkStatus.WAITING, protected=True
    )
    objects = EvaluationLinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "第三方评估链接"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=Q(status__in=["waiting", "answered"]),
                name="one_live_link_an_evaluation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}的评估链接"

    def case(self) -> Project:
        return self.evaluation.case()

    @advances(
        LinkStatus.WAITING,
        to=LinkStatus.ANSWERED,
        permission="performance.answer_link",
        rules=["YB-9.6-link-in-date", "YB-14-four-aspects"],
        title="收到第三方填报",
    )
    def take_answer(self, *, on: date, **values: Any) -> None:
        """第三方凭链接所填；经办人采纳之前不作数。"""
        self.answered_on, self.answer = on, {name: str(value) for name, value in values.items()}

    @advances(
        LinkStatus.ANSWERED,
        to=LinkStatus.ACCEPTED,
        permission="performance.evaluate",
        title="采纳第三方填报",
    )
    def accept(self, *, on: date) -> None:
        """采纳之后登记为第三方专业机构的评估意见。"""
        self.ended_on = on

    @advances(
        LinkStatus.ANSWERED,
        to=LinkStatus.REFUSED,
        permission="performance.evaluate",
        title="不予采纳",
    )
    def refuse(self, *, on: date, reason: str) -> None:
        """写明理由；所填保留，可以另发链接。"""
        self.ended_on, self.reason = on, reason

    @advances(
        LinkStatus.WAITING,
        to=LinkStatus.REVOKED,
        permission="performance.evaluate",
        title="撤销链接",
    )
    def revoke(self, *, on: date, reason: str) -> None:
        """撤销之后打不开，可以另发。"""
        self.ended_on, self.reason = on, reason
