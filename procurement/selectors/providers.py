"""承接主体的名录和页面：六项条件以最近一次审查为准，按日判断有没有过期。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Jurisdiction, User
from core.attachments import Attachment
from core.history.reading import events_of
from core.history.values import reference
from procurement.models import Condition, Debarment, Provider, ProviderStatus, Qualification
from procurement.selectors.badges import Badge, badge_of

LONG = "长期"


def providers_visible_to(user: User, *, on: date) -> QuerySet[Any]:
    """名录；附 `met_count`（这一天具备的条件数）和 `barred_until`（取消资格至）。"""
    return _on_day(Provider.objects.visible_to(user), on).select_related(
        "registrar", "jurisdiction_of"
    )


def providers_offered(jurisdiction: Jurisdiction, *, on: date) -> QuerySet[Any]:
    """可以登记响应的：本辖区在册的；在取消资格期内的也列出，由规则拒绝。"""
    rows = Provider.objects.filter(jurisdiction_of=jurisdiction, status=ProviderStatus.REGISTERED)
    return _on_day(rows, on)


def _on_day(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    barred = Debarment.objects.filter(provider=OuterRef("pk"), since__lte=on, until__gte=on)
    found: QuerySet[Any] = rows.annotate(
        met_count=Coalesce(Subquery(_met(on).values("n"), output_field=IntegerField()), 0),
        barred_until=Subquery(barred.order_by("-until").values("until")[:1]),
    )
    return found


def _met(on: date) -> QuerySet[Any]:
    """各承接主体这一天具备几项：最近一次审查为具备，且在有效期内。"""
    later = Q(reviewed_on__gt=OuterRef("reviewed_on")) | Q(
        reviewed_on=OuterRef("reviewed_on"), pk__gt=OuterRef("pk")
    )
    newer = Qualification.objects.filter(
        later, provider=OuterRef("provider"), condition=OuterRef("condition")
    )
    standing = Qualification.objects.filter(
        ~Exists(newer),
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        provider=OuterRef("pk"),
        is_met=True,
        valid_from__lte=on,
    )
    return standing.order_by().values("provider").annotate(n=Count("pk"))


def provider_list(user: User, wanted: dict[str, Any], *, on: date) -> QuerySet[Any]:
    """名录，按筛选条件。"""
    rows = providers_visible_to(user, on=on)
    if name := wanted.get("name"):
        rows = rows.filter(Q(name__icontains=name) | Q(credit_code__icontains=name))
    if wanted.get("kind"):
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("debarred"):
        rows = rows.filter(barred_until__isnull=False)
    return rows


# --- 一个承接主体 --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ConditionRow:
    """一项条件：最近一次审查；没有审查过的 `review` 为 None。"""

    number: int
    label: str
    badge: Badge
    review: Qualification | None
    validity: str
    files: tuple[Attachment, ...]


def provider_page(provider: Provider, *, on: date) -> dict[str, Any]:
    """登记事项、六项条件、取消资格、历史。"""
    debarments = [
        (row, _debarment_badge(row, on)) for row in provider.debarments.order_by("-since", "-pk")
    ]
    return {
        "provider": provider,
        "badge": badge_of(provider),
        "facts": _facts(provider),
        "conditions": _conditions(provider, on),
        "debarments": debarments,
        "events": events_of(provider.stream()),
    }


def _facts(provider: Provider) -> list[tuple[str, Any]]:
    until: date | None = provider.barred_until  # type: ignore[attr-defined]
    met: int = provider.met_count  # type: ignore[attr-defined]
    return [
        ("类别", provider.get_kind_display()),
        ("统一社会信用代码", provider.credit_code),
        ("代码校验说明", provider.code_note or None),
        ("登记机关", provider.registered_with),
        ("地址", provider.address or None),
        ("登记单位", provider.registrar),
        ("登记日", provider.registered_on.isoformat()),
        ("具备条件", f"{met}/{len(Condition)} 项"),
        ("取消资格至", until.isoformat() if until else None),
    ]


def _conditions(provider: Provider, on: date) -> list[ConditionRow]:
    rows = provider.qualifications.select_related("reviewed_by").order_by("reviewed_on", "pk")
    latest = {row.condition: row for row in rows}
    files: dict[str, list[Attachment]] = {}
    for file in Attachment.objects.filter(subject__in=[reference(r) for r in latest.values()]):
        files.setdefault(file.subject, []).append(file)
    return [
        _condition_row(number, str(label), latest.get(number), files, on)
        for number, label in Condition.choices
    ]


def _condition_row(
    number: int,
    label: str,
    review: Qualification | None,
    files: dict[str, list[Attachment]],
    on: date,
) -> ConditionRow:
    if review is None:
        return ConditionRow(number, label, {"label": "未审查", "tone": "act"}, None, "", ())
    until = review.valid_until.isoformat() if review.valid_until else LONG
    return ConditionRow(
        number=number,
        label=label,
        badge=_condition_badge(review, on),
        review=review,
        validity=f"{review.valid_from.isoformat()} 至 {until}",
        files=tuple(files.get(reference(review), ())),
    )


def _condition_badge(review: Qualification, on: date) -> Badge:
    if not review.is_met:
        return {"label": "不具备", "tone": "bad"}
    if not review.covers(on):
        return {"label": "不在有效期内", "tone": "late"}
    return {"label": "具备", "tone": "ok"}


def _debarment_badge(row: Debarment, on: date) -> Badge:
    if on > row.until:
        return {"label": "已期满", "tone": "neutral"}
    return {"label": "取消资格中" if row.since <= on else "尚未开始", "tone": "bad"}
