"""预算的动作；每个动作一次事务、一条历史。"""

from budgeting.models import available, unreserved
from budgeting.services.adjustment import (
    approve_adjustment,
    draft_adjustment,
    return_adjustment,
    withdraw_adjustment,
)
from budgeting.services.adjustment_checks import adjustment_differences
from budgeting.services.checks import request_check, request_nightly, run_check
from budgeting.services.closing import Opened, close_ceiling, open_ceiling, words_of
from budgeting.services.decision import (
    DecisionInput,
    approval_of,
    discard_draft,
    issue_reply,
    prepare_decision,
    prepare_reply,
    record_decision,
    reject_project,
)
from budgeting.services.fund_release import AlreadyCorrected, correct_release, record_release
from budgeting.services.invariants import (
    Difference,
    LedgerCheckPart,
    add_ledger_check,
    differs,
    ledger_differences,
)
from budgeting.services.ledger import set_ceiling
from budgeting.services.limits import CeilingExceeded, FundsShort, NotReleased
from budgeting.services.off_budget import (
    choose_route,
    close_request,
    raise_route,
    record_funding,
)
from budgeting.services.opinion import (
    accept_obligation,
    agree,
    agree_on_condition,
    answer_opinion,
    oppose,
    send_back_obligation,
    submit_evidence,
)
from budgeting.services.papers import KINDS as PAPERS
from budgeting.services.papers import prepare_meeting, print_review, print_rounds
from budgeting.services.postings import (
    Posting,
    Share,
    carry_over,
    commit,
    commit_more,
    decommit,
    lock_lines,
    lower_approved,
    pay,
    raise_approved,
    refund,
    release,
    transfer,
    unreserved_of,
)
from budgeting.services.programme import (
    AlreadyConcluded,
    propose_conclusion,
    set_programme_budget,
    set_up_programme,
    sign_by_bureau,
    sign_by_office,
    withdraw_conclusion,
)
from budgeting.services.review import (
    answer_objection,
    close_review,
    conclude_review,
    open_review,
    return_project,
)
from budgeting.services.round_checks import release_differences
from budgeting.services.rounds import issue_round, report_round

__all__ = [
    "PAPERS",
    "AlreadyConcluded",
    "AlreadyCorrected",
    "CeilingExceeded",
    "DecisionInput",
    "Difference",
    "FundsShort",
    "LedgerCheckPart",
    "NotReleased",
    "Opened",
    "Posting",
    "Share",
    "accept_obligation",
    "add_ledger_check",
    "adjustment_differences",
    "agree",
    "agree_on_condition",
    "answer_objection",
    "answer_opinion",
    "approval_of",
    "approve_adjustment",
    "available",
    "carry_over",
    "choose_route",
    "close_ceiling",
    "close_request",
    "close_review",
    "commit",
    "commit_more",
    "conclude_review",
    "correct_release",
    "decommit",
    "differs",
    "discard_draft",
    "draft_adjustment",
    "issue_reply",
    "issue_round",
    "ledger_differences",
    "lock_lines",
    "lower_approved",
    "open_ceiling",
    "open_review",
    "oppose",
    "pay",
    "prepare_decision",
    "prepare_meeting",
    "prepare_reply",
    "print_review",
    "print_rounds",
    "propose_conclusion",
    "raise_approved",
    "raise_route",
    "record_decision",
    "record_funding",
    "record_release",
    "refund",
    "reject_project",
    "release",
    "release_differences",
    "report_round",
    "request_check",
    "request_nightly",
    "return_adjustment",
    "return_project",
    "run_check",
    "send_back_obligation",
    "set_ceiling",
    "set_programme_budget",
    "set_up_programme",
    "sign_by_bureau",
    "sign_by_office",
    "submit_evidence",
    "transfer",
    "unreserved",
    "unreserved_of",
    "withdraw_adjustment",
    "withdraw_conclusion",
    "words_of",
]
