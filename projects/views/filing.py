"""填报与修改：先声明五项排除，再填表；要么全部保存，要么一样不存。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.attachments import UploadRefused
from core.calendar.clock import today
from core.drafts.keeping import draft_of, drop_draft
from core.regulations import YUBEI
from core.transitions import ActError, shown_digest
from core.views.acts import (
    SignedInRequest,
    act_arguments,
    actor_arguments,
    new_key,
    request_key,
    status_of,
)
from projects.declarations import EXCLUSIONS
from projects.facts import papers_of
from projects.forms import ExclusionForm, FilingBundle, sections, typed_values
from projects.models import AnnualPlan, Project, Stage
from projects.services import collected_for, file_project, revise_project
from projects.views.drafts import draft_name
from projects.views.guiding import (
    splitting_warnings,
    template_choices,
    wants_collection,
    wants_template,
    with_collection,
    with_template,
)
from projects.views.rights import may_file, require
from projects.views.typed import bundle_for, filing_of, initial_of
from projects.views.weight import situation_of

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
_SALT = "projects.declared"
Values = dict[str, Any]


@never_cache
@form_or_act
def declare(request: SignedInRequest, pk: int) -> HttpResponse:
    """第一步：五项排除。有一项“是”即止，什么也不留下。"""
    plan = _plan(request, pk)
    form = ExclusionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (yes := form.answered_yes()):
        return _stopped(request, plan, yes, is_classified=form.is_classified())
    if form.is_bound and form.is_valid():
        query = {"declared": signing.dumps([plan.pk, request.user.pk], salt=_SALT)}
        return redirect(reverse("projects:new", args=[plan.pk], query=query))
    context = {"plan": plan, "form": form, "article": YUBEI.article(7), "crumbs": _crumbs(plan)}
    context["draft"] = draft_of(request.user, draft_name("filing", plan.pk))
    status = 422 if form.is_bound else 200
    return render(request, "projects/filing_declare.html", context, status=status)


def _stopped(
    request: SignedInRequest, plan: AnnualPlan, yes: list[str], *, is_classified: bool
) -> HttpResponse:
    """停止页不回显所填：涉密的连哪一项也不说。"""
    context = {
        "plan": plan,
        "article": YUBEI.article(7),
        "is_classified": is_classified,
        "named": [] if is_classified else [EXCLUSIONS[key] for key in yes],
        "crumbs": _crumbs(plan),
    }
    return render(request, "projects/filing_stopped.html", context, status=422)


@form_or_act
def file_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """第二步：填表。成功则送内部签批，草稿随之删除。"""
    plan = _plan(request, pk)
    declared = request.POST.get("declared") or request.GET.get("declared", "")
    if not _is_declared(declared, plan, request):
        messages.warning(request, "请先逐项回答五项排除，再填写申报内容。")
        return redirect("projects:declare", plan.pk)
    page = _filing_page(plan, declared)
    if request.method != "POST":
        return _opened(request, plan, page, initial={})
    if (filled := _filled_in(request, page)) is not None:
        return filled
    bundle = bundle_for(plan.purchaser, request.POST, request.FILES, collected=page["collected"])
    if not bundle.is_valid():
        return _form_page(request, page, bundle, status=422)
    try:
        filing = filing_of(bundle, dict.fromkeys(EXCLUSIONS, False))
        project = file_project(plan, filing, **actor_arguments(request), key=_key(request))
    except (ActError, UploadRefused) as error:
        return _form_page(request, page, bundle, error=error)
    return _filed(request, project, page, f"已填报，项目编号 {project.number}，已送内部签批。")


@form_or_act
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    """修改申报：原签批作废，另起一轮。"""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    require(may_file(request, AnnualPlan(purchaser=project.purchaser, year=project.year)))
    page = _revision_page(request, project)
    if request.method != "POST":
        if project.stage != Stage.FILING:
            messages.warning(request, f"当前阶段是“{project.state_label}”，申报内容不能修改。")
            return redirect(project)
        return _opened(request, project, page, initial=initial_of(project))
    if (filled := _filled_in(request, page)) is not None:
        return filled
    bundle = bundle_for(project.purchaser, request.POST, request.FILES, collected=page["collected"])
    if not bundle.is_valid():
        return _form_page(request, page, bundle, status=422)
    try:
        filing = filing_of(bundle, project.exclusions)
        revise_project(project, filing, **act_arguments(request))
    except (ActError, UploadRefused) as error:
        return _form_page(request, page, bundle, error=error)
    return _filed(request, project, page, "申报内容已修改，原签批作废，已另起一轮签批。")


def _filled_in(request: SignedInRequest, page: Values) -> HttpResponse | None:
    """按的是“选用模板”“取用收集结果”的：填好的表单，什么也没有保存；是提交的为空。"""
    if wants_template(request):
        return _form_page(request, page, with_template(page["purchaser"], request.POST))
    if wants_collection(request):
        bundle = with_collection(page["purchaser"], request.POST, page["collected"])
        return _form_page(request, page, bundle)
    return None


def _filing_page(plan: AnnualPlan, declared: str) -> Values:
    return {
        "heading": "填报新项目",
        "lead": str(plan),
        "back": reverse("projects:plan", args=[plan.pk]),
        "crumbs": [*_crumbs(plan)[:-1], {"title": "填报新项目"}],
        "declared": declared,
        "purchaser": plan.purchaser,
        "collected": collected_for(plan.purchaser, plan.year),
        "draft_form": draft_name("filing", plan.pk),
        "submit_label": "填报并送内部签批",
    }


def _revision_page(request: SignedInRequest, project: Project) -> Values:
    """所见的版次随表单带着：出错重填时仍是打开时的那一版。"""
    seen = request.POST if request.method == "POST" else {}
    return {
        "heading": "修改申报",
        "lead": f"{project.number}　{project.name}",
        "back": project.get_absolute_url(),
        "crumbs": [
            {"title": project.name, "url": project.get_absolute_url()},
            {"title": "修改申报"},
        ],
        "purchaser": project.purchaser,
        "collected": collected_for(project.purchaser, project.year),
        "held": papers_of(project),
        "version": seen.get("version", project.version),
        "shown": seen.get("shown", shown_digest(project)),
        "draft_form": draft_name("revision", project.pk),
        "submit_label": "保存修改并重新送签",
    }


def _opened(
    request: SignedInRequest, owner: AnnualPlan | Project, page: Values, *, initial: Values
) -> HttpResponse:
    """打开表单：有草稿的接着填，否则从 `initial` 开始。草稿所见的版次随草稿走。"""
    draft = draft_of(request.user, page["draft_form"])
    start = typed_values(draft.content) if draft else initial
    seen = {name: start[name] for name in ("version", "shown") if draft and name in start}
    page = page | {"draft": draft} | seen
    return _form_page(request, page, bundle_for(owner.purchaser, None, initial=start))


def _form_page(
    request: SignedInRequest,
    page: Values,
    bundle: FilingBundle,
    *,
    error: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    situation, weight = situation_of(page["purchaser"], bundle)
    context = page | {
        "sections": list(sections(bundle, situation, page.get("held"))),
        "weight": weight,
        "weight_article": YUBEI.article(4, 3),
        "templates": template_choices(today()),
        "unit": bundle.unit,
        "errors": list(bundle.errors()) if bundle.form.is_bound else [],
        "error": "" if error is None else str(error),
        "key": new_key(),
    }
    code = status_of(error) if error else status
    return render(request, "projects/filing_form.html", context, status=code)


def _filed(request: SignedInRequest, project: Project, page: Values, said: str) -> HttpResponse:
    """草稿随之删除，回到项目页；有化整为零提示的，随即说明。"""
    drop_draft(request.user, page["draft_form"])
    messages.success(request, said)
    for warned in splitting_warnings(request, project):
        messages.warning(request, warned)
    return redirect(project)


def _key(request: SignedInRequest) -> str | None:
    return request_key(request)


def _is_declared(token: str, plan: AnnualPlan, request: SignedInRequest) -> bool:
    """五项都答了“否”的凭据，只对这份计划和这个人有效。"""
    try:
        said = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return False
    return bool(said == [plan.pk, request.user.pk])


def _plan(request: SignedInRequest, pk: int) -> AnnualPlan:
    plans = AnnualPlan.objects.visible_to(request.user)
    plan = get_object_or_404(plans.select_related("purchaser__organisation__jurisdiction"), pk=pk)
    require(may_file(request, plan))
    return plan


def _crumbs(plan: AnnualPlan) -> list[dict[str, str]]:
    return [
        {"title": "年度计划", "url": reverse("projects:plans")},
        {"title": str(plan), "url": reverse("projects:plan", args=[plan.pk])},
        {"title": "填报前声明"},
    ]
