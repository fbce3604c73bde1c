"""合同公告。"""

from __future__ import annotations

from datetime import date

from contracts.models import Contract, ContractLine
from core.templatetags.ui import cn_date
from disclosure.documents.wording import (
    NoticeText,
    name,
    numbered,
    plain,
    section,
    yuan,
)
from disclosure.models import Section


def contract_notice(contract: Contract, published_on: date | None) -> NoticeText:
    """合同公告；标的逐行列出。"""
    tender = contract.award.tender
    lines = [row for line in contract.lines.all() for row in line_rows(contract, line)]
    return NoticeText(
        f"{name(tender)}合同公告",
        numbered(
            *headed(contract),
            section(
                "合同主要信息",
                rows=[
                    *lines,
                    ("合同金额", yuan(contract.amount_fen)),
                    ("履约期限", f"{cn_date(contract.starts_on)}至{cn_date(contract.ends_on)}"),
                    ("履约地点", contract.place),
                    ("采购方式", tender.mode.get_method_display()),
                ],
            ),
            section("合同签订日期", cn_date(contract.signed_on)),
            section("合同公告日期", cn_date(published_on)),
        ),
    )


def headed(contract: Contract) -> list[Section]:
    """合同公告、验收结果公告、评估结果公告相同的前五节。"""
    tender, provider = contract.award.tender, contract.award.provider
    return [
        section("合同编号", contract.number),
        section("合同名称", contract.name),
        section("项目编号", tender.number),
        section("项目名称", name(tender)),
        section(
            "合同主体",
            rows=[
                ("采购人（甲方）", str(contract.case().purchaser)),
                ("供应商（乙方）", provider.name),
                ("供应商地址", provider.address),
            ],
        ),
    ]


def line_rows(contract: Contract, line: ContractLine) -> list[tuple[str, str]]:
    return [
        ("主要标的名称", line.name),
        ("服务要求", line.standard or contract.requirements),
        ("主要标的数量", f"{plain(line.quantity)} {line.unit}"),
        ("主要标的单价", yuan(line.unit_price_fen)),
    ]
