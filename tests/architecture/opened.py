"""A row of everything an address can open, for the tests of the addresses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from audit.models import Dossier, Verification
from audit.services import export_dossier, request_verification, work_off
from budgeting.models import (
    Allocation,
    BudgetReview,
    Ceiling,
    LedgerEntry,
    Objection,
    Obligation,
    OffBudgetRequest,
)
from budgeting.services import (
    DecisionInput,
    agree,
    agree_on_condition,
    conclude_review,
    draft_adjustment,
    issue_reply,
    prepare_decision,
    prepare_reply,
    record_decision,
    request_check,
    return_project,
)
from contracts.services import draft_supplement, order_mending, prepare_acceptance
from core.attachments import Attachment
from core.documents.models import Document
from core.history.checkpoints import sign_checkpoint
from core.history.models import HistoryEvent
from core.history.values import reference
from core.inbox import InboxItem
from disclosure.models import NoticeDraft, PublishedNotice
from disclosure.public.models import PublishedCheckpoint
from disclosure.public.releases import months
from disclosure.services.reviewing import freeze
from performance.models import Evaluation, EvaluationLink, SelfEvaluation
from performance.services.link import token_digest
from projects.models import InternalSignature, Project, SignatureStatus
from projects.services import file_project, sign, submit_project
from tests import chains, purchase, steps
from tests.budgeting.opened import programmed
from tests.contracts import subsidies
from tests.disclosure.public.making import frozen_catalogue
from tests.projects import catalogues, clouds, intentions
from tests.projects.workbooks import faulty_import, reported
from tests.staging import staged
from tests.world import World, deliver_all

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
REPLIED = date(2025, 11, 10)
TOKEN = "held-by-the-third-party"


def rows_opened(world: World) -> dict[str, Any]:
    """One row for each word of `opens`; all of them belong to 文旅委 or to the finance bureau."""
    filing = file_project(world.plans["文旅委"], world.filing(), **world.zhang.acts())
    project, returned, approved = (submitted(world, n) for n in ("在审", "退回", "批复"))
    review = BudgetReview.objects.get(project=project)
    qian, sun = (review.opinions.get(reviewer__short_name=n) for n in ("发改委", "经信委"))
    agree_on_condition(qian, condition="备案", due_stage="contract", **world.qian.acts())
    return_project(
        BudgetReview.objects.get(project=returned), objections=["说明"], **world.zhao.acts()
    )
    reply = replied(world, approved)
    submitted(world, "未列预算", is_off_budget=True)
    pending = InternalSignature.objects.filter(project=filing, status=SignatureStatus.PENDING)
    deliver_all()
    rows = {
        "filing": filing,
        "project": project,
        "plan": world.plans["文旅委"],
        "plan_import": faulty_import(world),
        "submission": reported(world),
        "signature": pending.earliest("position"),
        "review": review,
        "opinion": sun,
        "objection": Objection.objects.get(),
        "obligation": Obligation.objects.get(),
        "decision": prepare_for(world, project),
        "reply": reply,
        "meeting": steps.meeting_sheet(world, REPLIED),
        "off_budget": OffBudgetRequest.objects.get(),
        "adjustment": adjusting(world, approved),
        "ceiling": Ceiling.objects.filter(purchaser=project.purchaser).earliest("pk"),
        "purchaser": project.purchaser,
        **programmed(world, REPLIED),
        "draft": NoticeDraft.objects.get(),
        "notice": InboxItem.objects.earliest("pk"),
        "attachment": Attachment.objects.earliest("pk"),
        "document": Document.objects.earliest("pk"),
    }
    rows |= catalogues.opened(world) | intentions.opened(world) | clouds.opened(world)
    rows |= bought(world) | subsidies.opened(world) | chains.opened(world, filing)
    rows |= evaluated(rows["evaluation"])
    rows |= checked(world)
    sign_checkpoint()
    notice = PublishedNotice.objects.earliest("pk")
    return {name: row.pk for name, row in rows.items()} | {
        "published_notice": notice.number,
        "published_project": notice.project_number,
        "published_catalogue": frozen_catalogue().number,
        "checkpoint": PublishedCheckpoint.objects.latest("size").size,
        "published_month": months()[0].name,
        "year": notice.published_on.year,
        "calendar_year": REPLIED.year,
        "third_party": TOKEN,
    }


@staged
def bought(world: World) -> dict[str, Any]:
    """The papers of two purchases: one awarded, one under contract."""
    award = purchase.awarded(world)
    contract = purchase.filed(
        world,
        purchase.signed(
            world,
            purchase.drafted(
                world, purchase.awarded(world, purchase.evaluated(world, _second(world)))
            ),
        ),
    )
    acts = world.zhang.acts(purchase.FILED)
    request = purchase.request(world, contract, 1, purchase.FILED)
    item = {"line": contract.lines.get().pk, "quantity": "1", "is_met": True}
    acceptance = prepare_acceptance(
        contract, milestone=None, held_on=purchase.FILED, members="张敏", items=[item], **acts
    )
    announced = NoticeDraft.objects.with_case().get(subject=reference(award))
    freeze(announced, **world.li.acts(purchase.NOTIFIED))
    return {
        "package": award.package,
        "tender": award.tender,
        "bid": award.bid,
        "award": award,
        "provider": award.provider,
        "contract": contract,
        "contract_signature": contract.signatures.earliest("pk"),
        "contract_filing": contract.filings.get(),
        "milestone": contract.milestones.get(),
        "rectification": order_mending(contract, demand="限期整改", workdays=5, **acts),
        "acceptance": acceptance,
        "payment_request": request,
        "supplement": draft_supplement(
            contract, number="补 1", amount_fen=0, reason="地点变更", **acts
        ),
        "evaluation": steps.put(Evaluation(contract=contract, opened_on=purchase.FILED)),
        **audited(world, contract.case()),
    }


def audited(world: World, project: Project) -> dict[str, Any]:
    """What the auditors' room holds: a dossier bound, a verification run, an event of the case."""
    acts = world.wu.acts(REPLIED)
    export_dossier(project, reason="年度审计", **acts)
    request_verification(**acts)
    work_off(on=REPLIED)
    return {
        "event": HistoryEvent.objects.filter(stream=project.stream()).earliest("seq"),
        "dossier": Dossier.objects.get(),
        "verification": Verification.objects.get(),
    }


