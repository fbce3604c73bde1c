"""合同表的分节：每一栏为什么要写、依据哪一条。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.forms.contract import ContractForm
from contracts.models import Grade
from core.regulations import YUBEI, Article

BEFORE_SIGNING = "签订前必填"
TERMS = YUBEI.article(9, 4)


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


SECTIONS = (
    Section("修改理由", (Asked("reason", "随修改入历史", wide=True),)),
    Section(
        "合同",
        (
            Asked("number"),
            Asked("amount_fen", "不超过成交金额", TERMS),
            Asked("name", "备案、付款与公开均以此名称为准", wide=True),
        ),
    ),
    Section(
        "服务时间",
        (
            Asked("starts_on", BEFORE_SIGNING, TERMS),
            Asked("ends_on", BEFORE_SIGNING, TERMS),
            Asked("is_fixed"),
            Asked("is_continuous"),
            Asked("has_stable_funds"),
            Asked("has_stable_price"),
        ),
        note="合同期限一般不超过一年；下列四项都具备的，可以签订不超过三年的合同。",
    ),
    Section(
        "服务范围、内容和要求",
        (
            Asked("place"),
            Asked("scope", BEFORE_SIGNING, TERMS, wide=True),
            Asked("content", BEFORE_SIGNING, TERMS, wide=True),
            Asked("requirements", BEFORE_SIGNING, TERMS, wide=True),
        ),
    ),
    Section(
        "合同标的",
        note="按服务的数量和质量付费（渝北第二条）：逐行写明数量、单价和质量标准，合计须等于合同金额。",
        rows="lines",
        add_label="增加一行标的",
    ),
    Section(
        "履约节点",
        note="节点验收合格，才能付凭它的一期（渝北第九条第（五）项）。按约定日期先后排列。",
        rows="milestones",
        add_label="增加一个节点",
    ),
    Section(
        "资金支付方式",
        (Asked("payment_terms", BEFORE_SIGNING, TERMS, wide=True),),
        note="预付款凭备案，进度款凭节点验收，尾款凭全部验收和综合评估；各期合计须等于合同金额。",
        rows="instalments",
        add_label="增加一期",
    ),
    Section(
        "考核与扣款",
        tuple(Asked(f"grade_{grade}", BEFORE_SIGNING, YUBEI.article(14)) for grade in Grade.values),
        note="各考核等级付合同金额的百分之几；约定的情形每发生一次，另扣合同金额的百分之几。",
        rows="deduction_terms",
        add_label="增加一项扣款约定",
    ),
    Section(
        "违约责任",
        (
            Asked("liability", BEFORE_SIGNING, TERMS, wide=True),
            Asked("mending_workdays", "责令整改时的期限", YUBEI.article(19)),
        ),
    ),
    Section(
        "代签",
        (
            Asked("is_signed_by_agent", "", TERMS),
            Asked("authorisation", "代签的必填", TERMS),
        ),
        note="集中采购机构等受托单位可以代购买主体签订，须有授权委托书。",
    ),
)


def sections(form: ContractForm) -> Iterator[dict[str, Any]]:
    """各节连同表单的栏与明细，供页面逐节打印；表单没有的栏不打印。"""
    for number, section in enumerate(SECTIONS, 1):
        asked = [a for a in section.asked if a.name in form.fields]
        if asked or section.rows:
            yield {
                "id": f"section-{number}",
                "section": section,
                "fields": [
                    {
                        "field": form[a.name],
                        "reason": a.reason,
                        "article": _shortly(a.article),
                        "wide": a.wide,
                    }
                    for a in asked
                ],
                "rows": form.row_sets.get(section.rows),
            }


def _shortly(article: Article | None) -> dict[str, str] | None:
    return {"label": article.short, "url": article.url} if article else None
