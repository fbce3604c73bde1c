"""填报表的分节：每一栏为什么要填、依据哪一条。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.regulations import PINGHU, YUBEI, Article
from projects.declarations import NEGATIVE_LIST
from projects.forms.bundle import FilingBundle

BEFORE_SUBMITTING = "提交会审前必填"
MINUTES = "2026 年 3 月 1 日前提交的填写；此后由领导小组秘书登记会议，不填"
IF_PROGRAMME = "选定特定目标类的，提交会审前必填"


@dataclass(frozen=True)
class Asked:
    """一栏：为什么问，依据哪一条，是否占整行。"""

    name: str
    reason: str = ""
    article: Article | None = None
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """一节：标题、说明、各栏，以及随后的明细表。"""

    title: str
    asked: tuple[Asked, ...] = ()
    note: str = ""
    rows: str = ""
    add_label: str = ""
    total_label: str = ""


_NEGATIVE = tuple(Asked(f"negative_{key}") for key in NEGATIVE_LIST)
SECTIONS = (
    Section(
        "基本情况",
        (
            Asked("name", "台账、批复与公开均以此名称为准", YUBEI.article(9, 1), wide=True),
            Asked("kind", "决定走哪条流程"),
            Asked("service_nature", "须为履职所需或向公众提供的服务", YUBEI.article(2)),
            Asked("catalogue_item", "只能购买指导性目录之内的服务", YUBEI.article(8)),
        ),
    ),
    Section(
        "依据与需求",
        (
            Asked("basis", BEFORE_SUBMITTING, YUBEI.article(9, 1), wide=True),
            Asked("need", BEFORE_SUBMITTING, YUBEI.article(14), wide=True),
        ),
    ),
    Section(
        "适宜性与负面清单",
        (
            Asked("is_market_suitable", BEFORE_SUBMITTING, YUBEI.article(4, 1)),
            Asked("is_provider_capable", BEFORE_SUBMITTING, YUBEI.article(4, 1)),
            *_NEGATIVE,
        ),
        note="下列六项不得购买（财政部令第102号第十条），提交会审前须逐项声明“否”。",
    ),
    Section(
        "测算明细",
        (
            Asked("unit", "单价、资金、补贴与总额都按此单位读入"),
            Asked("total", "与下表合计逐分核对，防止元与万元混淆", YUBEI.article(9, 1)),
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
                "勾选的，会审之后按金额报审议，追加（调剂）文号由财政登记",
                YUBEI.article(11),
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
        "补贴与全额购买",
        (
            Asked("is_partly_commercial", "可部分商业化的项目才可申请补贴", YUBEI.article(4, 3)),
            Asked("subsidy", "不超过项目总额的 20%", YUBEI.article(4, 3)),
            Asked("commercial_income", "可部分商业化的必填", YUBEI.article(4, 3), wide=True),
            Asked("is_full_purchase", "限于覆盖弱势群体的服务", YUBEI.article(4, 3)),
            Asked("vulnerable_group", "全额购买的必填", YUBEI.article(4, 3)),
            Asked("full_purchase_evidence", "全额购买的必填", YUBEI.article(4, 3), wide=True),
        ),
    ),
    Section(
        "特定目标类",
        (
            Asked("programme", "属四类之一的，另须符合平湖办法", PINGHU.article(7), wide=True),
            Asked("duty", IF_PROGRAMME, PINGHU.article(2), wide=True),
            Asked("feasibility", IF_PROGRAMME, PINGHU.article(11), wide=True),
            Asked("pre_review", "电子政务类必填", PINGHU.article(2, 5, part="office")),
            Asked("leading_group_minutes", MINUTES, PINGHU.article(15)),
        ),
        note="不属特定目标类的，本节不填。",
    ),
    Section(
        "采购方式",
        (Asked("proposed_method", "列入年度计划的内容", YUBEI.article(9, 3)),),
    ),
)


def _shortly(article: Article | None) -> dict[str, str] | None:
    """表单里一再引用，只写简称。"""
    return {"label": article.short, "url": article.url} if article else None


def sections(bundle: FilingBundle) -> Iterator[dict[str, Any]]:
    """各节连同表单的栏与明细，供页面逐节打印。"""
    for number, section in enumerate(SECTIONS, 1):
        yield {
            "id": f"section-{number}",
            "section": section,
            "fields": [
                {
                    "field": bundle.form[a.name],
                    "reason": a.reason,
                    "article": _shortly(a.article),
                    "wide": a.wide,
                }
                for a in section.asked
            ],
            "rows": getattr(bundle, section.rows) if section.rows else None,
        }
