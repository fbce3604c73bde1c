"""填报表的分节：每一栏为什么要填、哪条规则要它、什么情形必填。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.regulations import YUBEI, Article
from core.rules import RULES
from projects.declarations import NEGATIVE_LIST
from projects.forms.bundle import FilingBundle
from projects.forms.situation import CONDITIONS, Situation

MINUTES = "2026 年 3 月 1 日前提交的填写；此后由领导小组秘书登记会议，不填"


@dataclass(frozen=True)
class Asked:
    """一栏：哪条规则要它、什么情形必填；`reason` 是另外的说明。"""

    name: str
    rule: str = ""
    when: str = ""
    reason: str = ""
    article: Article | None = None
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """一节：标题、说明、各栏，以及随后的明细表。`when` 是什么情形展开，空为总是展开。"""

    title: str
    asked: tuple[Asked, ...] = ()
    note: str = ""
    rows: str = ""
    add_label: str = ""
    total_label: str = ""
    when: tuple[str, ...] = ()


_NEGATIVE = tuple(Asked(f"negative_{key}") for key in NEGATIVE_LIST)
SECTIONS = (
    Section(
        "基本情况",
        (
            Asked(
                "name",
                reason="台账、批复与公开均以此名称为准",
                article=YUBEI.article(9, 1),
                wide=True,
            ),
            Asked("kind", reason="决定走哪条流程"),
            Asked(
                "service_nature",
                reason="须为履职所需或向公众提供的服务",
                article=YUBEI.article(2),
            ),
            Asked("catalogue_item", "YB-8-item-in-force", reason="只能购买指导性目录之内的服务"),
            Asked("programme", "PH-7-programme-chosen", reason="属四类之一的，另须符合平湖办法"),
        ),
    ),
    Section(
        "依据与需求",
        (
            Asked("basis", "YB-9.1-basis-stated", "always", wide=True),
            Asked("need", "YB-14-need-described", "always", wide=True),
        ),
    ),
    Section(
        "测算明细",
        (
            Asked("unit", reason="单价、资金、补贴与总额都按此单位读入"),
            Asked(
                "total",
                "PH-8-estimate-adds-up",
                reason="与下表合计逐分核对，防止元与万元混淆",
                article=YUBEI.article(9, 1),
            ),
        ),
        note="数量乘单价得出金额，每行各选品目。",
        rows="estimate",
        add_label="增加一行测算",
        total_label="测算合计",
    ),
    Section(
        "资金来源",
        (
            Asked(
                "is_off_budget",
                reason="勾选的，会审之后按金额报审议，追加（调剂）文号由财政登记",
                article=YUBEI.article(11),
            ),
        ),
        note="各项合计须等于申请的财政资金（渝北第十二条）。",
        rows="funds",
        add_label="增加一项资金",
        total_label="资金合计",
    ),
    Section(
        "绩效目标",
        note="产出指标与满意度指标不可缺；每项须有目标值和单位；权重合计 100%（渝北第十四条）。",
        rows="indicators",
        add_label="增加一项指标",
    ),
    Section(
        "适宜性与负面清单",
        (
            Asked("is_market_suitable", "YB-4.1-suitable-for-market", "always"),
            Asked("is_provider_capable", "YB-4.1-suitable-for-market", "always"),
            *_NEGATIVE,
        ),
        note="下列六项不得购买（财政部令第102号第十条），提交会审前须逐项声明“否”。",
    ),
    Section(
        "规划、开放与职能转移",
        (
            Asked("planning_item", "YB-4.4-planned", "planned", "与右栏填一样即可"),
            Asked("planning_none_reason", "YB-4.4-planned", "planned", "没有对应条目的写明理由"),
            Asked("open_data", "YB-4.4-open-data-stated", "planned"),
            Asked("open_data_content", "YB-4.4-open-data-stated", reason="有开放需求的必填"),
            Asked("is_function_transfer", "YB-4.3-transfer-named"),
            Asked("transfer_item", "YB-4.3-transfer-named", "transfer", "编办公布的事项名称"),
        ),
        when=("planned", "transfer"),
    ),
    Section(
        "论证与预审",
        (
            Asked("feasibility", "PH-11-feasibility", "studied", wide=True),
            Asked("feasibility_section", "PH-11-feasibility", "studied"),
            Asked("feasibility_on", "PH-11-feasibility", "studied"),
            Asked("feasibility_verdict", "PH-11-feasibility", "studied"),
            Asked("pre_review", "PH-2.5-pre-review", "reviewed"),
            Asked("pre_review_on", "PH-2.5-pre-review", "reviewed"),
            Asked("pre_review_verdict", "PH-2.5-pre-review", "reviewed"),
        ),
        note="归口科室论证，政务数据办预审；软件开发、系统集成的项目不论属哪一类都须预审。",
        when=("studied", "reviewed"),
    ),
    Section(
        "特定目标类",
        (
            Asked("duty_code", "PH-2-basis-in-duties", "programme", "与下栏至少填一样", wide=True),
            Asked("duty", "PH-2-basis-in-duties", reason="其他单位写明本单位三定职责", wide=True),
            Asked("grant_number", "PH-8.1-grant-stated", "systems"),
            Asked(
                "leading_group_minutes", "PH-15-leading-group-decided", "programme", reason=MINUTES
            ),
        ),
        note="不属特定目标类的，本节不填。",
        when=("programme",),
    ),
    Section(
        "补贴与全额购买",
        (
            Asked(
                "is_partly_commercial",
                "YB-4.3-subsidy-needs-commerce",
                reason="可部分商业化的项目才可申请补贴",
            ),
            Asked("subsidy", "YB-4.3-subsidy-limit", reason="不超过项目总额的 20%"),
            Asked("commercial_income", "YB-4.3-subsidy-needs-commerce", "commerce", wide=True),
            Asked(
                "is_full_purchase",
                "YB-4.3-full-purchase-evidence",
                reason="限于覆盖弱势群体的服务",
            ),
            Asked("vulnerable_group", "YB-4.3-full-purchase-evidence", "full"),
            Asked("full_purchase_evidence", "YB-4.3-full-purchase-evidence", "full", wide=True),
        ),
        when=("commerce", "full"),
    ),
    Section(
        "试点",
        (
            Asked("is_pilot", "YB-4.2-pilot-dated", reason="试点先行，到期作出结论"),
            Asked("pilot_until", "YB-4.2-pilot-dated", "pilot"),
            Asked(
                "pilot_of",
                "YB-4.2-extension-after-pilot",
                reason="推广试点的填写；试点到期、结论可以推广之后方可提交",
            ),
        ),
        when=("pilot",),
    ),
    Section(
        "附件",
        (
            Asked("paper_calculation", "PH-8-calculation-attached", "studied"),
            Asked("paper_study", "YB-4.3-study-attached", "key"),
            Asked("paper_pre_review", "PH-2.5-opinion-attached", "reviewed"),
            Asked("paper_evidence", "YB-4.3-evidence-attached", "full"),
        ),
        note=(
            "收 PDF、PNG、JPG、DOCX、XLSX，每份不超过 20 MB。文件不入草稿；"
            "页面因更正重新打开的，须重新选择。"
        ),
        when=("studied", "key", "reviewed", "full"),
    ),
    Section(
        "采购方式",
        (
            Asked("proposed_method", reason="列入年度计划的内容", article=YUBEI.article(9, 3)),
            Asked(
                "splitting_reason",
                "YB-11-no-splitting",
                reason="系统提示化整为零的，写明为何分开；理由随申报保存",
                wide=True,
            ),
        ),
    ),
)


def _shortly(article: Article | None) -> dict[str, str] | None:
    """表单里一再引用，只写简称。"""
    return {"label": article.short, "url": article.url} if article else None


def _field(asked: Asked, bundle: FilingBundle, situation: Situation) -> dict[str, Any]:
    """一栏：规则的名称、什么情形必填、现在是否必填、依据哪一条。"""
    rule = RULES.get(asked.rule)
    text, holds = CONDITIONS[asked.when] if asked.when else ("", None)
    said = "：".join(part for part in (rule.title if rule else "", text) if part)
    article = asked.article or (rule.cites[0] if rule else None)
    return {
        "field": bundle.form[asked.name],
        "reason": "；".join(part for part in (said, asked.reason) if part),
        "article": _shortly(article),
        "wide": asked.wide,
        "must": holds is not None and holds(situation),
    }


def sections(
    bundle: FilingBundle, situation: Situation, held: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """各节连同表单的栏与明细，供页面逐节打印。`held` 是已有的附件，按种类。"""
    for kind, row in (held or {}).items():
        said = f"已上传“{row.name}”（{row.uploaded_on.isoformat()}）；另选即替换。"
        bundle.form.fields[f"paper_{kind}"].help_text = said
    for number, section in enumerate(SECTIONS, 1):
        fields = [_field(asked, bundle, situation) for asked in section.asked]
        is_wanted = any(CONDITIONS[name][1](situation) for name in section.when)
        is_used = any(
            f["field"].value() or f["field"].errors or f["field"].help_text for f in fields
        )
        yield {
            "id": f"section-{number}",
            "section": section,
            "fields": fields,
            "rows": getattr(bundle, section.rows) if section.rows else None,
            "folds": bool(section.when),
            "is_open": is_wanted or is_used,
            "when": " ".join(section.when),
        }
