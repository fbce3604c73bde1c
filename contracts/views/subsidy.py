"""补助：案卷中的一页，以及编列、拨付、报告、核对、退回、结清的办理页。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may
from contracts.facts.subsidy import sums_of
from contracts.forms import subsidy as forms
from contracts.models import SpendingReport, SubsidyShare
from contracts.selectors import subsidy as selectors
from contracts.services import subsidy as services
from core.calendar.clock import today
from core.money import format_yuan
from core.navigation import act_url
from core.transitions import StatefulModel, moves_of
from core.views.acts import ActPage, SignedInRequest, act_page
from projects.models import Project, ProjectKind
from projects.views.frame import case_context

form_or_act = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def subsidy_case(request: SignedInRequest, pk: int) -> HttpResponse:
    """实施 tab of a subsidy."""
    rows = Project.objects.visible_to(request.user).with_owner().filter(kind=ProjectKind.SUBSIDY)
    project = get_object_or_404(rows, pk=pk)
    page = selectors.subsidy_page(project)
    page["rows"] = [(r, _links(request, project, r.share, r.moves)) for r in page["rows"]]
    page["reports"] = [(r, _links(request, project, r.report, r.moves)) for r in page["reports"]]
    context = case_context(request, project, "contracts:delivery")
    return render(request, "contracts/subsidy_case.html", context | page)


def _links(
    request: SignedInRequest,
    project: Project,
    row: SubsidyShare | SpendingReport,
    names: tuple[str, ...],
) -> list[dict[str, str]]:
    """The acts of one row that this desk may do: `[{title, url, about}]`."""
    act: dict[str, Any] = {"on": project, "acting_as": request.acting, "day": today()}
    return [
        {"title": move.title, "url": _url(row, move.name), "about": str(row)}
        for move in moves_of(type(row))
        if move.name in names and may(request.user, move.permission, **act)
    ]


def _url(row: StatefulModel, move: str) -> str:
    return act_url(f"{row._meta.label_lower}.{move}", row.pk)


@form_or_act
def allot(request: SignedInRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    page = ActPage(
        back=_back(project),
        about=f"{project.number} {project.name}",
        facts=(
            ("购买主体", project.purchaser),
            ("批复金额（元）", _yuan(project.approved_fen)),
        ),
        note="每个便民服务中心一行，金额单位为元；合计须等于批复金额，不多不少一分。",
    )
    return act_page(
        request,
        project,
        "allot_subsidy",
        do=services.allot_subsidy,
        page=page,
        form_class=forms.AllotForm,
    )


@form_or_act
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    share = _share(request, pk)
    return act_page(
        request,
        share,
        "release_part",
        do=services.release_part,
        page=_share_page(share),
        form_class=forms.ReleaseForm,
    )


@form_or_act
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    share = _share(request, pk)
    return act_page(
        request,
        share,
        "report",
        do=services.report_spending,
        page=_share_page(share, "按便民服务中心的支出报告逐行登记，由分管领导核对。"),
        form_class=forms.ReportForm,
    )


@form_or_act
def return_unspent(request: SignedInRequest, pk: int) -> HttpResponse:
    share = _share(request, pk)
    return act_page(
        request,
        share,
        "return_unspent",
        do=services.return_unspent,
        page=_share_page(share, "退回的款项退还控制数，不再拨付给该中心。"),
        form_class=forms.ReturnForm,
    )


@form_or_act
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    share = _share(request, pk)
    return act_page(
        request,
        share,
        "settle",
        do=services.settle_share,
        page=_share_page(share, "结清之后，不能再拨付、报告和退回。"),
        form_class=forms.SettleForm,
    )


@form_or_act
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _report(request, pk)
    return act_page(request, found, "accept", do=services.accept_report, page=_report_page(found))


@form_or_act
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _report(request, pk)
    return act_page(
        request,
        found,
        "send_back",
        do=services.send_back_report,
        page=_report_page(found, "退回之后所报不再计入支出；改正后由经办人另行登记一份。"),
        form_class=forms.SendBackForm,
    )


def _share(request: SignedInRequest, pk: int) -> SubsidyShare:
    found: SubsidyShare = get_object_or_404(selectors.shares_visible_to(request.user), pk=pk)
    return found


def _report(request: SignedInRequest, pk: int) -> SpendingReport:
    return get_object_or_404(selectors.reports_visible_to(request.user), pk=pk)


def _share_page(share: SubsidyShare, note: str = "") -> ActPage:
    project, sums = share.case(), sums_of(share)
    facts = (
        ("项目", f"{project.number} {project.name}"),
        ("分配（元）", _yuan(sums.amount_fen)),
        ("已拨（元）", _yuan(sums.released_fen)),
        ("已报支出（元）", _yuan(sums.reported_fen)),
        ("其中核对过的（元）", _yuan(sums.accepted_fen)),
        ("已退回（元）", _yuan(sums.returned_fen)),
        ("未拨（元）", _yuan(sums.left_fen)),
    )
    return ActPage(back=_back(project), about=f"{project}：{share}", facts=facts, note=note)


def _report_page(found: SpendingReport, note: str = "") -> ActPage:
    project, lines = found.case(), list(found.lines.all())
    spent = tuple(
        (
            f"{line.position}. {line.item}",
            f"{_yuan(line.amount_fen)} 元　{line.get_expense_kind_display()}　凭证 {line.voucher}",
        )
        for line in lines
    )
    facts = (
        ("项目", f"{project.number} {project.name}"),
        ("所属期间", found.period),
        ("登记", f"{found.reported_by}　{found.reported_on.isoformat()}"),
        *spent,
        ("合计（元）", _yuan(sum(line.amount_fen for line in lines))),
    )
    return ActPage(back=_back(project), about=f"{project}：{found}", facts=facts, note=note)


def _back(project: Project) -> str:
    return reverse("contracts:subsidy", args=[project.pk])


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else format_yuan(fen)