@staged
def checked(world: World) -> dict[str, Any]:
    """An entry of the ledger and a check of it."""
    check = request_check(world.jurisdiction, **world.zhao.acts(REPLIED))
    deliver_all()
    return {"entry": LedgerEntry.objects.earliest("pk"), "check": check}


def evaluated(row: Evaluation) -> dict[str, Any]:
    """A link to a third party and a self-evaluation, both waiting."""
    link = EvaluationLink(
        evaluation=row,
        organisation="咨询中心",
        token_digest=token_digest(TOKEN),
        issued_on=purchase.FILED,
        expires_on=date(2030, 1, 1),
    )
    draft = SelfEvaluation(
        project=row.case(), year=2026, started_on=purchase.FILED, execution_points=Decimal(10)
    )
    return {"link": steps.put(link), "self_evaluation": steps.put(draft)}


def _second(world: World) -> Any:
    funds = [world.fund(186_000_000, "本级财政管理资金")]
    project = purchase.replied(world, name="第二个项目", funds=funds)
    purchase.prepare(world, project)
    return purchase.opened(world, project)


def adjusting(world: World, project: Project) -> Any:
    """An adjustment drawn up and not yet approved."""
    return draft_adjustment(
        Project.objects.get(pk=project.pk),
        kind="increase",
        allocation=Allocation.objects.get(project=project),
        amount_fen=100,
        number="示财预调〔2025〕1号",
        reason="增加使用单位",
        **world.zhao.acts(REPLIED),
    )


@staged
def submitted(world: World, name: str, **changes: Any) -> Project:
    project = file_project(
        world.plans["文旅委"],
        world.filing(
            name=name,
            estimate=[world.estimate(100_000_00)],
            funds=[world.fund(100_000_00)],
            **changes,
        ),
        **world.zhang.acts(),
    )
    for step, actor in zip(
        project.signatures.order_by("position"), (world.li, world.wang), strict=True
    ):
        sign(step, **actor.acts())
    submit_project(project, **world.zhang.acts())
    deliver_all()
    return project


def prepare_for(world: World, project: Project) -> Any:
    return prepare_decision(
        world.organisations["财政局"],
        meeting="局务会",
        decided_on=REPLIED,
        number="纪要〔2025〕3号",
        lines=[DecisionInput(project, "approve", 100_000_00)],
        file=("纪要.pdf", "application/pdf", PDF),
        **world.zhao.acts(REPLIED),
    )


@staged
def replied(world: World, project: Project) -> Any:
    review = BudgetReview.objects.get(project=project)
    for short, actor in (("财政局", world.zhao), ("发改委", world.qian), ("经信委", world.sun)):
        agree(review.opinions.get(reviewer__short_name=short), **actor.acts())
    conclude_review(review, proposed_fen=100_000_00, summary="同意。", **world.zhao.acts())
    record_decision(prepare_for(world, project), **world.zhao.acts(REPLIED))
    reply = prepare_reply(
        project.purchaser,
        bureau=world.organisations["财政局"],
        year=2026,
        lines=[(project, 100_000_00)],
        **world.zhao.acts(REPLIED),
    )
    issue_reply(reply, **world.zhao.acts(REPLIED))
    return reply
