"""印制审核文书：审核意见、会签单、上会材料、控制数编报对照表；由后台生成 PDF，各自固定。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.models import Organisation, RoleAssignment, User
from budgeting.documents import meeting_context, review_context
from budgeting.models import BudgetReview, MeetingLine, MeetingSheet
from budgeting.selectors.round_paper import KIND as ROUND_SHEET
from budgeting.selectors.round_paper import round_sheet_context
from budgeting.services.limits import CeilingScope
from core.documents.models import Document
from core.documents.services import request_document
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.transitions import answered_with, claim, require_may
from projects.models import Purchaser

ACT = "budgeting.print_papers"
KINDS = {"opinion": "审核意见", "countersign": "会签单"}


def print_review(
    review: BudgetReview,
    *,
    kind: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> Document:
    """印制一轮会审的审核意见（`opinion`）或会签单（`countersign`），按此刻的内容。

    Raises `NotPermitted`, `RequestKeyMismatch`; `KeyError` 没有这种文书。
    """
    with unit_of_work():
        known = claim(key, by=by, act=ACT, content=[review, kind])
        if known is not None:
            return Document.objects.get(pk=referenced_pk(known.result))
        require_may(ACT, on=review, stream=review.stream(), by=by, acting_as=acting_as, day=on)
        made = request_document(
            kind=f"budgeting.review_{kind}",
            subject=review,
            stream=review.stream(),
            title=f"{review.project.name}{KINDS[kind]}（第 {review.round_number} 轮）",
            number="",
            context=review_context(review, on=on),
            by=by,
            acting_as=acting_as,
            on=on,
        )
        answered_with(key, made)
        return made


def print_rounds(
    purchaser: Purchaser,
    *,
    year: int,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> Document:
    """印制一个购买主体一个年度的控制数编报对照表，按此刻的内容。

    Raises `NotPermitted`, `RequestKeyMismatch`.
    """
    scope = CeilingScope(purchaser)
    with unit_of_work():
        known = claim(key, by=by, act=ACT, content=[purchaser, year])
        if known is not None:
            return Document.objects.get(pk=referenced_pk(known.result))
        require_may(ACT, on=scope, stream=scope.stream(), by=by, acting_as=acting_as, day=on)
        made = request_document(
            kind=ROUND_SHEET,
            subject=purchaser,
            stream=scope.stream(),
            title=f"{purchaser} {year} 年控制数编报对照表",
            number="",
            context=round_sheet_context(purchaser, year, by, on=on),
            by=by,
            acting_as=acting_as,
            on=on,
        )
        answered_with(key, made)
        return made


def prepare_meeting(
    body: Organisation,
    *,
    meeting: str,
    meets_on: date,
    reviews: Sequence[BudgetReview],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> MeetingSheet:
    """印制上会材料：列入已形成审核意见的各项目，和此刻的建议金额（分）。

    Raises `NotPermitted`, `RequestKeyMismatch`.
    """
    with unit_of_work():
        content = [body, meeting, meets_on, list(reviews)]
        known = claim(key, by=by, act=ACT, content=content)
        if known is not None:
            return MeetingSheet.objects.get(pk=referenced_pk(known.result))
        sheet = MeetingSheet(
            body=body, meeting=meeting, meets_on=meets_on, prepared_on=on, prepared_by=by
        )
        stream = f"accounts.organisation:{body.pk}"
        require_may(ACT, on=sheet, stream=stream, by=by, acting_as=acting_as, day=on)
        with change(
            title="印制上会材料", act="budgeting.prepare_meeting", by=by, acting_as=acting_as, on=on
        ) as changes:
            changes.create(sheet)
            for review in reviews:
                changes.create(
                    MeetingLine(
                        sheet=sheet,
                        project=review.project,
                        round_number=review.round_number,
                        proposed_fen=review.proposed_fen or review.project.requested_fen,
                    )
                )
        _request_sheet(sheet, by=by, acting_as=acting_as, on=on)
        answered_with(key, sheet)
        return sheet


def _request_sheet(
    sheet: MeetingSheet, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    request_document(
        kind="budgeting.meeting",
        subject=sheet,
        stream=sheet.stream(),
        title=str(sheet),
        number="",
        context=meeting_context(sheet),
        by=by,
        acting_as=acting_as,
        on=on,
    )
