"""评估的动作；每个动作一次事务、一条历史。"""

from performance.services.evaluation import (
    conclude_evaluation,
    open_evaluation,
    record_opinion,
    record_survey,
    reopen_evaluation,
    score_indicators,
)
from performance.services.link import (
    accept_answer,
    issue_link,
    refuse_answer,
    revoke_link,
    take_answer,
)
from performance.services.self_evaluation import (
    fill_self_evaluation,
    finish_evaluated_subsidy,
    sign_self_evaluation,
    start_self_evaluation,
)

__all__ = [
    "accept_answer",
    "conclude_evaluation",
    "fill_self_evaluation",
    "finish_evaluated_subsidy",
    "issue_link",
    "open_evaluation",
    "record_opinion",
    "record_survey",
    "refuse_answer",
    "reopen_evaluation",
    "revoke_link",
    "score_indicators",
    "sign_self_evaluation",
    "start_self_evaluation",
    "take_answer",
]
