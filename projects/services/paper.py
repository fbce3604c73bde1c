"""纸质签署：经办人登记扫描件，签署人本人日后确认或者否认。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.attachments import attach, checked_upload
from core.attachments.upload import Uploaded
from core.history import change, unit_of_work
from core.transitions import Outcome, perform
from projects.models import InternalSignature


def register_paper(
    signature: InternalSignature,
    *,
    signer: User,
    signed_on: date,
    file: Uploaded,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    comment: str = "",
    **shown: Any,
) -> Outcome:
    """登记一步纸质签署，附扫描件；算已签，待本人确认（docs/decisions/0029）。

    Raises as `perform`, and `UploadRefused`.
    """
    upload = checked_upload(file)
    data = {
        "signer": signer,
        "signed_on": signed_on,
        "registered_by": by,
        "on": on,
        "comment": comment,
    }
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(signature, "register_paper", note=comment, data=data, **acts, **shown)
        if not outcome.is_repeat:
            with change(
                title="纸质签署的扫描件",
                act="projects.register_paper",
                stream=signature.stream(),
                **acts,
            ) as changes:
                attach(changes, upload, to=signature, purpose="纸质签署件", by=by, on=on)
        return outcome


def confirm_paper(
    signature: InternalSignature,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """本人确认：与亲自签批无异。Raises as `perform`."""
    return perform(
        signature, "confirm_paper", by=by, acting_as=acting_as, on=on, data={"on": on}, **shown
    )


def deny_paper(
    signature: InternalSignature,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """本人否认：这一步重新待签；会审没有它不能形成审核意见。Raises as `perform`."""
    return perform(signature, "deny_paper", by=by, acting_as=acting_as, on=on, note=note, **shown)
