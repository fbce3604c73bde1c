"""台账的不变量：哪些数必须相等、必须不为负；每一条是一句查询，各自所见是同一时刻。

后面的阶段把自己的一条挂进来（`add_ledger_check`）：合同的份额和支付，须等于分配的承诺和已付。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Jurisdiction
from budgeting.models import BUCKETS, TAKEN, Allocation, Ceiling, EntryKind, LedgerEntry
from core.history.values import reference
from core.history.verify import EXTRA_CHECKS
from core.money import format_yuan

District = Jurisdiction | None


@dataclass(frozen=True)
class Difference:
    """一处不符：违反哪一条、是哪一行、怎么说、差多少（分）、到哪里看。"""

    code: str
    subject: str
    sentence: str
    gap_fen: int
    url: str

    @property
    def identity(self) -> str:
        """同一处不符只通知一次：同一条、同一行、差同样多。"""
        return f"{self.code}:{self.subject}:{self.gap_fen}"


@dataclass(frozen=True)
class LedgerCheckPart:
    """核对的一部分：核对什么行、有多少行、不符之处。"""

    title: str
    rows: Callable[[District], QuerySet[Any]]
    differences: Callable[[District], Iterable[Difference]]


PARTS: list[LedgerCheckPart] = []
CHECKS: list[Callable[[District], Iterable[Difference]]] = []


def add_ledger_check(part: LedgerCheckPart) -> None:
    """挂上一部分核对；导入方向是一条，后面的阶段自己来挂。"""
    PARTS.append(part)


def add_budget_check(check: Callable[[District], Iterable[Difference]]) -> None:
    """挂上预算一侧的一条：`ledger_differences` 和 `manage.py verify` 都问它。"""
    CHECKS.append(check)


def differs(
    code: str, row: Model, what: str, *, has_fen: int, due_fen: int, due: str, url: str
) -> Difference:
    """一处不符，写明两个数和差额（元）。"""
    gap = has_fen - due_fen
    sentence = (
        f"{what}为 {format_yuan(has_fen)} 元，{due}为 {format_yuan(due_fen)} 元，"
        f"相差 {format_yuan(abs(gap))} 元。"
    )
    return Difference(code, reference(row), sentence, gap, url)


def ledger_differences(district: District = None) -> list[str]:
    """预算一侧台账的不符之处（`manage.py verify` 也核对）；没有的为空。"""
    return [found.sentence for check in CHECKS for found in check(district)]


EXTRA_CHECKS.append(ledger_differences)


def allocations_of(district: District) -> QuerySet[Any]:
    """一个辖区的各条分配，连同项目和控制数；不指明辖区的为全部。"""
    rows = Allocation.objects.select_related("project", "ceiling__fund").order_by("pk")
    return rows.filter(ceiling__fund__jurisdiction=district) if district else rows


def _ceilings_of(district: District) -> QuerySet[Any]:
    rows = Ceiling.objects.select_related("purchaser__organisation", "fund").order_by("pk")
    return rows.filter(fund__jurisdiction=district) if district else rows


def entries_of(district: District) -> QuerySet[Any]:
    rows = LedgerEntry.objects.all()
    return rows.filter(allocation__ceiling__fund__jurisdiction=district) if district else rows


def total_of(rows: QuerySet[Any], by: str, amount: Combinable) -> Coalesce:
    """子查询：按 `by`（行数可为多）归并的合计（分），没有的为零。"""
    summed = rows.order_by().values(by).annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(summed, BigIntegerField()), 0)


def named(line: Allocation) -> str:
    return f"“{line.project}”{line.ceiling.year} 年{line.ceiling.fund}"


def entries_page(line: Allocation, bucket: str) -> str:
    """这一条分配、这一个数的分录。"""
    figure = bucket.removesuffix("_fen")
    return f"{reverse('budgeting:ledger_entries')}?figure={figure}&line={line.pk}"


def _title(bucket: str) -> str:
    field: Any = Allocation._meta.get_field(bucket)
    return str(field.verbose_name).removesuffix("（分）")


# --- 不变量 --------------------------------------------------------------------------------------


def bucket_differences(district: District) -> Iterator[Difference]:
    """每个桶等于它的分录之和。"""
    due = {
        f"due_{bucket}": Coalesce(
            Sum(
                Case(
                    When(entries__kind__in=added, then=F("entries__amount_fen")),
                    When(entries__kind__in=taken, then=-F("entries__amount_fen")),
                    default=0,
                    output_field=BigIntegerField(),
                )
            ),
            0,
        )
        for bucket, (added, taken) in BUCKETS.items()
    }
    wrong = Q(pk__in=[])
    for bucket in BUCKETS:
        wrong |= ~Q(**{bucket: F(f"due_{bucket}")})
    for line in allocations_of(district).annotate(**due).filter(wrong):
        for bucket in BUCKETS:
            has_fen, due_fen = getattr(line, bucket), getattr(line, f"due_{bucket}")
            if has_fen != due_fen:
                yield differs(
                    f"bucket.{bucket}",
                    line,
                    f"{named(line)}的{_title(bucket)}",
                    has_fen=has_fen,
                    due_fen=due_fen,
                    due="台账分录之和",
                    url=entries_page(line, bucket),
                )


def limit_differences(district: District) -> Iterator[Difference]:
    """各桶不为负，互不重叠：合计不超过批复。"""
    taken = sum((F(bucket) for bucket in TAKEN[1:]), F(TAKEN[0]))
    wrong = Q(approved_fen__lt=F("taken_fen"))
    for bucket in TAKEN:
        wrong |= Q(**{f"{bucket}__lt": 0})
    for line in allocations_of(district).annotate(taken_fen=taken).filter(wrong):
        for bucket in TAKEN:
            if getattr(line, bucket) < 0:
                yield differs(
                    f"negative.{bucket}",
                    line,
                    f"{named(line)}的{_title(bucket)}",
                    has_fen=getattr(line, bucket),
                    due_fen=0,
                    due="下限",
                    url=entries_page(line, bucket),
                )
        if line.taken_fen > line.approved_fen:
            yield differs(
                "beyond_approved",
                line,
                f"{named(line)}已动用的合计",
                has_fen=line.taken_fen,
                due_fen=line.approved_fen,
                due="批复",
                url=entries_page(line, "approved_fen"),
            )


def ceiling_differences(district: District) -> Iterator[Difference]:
    """控制数：已分配等于各分配之和、不超过控制数；结转等于分录之和；没有下达的只有结转。"""
    held = Allocation.objects.filter(ceiling=OuterRef("pk"))
    carried = LedgerEntry.objects.filter(
        allocation__ceiling=OuterRef("pk"), kind=EntryKind.CARRY_IN
    )
    rows = _ceilings_of(district).annotate(
        held_fen=total_of(held, "ceiling", F("approved_fen") - F("released_fen")),
        carried_fen=total_of(carried, "allocation__ceiling", F("amount_fen")),
    )
    wrong = (
        ~Q(allocated_fen=F("held_fen"))
        | ~Q(carried_in_fen=F("carried_fen"))
        | Q(allocated_fen__gt=F("amount_fen"))
        | Q(carried_in_fen__gt=F("amount_fen"))
        | Q(set_on__isnull=True, amount_fen__gt=F("carried_in_fen"))
    )
    for row in rows.filter(wrong):
        yield from _of_ceiling(row, row.held_fen, row.carried_fen)


def _of_ceiling(row: Ceiling, held_fen: int, entered_fen: int) -> Iterator[Difference]:
    url = reverse("budgeting:ledger_ceiling", args=[row.pk])
    amount, allocated = row.amount_fen, row.allocated_fen
    carried, granted = row.carried_in_fen, row.granted_fen
    is_unset = row.set_on is None and granted > 0
    asked = (
        ("allocated", "已分配数", allocated, held_fen, "各分配之和", allocated != held_fen),
        ("carried", "上年结转", carried, entered_fen, "台账分录之和", carried != entered_fen),
        ("exceeded", "已分配数", allocated, amount, "控制数", allocated > amount),
        ("granted", "财政下达数", granted, 0, "下限", granted < 0),
        ("unset", "没有下达日期的财政下达数", granted, 0, "应有数", is_unset),
    )
    for code, what, has_fen, due_fen, due, is_wrong in asked:
        if is_wrong:
            yield differs(
                f"ceiling.{code}",
                row,
                f"{row}的{what}",
                has_fen=has_fen,
                due_fen=due_fen,
                due=due,
                url=url,
            )


def carry_differences(district: District) -> Iterator[Difference]:
    """结转两头相抵：一年结转出去的，等于同一项目、同一资金下一年结转进来的。"""
    lines, entries = allocations_of(district), LedgerEntry.objects.all()
    kin = {
        "allocation__project": OuterRef("project"),
        "allocation__ceiling__purchaser": OuterRef("ceiling__purchaser"),
        "allocation__ceiling__fund": OuterRef("ceiling__fund"),
    }
    fen = F("amount_fen")
    own = entries.filter(allocation=OuterRef("pk"))
    after = entries.filter(allocation__ceiling__year=OuterRef("ceiling__year") + 1, **kin)
    rows = lines.annotate(
        out_fen=total_of(own.filter(kind=EntryKind.CARRY_OUT), "allocation", fen),
        in_fen=total_of(after.filter(kind=EntryKind.CARRY_IN), "allocation__project", fen),
    ).filter(~Q(out_fen=F("in_fen")))
    for line in rows:
        yield _of_carry(line, line.out_fen, line.in_fen)
    before = Allocation.objects.filter(
        project=OuterRef("project"),
        ceiling__purchaser=OuterRef("ceiling__purchaser"),
        ceiling__fund=OuterRef("ceiling__fund"),
        ceiling__year=OuterRef("ceiling__year") - 1,
    )
    orphans = lines.annotate(
        in_fen=total_of(own.filter(kind=EntryKind.CARRY_IN), "allocation", fen)
    ).filter(~Exists(before), in_fen__gt=0)
    for line in orphans:
        yield _of_carry(line, 0, line.in_fen)


def _of_carry(line: Allocation, out_fen: int, in_fen: int) -> Difference:
    return differs(
        "carry",
        line,
        f"{named(line)}结转出去的",
        has_fen=out_fen,
        due_fen=in_fen,
        due="下一年结转进来的",
        url=entries_page(line, "carried_fen" if out_fen else "approved_fen"),
    )


CHECKS += (bucket_differences, limit_differences, ceiling_differences, carry_differences)
add_ledger_check(
    LedgerCheckPart(
        "资金分配",
        allocations_of,
        lambda d: [*bucket_differences(d), *limit_differences(d), *carry_differences(d)],
    )
)
add_ledger_check(LedgerCheckPart("控制数", _ceilings_of, ceiling_differences))
add_ledger_check(LedgerCheckPart("台账分录", entries_of, lambda _: ()))
