"""What waits at the review desk: this year's successor of an evaluated purchase, papers printed
for the next meeting, replies to be drawn up and to be issued in one go."""

from __future__ import annotations

from datetime import date

from budgeting.models import BudgetReview, ReviewStatus
from budgeting.services import agree, prepare_meeting, print_review
from config.demo.telling import Telling, days
from core.events import drain
from projects.models import Project, Stage

FILED = date(2026, 1, 19)
DECIDED = date(2026, 2, 27)
TODAY = date(2026, 3, 2)


def tell_desk(t: Telling) -> None:
    """示范区: papers of reviews, a meeting sheet, decided projects of four purchasers."""
    _successor(t)
    _to_reply(t)
    _to_meet(t)


def _successor(t: Telling) -> None:
    """Last year's purchase was scored; this year asks for more, one reviewer would cut it."""
    project = t.file(
        "卫健委",
        "基层医疗影像平台运维",
        FILED,
        [("平台运维", "C16070300", 12, "月", 66_000)],
    )
    t.submit("卫健委", project, days(FILED, 3))
    agree(
        t.opinion(project, "发改委"),
        text="同意立项，建议按上年合同价核定。",
        proposed_fen=70_000_000,
        **t.reviewer("发改委").acts(days(FILED, 10)),
    )
    sheet = t.finance().acts(days(FILED, 11))
    print_review(t.review(project), kind="countersign", **sheet)
    drain()


def _to_reply(t: Telling) -> None:
    """Decided in one meeting: two purchasers wait for their replies, two drafts to be issued."""
    made = [
        (place, _concluded(t, place, name, yuan))
        for place, name, yuan in (
            ("教委", "学生体质监测数据服务", 24_000),
            ("交通局", "出租汽车监管平台运维", 31_000),
            ("城管局", "环卫作业监测平台运维", 28_000),
            ("市监局", "网络交易监测服务", 26_000),
        )
    ]
    t.decide(
        [project for _, project in made],
        DECIDED,
        "财政局",
        t.finance(),
        "预算审核会第 3 次",
        "示财审〔2026〕3号",
    )
    for place, project in made[2:]:
        t.reply(place, [project], DECIDED, is_issued=False)


def _concluded(t: Telling, place: str, name: str, yuan: int) -> Project:
    lines = [("服务费", "C16070300", 12, "月", yuan)]
    project = t.file(place, name, FILED, lines)
    t.submit(place, project, days(FILED, 3))
    t.all_agree(project, days(FILED, 11))
    t.conclude(project, days(FILED, 15))
    return project


def _to_meet(t: Telling) -> None:
    """The agenda of the standing committee's next meeting."""
    on = TODAY
    waiting = [_concluded(t, "应急局", "应急值守语音平台运维", 35_000)]
    waiting.append(_concluded(t, "龙溪街道", "社区养老信息平台运维", 21_000))
    reviews = BudgetReview.objects.filter(
        project__in=waiting, status=ReviewStatus.CONCLUDED, project__stage=Stage.BUDGET
    )
    prepare_meeting(
        t.district.organisations["常务会"],
        meeting="2026 年第 5 次会议",
        meets_on=date(2026, 3, 6),
        reviews=list(reviews.order_by("pk")),
        **t.actor("常务会", "decision_secretary").acts(on),
    )
    print_review(t.review(waiting[0]), kind="opinion", **t.finance().acts(on))
    drain()
