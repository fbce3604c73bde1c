"""审核卡：所请、对控制数和资金的影响、与上年和上一轮的差异、各轮意见、待落实条件。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from accounts.models import User
from budgeting.comparison import version_differences
from budgeting.facts import ceiling_facts, split_by_fund
from budgeting.facts.review import joined_later
from budgeting.models import (
    AVAILABLE,
    BudgetReview,
    Ceiling,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
    Obligation,
)
from budgeting.selectors.badges import badge_of
from budgeting.selectors.case import documents_by_subject
from budgeting.selectors.reviews import rounds_of
from core.history.values import reference
from core.money import format_yuan
from core.rules import Context
from projects.models import PlanLine, Project, ProjectVersion, Stage


def review_card(review: BudgetReview, user: User, *, on: date) -> dict[str, Any]:
    """一张审核卡；金额为分，对控制数的影响只在项目处在预算环节、这一轮未结束时推算。"""
    project = review.project
    rounds = rounds_of(project)
    current = next(r for r in rounds if r.review.pk == review.pk)
    is_live = project.stage == Stage.BUDGET and review.round_number == project.round_number
    before = precedent_of(project)
    obligations = Obligation.objects.filter(project=project).select_related("opinion__reviewer")
    return {
        "review": review,
        "project": project,
        "badge": current.badge,
        "round": current,
        "joined_later": joined_later(review) if is_live else (),
        "earlier": [r for r in rounds if r.review.round_number < review.round_number],
        "asked": _asked(project, review),
        "effects": effects_of(review, user, on=on) if is_live else [],
        "diffs": _against_last_round(review),
        "last_year": _against_last_year(review, before) if before else None,
        "documents": documents_by_subject([review])[reference(review)],
        "obligations": [(o, badge_of(o)) for o in obligations],
    }


def _asked(project: Project, review: BudgetReview) -> list[tuple[str, Any]]:
    item = project.catalogue_item
    return [
        ("购买主体", project.purchaser),
        ("预算年度", project.year),
        ("目录条目", item),
        ("项目总额（元）", format_yuan(project.total_fen)),
        ("申请财政资金（元）", format_yuan(project.requested_fen)),
        ("是否列入当年预算", "未列入" if project.is_off_budget else "已列入"),
        ("拟采用采购方式", project.get_proposed_method_display() or None),
        ("服务需求", project.need or None),
        ("立项依据", project.basis or None),
        ("建议金额（元）", format_yuan(review.proposed_fen) if review.proposed_fen else None),
        ("审核意见", review.summary or None),
    ]


# --- 对控制数和资金的影响 ------------------------------------------------------------------------


@dataclass(frozen=True)
class Scenario:
    """如果这样批：办理前可用、需要、办理后可用（分）；没有下达控制数的没有前后。"""

    title: str
    before_fen: int | None
    needed_fen: int

    @property
    def after_fen(self) -> int | None:
        return None if self.before_fen is None else self.before_fen - self.needed_fen


@dataclass(frozen=True)
class Effect:
    """一项资金来源：本单位的控制数和全辖区的这项资金，办理前后各还有多少可用（分）。"""

    fund: str
    is_set: bool
    ceiling_fen: int
    before_fen: int
    asked_fen: int
    proposed_fen: int | None
    others_fen: int
    others: int
    whole_before_fen: int

    @property
    def needed_fen(self) -> int:
        """本项目要用的：有建议的按建议，否则按申请。"""
        return self.asked_fen if self.proposed_fen is None else self.proposed_fen

    @property
    def after_all_fen(self) -> int:
        return self.before_fen - self.needed_fen - self.others_fen

    @property
    def lines(self) -> list[Scenario]:
        """按申请批、按建议批、连同其他在办项目都批，以及全辖区的这项资金，各自前后。"""
        before = self.before_fen if self.is_set else None
        found = [Scenario("按申请批", before, self.asked_fen)]
        if self.proposed_fen is not None:
            found.append(Scenario("按建议批", before, self.proposed_fen))
        if self.others:
            together = f"连同本单位其他在办的 {self.others} 个项目"
            found.append(Scenario(together, before, self.needed_fen + self.others_fen))
        return [*found, Scenario("全辖区的这项资金", self.whole_before_fen, self.needed_fen)]

    @property
    def verdict(self) -> tuple[str, str]:
        """结论和颜色。"""
        if not self.is_set or self.before_fen < self.needed_fen:
            return "不够", "bad"
        return ("够用", "ok") if self.after_all_fen >= 0 else ("连同在办的不够", "late")


def proposed_of(review: BudgetReview) -> int | None:
    """建议金额：已汇总的按汇总，否则取各机构已建议的最低数；都没有建议的为 None。"""
    if review.proposed_fen is not None:
        return review.proposed_fen
    found = [o.proposed_fen for o in review.opinions.all() if o.proposed_fen]
    return min(found) if found else None


def effects_of(review: BudgetReview, user: User, *, on: date) -> list[Effect]:
    """按申报的资金构成分摊，逐项资金推算。"""
    project = review.project
    proposed = proposed_of(review)
    asked = _shares(project, project.requested_fen)
    cut = None if proposed is None else _shares(project, proposed)
    others = _others(project)
    whole = _whole_funds(project)
    facts = ceiling_facts(project, Context(on, user, data={"approved_fen": project.requested_fen}))
    found = []
    for fact, (fund_id, asked_fen) in zip(facts.lines, asked.items(), strict=True):
        pending = [share[fund_id] for share in others if share.get(fund_id)]
        found.append(
            Effect(
                fund=fact.fund,
                is_set=fact.is_set,
                ceiling_fen=fact.ceiling_fen,
                before_fen=fact.available_fen,
                asked_fen=asked_fen,
                proposed_fen=None if cut is None else cut.get(fund_id, 0),
                others_fen=sum(pending),
                others=len(pending),
                whole_before_fen=whole.get(fund_id, 0),
            )
        )
    return found


def _shares(project: Project, fen: int) -> dict[int, int]:
    return dict(split_by_fund(project, fen)) if fen else {}


def _others(project: Project) -> list[dict[int, int]]:
    """同一购买主体同一年度其他在预算环节的项目各要多少：审定过的按审定，其次按建议，再次按申请。"""
    here = {"project": OuterRef("pk"), "round_number": OuterRef("round_number")}
    decided = DecisionLine.objects.filter(
        **here, outcome=DecisionOutcome.APPROVE, decision__status=DecisionStatus.RECORDED
    ).order_by("-decision__decided_on", "-pk")
    rows: QuerySet[Any] = (
        Project.objects.filter(
            purchaser=project.purchaser_id, year=project.year, stage=Stage.BUDGET
        )
        .exclude(pk=project.pk)
        .annotate(
            decided_fen=Subquery(decided.values("approved_fen")[:1]),
            proposed_fen=Subquery(BudgetReview.objects.filter(**here).values("proposed_fen")[:1]),
        )
        .prefetch_related("fund_lines")
    )
    return [_shares(p, p.decided_fen or p.proposed_fen or p.requested_fen) for p in rows]


def _whole_funds(project: Project) -> dict[int, int]:
    """全辖区当年各项资金的可用合计（分）。"""
    rows = Ceiling.objects.filter(year=project.year, fund__jurisdiction=project.jurisdiction())
    sums = rows.order_by().values_list("fund").annotate(left=Sum(AVAILABLE))
    return dict(sums)


# --- 差异 ----------------------------------------------------------------------------------------


def precedent_of(project: Project) -> Project | None:
    """上年的同一项目：计划行写明的，否则本单位上年同名的；没有的为 None。"""
    line = PlanLine.objects.filter(project=project).select_related("precedent__project").first()
    if line is not None and line.precedent is not None:
        return line.precedent.project
    found: Project | None = (
        Project.objects.filter(
            purchaser=project.purchaser_id, name=project.name, year=project.year - 1
        )
        .order_by("-pk")
        .first()
    )
    return found


def precedents_of(project: Project, *, most: int = 3) -> list[Project]:
    """上年、再上年……的同一项目，近的在前。"""
    found: list[Project] = []
    before = precedent_of(project)
    while before is not None and len(found) < most and before not in found:
        found.append(before)
        before = precedent_of(before)
    return found


def _against_last_year(review: BudgetReview, before: Project) -> dict[str, Any]:
    versions = ProjectVersion.objects.filter(project=before).order_by("-round_number")
    old = versions.first()
    figures = [
        ("申请财政资金", before.requested_fen, review.project.requested_fen),
        ("批复金额", before.approved_fen, None),
    ]
    return {
        "project": before,
        "figures": [(label, a, b, _change(a, b)) for label, a, b in figures],
        "diffs": version_differences(old, review.filed_version) if old else None,
    }


def _change(before: int | None, after: int | None) -> str:
    """增减的比例，如 +12.5%；没有可比的为空。"""
    if not before or after is None:
        return ""
    tenths = round((after - before) * 1000 / before)
    return f"{tenths / 10:+.1f}%"


def _against_last_round(review: BudgetReview) -> list[dict[str, str]] | None:
    """与上一轮版本的差异；第一轮为 None。"""
    before = ProjectVersion.objects.filter(
        project=review.project_id, round_number=review.round_number - 1
    ).first()
    return version_differences(before, review.filed_version) if before else None
