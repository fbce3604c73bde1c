"""预算对申报的响应：提交即开启会审，撤回即结束会审；台账核对由后台办。"""

from __future__ import annotations

from accounts.roles import Role
from accounts.services import system_actor
from budgeting.facts import current_review
from budgeting.models import LedgerCheck, ReviewStatus
from budgeting.services import close_request, close_review, open_review, run_check
from core.events import OutboxEvent, on
from core.history.values import referenced_pk
from core.inbox import notify
from projects.models import Project, Stage


def project_of(event: OutboxEvent) -> Project:
    return Project.objects.with_owner().get(pk=referenced_pk(event.subject))


@on("projects.project.submit")
def start_review(event: OutboxEvent) -> None:
    """项目提交后开启本轮会审。"""
    project = project_of(event)
    if project.stage == Stage.BUDGET:
        user, role = system_actor()
        open_review(project, by=user, acting_as=role, on=event.effective_on)


@on("projects.project.withdraw")
def end_review(event: OutboxEvent) -> None:
    """项目撤回后结束会审和追加申请。"""
    project = project_of(event)
    user, role = system_actor()
    note = "项目已撤回"
    close_request(project, by=user, acting_as=role, on=event.effective_on, note=note)
    review = current_review(project)
    if review is not None and review.status in (ReviewStatus.OPEN, ReviewStatus.CONCLUDED):
        close_review(review, by=user, acting_as=role, on=event.effective_on, note=note)


@on("projects.project.return_for_correction")
def tell_of_return(event: OutboxEvent) -> None:
    _tell_officer(event, "项目已退回修改，请逐条答复")


@on("projects.project.approve_budget", "projects.project.approve_subsidy")
def tell_of_approval(event: OutboxEvent) -> None:
    _tell_officer(event, "项目预算已批复")


@on("projects.project.reject")
def tell_of_rejection(event: OutboxEvent) -> None:
    _tell_officer(event, "项目不予批准")


def _tell_officer(event: OutboxEvent, sentence: str) -> None:
    project = project_of(event)
    notify(
        key=f"{event.name}:{event.seq}",
        organisation=project.owner(),
        role=Role.OFFICER,
        title=f"{sentence}：{project}",
        url=project.get_absolute_url(),
        on=event.effective_on,
    )


@on("budgeting.ledgercheck.requested")
def check_ledger(event: OutboxEvent) -> None:
    """核对一次台账；做过的不再做。"""
    run_check(LedgerCheck.objects.get(pk=referenced_pk(event.subject)), on=event.effective_on)
