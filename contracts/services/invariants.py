"""合同一侧的台账核对：合同份额和支付、补助的拨付，等于资金分配的承诺和已付。"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet

from accounts.models import Jurisdiction
from budgeting.services import Difference, LedgerCheckPart, add_ledger_check, differs
from budgeting.services.invariants import allocations_of, entries_page, named, total_of
from contracts.models import (
    Contract,
    ContractSlice,
    ContractStatus,
    Payment,
    ShareStatus,
    SubsidyRelease,
    SubsidyReturn,
    SubsidyShare,
    Supplement,
    SupplementStatus,
)
from projects.models import Project, ProjectKind

District = Jurisdiction | None
FEN = F("amount_fen")
UNPAID = FEN - F("paid_fen") - F("carried_fen") - F("released_fen")
NEVER_SIGNED = (ContractStatus.DRAFT, ContractStatus.WITHDRAWN)


def slices_of(district: District) -> QuerySet[Any]:
    """一个辖区的合同年度份额；不指明辖区的为全部。"""
    rows = ContractSlice.objects.all()
    return rows.filter(allocation__ceiling__fund__jurisdiction=district) if district else rows


def shares_of(district: District) -> QuerySet[Any]:
    """一个辖区的补助分配。"""
    rows = SubsidyShare.objects.all()
    path = "project__purchaser__organisation__jurisdiction"
    return rows.filter(**{path: district}) if district else rows


def slice_differences(district: District) -> Iterator[Difference]:
    """每条分配的承诺等于各合同未付的份额，已付等于各合同已付的份额。"""
    own = ContractSlice.objects.filter(allocation=OuterRef("pk"))
    rows = (
        allocations_of(district)
        .exclude(project__kind=ProjectKind.SUBSIDY)
        .annotate(
            slices_unpaid_fen=total_of(own, "allocation", UNPAID),
            slices_paid_fen=total_of(own, "allocation", F("paid_fen")),
        )
        .filter(~Q(committed_fen=F("slices_unpaid_fen")) | ~Q(paid_fen=F("slices_paid_fen")))
    )
    for line in rows:
        for bucket, title, due_fen, due in (
            ("committed_fen", "承诺", line.slices_unpaid_fen, "各合同未付份额之和"),
            ("paid_fen", "已付", line.slices_paid_fen, "各合同已付份额之和"),
        ):
            if (has_fen := getattr(line, bucket)) != due_fen:
                yield differs(
                    f"slices.{bucket}",
                    line,
                    f"{named(line)}的{title}",
                    has_fen=has_fen,
                    due_fen=due_fen,
                    due=due,
                    url=entries_page(line, bucket),
                )


def contract_differences(district: District) -> Iterator[Difference]:
    """每份合同的份额合计等于合同金额加补充合同，已付份额等于支付记录之和。"""
    own = {"contract": OuterRef("pk")}
    slices = ContractSlice.objects.filter(**own)
    agreed = Supplement.objects.filter(status=SupplementStatus.AGREED, **own)
    rows: QuerySet[Any] = Contract.objects.exclude(status__in=NEVER_SIGNED).order_by("pk")
    if district:
        path = "package__project__purchaser__organisation__jurisdiction"
        rows = rows.filter(**{path: district})
    rows = rows.annotate(
        sliced_fen=total_of(slices, "contract", FEN - F("carried_fen")),
        sliced_paid_fen=total_of(slices, "contract", F("paid_fen")),
        added_fen=total_of(agreed, "contract", FEN),
        payments_fen=total_of(Payment.objects.filter(**own), "contract", FEN),
    ).filter(~Q(sliced_fen=FEN + F("added_fen")) | ~Q(sliced_paid_fen=F("payments_fen")))
    for row in rows:
        due_fen = row.amount_fen + row.added_fen
        for code, what, has_fen, wanted_fen, due in (
            ("contract.amount", "年度份额合计", row.sliced_fen, due_fen, "合同金额加补充合同"),
            ("contract.paid", "已付份额", row.sliced_paid_fen, row.payments_fen, "支付记录之和"),
        ):
            if has_fen != wanted_fen:
                yield differs(
                    code,
                    row,
                    f"合同 {row.number} 的{what}",
                    has_fen=has_fen,
                    due_fen=wanted_fen,
                    due=due,
                    url=row.get_absolute_url(),
                )


def subsidy_differences(district: District) -> Iterator[Difference]:
    """每个补助项目：承诺等于未结清各份没有拨的，已付等于已拨减退回。"""
    lines = allocations_of(None).filter(project=OuterRef("pk"))
    allotted = SubsidyShare.objects.filter(project=OuterRef("pk"), status=ShareStatus.ALLOTTED)
    released = SubsidyRelease.objects.filter(share__project=OuterRef("pk"))
    open_ones = released.filter(share__status=ShareStatus.ALLOTTED)
    returned = SubsidyReturn.objects.filter(share__project=OuterRef("pk"))
    rows = Project.objects.filter(kind=ProjectKind.SUBSIDY).order_by("pk")
    if district:
        rows = rows.filter(purchaser__organisation__jurisdiction=district)
    rows = rows.annotate(
        committed_fen=total_of(lines, "project", F("committed_fen")),
        paid_fen=total_of(lines, "project", F("paid_fen")),
        left_fen=total_of(allotted, "project", FEN) - total_of(open_ones, "share__project", FEN),
        released_fen=total_of(released, "share__project", FEN)
        - total_of(returned, "share__project", FEN),
    ).filter(~Q(committed_fen=F("left_fen")) | ~Q(paid_fen=F("released_fen")))
    for row in rows:
        yield from _of_subsidy(row, vars(row))


def _of_subsidy(row: Project, sums: dict[str, int]) -> Iterator[Difference]:
    for code, what, has_fen, due_fen, due in (
        (
            "subsidy.committed",
            "承诺",
            sums["committed_fen"],
            sums["left_fen"],
            "未结清各份没有拨的",
        ),
        ("subsidy.paid", "已付", sums["paid_fen"], sums["released_fen"], "已拨减退回"),
    ):
        if has_fen != due_fen:
            yield differs(
                code,
                row,
                f"补助“{row}”的{what}",
                has_fen=has_fen,
                due_fen=due_fen,
                due=due,
                url=row.get_absolute_url(),
            )


add_ledger_check(
    LedgerCheckPart(
        "合同年度份额",
        slices_of,
        lambda d: [*slice_differences(d), *contract_differences(d)],
    )
)
add_ledger_check(LedgerCheckPart("补助分配", shares_of, subsidy_differences))
