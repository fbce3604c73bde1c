"""与计划里已有的比：哪些新增、修改、不变，哪些已提交不能改，哪些不得购买。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from core.history.canonical import canonical_bytes
from projects.documents import PROJECTS, Book, Problem, Table, differences, read_tables
from projects.documents.cells import OWN, Difference
from projects.documents.exporting import cells_by_project, lookups_of
from projects.documents.reading import MOST_PROBLEMS
from projects.models import AnnualPlan, PlanLine, Project, Stage
from projects.services.content import Filing
from projects.services.importing.drafting import Draft, Terms, drafts_of, said_of
from projects.services.importing.progress import Reporter

NEW, CHANGED, UNCHANGED, LOCKED, REFUSED = "new", "changed", "unchanged", "locked", "refused"
KINDS = {
    NEW: "新增",
    CHANGED: "修改",
    UNCHANGED: "不变",
    LOCKED: "已提交，不改",
    REFUSED: "不得购买，不收",
}


@dataclass(frozen=True)
class Outcome:
    """预览的一行。`against` 是与上年项目的不同之处。"""

    kind: str
    row: int
    serial: str
    number: str
    name: str
    total_fen: int
    said: str = ""
    differences: tuple[Difference, ...] = ()
    precedent: str = ""
    against: tuple[Difference, ...] = ()


@dataclass
class Step:
    """预览的一行，和照它要办的。"""

    outcome: Outcome
    draft: Draft
    line: PlanLine | None
    precedent: PlanLine | None


@dataclass
class Checked:
    """核对的结果：有错误的不写入；没有的，`steps` 就是要办的。

    `problems` 是要列出的，错误极多时只列前面的；`problem_count` 是全部几处。
    """

    problems: list[Problem]
    steps: list[Step]
    absent: int = 0
    lines: int = 0
    problem_count: int = 0

    def report(self) -> bytes:
        """存放与比对用的字节；内容相同则字节相同。"""
        outcomes = [asdict(step.outcome) for step in self.steps]
        problems = [asdict(p) | {"place": p.place, "cell": p.cell} for p in self.problems]
        return canonical_bytes({"outcomes": outcomes, "problems": problems, "absent": self.absent})

    def to_write(self) -> list[Step]:
        """确认之后要办的：新增的和修改的。"""
        return [step for step in self.steps if step.outcome.kind in (NEW, CHANGED)]

    def count(self, kind: str) -> int:
        return sum(1 for step in self.steps if step.outcome.kind == kind)


def check_book(
    plan: AnnualPlan, book: Book, day: date, reporter: Reporter | None = None
) -> Checked:
    """读入、合成、比对；全部错误一次列出，按表、行、列排好。"""
    lookups, in_force = lookups_of(plan.purchaser.organisation.jurisdiction, day)
    tables, problems = read_tables(book, lookups)
    drafts = drafts_of(tables)
    problems += drafts.problems
    present = _Present(plan, drafts.found)
    terms = Terms.on(plan, day, in_force)
    steps = []
    found_drafts: Iterable[Draft] = drafts.found
    if reporter is not None:
        found_drafts = reporter.over("核对", found_drafts, len(drafts.found))
    for draft in found_drafts:
        step = _Comparison(draft, tables[PROJECTS.name], present)
        found = list(step.problems())
        if not found:
            steps.append(step.step())
            if steps[-1].outcome.kind in (NEW, CHANGED):
                found = [*step.stale(), *said_of(draft, tables, terms)]
        problems += found
    if not tables[PROJECTS.name].lines and not problems:
        problems.append(Problem(PROJECTS.name, None, None, "", "没有一行内容。"))
    order = list(tables)
    problems.sort(key=lambda p: _place(p, order))
    lines = sum(len(table.lines) for table in tables.values())
    absent = len(present.lines) - len({s.line.pk for s in steps if s.line})
    return Checked(problems[:MOST_PROBLEMS], steps, absent, lines, len(problems))


def _place(problem: Problem, order: list[str]) -> tuple[int, str, int, int]:
    sheet = order.index(problem.sheet) if problem.sheet in order else len(order)
    row = -1 if problem.row is None else problem.row
    return sheet, problem.sheet, row, -1 if problem.column is None else problem.column


class _Present:
    """计划里现有的各行，和文件提到的上年项目；查询次数与行数无关。"""

    def __init__(self, plan: AnnualPlan, drafts: list[Draft]) -> None:
        lines = PlanLine.objects.filter(plan=plan).select_related(
            "project__catalogue_item", "project__purchaser", "precedent__project", "plan"
        )
        self.lines = list(lines)
        self.by_number = {line.project.number: line for line in self.lines}
        self.by_serial = {line.serial: line for line in self.lines if line.serial}
        self.taken: dict[int, Draft] = {}
        before = PlanLine.objects.filter(
            plan__purchaser=plan.purchaser_id, plan__year__lt=plan.year
        ).select_related("project__catalogue_item")
        numbers = {d.text("precedent") for d in drafts} - {""}
        self.before = (
            {line.project.number: line for line in before if line.project.number in numbers}
            if numbers
            else {}
        )
        asked = {line.pk for d in drafts if (line := self.line_of(d)) is not None}
        found = [line.project for line in self.lines if line.pk in asked]
        self.cells = cells_by_project([*found, *(line.project for line in self.before.values())])

    def line_of(self, draft: Draft) -> PlanLine | None:
        """写了项目编号的照编号认；没有写的照序号认：导入时登记的序号，或者就是编号。"""
        number, serial = draft.text("number"), draft.text("serial")
        if number:
            return self.by_number.get(number)
        return self.by_serial.get(serial) or self.by_number.get(serial)


class _Comparison:
    """一份申报与它在计划里的那一行。"""

    def __init__(self, draft: Draft, table: Table, present: _Present) -> None:
        self.draft, self.table, self.present = draft, table, present
        self.line = present.line_of(draft)
        self.precedent = present.before.get(draft.text("precedent"))

    def problems(self) -> Iterator[Problem]:
        """认错、认重的；认不出上年项目的。"""
        draft, row = self.draft, self.draft.line.row
        number, serial = draft.text("number"), draft.text("serial")
        if number and self.line is None:
            said = f"本计划中没有编号为“{number}”的项目；新项目的这一格留空。"
            yield self.table.problem(row, "number", said)
        if self.line is not None:
            first = self.present.taken.setdefault(self.line.pk, draft)
            if first is not draft:
                said = f"与第 {first.line.row + 1} 行是同一个项目（{self.line.project.number}）。"
                yield self.table.problem(row, "number" if number else "serial", said)
            elif not number and self.line.project.name != draft.filing.name:
                yield self.table.problem(row, "serial", _ambiguous(serial, self.line.project))
        if draft.text("precedent") and self.precedent is None:
            said = f"本单位以往年度的计划中没有项目“{draft.text('precedent')}”。"
            yield self.table.problem(row, "precedent", said)

    def stale(self) -> Iterator[Problem]:
        """导出之后，别人又改过的。"""
        version = self.draft.line.values.get("version")
        if self.line is not None and version and version != self.line.project.version:
            said = (
                f"导出之后，这个项目又有改动（导出时是第 {version} 版，"
                f"现在是第 {self.line.project.version} 版）。"
                "请重新导出后再改；确要以本文件为准的，清空这一格。"
            )
            yield self.table.problem(self.draft.line.row, "version", said)

    def step(self) -> Step:
        draft, project = self.draft, self.line.project if self.line else None
        if project is not None:
            draft.filing = _completed(draft, project)
        found = tuple(self._differences(project))
        kind = self._kind(project, found)
        precedent = self.precedent.project if self.precedent else None
        against = differences(self.present.cells[precedent.pk], draft.cells()) if precedent else []
        outcome = Outcome(
            kind=kind,
            row=draft.line.row + 1,
            serial=draft.text("serial"),
            number=project.number if project else "",
            name=draft.filing.name,
            total_fen=draft.total_fen,
            said=_said(kind, draft, project),
            differences=found if kind != NEW else (),
            precedent=precedent.number if precedent else "",
            against=tuple(against),
        )
        return Step(outcome, draft, self.line, self.precedent)

    def _differences(self, project: Project | None) -> Iterator[Difference]:
        if project is None or self.line is None:
            return
        yield from differences(self.present.cells[project.pk], self.draft.cells())
        known = self.line.precedent.project.number if self.line.precedent else ""
        now = self.draft.text("precedent")
        if now and now != known:
            yield ("上年项目编号", known, now)

    def _kind(self, project: Project | None, found: tuple[Difference, ...]) -> str:
        if project is not None and not found:
            return UNCHANGED
        if self.draft.refused:
            return REFUSED
        if project is None:
            return NEW
        return CHANGED if project.stage == Stage.FILING else LOCKED


def _completed(draft: Draft, project: Project) -> Filing:
    """文件里没有的列，照项目现有的，不当作清空。"""
    absent = {c.name for c in OWN} - draft.given
    kept: dict[str, Any] = {n: getattr(project, n) for n in absent if hasattr(draft.filing, n)}
    if "subsidy" in absent:
        kept["subsidy_fen"] = project.subsidy_fen
    answers = {
        name.removeprefix("negative_"): project.negative_list[name.removeprefix("negative_")]
        for name in absent
        if name.removeprefix("negative_") in project.negative_list
    }
    if answers:
        kept["negative_list"] = draft.filing.negative_list | answers
    return replace(draft.filing, **kept) if kept else draft.filing


def _ambiguous(serial: str, project: Project) -> str:
    return (
        f"序号“{serial}”在本计划中已经是项目 {project.number}《{project.name}》。"
        "要改这个项目，请在“项目编号”一格写明编号；要新增，请换一个序号。"
    )


def _said(kind: str, draft: Draft, project: Project | None) -> str:
    if kind == REFUSED:
        return f"声明为{'、'.join(draft.refused)}，不得购买（渝北第七条）"
    if kind == LOCKED and project is not None:
        return f"当前阶段是“{project.state_label}”，不能由导入修改"
    return ""
