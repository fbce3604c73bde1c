"""岗位与权限：一张表。每个岗位能办哪些事项、对谁的事项，都只写在这里。

生成 docs/reference/permissions.md，并与 tests/golden/permissions.txt 逐格比对。
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    """岗位。一人可任多岗，每次办理须选定以哪个岗位办理。"""

    OFFICER = "officer", "经办人"
    SECTION_HEAD = "section_head", "归口科室负责人"
    DIVISION_LEADER = "division_leader", "分管领导"
    PRINCIPAL = "principal", "主要领导"
    LEADING_GROUP = "leading_group", "领导小组秘书"
    FINANCE = "finance", "财政审核人"
    JOINT_REVIEWER = "joint_reviewer", "会审人"
    DECISION_SECRETARY = "decision_secretary", "决策机构秘书"
    TRADING_CENTRE = "trading_centre", "交易中心经办人"
    AUDITOR = "auditor", "审计人员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    WORKER = "worker", "系统任务"


class Scope(models.TextChoices):
    """某岗位可办事项的范围。"""

    OWN = "own", "本单位的"
    ASSIGNED = "assigned", "交本单位办理的"
    JURISDICTION = "jurisdiction", "本辖区的"
    EVERYWHERE = "everywhere", "全系统的"


@dataclass(frozen=True)
class Act:
    """一个事项：名称、可办岗位、范围。"""

    title: str
    roles: tuple[Role, ...]
    scope: Scope


PURCHASER_ROLES = (
    Role.OFFICER,
    Role.SECTION_HEAD,
    Role.DIVISION_LEADER,
    Role.PRINCIPAL,
    Role.LEADING_GROUP,
)
REVIEW_ROLES = (Role.FINANCE, Role.JOINT_REVIEWER, Role.DECISION_SECRETARY)
ADMINISTRATOR_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)

_SIGNERS = (Role.SECTION_HEAD, Role.DIVISION_LEADER, Role.PRINCIPAL, Role.LEADING_GROUP)
# 以部门名义答复的，不由经办人一人作出。
_ANSWERERS = (Role.SECTION_HEAD, Role.DIVISION_LEADER, Role.PRINCIPAL, Role.JOINT_REVIEWER)
# 财政部门只有一名审核人的，由科室负责人或者分管领导审查。
_CATALOGUE_REVIEWERS = (Role.FINANCE, Role.SECTION_HEAD, Role.DIVISION_LEADER)

ACTS: dict[str, Act] = {
    "projects.file": Act("填报项目", (Role.OFFICER,), Scope.OWN),
    "projects.submit": Act("提交会审", (Role.OFFICER,), Scope.OWN),
    "projects.submit_plan": Act("报送年度计划", (Role.OFFICER,), Scope.OWN),
    "projects.withdraw": Act("撤回项目", (Role.OFFICER, Role.DIVISION_LEADER), Scope.OWN),
    "projects.close": Act("办结归档", (Role.OFFICER, Role.DIVISION_LEADER), Scope.OWN),
    "projects.keep_purchaser": Act("登记单位性质", (Role.FINANCE,), Scope.JURISDICTION),
    "projects.conclude_pilot": Act("登记试点结论", (Role.OFFICER,), Scope.OWN),
    "projects.sign": Act("内部签批", _SIGNERS, Scope.OWN),
    "projects.keep_group": Act("维护领导小组名单", (Role.LEADING_GROUP,), Scope.OWN),
    "projects.record_meeting": Act("登记领导小组会议", (Role.LEADING_GROUP,), Scope.OWN),
    "projects.register_paper": Act("登记纸质签署", (Role.OFFICER,), Scope.OWN),
    "projects.assign_task": Act("交办配合事项", (Role.OFFICER, Role.SECTION_HEAD), Scope.OWN),
    "projects.do_task": Act("承办配合事项", PURCHASER_ROLES, Scope.OWN),
    "projects.hand_over": Act(
        "办理移交", (Role.SECTION_HEAD, Role.DIVISION_LEADER, Role.PRINCIPAL), Scope.OWN
    ),
    "projects.keep_tiers": Act("维护审批矩阵", (Role.SECURITY_ADMIN,), Scope.EVERYWHERE),
    "projects.draft_catalogue": Act("起草指导性目录", (Role.FINANCE,), Scope.JURISDICTION),
    "projects.adopt_catalogue": Act("发布指导性目录", (Role.FINANCE,), Scope.JURISDICTION),
    "projects.answer_catalogue": Act("答复目录征求意见", _ANSWERERS, Scope.ASSIGNED),
    "projects.screen_intentions": Act("筛查采购意向", (Role.FINANCE,), Scope.JURISDICTION),
    "projects.collect_cloud": Act("组织云资源收集", (Role.OFFICER,), Scope.OWN),
    "projects.answer_cloud": Act("填报云资源", (Role.OFFICER,), Scope.ASSIGNED),
    "projects.confirm_cloud": Act(
        "确认云资源填报", (Role.SECTION_HEAD, Role.DIVISION_LEADER, Role.PRINCIPAL), Scope.ASSIGNED
    ),
    "disclosure.publish_catalogue": Act("公布指导性目录", (Role.FINANCE,), Scope.JURISDICTION),
    "disclosure.review_catalogue": Act("审查将公布的目录", _CATALOGUE_REVIEWERS, Scope.OWN),
    "projects.answer_objection": Act("答复退回意见", (Role.OFFICER,), Scope.OWN),
    "budgeting.give_opinion": Act(
        "出具会审意见", (Role.FINANCE, Role.JOINT_REVIEWER), Scope.ASSIGNED
    ),
    "budgeting.answer_opinion": Act("答复会审异议", (Role.OFFICER,), Scope.OWN),
    "budgeting.conclude_review": Act("汇总审核意见", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.return_project": Act("退回修改", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.reject_project": Act("不予批准", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.record_decision": Act(
        "登记审定", (Role.FINANCE, Role.DECISION_SECRETARY), Scope.ASSIGNED
    ),
    "budgeting.print_papers": Act("印制审核文书", REVIEW_ROLES, Scope.JURISDICTION),
    "budgeting.issue_reply": Act("签发批复", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.close_review": Act("结束会审", (Role.FINANCE, Role.WORKER), Scope.JURISDICTION),
    "budgeting.prepare_reply": Act("拟制批复", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.set_ceiling": Act("下达控制数", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.report_ceiling": Act("编报控制数", (Role.OFFICER,), Scope.OWN),
    "budgeting.record_release": Act("登记资金下达", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.keep_programmes": Act("设立专项", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.sign_conclusion": Act(
        "签署三年总评结论", (Role.DIVISION_LEADER, Role.PRINCIPAL), Scope.OWN
    ),
    "budgeting.confirm_conclusion": Act(
        "财政部门签署三年总评结论", (Role.FINANCE,), Scope.JURISDICTION
    ),
    "budgeting.close_year": Act("年终结账和开账", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.check_ledger": Act("核对资金台账", (Role.FINANCE, Role.AUDITOR), Scope.JURISDICTION),
    "budgeting.choose_route": Act("确定审议路径", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.follow_decision": Act("随审定推进申请", (Role.WORKER,), Scope.EVERYWHERE),
    "budgeting.record_funding": Act("登记追加文号", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.draft_adjustment": Act("拟订预算调整", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.approve_adjustment": Act("审批预算调整", (Role.FINANCE,), Scope.JURISDICTION),
    "budgeting.evidence_obligation": Act("提交落实凭据", (Role.OFFICER,), Scope.OWN),
    "budgeting.accept_obligation": Act(
        "确认条件已落实", (Role.FINANCE, Role.JOINT_REVIEWER), Scope.ASSIGNED
    ),
    "projects.divide_packages": Act("划分采购包", (Role.OFFICER,), Scope.OWN),
    "projects.cancel_signatures": Act("作废签批", (Role.OFFICER, Role.WORKER), Scope.OWN),
    "projects.advance": Act("随采购包推进", (Role.WORKER,), Scope.EVERYWHERE),
    "procurement.prepare": Act("登记采购准备", (Role.OFFICER,), Scope.OWN),
    "procurement.open_tender": Act("启动采购", (Role.OFFICER,), Scope.OWN),
    "procurement.run_tender": Act("组织采购", (Role.OFFICER, Role.TRADING_CENTRE), Scope.ASSIGNED),
    "procurement.decide_award": Act("确定成交", (Role.DIVISION_LEADER, Role.PRINCIPAL), Scope.OWN),
    "procurement.record_refusal": Act("登记拒绝签订合同", (Role.OFFICER,), Scope.OWN),
    "procurement.cancel_package": Act("终止采购", (Role.DIVISION_LEADER,), Scope.OWN),
    "procurement.keep_providers": Act(
        "登记承接主体", (Role.OFFICER, Role.TRADING_CENTRE, Role.FINANCE), Scope.JURISDICTION
    ),
    "procurement.debar": Act("取消承接资格", (Role.FINANCE,), Scope.JURISDICTION),
    "contracts.draft": Act("拟订合同", (Role.OFFICER,), Scope.OWN),
    "contracts.withdraw_draft": Act("撤回合同草稿", (Role.WORKER,), Scope.EVERYWHERE),
    "contracts.sign": Act("签订合同", (Role.OFFICER,), Scope.OWN),
    "contracts.submit_filing": Act("报送合同备案", (Role.OFFICER,), Scope.OWN),
    "contracts.accept_filing": Act("办理合同备案", (Role.FINANCE,), Scope.JURISDICTION),
    "contracts.supervise": Act("跟踪监管", (Role.OFFICER,), Scope.OWN),
    "contracts.order_mending": Act("责令限期整改", (Role.OFFICER, Role.DIVISION_LEADER), Scope.OWN),
    "contracts.check_rectification": Act("复查整改", (Role.SECTION_HEAD,), Scope.OWN),
    "contracts.prepare_acceptance": Act("组织验收", (Role.OFFICER,), Scope.OWN),
    "contracts.conclude_acceptance": Act("作出验收结论", (Role.SECTION_HEAD,), Scope.OWN),
    "contracts.request_payment": Act("申请付款", (Role.OFFICER,), Scope.OWN),
    "contracts.verify_payment": Act("核对付款", (Role.DIVISION_LEADER,), Scope.OWN),
    "contracts.release_payment": Act("拨付资金", (Role.FINANCE,), Scope.JURISDICTION),
    "contracts.complete": Act("合同付清", (Role.WORKER,), Scope.EVERYWHERE),
    "contracts.supplement": Act("拟订补充合同", (Role.OFFICER,), Scope.OWN),
    "contracts.agree_supplement": Act("签订补充合同", (Role.DIVISION_LEADER,), Scope.OWN),
    "contracts.carry_over": Act("办理结转", (Role.FINANCE,), Scope.JURISDICTION),
    "contracts.terminate": Act("终止合同", (Role.DIVISION_LEADER,), Scope.OWN),
    "contracts.allot_subsidy": Act("编列补助分配", (Role.OFFICER,), Scope.OWN),
    "contracts.release_subsidy": Act("拨付补助", (Role.FINANCE,), Scope.JURISDICTION),
    "contracts.report_spending": Act("登记补助支出", (Role.OFFICER,), Scope.OWN),
    "contracts.check_spending": Act("核对补助支出", (Role.DIVISION_LEADER,), Scope.OWN),
    "performance.evaluate": Act("组织综合评估", (Role.OFFICER,), Scope.OWN),
    "performance.conclude": Act("作出评估结论", (Role.DIVISION_LEADER,), Scope.OWN),
    "performance.answer_link": Act("收取第三方填报", (Role.WORKER,), Scope.EVERYWHERE),
    "performance.sign_self_evaluation": Act("签署年度自评", (Role.DIVISION_LEADER,), Scope.OWN),
    "disclosure.prepare_notice": Act("处理公告稿", (Role.OFFICER,), Scope.OWN),
    "disclosure.review_notice": Act("审查公告", (Role.SECTION_HEAD,), Scope.OWN),
    "audit.export_dossier": Act("导出案卷", (Role.AUDITOR,), Scope.JURISDICTION),
    "audit.export_own_dossier": Act(
        "导出本单位案卷", (Role.DIVISION_LEADER, Role.PRINCIPAL), Scope.OWN
    ),
    "audit.verify_log": Act("核验全部记录", (Role.AUDITOR,), Scope.EVERYWHERE),
    "core.move_demo_clock": Act("拨动演示时钟", (Role.SYSTEM_ADMIN,), Scope.EVERYWHERE),
    "core.load_calendar": Act("载入工作日历", (Role.SECURITY_ADMIN,), Scope.EVERYWHERE),
    "core.system_task": Act("系统任务", (Role.WORKER,), Scope.EVERYWHERE),
    "accounts.delegate": Act(
        "授权代理", (*_SIGNERS, Role.FINANCE, Role.JOINT_REVIEWER), Scope.EVERYWHERE
    ),
    "accounts.assign_role": Act("任免岗位", (Role.SECURITY_ADMIN,), Scope.EVERYWHERE),
    "accounts.manage_accounts": Act("管理机构与账号", (Role.SYSTEM_ADMIN,), Scope.EVERYWHERE),
}

# 可以授权他人代办的：签署、审核一类的事项。经办、拨付、管理的事项不得代理。
DELEGABLE_ACTS = (
    "projects.sign",
    "budgeting.give_opinion",
    "budgeting.accept_obligation",
    "procurement.decide_award",
    "contracts.check_rectification",
    "contracts.conclude_acceptance",
    "contracts.verify_payment",
    "contracts.check_spending",
    "contracts.agree_supplement",
    "performance.conclude",
    "performance.sign_self_evaluation",
    "disclosure.review_notice",
)


def delegable_acts(role: str) -> tuple[str, ...]:
    """这一岗位可以授权他人代办的事项。"""
    return tuple(act for act in DELEGABLE_ACTS if role in ACTS[act].roles)
