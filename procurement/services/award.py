"""评审与成交的动作：评审报告、确定成交、通知并公告。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.services import system_actor
from core.attachments import attach
from core.history import Changes, change, unit_of_work
from core.transitions import Outcome, perform
from procurement.facts.bids import price_score
from procurement.models import Award, Bid, BidStatus, EvaluationReport, Tender
from projects.models import Project
from projects.services import follow_packages, move_package


def submit_report(
    tender: Tender,
    *,
    evaluated_on: date,
    reported_on: date,
    experts: Sequence[str],
    representatives: Sequence[str],
    opinion: str,
    scores: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """提交评审报告：价格得分由公式算出，总分定名次。Raises as `perform`.

    `scores` 为 `[{"bid": 响应主键, "technical_score": 技术商务得分}, …]`；全看价格的为空。
    """
    data = {
        "evaluated_on": evaluated_on,
        "reported_on": reported_on,
        "experts": list(experts),
        "representatives": list(representatives),
        "opinion": opinion,
        "scores": list(scores),
    }
    with unit_of_work():
        outcome = perform(
            tender, "evaluate", by=by, acting_as=acting_as, on=on, note=opinion, data=data, **shown
        )
        if outcome.is_repeat:
            return outcome
        with change(
            title="评审得分与名次",
            act="procurement.write_report",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=tender.stream(),
        ) as changes:
            technical = {row["bid"]: row["technical_score"] for row in scores}
            base = _rank(changes, Tender.objects.get(pk=tender.pk), technical)
            del data["scores"]
            changes.create(EvaluationReport(tender=tender, base_price_fen=base, **data))
        return outcome


def _rank(changes: Changes, tender: Tender, technical: dict[int, Decimal | None]) -> int:
    """写入各有效响应的得分和名次，返回评审基准价（分）。同分的，报价低的在前。"""
    bids = list(Bid.objects.filter(tender=tender, status=BidStatus.RECEIVED))
    base = min(bid.price_fen for bid in bids)
    scored = []
    for bid in bids:
        price = price_score(base, bid.price_fen, tender.price_weight)
        own = technical.get(bid.pk) or Decimal(0)
        scored.append((-(price + own), bid.price_fen, bid.pk, bid, price, own))
    for rank, (_, _, _, bid, price, own) in enumerate(sorted(scored, key=lambda s: s[:3]), 1):
        changes.update(
            bid, price_score=price, technical_score=own, total_score=price + own, rank=rank
        )
    return base


def decide_award(
    tender: Tender,
    *,
    bid: Bid,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    reason: str = "",
    **shown: Any,
) -> Award:
    """确定承接主体和成交金额。Raises as `perform`."""
    data = {"on": on, "bid": bid, "reason": reason}
    with unit_of_work():
        outcome = perform(
            tender, "decide", by=by, acting_as=acting_as, on=on, note=reason, data=data, **shown
        )
        if outcome.is_repeat:
            return Award.objects.get(bid=bid)
        with change(
            title="成交的内容",
            act="procurement.write_award",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=tender.stream(),
        ) as changes:
            winner = Bid.objects.select_related("provider").get(pk=bid.pk)
            return changes.create(
                Award(
                    tender=tender,
                    package=tender.package,
                    bid=winner,
                    provider=winner.provider,
                    amount_fen=winner.price_fen,
                    reason=reason,
                    decided_on=on,
                )
            )


def notify_award(
    award: Award,
    *,
    number: str,
    medium: str,
    address: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """发出成交通知书并公告结果；采购包成交，项目随之推进。Raises as `perform`."""
    data = {"on": on, "number": number, "medium": medium, "address": address}
    with unit_of_work():
        # The case first, as cancelling does: two packages of one project never cross.
        Project.objects.select_for_update(no_key=True).get(pk=award.package.project_id)
        outcome = perform(award, "notify", by=by, acting_as=acting_as, on=on, data=data, **shown)
        if not outcome.is_repeat:
            move_package(award.package, "award", on=on)
            follow_packages(award.package.project, on=on)
        return outcome


def record_refusal(
    award: Award,
    *,
    refused_on: date,
    reason: str,
    evidence: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    file: tuple[str, str, bytes] | None = None,
    **shown: Any,
) -> Outcome:
    """登记成交供应商拒绝签订合同：采购回到定标，采购包和项目退回采购，预留的资金不动。

    此后或者确定下一候选人，或者宣布失败重新采购；拟订中的合同由合同环节撤回。Raises as `perform`.
    """
    data = {"refused_on": refused_on, "reason": reason, "evidence": evidence}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        # The case first: signing a draft contract of this award waits, or is waited for.
        project = Project.objects.select_for_update(no_key=True).get(pk=award.package.project_id)
        outcome = perform(award, "refuse", note=reason, data=data, **acts, **shown)
        if outcome.is_repeat:
            return outcome
        if file is not None:
            with change(
                title="拒绝签订的证据",
                act="procurement.attach_refusal",
                stream=award.stream(),
                **acts,
            ) as changes:
                attach(changes, file, to=award, purpose="拒绝签订的证据", by=by, on=on)
        user, role = system_actor()
        perform(award.tender, "resume", by=user, acting_as=role, on=on, note=reason)
        move_package(award.package, "reopen", on=on, note=reason)
        follow_packages(project, on=on)
        return outcome
