"""一个项目申报的全部内容：概况分页与签批页共用。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.attachments import Attachment
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.dictionaries import duties
from projects.facts import papers_of
from projects.models import Paper, Project


@dataclass(frozen=True)
class Declared:
    """一项声明和它的回答；答“否”之外的都显眼。"""

    text: str
    answer: str
    tone: str


def filed_facts(project: Project) -> dict[str, Any]:
    """一个项目申报的全部内容：概况分页与签批页共用。"""
    estimate = list(
        project.estimate_lines.select_related("catalogue_item", "cloud_price__collection")
    )
    funds = list(project.fund_lines.select_related("fund"))
    indicators = list(project.indicators.all())
    return {
        "project": project,
        "facts": _facts(project),
        "texts": [(label, text) for label, text in _texts(project) if text],
        "estimate": estimate,
        "estimate_fen": sum(line.amount_fen for line in estimate),
        "funds": funds,
        "funds_fen": sum(line.amount_fen for line in funds),
        "indicators": indicators,
        "weight_total": sum(line.weight for line in indicators),
        "papers": list(_papers(project)),
        "declared": [
            ("五项排除", _declared(EXCLUSIONS, project.exclusions)),
            ("负面清单", _declared(NEGATIVE_LIST, project.negative_list)),
        ],
    }


def _declared(questions: dict[str, str], answers: dict[str, bool]) -> list[Declared]:
    words = {True: "是", False: "否", None: "未答"}
    return [
        Declared(text, words[answers.get(key)], "ok" if answers.get(key) is False else "act")
        for key, text in questions.items()
    ]


def _yes(is_so: bool) -> str:
    return "是" if is_so else "否"


def _facts(project: Project) -> list[tuple[str, Any]]:
    return [
        ("项目编号", project.number),
        ("购买主体", project.purchaser),
        ("预算年度", project.year),
        ("经办人", project.officer),
        ("路径", project.get_kind_display()),
        ("服务性质", project.get_service_nature_display()),
        ("目录条目", project.catalogue_item),
        ("特定目标类", project.get_programme_display()),
        ("拟采用采购方式", project.get_proposed_method_display() or None),
        ("适合市场化方式提供", _yes(project.is_market_suitable)),
        ("社会力量能够承担", _yes(project.is_provider_capable)),
        ("可部分商业化", _yes(project.is_partly_commercial)),
        ("全额购买", _yes(project.is_full_purchase)),
        ("未列入当年预算", _yes(project.is_off_budget)),
        ("申报轮次", project.round_number or "尚未提交"),
        ("首次提交日", project.first_filed_on),
        ("本轮提交日", project.filed_on),
        *([("批复文号", project.reply_number)] if project.reply_number else []),
    ]


def _texts(project: Project) -> list[tuple[str, str]]:
    return [
        ("立项依据", project.basis),
        ("服务需求", project.need),
        ("信息化规划条目", project.planning_item),
        ("未列入规划的理由", project.planning_none_reason),
        ("公共信息资源开放需求", _open_data(project)),
        ("职能转移事项", project.transfer_item if project.is_function_transfer else ""),
        ("试点", _pilot(project)),
        ("商业化收入说明", project.commercial_income),
        ("弱势群体类别", project.vulnerable_group),
        ("全额购买佐证", project.full_purchase_evidence),
        ("职责条目", _duty(project)),
        ("对应职责", project.duty),
        ("资金下达文号", project.grant_number),
        ("可行性论证", project.feasibility),
        ("论证人、日期与结论", _study(project)),
        ("政务数据办预审意见", _pre_review(project)),
        ("同类项目分开填报的理由", project.splitting_reason),
        ("领导小组会议纪要", project.leading_group_minutes),
        ("申报时填写的预算追加（调剂）文号", project.supplement_number),
    ]


def _joined(*parts: object) -> str:
    return "　".join(str(part) for part in parts if part)


def _open_data(project: Project) -> str:
    return _joined(project.get_open_data_display(), project.open_data_content)


def _pilot(project: Project) -> str:
    if project.pilot_of:
        return f"推广试点项目 {project.pilot_of}"
    if not project.is_pilot:
        return ""
    said = f"试点至 {project.pilot_until.isoformat()}" if project.pilot_until else "试点，未定期限"
    if project.pilot_concluded_on is None:
        return f"{said}，尚无结论"
    outcome = (
        f"{project.pilot_concluded_on.isoformat()} 结论：{project.get_pilot_outcome_display()}"
    )
    return f"{said}；{outcome}。{project.pilot_conclusion}"


def _duty(project: Project) -> str:
    duty = duties().get(project.duty_code)
    return f"{duty.short}{duty.text}（{duty.document}）" if duty else ""


def _study(project: Project) -> str:
    return _joined(
        project.feasibility_section,
        project.feasibility_on,
        project.get_feasibility_verdict_display(),
    )


def _pre_review(project: Project) -> str:
    return _joined(
        project.pre_review, project.pre_review_on, project.get_pre_review_verdict_display()
    )


def _papers(project: Project) -> Iterator[tuple[str, Attachment]]:
    """已上传的附件：种类与最近一份。"""
    held = papers_of(project)
    for kind in Paper:
        if kind in held:
            yield str(kind.label), held[kind]
