"""A story in words: stage by stage, who did what, what was refused and by which article."""

from __future__ import annotations

from collections.abc import Callable

from config.story.case import Case
from config.story.scene import Scene
from config.story.teller import Refused, Told
from contracts.models import Contract, Payment, Settlement
from core.history.reading import EventView
from core.money import format_yuan

MOST_ALIKE = 3
Say = Callable[[str], None]


class Narrator:
    """Says each step as it goes; a line of its own where a new stage begins."""

    def __init__(self, case: Case, say: Say) -> None:
        self.count, self.say, self.chapter = len(case.steps), say, ""
        self.refusals: list[tuple[Told, Refused]] = []
        say(f"案例：{case.title}（{self.count} 步）")
        for what, why in case.invented:
            say(f"虚构：{what}——{why}")

    def tell(self, told: Told) -> None:
        if told.chapter != self.chapter:
            self.chapter = told.chapter
            self.say(f"\n━━ {told.chapter} ━━")
        step, role = told.step, told.by.role
        who = (
            f"{told.by.user.full_name}（{role.organisation.short_name}·{role.get_role_display()}）"
        )
        source = f"  〔{step.source}〕" if step.source else ""
        self.say(f"[{step.position:>3}/{self.count}] {step.on.isoformat()} {who}{source}")
        for refused in told.refused:
            self.refusals.append((told, refused))
            self.say(f"          ✗ 未通过 {refusal_line(refused)}")
        for line in event_lines(told.events):
            self.say(f"          · {line}")

    def sum_up(self) -> None:
        self.say(f"\n共 {self.count} 步，其中被规则挡下 {len(self.refusals)} 次。")


def refusal_line(refused: Refused) -> str:
    shown = "；".join(f"{name} {value}" for name, value in refused.compared)
    place = f"{refused.article}：" if refused.article else ""
    return f"{place}{refused.message}{f'（{shown}）' if shown else ''}"


def event_lines(events: tuple[EventView, ...]) -> list[str]:
    """One line an event; many of the same title are counted in one."""
    by_title: dict[str, list[EventView]] = {}
    for event in events:
        if event.kind != "refusal":
            by_title.setdefault(event.title, []).append(event)
    return [
        line
        for title, alike in by_title.items()
        for line in (
            [f"{title}（{len(alike)} 件）"]
            if len(alike) > MOST_ALIKE
            else [event_line(event) for event in alike]
        )
    ]


def event_line(event: EventView) -> str:
    moved = event.from_label != event.to_label and event.to_label
    change = f"：{event.from_label} → {event.to_label}" if moved else ""
    late = "".join(f"（{v.message}，已记录）" for v in event.late)
    about = f" {event.label}" if event.label and event.label not in event.title else ""
    return f"{event.title}{about}{change}{late}"


def reconciled(scene: Scene) -> list[str]:
    """Contract, ledger and payments side by side, one line a contract; amounts in 元."""
    lines = []
    for contract in Contract.objects.filter(package__project=scene.project).order_by("pk"):
        slices = sum(part.paid_fen for part in contract.slices.all())
        paid = sum(Payment.objects.filter(contract=contract).values_list("amount_fen", flat=True))
        settled = Settlement.objects.filter(contract=contract).first()
        due = f"，结算应付 {format_yuan(settled.payable_fen)}" if settled else ""
        lines.append(
            f"{contract.number}：合同 {format_yuan(contract.amount_fen)}{due}，"
            f"资金账已付 {format_yuan(slices)}，支付台账 {format_yuan(paid)}"
            f"——{'相符' if slices == paid else '不符'}"
        )
    return lines
