"""综合评估规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.models import LIVE, Grade
from core.rules import Context
from performance.models import ASPECTS, Evaluation, EvaluationOpinion, Party


@dataclass(frozen=True)
class EvaluationFacts:
    """一份综合评估：各方意见、本次登记的一方、拟定的等级。"""

    page: str
    is_in_force: bool
    contract_state: str
    given: tuple[str, ...]
    missing: tuple[str, ...]
    party: str
    blank_aspects: tuple[str, ...]
    users_opinion: str
    grade: str
    agreed_grades: tuple[str, ...]
    proposed: tuple[tuple[str, str], ...]
    summary: str


def evaluation_facts(evaluation: Evaluation, context: Context) -> EvaluationFacts:
    data = context.data
    opinions = list(EvaluationOpinion.objects.filter(evaluation=evaluation))
    given = {o.party for o in opinions}
    return EvaluationFacts(
        page=evaluation.case().get_absolute_url(),
        is_in_force=evaluation.contract.status in LIVE,
        contract_state=evaluation.contract.get_status_display(),
        given=tuple(label for value, label in Party.choices if value in given),
        missing=tuple(label for value, label in Party.choices if value not in given),
        party=Party(data["party"]).label if data.get("party") in Party.values else "",
        blank_aspects=tuple(
            label for name, label in ASPECTS.items() if not str(data.get(name) or "").strip()
        ),
        users_opinion=str(data.get("users_opinion") or "").strip(),
        grade=str(data.get("grade") or ""),
        agreed_grades=tuple(evaluation.contract.grade_percents),
        proposed=tuple((o.get_party_display(), Grade(o.grade).label) for o in opinions),
        summary=str(data.get("summary") or "").strip(),
    )
