"""评估：综合评估、各方意见、第三方链接、指标得分、年度自评。"""

from performance.models.evaluation import (
    Evaluation,
    EvaluationIndicator,
    EvaluationOpinion,
    EvaluationStatus,
    Party,
)
from performance.models.link import LIVE_LINKS, EvaluationLink, LinkStatus
from performance.models.results import ASPECTS, Band, IndicatorResult
from performance.models.self_evaluation import (
    SelfEvaluation,
    SelfEvaluationIndicator,
    SelfEvaluationStatus,
)

__all__ = [
    "ASPECTS",
    "LIVE_LINKS",
    "Band",
    "Evaluation",
    "EvaluationIndicator",
    "EvaluationLink",
    "EvaluationOpinion",
    "EvaluationStatus",
    "IndicatorResult",
    "LinkStatus",
    "Party",
    "SelfEvaluation",
    "SelfEvaluationIndicator",
    "SelfEvaluationStatus",
]
