"""合同与实施挂在共用页面上的：菜单、分页、事项、文件。"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from accounts.roles import PURCHASER_ROLES, Role
from contracts.models import Contract, ContractFiling, PaymentRequest
from contracts.selectors import subsidy
from contracts.selectors.live import (
    has_deduction_terms,
    has_something_to_accept,
    is_refused_to_mend,
    live_documents,
    may_be_carried,
    may_be_filed,
    may_be_requested,
    project_documents,
)
from contracts.selectors.sight import papers_visible_to
from contracts.selectors.todos import awaited, to_do
from core.calendar.clock import today
from core.documents.rendering import register_template
from core.navigation import (
    add_act,
    add_documents,
    add_file_subject,
    add_menu,
    add_tab,
    add_todo,
    add_waiting,
)

SUBJECT, CONTRACT = "projects.project", "contracts.contract"
GROUP = "合同与实施"
READERS = (*PURCHASER_ROLES, Role.FINANCE, Role.AUDITOR)

add_menu(GROUP, "合同台账", "contracts:contracts", 400, READERS)
add_menu(GROUP, "支付台账", "contracts:payments", 410, READERS)
add_menu(
    GROUP, "结转清单", "contracts:carry_overs", 420, (Role.OFFICER, Role.FINANCE, Role.AUDITOR)
)
add_menu("预算", "年终结账", "contracts:year_end", 260, (Role.FINANCE, Role.AUDITOR, Role.OFFICER))
add_menu(GROUP, "整改台账", "contracts:rectifications", 430, READERS)
add_tab(SUBJECT, "合同", "contracts:case", 40)
add_tab(SUBJECT, "实施", "contracts:delivery", 50)


# --- 事项 ----------------------------------------------------------------------------------------


def may_carry(contract: Contract) -> bool:
    return may_be_carried(contract, today())


for act, url_name in {
    "contractsignature.sign": "sign_step",
    "contract.conclude": "conclude",
    "contractfiling.accept": "accept_filing",
    "milestone.deliver": "deliver",
    "rectification.answer": "answer",
    "rectification.close": "close",
    "acceptance.approve": "pass_acceptance",
    "paymentrequest.verify": "verify",
    "paymentrequest.release": "release",
    "supplement.agree": "agree",
}.items():
    add_act(f"contracts.{act}", f"contracts:{url_name}")
for act, url_name in {
    "contractsignature.send_back": "send_back_step",
    "contractfiling.send_back": "return_filing",
    "contract.inspect": "inspect",
    "contract.order_mending": "order_mending",
    "rectification.reject": "reject",
    "rectification.refuse": "refuse",
    "acceptance.fail": "fail_acceptance",
    "paymentrequest.send_back": "send_back_request",
    "paymentrequest.decline": "decline",
    "contract.draft_supplement": "draft_supplement",
    "supplement.withdraw": "withdraw_supplement",
}.items():
    add_act(f"contracts.{act}", f"contracts:{url_name}", primary=False)
add_act("contracts.contract.submit_filing", "contracts:submit_filing", when=may_be_filed)
add_act(
    "contracts.contract.prepare_acceptance",
    "contracts:prepare_acceptance",
    when=has_something_to_accept,
)
add_act("contracts.contract.request_payment", "contracts:request_payment", when=may_be_requested)
add_act("contracts.contract.carry_over", "contracts:carry_over", when=may_carry)
add_act(
    "contracts.contract.record_incident",
    "contracts:record_incident",
    primary=False,
    when=has_deduction_terms,
)
add_act(
    "contracts.contract.terminate", "contracts:terminate", primary=False, when=is_refused_to_mend
)


# --- 文件、待办 ----------------------------------------------------------------------------------


def visible_contract(user: User, pk: int) -> Contract | None:
    return Contract.objects.visible_to(user).filter(pk=pk).first()


def visible_paper(model: type[Any]) -> Callable[[User, int], Any]:
    return lambda user, pk: papers_visible_to(user, model).filter(pk=pk).first()


add_documents(SUBJECT, project_documents)
add_documents(CONTRACT, live_documents)
add_file_subject(CONTRACT, visible_contract)
add_file_subject("contracts.contractfiling", visible_paper(ContractFiling))
add_file_subject("contracts.paymentrequest", visible_paper(PaymentRequest))
add_todo(to_do)
add_waiting(awaited)

for kind in ("contract", "filing", "payment"):
    register_template(f"contracts.{kind}", f"contracts/{kind}_document.html")


# --- 补助 ----------------------------------------------------------------------------------------


def is_due(move: str) -> Callable[[Any], bool]:
    return lambda share: move in subsidy.moves_due(share)


for act, url_name in {
    "release_part": "release_subsidy",
    "report": "report_spending",
    "settle": "settle_share",
}.items():
    add_act(f"contracts.subsidyshare.{act}", f"contracts:{url_name}", when=is_due(act))
add_act(
    "contracts.subsidyshare.return_unspent",
    "contracts:return_unspent",
    primary=False,
    when=is_due("return_unspent"),
)
add_act("contracts.spendingreport.accept", "contracts:accept_report")
add_act("contracts.spendingreport.send_back", "contracts:send_back_report", primary=False)
add_act("projects.project.allot_subsidy", "contracts:allot_subsidy", when=subsidy.awaits_allotment)
add_documents(SUBJECT, subsidy.papers_in_hand)
add_todo(subsidy.to_do)
add_waiting(subsidy.awaited)
