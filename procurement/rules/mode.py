"""采购方式的法定条件；金额单位为分。"""

from __future__ import annotations

from core.money import format_yuan
from core.rules import Parameters, Refusal, rule
from procurement.facts.preparation import (
    DocumentFacts,
    ModeFacts,
    document_facts,
    mode_facts,
)
from procurement.models import OrganisationForm
from procurement.rules.preparation import OFFICER, RUNNER, SELECTION
from projects.models import ProcurementMethod


@rule(
    "YB-9.3-mode-in-force",
    title="采购方式可用",
    cites=SELECTION,
    facts=mode_facts,
    binds="act",
    of_form=True,
)
def mode_is_in_force(facts: ModeFacts, parameters: Parameters) -> Refusal | None:
    """所选方式须在本辖区的采购方式表中有效；集中采购须设有集中采购机构。"""
    if not facts.is_in_force:
        gone = (("所选方式", facts.method_label), ("采购方式表", "没有或已停用"))
        return Refusal("所选采购方式在本辖区不可用", gone, "财政审核人", facts.page)
    if facts.form != OrganisationForm.CENTRALISED or facts.has_centre:
        return None
    shown = (("组织形式", facts.form_label), ("集中采购机构", "未设置"))
    return Refusal("本辖区没有设置集中采购机构", shown, "系统管理员", facts.page)


@rule(
    "YB-9.3-mode-fits-amount",
    title="方式与金额相符",
    cites=SELECTION,
    facts=mode_facts,
    parameters=("YB-9.3-open-tender-fen", "YB-9.3-own-purchase-fen"),
    binds="act",
    outside="《中华人民共和国政府采购法》第二十七条",
    of_form=True,
)
def mode_fits_amount(facts: ModeFacts, parameters: Parameters) -> Refusal | None:
    """按项目批复金额：达到数额标准的公开招标，改用其他方式须获批准；限额以下方可自行采购。"""
    limit, own = parameters["YB-9.3-open-tender-fen"], parameters["YB-9.3-own-purchase-fen"]
    approved = ("项目批复金额", format_yuan(facts.approved_fen))
    if facts.form == OrganisationForm.OWN and facts.approved_fen >= own:
        above = (approved, ("采购限额标准", format_yuan(own)))
        return Refusal("达到采购限额标准，不能自行采购", above, OFFICER, facts.page)
    is_open = facts.method == ProcurementMethod.OPEN
    if is_open or facts.approved_fen < limit or facts.approval:
        return None
    shown = (approved, ("公开招标数额标准", format_yuan(limit)), ("批准文号", "未登记"))
    words = f"达到公开招标数额标准，采用{facts.method_label}须先获批准"
    return Refusal(words, shown, OFFICER, facts.page)


@rule(
    "YB-9.3-own-mode",
    title="自行采购",
    cites=SELECTION,
    facts=document_facts,
    binds="act",
)
def mode_is_own(facts: DocumentFacts, parameters: Parameters) -> Refusal | None:
    """只有自行采购可以不公告；其他方式须发布采购文件。"""
    if facts.form == OrganisationForm.OWN:
        return None
    shown = (("采购方式", facts.method_label),)
    return Refusal("这种方式须发布采购文件，不能直接征集报价", shown, RUNNER, facts.page)
