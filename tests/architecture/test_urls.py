"""Every address says who may open it; what it says is tried, with real people and real rows."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import ACTS, Role
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
from config.docs.moves import all_moves
from contracts.services import draft_supplement, order_mending, prepare_acceptance
from core.attachments import Attachment
from core.documents.models import Document
from core.history.checkpoints import sign_checkpoint
from core.history.models import EventKind, HistoryEvent
from core.history.values import reference
from core.inbox import InboxItem
from core.navigation.registry import registry
from disclosure.models import NoticeDraft, PublishedNotice
from disclosure.public.models import PublishedCheckpoint
from disclosure.public.releases import months
from disclosure.services.reviewing import freeze
from performance.models import Evaluation, EvaluationLink, SelfEvaluation
from performance.services.link import token_digest
from projects.models import InternalSignature, Project, SignatureStatus
from projects.services import file_project, sign, submit_project
from tests import chains, purchase, steps
from tests.architecture.source import PROJECT
from tests.budgeting.opened import programmed
from tests.contracts import subsidies
from tests.projects import catalogues, intentions
from tests.projects.workbooks import faulty_import, reported
from tests.world import World, deliver_all

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
REPLIED = date(2025, 11, 10)
TOKEN = "held-by-the-third-party"


@dataclass(frozen=True)
class Route:
    """One row of routes.toml."""

    path: str
    name: str
    kind: str
    who: str
    relation: str
    permission: str = ""
    role: str = ""
    opens: str = ""
    by: str = ""
    shared: bool = False

    def url(self, opened: dict[str, Any]) -> str:
        path = f"/{self.path}".replace("<str:code>", "YB").replace("<int:number>", "9")
        for place in ("<str:number>", "<str:token>", "<int:size>", "<int:year>"):
            path = path.replace(place, str(opened.get(self.opens)))
        return path.replace("<int:pk>", str(opened[self.opens])) if "<int:pk>" in path else path


FILE = PROJECT / "tests/architecture/routes.toml"
ROUTES = [Route(**row) for row in tomllib.loads(FILE.read_text("utf-8"))["route"]]
AUDITORS_OWN = {"audit.export_dossier", "audit.verify_log", "budgeting.check_ledger"}
KINDS, WHO = {"page", "form", "act", "post"}, {"public", "signed-in", "role"}
INSIDE = [route for route in ROUTES if route.who != "public"]


def patterns(resolver: URLResolver, path: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Path and name of every address the product answers at."""
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here, f"{space}:{entry.name}" if space else entry.name or ""
        else:
            yield from patterns(entry, here, entry.namespace or space)


class TestTheTable:
    def test_has_a_row_for_every_address_and_no_other(self):
        assert [(r.path, r.name) for r in ROUTES] == list(patterns(get_resolver()))

    @pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.path or "/")
    def test_says_what_can_be_tried(self, route):
        assert route.kind in KINDS
        assert route.who in WHO
        assert route.relation
        known = (route.permission in ACTS) + (route.role in Role)
        assert known == (route.who == "role")
        assert ("<" in route.path) == bool(route.opens)
        assert route.who == "public" or route.by

    def test_asks_at_an_acts_address_the_permission_of_its_move(self):
        asked = {r.name: r.permission for r in ROUTES if r.kind == "act"}
        declared = {
            registry.acts[machine.act(move)].url_name: move.permission
            for machine, move in all_moves()
            if machine.act(move) in registry.acts
        }
        assert asked == declared


# --- Trying it ------------------------------------------------------------------------------------


@pytest.fixture
def world(world, monkeypatch) -> World:
    from core.calendar import clock

    monkeypatch.setattr(clock.timezone, "localdate", lambda: REPLIED)
    return world


@pytest.fixture
def opened(world) -> dict[str, Any]:
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
    rows |= catalogues.opened(world) | intentions.opened(world)
    rows |= bought(world) | subsidies.opened(world) | chains.opened(world, filing)
    rows |= evaluated(rows["evaluation"])
    rows |= checked(world)
    sign_checkpoint()
    notice = PublishedNotice.objects.earliest("pk")
    return {name: row.pk for name, row in rows.items()} | {
        "published_notice": notice.number,
        "published_project": notice.project_number,
        "checkpoint": PublishedCheckpoint.objects.latest("size").size,
        "published_month": months()[0].name,
        "year": notice.published_on.year,
        "calendar_year": REPLIED.year,
        "third_party": TOKEN,
    }


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


def client_of(world: World, name: str, **options: Any) -> Client:
    client = Client(**options)
    user = getattr(world, name).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked(client: Client, route: Route, opened: dict[str, Any]) -> HttpResponse:
    """Opened the way it is meant to be: a page got, a bare act posted."""
    url = route.url(opened)
    return client.post(url) if route.kind == "post" else client.get(url)


def fingerprint() -> dict[str, str]:
    """Every row of every table of ours, by a digest per table."""
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in apps.get_models()
        if model._meta.app_label not in ("sessions", "axes")
    }


def report(found: dict[str, Any]) -> str:
    return "\n".join(f"{path or '/'}: {what}" for path, what in found.items())


