"""招标、磋商、成交结果、终止公告。"""

from __future__ import annotations

from datetime import date

from core.templatetags.ui import cn_date
from disclosure.documents.parts import (
    ASK_ABOUT_NOTICE,
    basics,
    by_deadline,
    contacts,
    in_force,
    notice_period,
    offered,
    others,
    requirements,
)
from disclosure.documents.wording import (
    NoticeText,
    attempt,
    from_publication,
    name,
    numbered,
    section,
    yuan,
)
from procurement.models import Award, EvaluationReport, Tender
from projects.models import ProcurementMethod

RESULT_WORKDAYS = "YB-9.3-result-notice-workdays"
BIDDING = (ProcurementMethod.OPEN, ProcurementMethod.INVITED)
ASK_ABOUT_TENDER = "凡对本次采购提出询问，请按以下方式联系"


def open_tender_notice(tender: Tender, published_on: date) -> NoticeText:
    """招标公告。"""
    what = name(tender)
    overview = (
        f"{what}招标项目的潜在投标人应在规定时间内获取招标文件，"
        f"并{by_deadline(tender)}递交投标文件。"
    )
    return NoticeText(
        f"{what}招标公告{attempt(tender)}",
        [
            section("项目概况", overview),
            *numbered(
                basics(tender),
                requirements(tender, published_on),
                section("获取招标文件", rows=[("时间", offered(tender))]),
                section(
                    "提交投标文件截止时间、开标时间和地点",
                    rows=[("提交投标文件截止时间", cn_date(tender.response_deadline))],
                ),
                notice_period(tender, published_on),
                others(tender),
                contacts(tender, ASK_ABOUT_TENDER),
            ),
        ],
    )


def consultation_notice(tender: Tender, published_on: date) -> NoticeText:
    """竞争性磋商公告。"""
    what = name(tender)
    overview = (
        f"{what}的潜在供应商应在规定时间内获取采购文件，并{by_deadline(tender)}提交响应文件。"
    )
    return NoticeText(
        f"{what}竞争性磋商公告{attempt(tender)}",
        [
            section("项目概况", overview),
            *numbered(
                basics(tender, ("采购方式", tender.mode.get_method_display())),
                requirements(tender, published_on),
                section("获取采购文件", rows=[("时间", offered(tender))]),
                section("响应文件提交", rows=[("截止时间", cn_date(tender.response_deadline))]),
                notice_period(tender, published_on),
                others(tender),
                contacts(tender, ASK_ABOUT_TENDER),
            ),
        ],
    )


def result_notice(award: Award, published_on: date) -> NoticeText:
    """中标（成交）结果公告。"""
    tender = award.tender
    word = "中标" if tender.method in BIDDING else "成交"
    report = EvaluationReport.objects.filter(tender=tender).first()
    workdays = in_force(tender, published_on).get(RESULT_WORKDAYS)
    return NoticeText(
        f"{name(tender)}{word}结果公告",
        numbered(
            section("项目编号", tender.number),
            section("项目名称", name(tender)),
            section(
                f"{word}信息",
                rows=[
                    ("供应商名称", award.provider.name),
                    ("供应商地址", award.provider.address),
                    (f"{word}金额", yuan(award.amount_fen)),
                ],
            ),
            section(
                "主要标的信息",
                rows=[("名称", award.package.name), ("服务要求", award.package.project.need)],
            ),
            section("评审专家名单", "、".join(report.experts) if report else ""),
            section("公告期限", from_publication(workdays)),
            section("其他补充事宜", _instead(award, word)),
            contacts(tender, ASK_ABOUT_NOTICE),
        ),
    )


def _instead(award: Award, word: str) -> str:
    """成交供应商拒绝签订之后另行确定的，写明代替的是哪一次；没有的为空。"""
    refused = Award.objects.refused().filter(tender=award.tender_id, pk__lt=award.pk)
    names = "、".join(f"“{one.provider.name}”" for one in refused.select_related("provider"))
    return f"原{word}供应商{names}拒绝签订合同，依法按评审次序另行确定。" if names else ""


def failed_notice(tender: Tender, _published_on: date) -> NoticeText:
    """采购失败（终止）公告。"""
    return NoticeText(
        f"{name(tender)}采购失败（终止）公告{attempt(tender)}",
        numbered(
            section(
                "项目基本情况",
                rows=[("采购项目编号", tender.number), ("采购项目名称", name(tender))],
            ),
            section("项目终止的原因", tender.get_failure_ground_display(), tender.failure_note),
            contacts(tender, ASK_ABOUT_NOTICE),
        ),
    )
