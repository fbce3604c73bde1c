"""What this app hangs on the shared pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import PURCHASER_ROLES, REVIEW_ROLES, Role
from core.navigation import (
    TodoItem,
    add_act,
    add_documents,
    add_file_subject,
    add_menu,
    add_tab,
    add_todo,
    add_waiting,
)
from core.transitions import StatefulModel
from procurement.models import (
    Award,
    AwardStatus,
    Bid,
    BidStatus,
    OrganisationForm,
    Provider,
    Qualification,
    Tender,
    TenderStatus,
)
from procurement.selectors import awards_visible_to, tender_name, tenders_visible_to
from procurement.selectors.tenders import CASE
from procurement.selectors.work import (
    DECIDE,
    NOTIFY,
    Dues,
    has_idle_package,
    lacks_intention,
    lacks_preparation,
    live_tenders,
    may_divide,
    open_awards,
    packages_to_tender,
    planned_packages,
    projects_to_prepare,
    tenders_at,
)
from projects.models import PackageStatus, Project

READERS = (*PURCHASER_ROLES, *REVIEW_ROLES, Role.TRADING_CENTRE, Role.AUDITOR)
RUNNERS = (Role.OFFICER, Role.TRADING_CENTRE)
SUBJECT = "projects.project"


def is_own(tender: Tender) -> bool:
    """限额以下自行采购：不公告，直接征集报价。"""
    return tender.mode.form == OrganisationForm.OWN


def is_announced(tender: Tender) -> bool:
    return not is_own(tender)


def awaits_contract(award: Award) -> bool:
    """合同还没有签订。"""
    return bool(award.package.status == PackageStatus.AWARDED)


add_menu("采购", "采购项目", "procurement:tenders", 300, READERS)
add_menu("采购", "承接主体", "procurement:providers", 310, READERS)
add_tab(SUBJECT, "采购", "procurement:case", 30)

add_act("projects.project.divide_packages", "procurement:divide", primary=False, when=may_divide)
add_act("projects.project.record_preparation", "procurement:prepare", when=lacks_preparation)
add_act("projects.project.register_intention", "procurement:intention", when=lacks_intention)
add_act("projects.project.open_tender", "procurement:open_tender", when=has_idle_package)
add_act("procurement.tender.publish", "procurement:publish", when=is_announced)
add_act("procurement.tender.start_own", "procurement:start_own", when=is_own)
for act, url_name in {
    "tender.open": "open_responses",
    "tender.receive_bid": "receive_bid",
    "tender.evaluate": "evaluate",
    "tender.decide": "decide",
    "award.notify": "notify",
    "provider.review_condition": "review_condition",
}.items():
    add_act(f"procurement.{act}", f"procurement:{url_name}")
for act, url_name in {
    "tender.revise": "revise",
    "tender.fail": "fail",
    "tender.abandon": "abandon",
    "bid.invalidate": "invalidate",
    "provider.debar": "debar",
    "provider.close": "close_provider",
}.items():
    add_act(f"procurement.{act}", f"procurement:{url_name}", primary=False)
add_act("projects.package.cancel", "procurement:cancel_package", primary=False)
add_act("procurement.award.refuse", "procurement:refuse_award", primary=False, when=awaits_contract)


# --- 附件与文书 ----------------------------------------------------------------------------------


def visible_qualification(user: User, pk: int) -> Qualification | None:
    """看得见承接主体，才看得见审查它的证据。"""
    rows = Qualification.objects.filter(provider__in=Provider.objects.visible_to(user))
    return rows.filter(pk=pk).first()


add_file_subject("procurement.qualification", visible_qualification)
add_file_subject(
    "procurement.tender", lambda user, pk: tenders_visible_to(user).filter(pk=pk).first()
)
add_file_subject(
    "procurement.award", lambda user, pk: awards_visible_to(user).filter(pk=pk).first()
)


# --- 下一步 --------------------------------------------------------------------------------------


def live_documents(project: Project) -> list[StatefulModel]:
    """案卷中还要办的采购：进行中的各次采购、没有签订合同的成交、可以终止的包。"""
    if project.has_ended:
        return []
    return [*live_tenders(project), *open_awards(project), *planned_packages(project)]


def tender_documents(tender: Tender) -> list[StatefulModel]:
    """一次采购中还要办的：审查中的响应，待公告的、还没有签订合同的成交。"""
    found: list[StatefulModel] = []
    if tender.status == TenderStatus.OPENED:
        found += Bid.objects.filter(tender=tender, status=BidStatus.RECEIVED).select_related(
            "provider", "tender__mode", f"tender__{CASE}", "tender__package__project__agency"
        )
    if tender.status == TenderStatus.DECIDED:
        found += Award.objects.filter(tender=tender).exclude(status=AwardStatus.REFUSED).with_case()
    return found


add_documents(SUBJECT, live_documents)
add_documents("procurement.tender", tender_documents)


# --- 待办 ----------------------------------------------------------------------------------------


def todos(user: User, acting: RoleAssignment, on: date) -> Iterable[TodoItem]:
    """本岗位要办的采购事项。"""
    if acting.role == Role.OFFICER:
        yield from _to_prepare(acting)
        yield from _to_start(acting)
    if acting.role in RUNNERS:
        yield from _to_run(user, acting, on)
    if acting.role == Role.DIVISION_LEADER:
        yield from _to_decide(user, acting)


def _to_prepare(acting: RoleAssignment) -> Iterator[TodoItem]:
    for project in projects_to_prepare(acting):
        url = reverse("procurement:prepare", args=[project.pk])
        since = project.replied_on or acting.since
        yield TodoItem("登记采购准备", str(project), url, since, kind="采购")


def _to_start(acting: RoleAssignment) -> Iterator[TodoItem]:
    for package in packages_to_tender(acting):
        url = reverse(
            "procurement:open_tender", args=[package.project_id], query={"package": package.pk}
        )
        since = package.failed_on or package.replied_on or acting.since
        again = "再次启动采购" if package.failed_on else "启动采购"
        yield TodoItem(again, f"{package.project}：{package}", url, since, kind="采购")


def _to_run(user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    """组织采购的一方要办的下一步；委托出去的不在经办人手上。"""
    dues = Dues()
    for tender in tenders_at(user, acting):
        step = _step(tender, on)
        if step is None or not _is_mine(tender, acting):
            continue
        title, since = step
        url, name, due = tender.get_absolute_url(), tender_name(tender), None
        if tender.status == TenderStatus.DECIDED:
            due = dues.after(tender.jurisdiction(), since, NOTIFY)
        yield TodoItem(title, name, url, since, due=due, kind="采购")


def _step(tender: Tender, on: date) -> tuple[str, date] | None:
    """组织采购的一方现在该办什么、自何日起；在等待的为 None。"""
    if tender.status == TenderStatus.PREPARING:
        title = "开始自行采购" if is_own(tender) else "发布采购文件"
        return title, tender.opened_for_on
    if tender.status == TenderStatus.PUBLISHED:
        due = tender.response_deadline
        return ("截止日已到，开启响应文件", due) if due is not None and due <= on else None
    if tender.status == TenderStatus.OPENED:
        return "登记响应，提交评审报告", tender.opened_on or tender.opened_for_on
    if tender.status == TenderStatus.DECIDED:
        decided_on: date = tender.decided_on  # type: ignore[attr-defined]
        return "发出成交通知书并公告结果", decided_on
    return None


def _is_mine(tender: Tender, acting: RoleAssignment) -> bool:
    desk = tender.assignee()
    return desk is not None and desk.pk == acting.organisation_id


def _to_decide(user: User, acting: RoleAssignment) -> Iterator[TodoItem]:
    dues = Dues()
    for tender in tenders_at(user, acting).filter(status=TenderStatus.EVALUATED):
        title, since = _deciding(tender)
        due = None if tender.refused_on else dues.after(tender.jurisdiction(), since, DECIDE)
        url = tender.get_absolute_url()
        act = "procurement.decide_award"
        yield TodoItem(title, tender_name(tender), url, since, due=due, kind="采购", act=act)


def _deciding(tender: Tender) -> tuple[str, date]:
    """待确定成交：自评审报告送达之日起；成交供应商拒绝签订的，自拒绝之日起另行确定。"""
    refused_on: date | None = tender.refused_on  # type: ignore[attr-defined]
    if refused_on is not None:
        return "成交供应商拒绝签订，另行确定成交", refused_on
    return "确定成交", tender.reported_on or tender.opened_for_on


# --- 等待 ----------------------------------------------------------------------------------------


def waiting(user: User, acting: RoleAssignment, on: date) -> Iterable[TodoItem]:
    """经办人和交易中心在等谁。"""
    if acting.role not in RUNNERS:
        return
    for tender in tenders_at(user, acting):
        wait = _wait(tender, acting, on)
        if wait is None:
            continue
        title, since, waits_for = wait
        url = tender.get_absolute_url()
        yield TodoItem(title, tender_name(tender), url, since, kind="采购", waits_for=waits_for)


def _wait(tender: Tender, acting: RoleAssignment, on: date) -> tuple[str, date, str] | None:
    """等什么、自何日起、等谁；轮到自己的为 None。"""
    if tender.status == TenderStatus.EVALUATED:
        leader = f"{tender.owner().short_name}分管领导"
        return *_deciding(tender), leader
    step = _step(tender, on)
    if step is None and tender.published_on is not None:
        due = tender.response_deadline
        until = f"供应商（截止 {due.isoformat()}）" if due else "供应商"
        return "响应采购文件", tender.published_on, until
    if step is not None and not _is_mine(tender, acting):
        return step[0], step[1], _desk(tender)
    return None


def _desk(tender: Tender) -> str:
    desk = tender.assignee()
    return desk.short_name if desk else "未指定的集中采购机构"


add_todo(todos)
add_waiting(waiting)
