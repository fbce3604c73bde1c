"""采购各页取数：一页一个函数，一律从 `visible_to` 开始。"""

from procurement.facts.award import next_candidate
from procurement.selectors.badges import badge_of
from procurement.selectors.case import package_facts_of, procurement_case
from procurement.selectors.providers import (
    provider_list,
    provider_page,
    providers_offered,
    providers_visible_to,
)
from procurement.selectors.schedule import (
    Schedule,
    said_of_deadline,
    said_of_publication,
    schedule_of,
    suggestion_of,
)
from procurement.selectors.tenders import (
    awards_visible_to,
    bids_visible_to,
    candidates,
    last_day_of_bids,
    plain,
    tender_brief,
    tender_list,
    tender_name,
    tender_page,
    tenders_visible_to,
    valid_bids,
)

__all__ = [
    "Schedule",
    "awards_visible_to",
    "badge_of",
    "bids_visible_to",
    "candidates",
    "last_day_of_bids",
    "next_candidate",
    "package_facts_of",
    "plain",
    "procurement_case",
    "provider_list",
    "provider_page",
    "providers_offered",
    "providers_visible_to",
    "said_of_deadline",
    "said_of_publication",
    "schedule_of",
    "suggestion_of",
    "tender_brief",
    "tender_list",
    "tender_name",
    "tender_page",
    "tenders_visible_to",
    "valid_bids",
]
