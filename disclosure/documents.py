"""公告的标题和各节，次序依财办库〔2020〕50号；系统没有的栏目不列，不代填。

除依法公布的评审专家外不写个人姓名，联系方式只写单位。金额写“1,756,800.00 元”，意向写万元。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.models import Contract
from core.money import format_wanyuan, format_yuan
from core.regulations import YUBEI
from core.regulations.text import chinese_number
from core.rules import regulations_reaching
from core.rules.parameters import Parameters, parameters_in_force
from core.templatetags.ui import cn_date
from disclosure.models import NoticeKind
from procurement.models import (
    Award,
    Condition,
    EvaluationReport,
    Intention,
    Tender,
)
from projects.models import ProcurementMethod

NOTICE_WORKDAYS = "YB-9.3-notice-workdays"
RESULT_WORKDAYS = "YB-9.3-result-notice-workdays"
BIDDING = (ProcurementMethod.OPEN, ProcurementMethod.INVITED)

Section = dict[str, Any]


@dataclass(frozen=True)
class NoticeText:
    """一份公告的标题和依次排列的各节 `{"heading", "text": […], "rows": [[名称, 内容], …]}`。"""

    title: str
    sections: list[Section]


def notice_text(kind: str, subject: Any, published_on: date) -> NoticeText:
    """某种公告的标题和各节，取自所据的文件。"""
    return BUILDERS[kind](subject, published_on)


# --- 各种公告 -------------------------------------------------------------------------------------


def intention_notice(intention: Intention, published_on: date) -> NoticeText:
    """采购意向公告：一个项目一行。"""
    project = intention.project
    month = _month(intention.expected_month)
    unit = f"{project.purchaser}{month}政府采购意向"
    opening = (
        "为便于供应商及时了解政府采购信息，根据《财政部关于开展政府采购意向公开工作的通知》"
        f"（财库〔2020〕10号）等有关规定，现将{unit}公开如下："
    )
    closing = (
        "本次公开的采购意向是本单位政府采购工作的初步安排，具体采购项目情况以相关采购公告和"
        "采购文件为准。"
    )
    approved = project.approved_fen
    return NoticeText(
        unit,
        [
            _section("", opening),
            _section(
                "采购意向",
                rows=[
                    ("序号", "1"),
                    ("采购项目名称", project.name),
                    ("采购需求概况", project.need),
                    ("预算金额（万元）", format_wanyuan(approved) if approved else ""),
                    ("预计采购时间（填写到月）", month),
                ],
            ),
            _section("", closing),
        ],
    )


def open_tender_notice(tender: Tender, published_on: date) -> NoticeText:
    """招标公告。"""
    name = _name(tender)
    overview = f"{name}招标项目的潜在投标人应在规定时间内获取招标文件，并{_by_deadline(tender)}递交投标文件。"
    return NoticeText(
        f"{name}招标公告{_attempt(tender)}",
        [
            _section("项目概况", overview),
            *_numbered(
                _basics(tender),
                _requirements(tender, published_on),
                _section("获取招标文件", rows=[("时间", _offered(tender))]),
                _section(
                    "提交投标文件截止时间、开标时间和地点",
                    rows=[("提交投标文件截止时间", cn_date(tender.response_deadline))],
                ),
                _notice_period(tender, published_on),
                _others(tender),
                _contacts(tender, "凡对本次采购提出询问，请按以下方式联系"),
            ),
        ],
    )


def consultation_notice(tender: Tender, published_on: date) -> NoticeText:
    """竞争性磋商公告。"""
    name = _name(tender)
    overview = (
        f"{name}的潜在供应商应在规定时间内获取采购文件，并{_by_deadline(tender)}提交响应文件。"
    )
    return NoticeText(
        f"{name}竞争性磋商公告{_attempt(tender)}",
        [
            _section("项目概况", overview),
            *_numbered(
                _basics(tender, ("采购方式", tender.mode.get_method_display())),
                _requirements(tender, published_on),
                _section("获取采购文件", rows=[("时间", _offered(tender))]),
                _section("响应文件提交", rows=[("截止时间", cn_date(tender.response_deadline))]),
                _notice_period(tender, published_on),
                _others(tender),
                _contacts(tender, "凡对本次采购提出询问，请按以下方式联系"),
            ),
        ],
    )


def result_notice(award: Award, published_on: date) -> NoticeText:
    """中标（成交）结果公告。"""
    tender = award.tender
    word = "中标" if tender.method in BIDDING else "成交"
    report = EvaluationReport.objects.filter(tender=tender).first()
    workdays = _in_force(tender, published_on).get(RESULT_WORKDAYS)
    return NoticeText(
        f"{_name(tender)}{word}结果公告",
        _numbered(
            _section("项目编号", tender.number),
            _section("项目名称", _name(tender)),
            _section(
                f"{word}信息",
                rows=[
                    ("供应商名称", award.provider.name),
                    ("供应商地址", award.provider.address),
                    (f"{word}金额", _yuan(award.amount_fen)),
                ],
            ),
            _section(
                "主要标的信息",
                rows=[("名称", award.package.name), ("服务要求", award.package.project.need)],
            ),
            _section("评审专家名单", "、".join(report.experts) if report else ""),
            _section("公告期限", _from_publication(workdays)),
            _contacts(tender, "凡对本次公告内容提出询问，请按以下方式联系"),
        ),
    )


def failed_notice(tender: Tender, published_on: date) -> NoticeText:
    """采购失败（终止）公告。"""
    return NoticeText(
        f"{_name(tender)}采购失败（终止）公告{_attempt(tender)}",
        _numbered(
            _section(
                "项目基本情况",
                rows=[("采购项目编号", tender.number), ("采购项目名称", _name(tender))],
            ),
            _section("项目终止的原因", tender.get_failure_ground_display(), tender.failure_note),
            _contacts(tender, "凡对本次公告内容提出询问，请按以下方式联系"),
        ),
    )


def contract_notice(contract: Contract, published_on: date) -> NoticeText:
    """合同公告；标的逐行列出。"""
    tender, provider = contract.award.tender, contract.award.provider
    lines = [row for line in contract.lines.all() for row in _line_rows(contract, line)]
    return NoticeText(
        f"{_name(tender)}合同公告",
        _numbered(
            _section("合同编号", contract.number),
            _section("合同名称", contract.name),
            _section("项目编号", tender.number),
            _section("项目名称", _name(tender)),
            _section(
                "合同主体",
                rows=[
                    ("采购人（甲方）", str(contract.case().purchaser)),
                    ("供应商（乙方）", provider.name),
                    ("供应商地址", provider.address),
                ],
            ),
            _section(
                "合同主要信息",
                rows=[
                    *lines,
                    ("合同金额", _yuan(contract.amount_fen)),
                    ("履约期限", f"{cn_date(contract.starts_on)}至{cn_date(contract.ends_on)}"),
                    ("履约地点", contract.place),
                    ("采购方式", tender.mode.get_method_display()),
                ],
            ),
            _section("合同签订日期", cn_date(contract.signed_on)),
            _section("合同公告日期", cn_date(published_on)),
        ),
    )


BUILDERS: dict[str, Callable[[Any, date], NoticeText]] = {
    NoticeKind.INTENTION: intention_notice,
    NoticeKind.TENDER_OPEN: open_tender_notice,
    NoticeKind.TENDER_CONSULTATION: consultation_notice,
    NoticeKind.RESULT: result_notice,
    NoticeKind.FAILED: failed_notice,
    NoticeKind.CONTRACT: contract_notice,
}


# --- 各节 -----------------------------------------------------------------------------------------


def _section(heading: str, *text: str, rows: Iterable[tuple[str, str]] = ()) -> Section:
    """一节；空着的内容不列。"""
    return {
        "heading": heading,
        "text": [paragraph for paragraph in text if paragraph],
        "rows": [[label, value] for label, value in rows if value],
    }


def _numbered(*sections: Section) -> list[Section]:
    """有内容的各节依次编号。"""
    kept = [section for section in sections if section["text"] or section["rows"]]
    return [
        section | {"heading": f"{chinese_number(position)}、{section['heading']}"}
        for position, section in enumerate(kept, 1)
    ]


def _basics(tender: Tender, *more: tuple[str, str]) -> Section:
    rows = [
        ("项目编号", tender.number),
        ("项目名称", _name(tender)),
        *more,
        ("预算金额", _yuan(tender.package.budget_fen)),
        ("最高限价", _yuan(tender.ceiling_price_fen)),
        ("采购需求", tender.case().need),
    ]
    return _section("项目基本情况", rows=rows)


def _requirements(tender: Tender, published_on: date) -> Section:
    """申请人的资格要求：本辖区采用《渝北办法》的，列其第六条的六项条件。"""
    heading = "申请人的资格要求"
    if "YB" not in regulations_reaching(tender, published_on):
        return _section(heading)
    return _section(
        heading,
        f"供应商应当具备{YUBEI.article(6).label}规定的条件：",
        *(str(c.label) for c in Condition),
    )


def _notice_period(tender: Tender, published_on: date) -> Section:
    by_method = _in_force(tender, published_on).get(NOTICE_WORKDAYS) or {}
    return _section("公告期限", _from_publication(by_method.get(tender.method)))


def _others(tender: Tender) -> Section:
    """其他补充事宜：意向在哪里公开的。"""
    intention = Intention.objects.filter(project=tender.case()).first()
    address = intention.address if intention else ""
    return _section("其他补充事宜", rows=[("采购意向公开网址", address)])


def _contacts(tender: Tender, heading: str) -> Section:
    case = tender.case()
    agency = case.agency if tender.is_centralised else None
    rows = [
        ("采购人", str(case.purchaser)),
        ("集中采购机构", str(agency) if agency else ""),
    ]
    return _section(heading, rows=rows)


def _line_rows(contract: Contract, line: Any) -> list[tuple[str, str]]:
    return [
        ("主要标的名称", line.name),
        ("服务要求", line.standard or contract.requirements),
        ("主要标的数量", f"{_plain(line.quantity)} {line.unit}"),
        ("主要标的单价", _yuan(line.unit_price_fen)),
    ]


# --- 写法 -----------------------------------------------------------------------------------------


def _name(tender: Tender) -> str:
    """项目名称；分包的，带上包号和包名。"""
    project = tender.case()
    is_divided = project.packages.count() > 1
    return f"{project.name}（{tender.package}）" if is_divided else project.name


def _attempt(tender: Tender) -> str:
    return f"（第{chinese_number(tender.attempt)}次）" if tender.attempt > 1 else ""


def _by_deadline(tender: Tender) -> str:
    day = cn_date(tender.response_deadline)
    return f"于{day}前（含当日）" if day else ""


def _offered(tender: Tender) -> str:
    first, last = cn_date(tender.offered_from), cn_date(tender.offered_until)
    return f"{first}至{last}" if first and last else ""


def _from_publication(workdays: int | None) -> str:
    return f"自本公告发布之日起 {workdays} 个工作日。" if workdays else ""


def _month(text: str) -> str:
    """2026-03 → 2026年3月；写法不同的照录。"""
    year, _, month = text.partition("-")
    return f"{year}年{int(month)}月" if year.isdecimal() and month.isdecimal() else text


def _yuan(fen: int) -> str:
    return f"{format_yuan(fen)} 元"


def _plain(number: Any) -> str:
    """12.00 → 12；12.50 → 12.5。"""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _in_force(tender: Tender, on: date) -> dict[str, Any]:
    """当日有值的参数；没有的，公告里就不写这一节，不因此发不出来。"""
    values: Parameters = parameters_in_force(tender.jurisdiction(), on)
    return {key: values[key] for key in values}
