"""采购过程的动作：启动、发布、开启、登记响应、失败、终止。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.services import Posting, lock_lines, release
from core.history import change, unit_of_work
from core.history.values import row_values
from core.transitions import Outcome, perform, shows
from procurement.facts.preparation import trading_centre
from procurement.models import Bid, Mode, OrganisationForm, Provider, Tender
from projects.models import Package, Project
from projects.services import follow_packages, move_package


def open_tender(
    project: Project,
    *,
    package: Package,
    mode: Mode,
    number: str,
    ceiling_price_fen: int,
    price_weight: Decimal,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    mode_approval: str = "",
    **shown: Any,
) -> Tender:
    """为一个采购包启动采购，拟制文件；失败之后再启动即为下一次。Raises as `perform`.

    集中采购的，交由本辖区的集中采购机构组织。
    """
    data = {
        "package": package,
        "mode": mode,
        "number": number,
        "ceiling_price_fen": ceiling_price_fen,
        "price_weight": price_weight,
        "mode_approval": mode_approval,
    }
    with unit_of_work():
        outcome = perform(
            project, "open_tender", by=by, acting_as=acting_as, on=on, data=data, **shown
        )
        if outcome.is_repeat:
            return Tender.objects.filter(package=package).latest("attempt")
        with change(
            title="拟制采购文件",
            act="procurement.write_tender",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=project.stream(),
        ) as changes:
            row = Project.objects.get(pk=project.pk)
            if mode.form == OrganisationForm.CENTRALISED:
                changes.update(row, agency=trading_centre(row))
            attempts = Tender.objects.filter(package=package).count()
            return changes.create(Tender(attempt=attempts + 1, opened_for_on=on, **data))


def revise_tender(
    tender: Tender,
    *,
    number: str,
    ceiling_price_fen: int,
    price_weight: Decimal,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    mode_approval: str = "",
    **shown: Any,
) -> Outcome:
    """发布之前修改采购安排。Raises as `perform`."""
    data = {
        "number": number,
        "ceiling_price_fen": ceiling_price_fen,
        "price_weight": price_weight,
        "mode_approval": mode_approval,
    }
    return perform(tender, "revise", by=by, acting_as=acting_as, on=on, data=data, **shown)


def abandon_tender(
    tender: Tender,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """作废没有发布过的采购文件，理由入历史。"""
    return perform(
        tender, "abandon", by=by, acting_as=acting_as, on=on, note=note, data={"on": on}, **shown
    )


def publish_tender(
    tender: Tender,
    *,
    offered_from: date,
    offered_until: date,
    response_deadline: date,
    medium: str,
    address: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """发布采购文件和公告；发布日就是办理日。Raises as `perform`."""
    data = {
        "on": on,
        "offered_from": offered_from,
        "offered_until": offered_until,
        "response_deadline": response_deadline,
        "medium": medium,
        "address": address,
    }
    return _move(tender, "publish", "start", by=by, acting_as=acting_as, on=on, data=data, **shown)


def start_own_purchase(
    tender: Tender, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """限额以下自行采购：直接征集报价。Raises as `perform`."""
    data = {"on": on}
    return _move(
        tender, "start_own", "start", by=by, acting_as=acting_as, on=on, data=data, **shown
    )


def open_responses(
    tender: Tender, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """截止之后开启响应文件。Raises as `perform`."""
    return perform(tender, "open", by=by, acting_as=acting_as, on=on, data={"on": on}, **shown)


def receive_bid(
    tender: Tender,
    *,
    provider: Provider,
    price_fen: int,
    promises_no_subcontracting: bool,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    received_on: date | None = None,
    key: str | None = None,
    **shown: Any,
) -> Bid:
    """登记一家的响应和报价（分）。Raises as `perform`."""
    data = {
        "provider": provider,
        "price_fen": price_fen,
        "promises_no_subcontracting": promises_no_subcontracting,
        "received_on": received_on or on,
    }
    with unit_of_work():
        outcome = perform(
            tender, "receive_bid", by=by, acting_as=acting_as, on=on, data=data, key=key, **shown
        )
        if outcome.is_repeat:
            return Bid.objects.get(tender=tender, provider=provider)
        with change(
            title="响应的内容",
            act="procurement.write_bid",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=tender.stream(),
        ) as changes:
            return changes.create(Bid(tender=tender, **data))


def invalidate_bid(
    bid: Bid,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """资格或符合性审查不通过，判为无效，写明理由。"""
    return perform(
        bid,
        "invalidate",
        by=by,
        acting_as=acting_as,
        on=on,
        note=reason,
        data={"reason": reason},
        **shown,
    )


def fail_tender(
    tender: Tender,
    *,
    ground: str,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """宣布采购失败：采购包退回待采购，可再次启动；预留的资金仍在，至终止采购时释放。"""
    data = {"on": on, "ground": ground, "reason": reason}
    return _move(
        tender,
        "fail",
        "fail",
        by=by,
        acting_as=acting_as,
        on=on,
        note=reason,
        data=data,
        **shown,
    )


def cancel_package(
    package: Package,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """终止一个采购包的采购：释放它的预留，项目随其余的包推进或者终止。Raises as `perform`."""
    with unit_of_work():
        project = _case_locked(package.project)
        outcome = perform(package, "cancel", by=by, acting_as=acting_as, on=on, note=note, **shown)
        if not outcome.is_repeat:
            release(project, package.budget_fen, Posting(package, by, acting_as, on))
            follow_packages(project, on=on)
        return outcome


def _move(
    tender: Tender,
    name: str,
    package_move: str,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    data: dict[str, Any],
    note: str = "",
    **shown: Any,
) -> Outcome:
    """采购变动，采购包随之变动。"""
    with unit_of_work():
        outcome = perform(
            tender, name, by=by, acting_as=acting_as, on=on, note=note, data=data, **shown
        )
        if not outcome.is_repeat:
            move_package(tender.package, package_move, on=on, note=note)
        return outcome


def _case_locked(project: Project) -> Project:
    """先锁控制数和分配，再锁项目：与各处的次序一致。"""
    lock_lines(project)
    return Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def tender_content(tender: Tender) -> dict[str, Any]:
    """采购页上显示的内容：响应和得分；据以判断办理时内容有没有变。"""
    return {"bids": [row_values(b) for b in Bid.objects.filter(tender=tender).order_by("pk")]}


shows("procurement.tender", tender_content)
