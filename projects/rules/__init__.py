"""申报的法定条件：每条一个纯函数，注明条款。"""

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
from projects.rules.scope import (
    OFFICER,
    basis_is_stated,
    basis_names_a_duty,
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
    "estimate_adds_up",
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
    "need_is_described",
    "purchaser_is_eligible",
    "signer_is_not_the_officer",
    "subsidy_goes_with_commerce",
    "subsidy_is_within_limit",
    "targets_are_complete",
    "weights_make_a_hundred",
]
