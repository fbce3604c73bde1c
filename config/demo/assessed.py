"""The demonstration's evaluations: concluded, waiting for a third party, failed and mended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from config.demo.performing import OPINION, Performing
from contracts.services import answer_rectification, carry_over, close_rectification
from core.events import drain
from performance.models import ASPECTS, EvaluationLink, SelfEvaluation
from performance.services import (
    accept_answer,
    fill_self_evaluation,
    issue_link,
    refuse_answer,
    revoke_link,
    sign_self_evaluation,
    start_self_evaluation,
    take_answer,
)
from projects.models import Indicator, Project

SLOW = {"故障响应时间": "2.5"}
BAD = {"系统可用率": "93.2", "故障响应时间": "6", "服务对象满意度": "58"}
CENTRE = "区信息化咨询服务中心"


def finish(b: Performing) -> None:
    """Concluded as good, the third party by link; settled, paid, self-evaluated."""
    b.score(date(2025, 12, 2), SLOW)
    b.say(date(2025, 12, 3), "purchaser", str(b.project.purchaser), 86)
    b.say(date(2025, 12, 3), "functional", "区经济和信息化委员会", 84)
    link = _sent(b, date(2025, 12, 3))
    _answered(link, date(2025, 12, 5), 82)
    accept_answer(_now(link), **b.officer.acts(date(2025, 12, 5)))
    b.ask_users(date(2025, 12, 5), 74)
    b.judge(date(2025, 12, 8), "good")
    b.pay(date(2025, 12, 15), 3, "0.5")
    row = _self_evaluated(b, 2025, date(2026, 1, 12), low_rate="")
    sign_self_evaluation(row, **b.leader.acts(date(2026, 1, 19)))
    drain()


def wait_for_the_third_party(b: Performing) -> None:
    """All heard but the third party: one link revoked, one answer refused, one waiting."""
    b.score(date(2025, 12, 24), SLOW)
    b.say(date(2025, 12, 25), "purchaser", str(b.project.purchaser), 72)
    b.say(date(2025, 12, 25), "functional", "区经济和信息化委员会", 70)
    b.ask_users(date(2025, 12, 26), 52)
    wrong = _sent(b, date(2025, 12, 26), "区信息化咨询中心")
    revoke_link(wrong, reason="单位名称写错，重发。", **b.officer.acts(date(2025, 12, 26)))
    first = _sent(b, date(2025, 12, 29))
    _answered(first, date(2026, 1, 5), 100)
    refuse_answer(
        _now(first),
        reason="四项一律 100 分，没有写明依据，请据实重评。",
        **b.officer.acts(date(2026, 1, 6)),
    )
    _sent(b, date(2026, 2, 24))
    carry_over(b.contract, year=2025, **b.t.finance().acts(date(2025, 12, 31)))
    _self_evaluated(b, 2025, date(2026, 1, 14))
    drain()


def fail_and_mend(b: Performing) -> None:
    """Failed, mended, under evaluation again with an answer to be accepted."""
    b.hear(date(2025, 12, 24), 45, 30, BAD)
    b.judge(
        date(2025, 12, 29),
        "poor",
        demand="可用率、响应时间和满意度均未达标，限期补足值守、更换备件并重做满意度调查。",
        workdays=10,
    )
    carry_over(b.contract, year=2025, **b.t.finance().acts(date(2025, 12, 31)))
    order = b.contract.rectifications.get()
    answer_rectification(
        order,
        reply="已更换备件，增设夜间值守，连续四周可用率 99.6%。",
        replied_on=date(2026, 1, 9),
        **b.officer.acts(date(2026, 1, 9)),
    )
    close_rectification(order, check_note="抽查属实。", **b.head.acts(date(2026, 1, 13)))
    drain()
    b.score(date(2026, 2, 12), SLOW)
    b.say(date(2026, 2, 12), "purchaser", str(b.project.purchaser), 74)
    link = _sent(b, date(2026, 2, 12))
    _answered(link, date(2026, 2, 26), 71)
    start_self_evaluation(b.project, year=2025, **b.officer.acts(date(2026, 2, 26)))
    drain()


def _sent(b: Performing, on: date, organisation: str = CENTRE) -> EvaluationLink:
    row = b.evaluation()
    issue_link(
        row,
        organisation=organisation,
        expires_on=date.fromordinal(on.toordinal() + 21),
        **b.officer.acts(on),
    )
    return EvaluationLink.objects.filter(evaluation=row).latest("pk")


def _answered(link: EvaluationLink, on: date, points: int) -> None:
    scores = {f"{name}_score": Decimal(points) for name in ASPECTS}
    take_answer(link, on=on, **OPINION, **scores)


def _now(link: EvaluationLink) -> EvaluationLink:
    return EvaluationLink.objects.with_case().get(pk=link.pk)


def _self_evaluated(
    b: Performing, year: int, on: date, low_rate: str = "尾款按合同约定在综合评估结算之后支付。"
) -> SelfEvaluation:
    project = Project.objects.get(pk=b.project.pk)
    row = start_self_evaluation(project, year=year, **b.officer.acts(on))
    results = [
        {
            "line": i.pk,
            "actual": Decimal(SLOW.get(i.name, i.value or 0)),
            "evidence": "运行月报、值守台账和满意度问卷",
            "deviation": "高峰期值守不足，已增派人员" if i.name in SLOW else "",
        }
        for i in Indicator.objects.filter(project=project)
    ]
    fill_self_evaluation(
        row,
        completion="年度目标基本实现，系统全年平稳运行。",
        rate_reason=low_rate,
        adjustment_reason="采购节余收回控制数。",
        results=results,
        **b.officer.acts(on),
    )
    return SelfEvaluation.objects.with_case().get(pk=row.pk)
