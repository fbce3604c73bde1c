"""docs/reference/lifecycle.md: every state machine as a picture and a table."""

from __future__ import annotations

from config.docs.markdown import block, code, codes, page, table
from config.docs.moves import Machine, machines, who
from core.transitions.declare import Move
from projects.models import ENDED_STAGES, Project

LEAD = """项目只有一行，从申报走到公开；“阶段”是项目的状态，各份文件另有自己的“状态”。
一切变动都由唯一的执行器 `core.transitions.perform` 办理：先看状态，再看权限，再问全部规则，
然后改动、记历史、发事件，一次事务。下面的图和表都取自模型上的 `@advances` 声明。
规则的内容见 [规则书](rulebook.md)，岗位见 [权限](permissions.md)。"""
HEADINGS = ["由", "办理", "至", "权限", "谁可办理", "规则"]


def lifecycle_page() -> str:
    parts = [part for machine in machines() for part in _machine(machine)]
    return page("生命周期", LEAD, *parts)


def _machine(machine: Machine) -> list[str]:
    moves = table(HEADINGS, (_row(machine, move) for move in machine.moves))
    note = "其中签署的岗位以该步骤指定的为准。" if machine.names_one_role() else ""
    heading = f"## {machine.title}（`{machine.label}`）"
    return [heading, block(picture(machine)), moves, note]


def _row(machine: Machine, move: Move) -> list[str]:
    return [
        "、".join(machine.states[source] for source in move.sources),
        f"{move.title}（{code(move.name)}）",
        machine.target(move),
        code(move.permission),
        who(move.permission),
        codes(move.rules) or "—",
    ]


def picture(machine: Machine) -> str:
    """One state a line, its moves below it."""
    lines = []
    for state, label in machine.states.items():
        lines.append(f"{label}{_remark(machine, state)}")
        leaving = machine.leaving(state)
        for move in leaving:
            corner = "└─" if move is leaving[-1] else "├─"
            lines.append(f"  {corner} {move.title} ─→ {machine.target(move)}")
    return "\n".join(lines)


def _remark(machine: Machine, state: str) -> str:
    if state == machine.first:
        return "　（起点）"
    if machine.leaving(state):
        return ""
    if machine.model is Project and state not in ENDED_STAGES:
        return "　（由此往后的办理尚未建成）" if machine.is_entered(state) else "　（尚未建成）"
    return "　（终点）" if machine.is_entered(state) else "　（尚未建成）"
