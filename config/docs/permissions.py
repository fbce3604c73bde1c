"""docs/reference/permissions.md and the golden matrix: who may do what, to what, in which state."""

from __future__ import annotations

from accounts.roles import ACTS, Act, Role, Scope
from config.docs.markdown import code, page, table
from config.docs.moves import Machine, holders, machines, who
from core.transitions.declare import Move

LEAD = """权限只来自任职：某人自某日起在某机构任某岗位。一人可任多岗，每次办理以一个岗位办理。
没有超级用户；系统、安全、审计三类管理员由不同的人担任。事项全部写在 `accounts/roles.py`，一行一个。

范围：**本单位的**，事情属于任职机构；**交本单位办理的**，事情现由任职机构办理；**本辖区的**，
事情属于任职机构所在辖区；**全系统的**，不分机构。“系统任务”是程序自己的岗位，不能登录，不受范围所限。

看得见不等于办得了：看得见什么见各模型的 `visible_to`。看不见的与不存在的一样，都答“没有此页”。"""
MATRIX_LEAD = """一行是某种文件处于某个状态时的一个办理；● 表示该岗位可办
（仍受上表范围所限，且须合乎规则）。没有列出的岗位一律不能办理。
同一内容另存一份在 `tests/golden/permissions.txt`，供主管人员阅定；两者不同，构建不通过。"""
GOLDEN_LEAD = [
    "明购 · 岗位权限对照",
    "",
    "每行：状态 · 办理 → 至：可办的岗位（范围）。没有列出的，一律不能办理。",
    "“系统任务”是程序自己的岗位，不能登录，不受范围所限。",
    "本文件由主管人员阅定；改了权限，须重新阅定（manage.py docs --accept-permissions）。",
]


def permissions_page() -> str:
    titles = ["事项", "代号", "范围", "岗位", "用在哪些办理"]
    acts = table(titles, (_act_row(name, act) for name, act in ACTS.items()))
    roles = table(["岗位", "代号", "可办事项"], (_role_row(role) for role in Role))
    matrix = [part for machine in machines() for part in _matrix(machine)]
    heading = "## 岗位 × 办理 × 状态"
    return page("权限", LEAD, "## 事项", acts, "## 岗位", roles, heading, MATRIX_LEAD, *matrix)


def _act_row(name: str, act: Act) -> list[str]:
    used = [
        f"{machine.title}·{move.title}"
        for machine in machines()
        for move in machine.moves
        if move.permission == name
    ]
    names = "、".join(str(role.label) for role in holders(name))
    return [act.title, code(name), str(Scope(act.scope).label), names, "；".join(used) or "—"]


def _role_row(role: Role) -> list[str]:
    own = [f"{act.title}（{Scope(act.scope).label}）" for act in ACTS.values() if role in act.roles]
    return [str(role.label), code(role.value), "、".join(own) or "只可查看，不能办理任何事项"]


def _matrix(machine: Machine) -> list[str]:
    able = {move.name: holders(move.permission) for move in machine.moves}
    columns = [role for role in Role if any(role in roles for roles in able.values())]
    rows = [
        [machine.states[state], move.title, *("●" if r in able[move.name] else "" for r in columns)]
        for state, move in _cells(machine)
    ]
    heading = f"### {machine.title}（`{machine.label}`）"
    titles = ["状态", "办理", *(str(role.label) for role in columns)]
    return [heading, table(titles, rows), _note(machine)]


def _note(machine: Machine) -> str:
    return "签署的岗位还须是该步骤指定的岗位。" if machine.names_one_role() else ""


def _cells(machine: Machine) -> list[tuple[str, Move]]:
    return [(state, move) for state in machine.states for move in machine.leaving(state)]


def golden_matrix() -> str:
    """The matrix as plain text, one line per document, state and move."""
    lines = list(GOLDEN_LEAD)
    for machine in machines():
        lines += ["", f"【{machine.title}】{machine.label}"]
        lines += [_line(machine, state, move) for state, move in _cells(machine)]
        lines += [f"注：{note}" for note in (_note(machine),) if note]
    lines += ["", "【各岗位可办的全部事项】"]
    lines += [f"{title}：{acts}" for title, _, acts in map(_role_row, Role)]
    return "\n".join(lines) + "\n"


def _line(machine: Machine, state: str, move: Move) -> str:
    path = f"{machine.states[state]} · {move.title} → {machine.target(move)}"
    return f"{path}：{who(move.permission)}"
