"""终止公告、更正公告：都写明是哪一份公告终止了、更正了。"""

from __future__ import annotations

from datetime import date
from typing import Any

from contracts.models import Contract
from core.templatetags.ui import cn_date
from disclosure.documents.parts import ASK_ABOUT_NOTICE, asking
from disclosure.documents.wording import NoticeText, numbered, section
from disclosure.models import NoticeDraft
from procurement.models import Tender
from projects.models import Package


def termination_notice(
    subject: Package | Contract, _published_on: date | None, details: dict[str, Any]
) -> NoticeText:
    """不再采购的采购包、终止了的合同；原因是办理时所写的。"""
    contract = subject if isinstance(subject, Contract) else None
    package = subject.package if isinstance(subject, Contract) else subject
    project = package.project
    tender = Tender.objects.filter(package=package).order_by("-attempt").first()
    is_divided = project.packages.current().count() > 1
    what = f"{project.name}（{package}）" if is_divided else project.name
    signed = (
        [
            ("合同编号", contract.number),
            ("合同名称", contract.name),
            ("供应商", contract.award.provider.name),
        ]
        if contract
        else []
    )
    return NoticeText(
        f"{what}{'合同' if contract else '采购'}终止公告",
        numbered(
            section(
                "项目基本情况",
                rows=[
                    ("采购项目编号", tender.number if tender else project.number),
                    ("采购项目名称", what),
                    *signed,
                ],
            ),
            section("项目终止的原因", details.get("reason", "")),
            asking(project, ASK_ABOUT_NOTICE),
        ),
    )


def correction_notice(
    original: NoticeDraft, published_on: date | None, details: dict[str, Any]
) -> NoticeText:
    """更正哪一份，哪一项由什么改为什么，为什么。"""
    items = details.get("items", [])
    changed = [
        (item["place"], f"原为“{item['before']}”，现更正为“{item['after']}”。") for item in items
    ]
    return NoticeText(
        f"{original.title}的更正公告",
        numbered(
            section(
                "项目基本情况",
                rows=[
                    ("原公告的采购项目编号", original.project.number),
                    ("原公告的采购项目名称", original.project.name),
                    ("原公告编号", original.notice_number),
                    ("原公告名称", original.title),
                    ("首次公告日期", cn_date(original.published_on)),
                ],
            ),
            section(
                "更正信息",
                rows=[
                    ("更正事项", original.get_kind_display()),
                    *changed,
                    ("更正理由", details.get("reason", "")),
                    ("更正日期", cn_date(published_on)),
                ],
            ),
            asking(original.project, ASK_ABOUT_NOTICE),
        ),
    )
