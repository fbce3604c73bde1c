"""评估对实施的响应：全部服务验收合格即开始综合评估；整改销号即重评；补助结清即看自评。"""

from __future__ import annotations

from accounts.services import system_actor
from contracts.models import Contract, Rectification
from core.events import OutboxEvent, on
from core.history.values import referenced_pk
from performance.services import finish_evaluated_subsidy, open_evaluation, reopen_evaluation
from projects.models import Project


@on("projects.package.accept")
def start_evaluation(event: OutboxEvent) -> None:
    """采购包验收之后，为它的合同开始综合评估（第九条第（六）项）。"""
    contract = Contract.objects.standing().get(package=referenced_pk(event.subject))
    user, role = system_actor()
    open_evaluation(contract, by=user, acting_as=role, on=event.effective_on)


@on("contracts.rectification.close")
def evaluate_again(event: OutboxEvent) -> None:
    """评价不合格而责令的整改销号之后，另起一轮综合评估（第十九条）。"""
    order = Rectification.objects.get(pk=referenced_pk(event.subject))
    user, role = system_actor()
    reopen_evaluation(order, by=user, acting_as=role, on=event.effective_on)


@on("projects.project.finish_subsidy")
def finish_what_is_evaluated(event: OutboxEvent) -> None:
    """补助结清之前已经签署各年度自评的，随即完成评估（第十六条）。"""
    project = Project.objects.get(pk=referenced_pk(event.subject))
    finish_evaluated_subsidy(project, on=event.effective_on)
