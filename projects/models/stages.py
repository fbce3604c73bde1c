"""项目的阶段、各条路径走哪些阶段，以及每一步要过的规则。"""

from __future__ import annotations

from django.db import models

from projects.models.kinds import ProjectKind


class Stage(models.TextChoices):
    """七个法定环节，以及离开流程的去处。"""

    FILING = "filing", "申报"
    BUDGET = "budget", "预算"
    PROCUREMENT = "procurement", "采购"
    CONTRACT = "contract", "合同"
    IMPLEMENTATION = "implementation", "实施"
    EVALUATION = "evaluation", "评估"
    DISCLOSURE = "disclosure", "公开"
    CLOSED = "closed", "办结"
    WITHDRAWN = "withdrawn", "已撤回"
    REJECTED = "rejected", "不予批准"
    TERMINATED = "terminated", "已终止"


SEVEN_STAGES: tuple[Stage, ...] = (
    Stage.FILING,
    Stage.BUDGET,
    Stage.PROCUREMENT,
    Stage.CONTRACT,
    Stage.IMPLEMENTATION,
    Stage.EVALUATION,
    Stage.DISCLOSURE,
)
ENDED_STAGES = frozenset({Stage.CLOSED, Stage.WITHDRAWN, Stage.REJECTED, Stage.TERMINATED})

# 各条路径经过的环节。补助是转移支付（《平湖办法》第七条第（四）项），没有采购和合同。
PATHS: dict[str, tuple[Stage, ...]] = {
    ProjectKind.SERVICE: SEVEN_STAGES,
    ProjectKind.SMALL: SEVEN_STAGES,
    ProjectKind.SUBSIDY: tuple(
        s for s in SEVEN_STAGES if s not in (Stage.PROCUREMENT, Stage.CONTRACT)
    ),
}
# 批复时各条路径所作的变动。
APPROVALS: dict[str, str] = {
    ProjectKind.SERVICE: "approve_budget",
    ProjectKind.SMALL: "approve_budget",
    ProjectKind.SUBSIDY: "approve_subsidy",
}


FILING_RULES = [
    "YB-7-exclusions",
    "YB-7-negative-list",
    "YB-7-catalogue-category",
    "YB-8-item-in-force",
    "YB-5-purchaser-eligible",
    "YB-5-institution-checked",
    "YB-4.1-suitable-for-market",
    "YB-9.1-on-annual-plan",
    "YB-9.1-basis-stated",
    "PH-7-programme-chosen",
    "PH-7.4-subsidy-kind",
    "PH-2-basis-in-duties",
    "YB-14-need-described",
    "YB-9.1-lines-named",
    "PH-8-estimate-adds-up",
    "YB-12-funds-add-up",
    "PH-6-fund-kinds",
    "PH-14-no-prohibited-expenditure",
    "YB-4.3-subsidy-limit",
    "YB-4.3-subsidy-needs-commerce",
    "YB-4.3-full-purchase-evidence",
    "YB-14-targets-complete",
    "PH-9-weights-hundred",
    "YB-4.4-planned",
    "YB-4.4-open-data-stated",
    "YB-4.3-transfer-named",
    "YB-4.2-pilot-dated",
    "YB-4.2-extension-after-pilot",
    "PH-8.1-grant-stated",
    "PH-7.4-townships-counted",
    "PH-8.2-collection-closed",
    "PH-8.2-lines-from-collection",
    "PH-2.5-pre-review",
    "PH-11-feasibility",
    "YB-4.3-key-studied",
    "PH-8-calculation-attached",
    "YB-4.3-study-attached",
    "PH-2.5-opinion-attached",
    "YB-4.3-evidence-attached",
    "PH-11-internal-chain-signed",
    "PH-11-points-answered",
    "PH-15-leading-group-decided",
    "YB-9.2-objections-answered",
    "YB-11-no-splitting",
    "PH-16-not-cancelled",
    "YB-10-not-split-for-tender",
]


# 归档封存：该公开的都公开了，事件都送达了，合同和文件都办完了。
ARCHIVING_RULES = [
    "YB-16-duties-fulfilled",
    "YB-9-events-delivered",
    "YB-9.6-contracts-settled",
    "YB-9.5-papers-finished",
]
# 办结另须会审所附的条件都已落实、试点有结论；中途结束的项目无从落实，不问。
CLOSING_RULES = [*ARCHIVING_RULES, "YB-9.2-conditions-all-fulfilled", "YB-4.2-pilot-not-left-open"]


# 预算调整：拟订时问一遍，批准时再问一遍。
ADJUSTING_RULES = [
    "YB-12-adjustment-stated",
    "YB-12-balancing-fits",
    "YB-12-balancing-within-gap",
    "YB-12-balancing-within-reserved",
    "YB-12-switch-within-other-fund",
    "YB-12-cut-within-package",
    "YB-12-adjustment-line",
    "YB-12-adjustment-year",
    "YB-12-adjustment-within-ceiling",
    "YB-12-adjustment-within-available",
    "YB-11-increase-below-limit",
]


APPROVAL_RULES = [
    "YB-18-signatures-confirmed",
    "YB-9.2-joint-review",
    "YB-9.2-no-open-opposition",
    "YB-9.2-decision-recorded",
    "YB-9.2-approved-as-decided",
    "YB-9.2-approved-within-request",
    "YB-9.2-conditions-fulfilled",
    "YB-11-off-budget-route",
    "YB-11-supplement-number",
    "YB-11-supplement-covers",
    "YB-12-within-ceiling",
    "PH-16-term-in-force",
    "PH-7-within-programme-budget",
]

OPENING_RULES = [
    "PH-7.4-subsidy-not-tendered",
    "YB-9.3-package-waiting",
    "YB-9.3-mode-in-force",
    "YB-9.3-mode-fits-amount",
]