def test_a_stranger_gets_the_public_pages_and_else_the_way_to_sign_in(opened):
    sign_in, wrong = resolve_url("accounts:sign_in"), {}
    for route in ROUTES:
        response = asked(Client(), route, opened)
        if route.name == "home":
            is_right = response.headers.get("Location") == resolve_url("public:home")
        elif route.who == "public":
            is_right = response.status_code == 200
        else:
            to_sign_in = response.headers.get("Location", "").startswith(sign_in)
            is_right = response.status_code == 302 and to_sign_in
        if not is_right:
            wrong[route.path] = response.status_code
    assert not wrong, report(wrong)


def test_the_one_it_is_for_can_open_it_and_looking_changes_nothing(world, opened):
    before, wrong = fingerprint(), {}
    for route in ROUTES:
        if route.kind == "post":
            continue
        client = client_of(world, route.by) if route.by else Client()
        response = client.get(route.url(opened))
        _drain(response)
        allowed = {200, 404} if route.opens == "document" else {200}
        if route.name in ("projects:new", "home"):
            allowed = {302}  # back to the declaration that comes first; on to the public site
        if response.status_code not in allowed:
            wrong[route.path] = response.status_code
        if fingerprint() != before:
            wrong[route.path] = "a GET changed a row"
            before = fingerprint()
    assert not wrong, report(wrong)


def test_a_neighbour_is_told_there_is_no_such_page(world, opened):
    """Another department's officer: the same 404 for what is not theirs as for what is not."""
    chen, wrong = client_of(world, "chen"), {}
    nobody = dict.fromkeys(opened, 999_999)
    for route in INSIDE:
        if not route.opens or route.shared:
            continue
        theirs = asked(chen, route, opened)
        nobodys = asked(chen, route, nobody)
        allowed = {404, 403} if _asks_the_role_first(route) else {404}
        if theirs.status_code not in allowed or theirs.status_code != nobodys.status_code:
            wrong[route.path] = (theirs.status_code, nobodys.status_code)
        elif _words(theirs, route, opened) != _words(nobodys, route, nobody):
            wrong[route.path] = "the two answers differ"
    assert not wrong, report(wrong)


def test_a_door_that_asks_for_a_role_is_shut_to_others(world, opened):
    """An act's page explains itself to everyone who sees the case; a form's page does not open."""
    wrong = {}
    for route in INSIDE:
        if route.role or (route.permission and route.kind == "form"):
            client = client_of(world, "chen" if route.role else "wu")
            response = client.get(route.url(opened))
            if response.status_code != 403:
                wrong[route.path] = response.status_code
    assert not wrong, report(wrong)


def test_an_auditor_reads_and_does_nothing(world, opened):
    """POST at every address that needs a role: refused, and nothing happened but the refusal."""
    wu, wrong = client_of(world, "wu"), {}
    last = HistoryEvent.objects.latest("seq").seq
    for route in INSIDE:
        if not route.permission or route.permission in AUDITORS_OWN:
            continue
        response = wu.post(route.url(opened))
        if response.status_code < 400:
            wrong[route.path] = response.status_code
    done = HistoryEvent.objects.filter(seq__gt=last).exclude(kind=EventKind.REFUSED)
    assert not wrong, report(wrong)
    assert not done.exists()


def test_what_an_auditor_may_do_writes_the_auditors_own_records_alone(world, opened):
    """Exporting, downloading, verifying: no case gets an event, no row outside `audit` changes."""
    wu = client_of(world, "wu")
    before, last = fingerprint(), HistoryEvent.objects.latest("seq").seq
    for name in ("audit:project", "audit:verify", "audit:download"):
        route = next(r for r in ROUTES if r.name == name)
        response = wu.post(route.url(opened), {"reason": "年度审计"})
        _drain(response)
        assert response.status_code in (200, 302), name
    written = HistoryEvent.objects.filter(seq__gt=last)
    assert written.count() == 3
    assert {e.stream.partition(".")[0] for e in written} == {"audit"}
    changed = {label for label, digest in fingerprint().items() if digest != before[label]}
    assert changed == {
        "audit.Dossier", "audit.DossierDownload", "audit.Verification", "core.HistoryEvent",
    }  # fmt: skip


def test_a_form_from_elsewhere_is_refused(world, opened):
    """POST without the CSRF token, signed in as the one who may."""
    before, wrong = fingerprint(), {}
    for route in ROUTES:
        client = (
            client_of(world, route.by, enforce_csrf_checks=True)
            if route.by
            else Client(enforce_csrf_checks=True)
        )
        response = client.post(route.url(opened))
        if response.status_code != 403:
            wrong[route.path] = response.status_code
    assert not wrong, report(wrong)
    assert fingerprint() == before


def test_a_page_takes_no_form_and_a_bare_act_is_no_page(world, opened):
    wrong = {}
    for route in ROUTES:
        client = client_of(world, route.by) if route.by else Client()
        url = route.url(opened)
        if route.kind in ("page", "post"):
            response = client.post(url) if route.kind == "page" else client.get(url)
            if response.status_code != 405:
                wrong[route.path] = response.status_code
    assert not wrong, report(wrong)


def _asks_the_role_first(route: Route) -> bool:
    """A page whose door asks for the role before it looks for the row."""
    return bool(route.role) or (
        route.kind == "form" and route.permission == "budgeting.set_ceiling"
    )


def _words(response: Any, route: Route, opened: dict[str, Any]) -> str:
    """The answer without what differs anyway: the address asked for and the page's token."""
    text = response.content.decode().replace(route.url(opened), "")
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", text)


def _drain(response: Any) -> None:
    if response.streaming:
        b"".join(response.streaming_content)
