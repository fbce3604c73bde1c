"""购买项目和要求公告：项目、服务要求、服务标准、购买预算、评价方法。"""

from __future__ import annotations

from datetime import date

from core.rules import regulations_reaching
from disclosure.documents.wording import NoticeText, numbered, plain, section, yuan
from procurement.models import Preparation
from projects.models import Indicator, Project

TOGETHER = (
    "项目完成后，由购买主体会同相关职能部门以及第三方专业机构综合评估，"
    "评估绩效目标的实现程度、资金使用效果、服务质量和公众满意度。"
)


def requirements_notice(project: Project, _published_on: date | None) -> NoticeText:
    """批复之后公开的四项内容（《渝北办法》第九条第（二）项、第十六条）。"""
    indicators = list(Indicator.objects.filter(project=project))
    preparation = Preparation.objects.filter(project=project).first()
    since = project.first_filed_on or date(project.year, 1, 1)
    is_yubei = "YB" in regulations_reaching(project, since)
    approved = project.approved_fen
    return NoticeText(
        f"{project.name}购买项目和要求公告",
        numbered(
            section(
                "项目基本情况",
                rows=[
                    ("项目编号", project.number),
                    ("项目名称", project.name),
                    ("购买主体", str(project.purchaser)),
                    ("目录条目", str(project.catalogue_item or "")),
                    ("预算年度", f"{project.year} 年"),
                    ("批复文号", project.reply_number),
                ],
            ),
            section("服务要求", project.need),
            section("服务标准", rows=[(each.name, target(each)) for each in indicators]),
            section("购买预算", rows=[("预算金额", yuan(approved) if approved else "")]),
            section(
                "评价方法",
                TOGETHER if is_yubei else "",
                preparation.assessment_standard if preparation else "",
                rows=[("指标权重", "；".join(weight(each) for each in indicators))],
            ),
        ),
    )


def target(indicator: Indicator) -> str:
    """≥99.5%；没有目标值的不写。"""
    if indicator.value is None:
        return ""
    return f"{indicator.get_operator_display()}{plain(indicator.value)}{indicator.unit}"


def weight(indicator: Indicator) -> str:
    return f"{indicator.name} {plain(indicator.weight)}%"
