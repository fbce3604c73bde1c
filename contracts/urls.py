"""/contracts/：合同、履约、验收、付款、补助。"""

from django.urls import path

from contracts.views import (
    acceptance,
    cases,
    closing,
    drafting,
    filing,
    ledgers,
    payments,
    signing,
    subsidy,
    supervision,
    supplements,
)

app_name = "contracts"
urlpatterns = [
    path("", ledgers.contracts, name="contracts"),
    path("payments/", ledgers.payments, name="payments"),
    path("carry-over/", ledgers.carry_overs, name="carry_overs"),
    path("year-end/", closing.year_end, name="year_end"),
    path("year-end/close/", closing.close, name="close_year"),
    path("year-end/open/", closing.open_next, name="open_year"),
    path("rectifications/", ledgers.rectifications, name="rectifications"),
    path("projects/<int:pk>/", cases.case, name="case"),
    path("projects/<int:pk>/delivery/", cases.delivery, name="delivery"),
    path("awards/<int:pk>/draft/", drafting.draft, name="draft"),
    path("<int:pk>/", cases.contract, name="contract"),
    path("<int:pk>/edit/", drafting.revise, name="edit"),
    path("<int:pk>/sign/", signing.conclude, name="conclude"),
    path("<int:pk>/file/", filing.submit_filing, name="submit_filing"),
    path("<int:pk>/inspect/", supervision.inspect, name="inspect"),
    path("<int:pk>/mending/", supervision.order_mending, name="order_mending"),
    path("<int:pk>/incident/", supervision.record_incident, name="record_incident"),
    path("<int:pk>/acceptance/", acceptance.prepare, name="prepare_acceptance"),
    path("<int:pk>/request/", payments.request_payment, name="request_payment"),
    path("<int:pk>/supplement/", supplements.draft, name="draft_supplement"),
    path("<int:pk>/carry-over/", supplements.carry_over, name="carry_over"),
    path("<int:pk>/terminate/", supplements.terminate, name="terminate"),
    path("signatures/<int:pk>/sign/", signing.sign_step, name="sign_step"),
    path("signatures/<int:pk>/send-back/", signing.send_back_step, name="send_back_step"),
    path("filings/<int:pk>/accept/", filing.accept, name="accept_filing"),
    path("filings/<int:pk>/return/", filing.send_back, name="return_filing"),
    path("supplements/<int:pk>/agree/", supplements.agree, name="agree"),
    path("supplements/<int:pk>/withdraw/", supplements.withdraw, name="withdraw_supplement"),
    path("milestones/<int:pk>/deliver/", supervision.deliver, name="deliver"),
    path("rectifications/<int:pk>/answer/", supervision.answer, name="answer"),
    path("rectifications/<int:pk>/close/", supervision.close, name="close"),
    path("rectifications/<int:pk>/reject/", supervision.reject, name="reject"),
    path("rectifications/<int:pk>/refuse/", supervision.refuse, name="refuse"),
    path("acceptances/<int:pk>/pass/", acceptance.approve, name="pass_acceptance"),
    path("acceptances/<int:pk>/fail/", acceptance.fail, name="fail_acceptance"),
    path("requests/<int:pk>/verify/", payments.verify, name="verify"),
    path("requests/<int:pk>/send-back/", payments.send_back, name="send_back_request"),
    path("requests/<int:pk>/release/", payments.release, name="release"),
    path("requests/<int:pk>/decline/", payments.decline, name="decline"),
]

# 补助
urlpatterns += [
    path("subsidies/<int:pk>/", subsidy.subsidy_case, name="subsidy"),
    path("subsidies/<int:pk>/allot/", subsidy.allot, name="allot_subsidy"),
    path("shares/<int:pk>/release/", subsidy.release, name="release_subsidy"),
    path("shares/<int:pk>/report/", subsidy.report, name="report_spending"),
    path("shares/<int:pk>/return/", subsidy.return_unspent, name="return_unspent"),
    path("shares/<int:pk>/settle/", subsidy.settle, name="settle_share"),
    path("spending/<int:pk>/accept/", subsidy.accept, name="accept_report"),
    path("spending/<int:pk>/send-back/", subsidy.send_back, name="send_back_report"),
]
