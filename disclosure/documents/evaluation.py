"""评估结果公告。"""

from __future__ import annotations

from datetime import date

from core.templatetags.ui import cn_date
from disclosure.documents.contract import headed
from disclosure.documents.wording import NoticeText, name, numbered, plain, section
from performance.models import ASPECTS, Evaluation, EvaluationOpinion


def evaluation_notice(evaluation: Evaluation, _published_on: date | None) -> NoticeText:
    """评估结果向社会公开（《渝北办法》第十四条）：四个方面、服务对象意见、等级和运用。"""
    contract = evaluation.contract
    opinions = list(evaluation.opinions.all())
    percent = contract.grade_percents.get(evaluation.grade)
    return NoticeText(
        f"{name(contract.award.tender)}评估结果公告",
        numbered(
            *headed(contract),
            section("评估单位", rows=[(o.get_party_display(), o.organisation) for o in opinions]),
            section(
                "评估结果",
                rows=[
                    ("总分", plain(evaluation.score) if evaluation.score is not None else ""),
                    ("考核等级", evaluation.get_grade_display()),
                    *((label, said(opinions, aspect)) for aspect, label in ASPECTS.items()),
                    ("服务对象意见", evaluation.users_opinion),
                    ("评估结论", evaluation.summary),
                ],
            ),
            section("结果运用", rows=[("合同约定的支付比例", f"{percent}%" if percent else "")]),
            section("评估结论日期", cn_date(evaluation.concluded_on)),
        ),
    )


def said(opinions: list[EvaluationOpinion], aspect: str) -> str:
    """各方就一个方面的意见。"""
    return "\n".join(
        f"{opinion.get_party_display()}：{getattr(opinion, aspect)}" for opinion in opinions
    )
