"""指导性目录及时对外公布（第八条）。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from disclosure.facts.catalogue import (
    PERIOD,
    CatalogueDutyFacts,
    CatalogueReviewFacts,
    catalogue_duty_facts,
    catalogue_review_facts,
)

FINANCE = "财政审核人"
REVIEWER = "财政部门的另一名审核人、科室负责人或者分管领导"


@rule(
    "YB-8-published-not-early",
    title="目录通过之后公布",
    cites=YUBEI.article(8),
    facts=catalogue_duty_facts,
    binds="act",
    of_form=True,
)
def catalogue_is_published_after_adoption(
    facts: CatalogueDutyFacts, parameters: Parameters
) -> Refusal | None:
    """公布日不早于通过之日。"""
    if facts.published_on is None or facts.published_on >= facts.opened_on:
        return None
    shown = (("通过日", facts.opened_on.isoformat()), ("公布日", facts.published_on.isoformat()))
    return Refusal("公布日早于通过日，请核对日期", shown, FINANCE, facts.page)


@rule(
    "YB-8-published-in-time",
    title="目录及时公布",
    cites=YUBEI.article(8),
    facts=catalogue_duty_facts,
    parameters=(PERIOD,),
    binds="act",
    effect="record_late",
    outside="《中华人民共和国政府信息公开条例》第二十六条",
)
def catalogue_is_published_in_time(
    facts: CatalogueDutyFacts, parameters: Parameters
) -> Refusal | None:
    """目录及时对外公布；逾期的照样公布，并记为逾期。"""
    if facts.published_on is None or facts.published_on <= facts.due_on:
        return None
    late = (facts.published_on - facts.due_on).days
    shown = (("应公布", facts.due_on.isoformat()), ("实公布", facts.published_on.isoformat()))
    return Refusal(f"逾期 {late} 日公布", shown, FINANCE, facts.page)


@rule(
    "YB-8-second-reviewer",
    title="送审的人不审查",
    cites=(YUBEI.article(8), PINGHU.article(18)),
    facts=catalogue_review_facts,
    binds="act",
    outside="《中华人民共和国政府信息公开条例》第十七条",
)
def second_person_reviews_the_catalogue(
    facts: CatalogueReviewFacts, parameters: Parameters
) -> Refusal | None:
    """目录公布前的审查由送审以外的人办理。"""
    if not facts.is_by_preparer:
        return None
    shown = (("送审人", facts.preparer), ("审查人", facts.preparer))
    return Refusal("目录是本人送审的，须由另一人审查", shown, REVIEWER, facts.page)
