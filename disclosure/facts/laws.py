"""各项公开义务的法律依据：本辖区采用的办法的条文，以及国家规定。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI, Article
from core.rules import regulations_reaching
from disclosure.models import DisclosureDuty, DutyKind

OPENLY, ABOVE = YUBEI.article(16), PINGHU.article(18)
LAWS: dict[str, tuple[tuple[Article, ...], str]] = {
    DutyKind.PROJECT_AND_REQUIREMENTS: (
        (YUBEI.article(9, 2), OPENLY, ABOVE),
        "《中华人民共和国预算法》第十四条",
    ),
    DutyKind.INTENTION: ((OPENLY, ABOVE), "财库〔2020〕10号"),
    DutyKind.TENDER: ((OPENLY, ABOVE), "《政府采购法实施条例》第八条"),
    DutyKind.RESULT: ((OPENLY, ABOVE), "《政府采购法实施条例》第四十三条"),
    DutyKind.TERMINATION: ((OPENLY, ABOVE), "财办库〔2020〕50号"),
    DutyKind.CONTRACT_NOTICE: ((OPENLY, ABOVE), "《政府采购法实施条例》第五十条"),
    DutyKind.ACCEPTANCE: ((OPENLY, ABOVE), "《政府采购法实施条例》第四十五条"),
    DutyKind.EVALUATION: (
        (YUBEI.article(14), ABOVE),
        "《中华人民共和国政府信息公开条例》第二十六条",
    ),
}


def basis_of(duty: DisclosureDuty) -> str:
    """一项义务的依据，如“渝北第十六条；《政府采购法实施条例》第五十条”。"""
    articles, outside = LAWS[duty.kind]
    reaching = regulations_reaching(duty, duty.opened_on)
    local = [article.short for article in articles if article.regulation.code in reaching]
    return "；".join(["、".join(local), outside] if local else [outside])
