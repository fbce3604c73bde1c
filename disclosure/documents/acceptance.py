"""公共服务项目验收结果公告。"""

from __future__ import annotations

from datetime import date

from contracts.models import Acceptance
from core.templatetags.ui import cn_date
from disclosure.documents.contract import headed
from disclosure.documents.wording import NoticeText, name, numbered, section


def acceptance_notice(acceptance: Acceptance, _published_on: date | None) -> NoticeText:
    """全部服务验收合格之后的公告；前五节与合同公告相同。"""
    contract = acceptance.contract
    return NoticeText(
        f"{name(contract.award.tender)}验收结果公告",
        numbered(
            *headed(contract),
            section(
                "合同主要信息",
                rows=[
                    ("服务内容", contract.content or contract.scope),
                    ("服务要求", contract.requirements),
                    ("服务期限", f"{cn_date(contract.starts_on)}至{cn_date(contract.ends_on)}"),
                    ("服务地点", contract.place),
                ],
            ),
            section("验收日期", cn_date(acceptance.held_on)),
            section("验收组成员", acceptance.members),
            section("验收意见", acceptance.conclusion),
            section("其他补充事宜", rows=[("服务对象意见", acceptance.users_opinion)]),
        ),
    )
