"""采购包与各条路径的法定条件；金额单位为分。"""

from __future__ import annotations

import re

from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import (
    FilingFacts,
    PackageFacts,
    ProgressFacts,
    filing_facts,
    package_facts,
    progress_facts,
)
from projects.models import Programme, ProjectKind
from projects.rules.scope import OFFICER

_NUMBER = re.compile(r"[\s\d,.，。．０-９元万￥¥%]+")


@rule(
    "YB-10-packages-add-up",
    title="采购包合计等于批复",
    cites=(YUBEI.article(10), PINGHU.article(6)),
    facts=package_facts,
    binds="act",
)
def packages_add_up(facts: PackageFacts, parameters: Parameters) -> Refusal | None:
    """大额项目分包：各包预算合计等于批复金额，不多不少一分。"""
    total = sum(fen for _, fen in facts.budgets)
    if facts.budgets and total == facts.approved_fen:
        return None
    shown = tuple((name, format_yuan(fen)) for name, fen in facts.budgets)
    return Refusal(
        "各采购包预算合计与批复金额不等",
        (
            *shown,
            ("合计", format_yuan(total)),
            ("批复", format_yuan(facts.approved_fen)),
            ("相差", format_yuan(total - facts.approved_fen)),
        ),
        OFFICER,
        facts.page,
    )


@rule(
    "YB-9-packages-reached",
    title="各包均已到达",
    cites=(YUBEI.article(9), PINGHU.article(4)),
    facts=progress_facts,
    binds="act",
)
def packages_have_reached(facts: ProgressFacts, parameters: Parameters) -> Refusal | None:
    """项目的环节是最慢一个采购包的环节。"""
    if facts.packages and not facts.behind:
        return None
    return Refusal("还有采购包没有到达下一环节", facts.behind, OFFICER, facts.page)


@rule(
    "YB-9-package-back-in-procurement",
    title="有包退回采购",
    cites=(YUBEI.article(9), PINGHU.article(4)),
    facts=progress_facts,
    binds="act",
)
def package_is_back_in_procurement(facts: ProgressFacts, parameters: Parameters) -> Refusal | None:
    """有采购包退回采购的，项目随最慢的包退回采购环节。"""
    if facts.fallen_back:
        return None
    shown = tuple((name, status) for name, status, _ in facts.packages)
    return Refusal("没有采购包退回采购", shown, OFFICER, facts.page)


@rule(
    "YB-9-no-package-left",
    title="没有可继续的采购包",
    cites=(YUBEI.article(9), PINGHU.article(4)),
    facts=progress_facts,
    binds="act",
)
def no_package_is_left(facts: ProgressFacts, parameters: Parameters) -> Refusal | None:
    """各采购包均已终止采购，项目方告终止。"""
    if not facts.packages:
        return None
    shown = tuple((name, status) for name, status, _ in facts.packages)
    return Refusal("还有可以继续的采购包", shown, OFFICER, facts.page)


@rule(
    "PH-7.4-subsidy-kind",
    title="补助走补助的路径",
    cites=(PINGHU.article(7, 4), YUBEI.article(10)),
    facts=filing_facts,
)
def subsidy_takes_its_path(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """镇街道便民服务中心补助是转移支付，走补助的路径；其他各类不得走补助的路径。"""
    is_programme = facts.programme == Programme.TOWNSHIP_SUBSIDY
    if is_programme == (facts.kind == ProjectKind.SUBSIDY):
        return None
    programme = Programme(facts.programme).label
    shown = (("特定目标类", programme), ("路径", ProjectKind(facts.kind).label))
    return Refusal("所属类别与路径不一致", shown, OFFICER, facts.page)


@rule(
    "YB-9.1-lines-named",
    title="测算内容写明标的",
    cites=(YUBEI.article(9, 1), PINGHU.article(8)),
    facts=filing_facts,
)
def lines_name_what_is_bought(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """测算明细写标的名称，不得把金额填在标的栏里。"""
    numbers = tuple(
        (f"第 {line.position} 行", line.name)
        for line in facts.estimate
        if _NUMBER.fullmatch(line.name)
    )
    if not numbers:
        return None
    return Refusal("标的栏填的是数字，不是服务内容", numbers, OFFICER, facts.page)
