"""申报的法定条件：每条一个纯函数，注明条款。"""

from projects.rules.closing import events_are_delivered
from projects.rules.money import (
    estimate_adds_up,
    full_purchase_is_evidenced,
    fund_kinds_are_allowed,
    funds_add_up,
    has_no_prohibited_expenditure,
    is_not_split,
    subsidy_goes_with_commerce,
    subsidy_is_within_limit,
)
from projects.rules.packages import (
    lines_name_what_is_bought,
    no_package_is_left,
    packages_add_up,
    packages_have_reached,
    subsidy_takes_its_path,
)
from projects.rules.plans import plan_comes_with_its_budget, plan_lists_projects
from projects.rules.scope import (
    OFFICER,
    basis_is_stated,
    basis_names_a_duty,
    belongs_to_a_programme,
    is_not_excluded,
    is_not_on_negative_list,
    is_on_annual_plan,
    is_suitable_for_market,
    item_is_in_force,
    item_is_within_five_categories,
    need_is_described,
    purchaser_is_eligible,
)
from projects.rules.signing import (
    has_feasibility_study,
    has_pre_review,
    internal_chain_is_signed,
    is_signed_in_order,
    leading_group_has_decided,
    signer_is_not_the_officer,
)
from projects.rules.targets import targets_are_complete, weights_make_a_hundred

__all__ = [
    "OFFICER",
    "basis_is_stated",
    "basis_names_a_duty",
    "belongs_to_a_programme",
    "estimate_adds_up",
    "events_are_delivered",
    "full_purchase_is_evidenced",
    "fund_kinds_are_allowed",
    "funds_add_up",
    "has_feasibility_study",
    "has_no_prohibited_expenditure",
    "has_pre_review",
    "internal_chain_is_signed",
    "is_not_excluded",
    "is_not_on_negative_list",
    "is_not_split",
    "is_on_annual_plan",
    "is_signed_in_order",
    "is_suitable_for_market",
    "item_is_in_force",
    "item_is_within_five_categories",
    "leading_group_has_decided",
    "lines_name_what_is_bought",
    "need_is_described",
    "no_package_is_left",
    "packages_add_up",
    "packages_have_reached",
    "plan_comes_with_its_budget",
    "plan_lists_projects",
    "purchaser_is_eligible",
    "signer_is_not_the_officer",
    "subsidy_goes_with_commerce",
    "subsidy_is_within_limit",
    "subsidy_takes_its_path",
    "targets_are_complete",
    "weights_make_a_hundred",
]
