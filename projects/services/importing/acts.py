"""导入的三步：收下并核对、确认、写入。写入是一个事务，要么全部，要么一个也没有。"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from core.attachments import Attachment, UploadRefused, attach, store
from core.attachments.upload import Uploaded
from core.history import change, unit_of_work
from core.history.values import reference, referenced_pk
from core.inbox import notify
from core.transitions import ActError, NotOffered, StaleAct, answered_with, claim, require_may
from projects.documents import Book, marked_book, open_book
from projects.documents.exporting import options_of
from projects.models import AnnualPlan, ImportState, PlanImport, PlanLine, Project
from projects.services.filing import file_project, revise_project
from projects.services.importing.comparing import KINDS, NEW, Checked, Step, check_book
from projects.services.importing.progress import Reporter
from projects.services.importing.receiving import received

ACT = "projects.file"
PURPOSE = "年度计划工作簿"
# 多于此数的行交给后台核对，多于此数的项目交给后台写入：一次网页请求等不了那么久。
CHECKED_AT_ONCE = 3_000
WRITTEN_AT_ONCE = 50
LOST_AFTER = timedelta(hours=2)
TO_CHECK = dict.fromkeys((ImportState.QUEUED, ImportState.CHECKING), "核对工作簿")
TO_WRITE = dict.fromkeys((ImportState.CONFIRMED, ImportState.WRITING), "写入计划")


def receive_import(
    plan: AnnualPlan,
    upload: Uploaded,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> PlanImport:
    """收下一个工作簿并核对；行数多的由后台核对。不改动任何项目。

    Raises `NotPermitted`, `UploadRefused`, `RequestKeyMismatch`, `SecretDeclared`.
    """
    _require_may(plan, by, acting_as, on)
    file, book = received(upload)
    is_short = sum(len(sheet.rows) for sheet in book.sheets) <= CHECKED_AT_ONCE
    with unit_of_work():
        known = claim(key, by=by, act=ACT, content=[plan, file[0], store.digest_of(file[2])])
        if known is not None:
            return PlanImport.objects.get(pk=referenced_pk(known.result))
        with change(
            title="上传计划工作簿", act="projects.receive_import", by=by, acting_as=acting_as, on=on
        ) as changes:
            row = changes.create(
                PlanImport(
                    plan=plan,
                    name=file[0],
                    requested_by=by,
                    requested_on=on,
                    state=ImportState.CHECKING if is_short else ImportState.QUEUED,
                    started_at=timezone.now() if is_short else None,
                )
            )
            attach(changes, file, to=row, purpose=PURPOSE, by=by, on=on)
        answered_with(key, row)
    return check_import(row, book=book, on=on) if is_short else row


def check_import(row: PlanImport, *, on: date, book: Book | None = None) -> PlanImport:
    """核对：全部错误一次列出，写回工作簿；没有错误的成为预览。只写导入自己的记录。"""
    try:
        book = book or open_book(row.name, _bytes_of(row))
    except UploadRefused as error:
        return _finish(row, TO_CHECK, on=on, state=ImportState.FAILED, problem=str(error)[:300])
    reporter = Reporter(row)
    try:
        checked = check_book(row.plan, book, on, reporter)
        return _finish(row, TO_CHECK, on=on, **_found(row, book, checked, on))
    finally:
        reporter.finish()


def _found(row: PlanImport, book: Book, checked: Checked, on: date) -> dict[str, Any]:
    """核对所得，连同存下的预览与标错工作簿。"""
    values: dict[str, Any] = {f"{kind}_count": checked.count(kind) for kind in KINDS}
    values |= {
        "state": ImportState.FAULTY if checked.problems else ImportState.READY,
        "error_count": checked.problem_count,
        "line_count": checked.lines,
        "report_sha256": store.put(checked.report()),
    }
    if checked.problems:
        options = options_of(row.plan.purchaser.organisation.jurisdiction, on)
        values["marked_sha256"] = store.put(marked_book(book, checked.problems, *options))
    return values


def confirm_import(
    row: PlanImport,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> PlanImport:
    """确认预览所列的；项目少的随即写入，多的由后台写入，都以确认人的名义。

    Raises `NotPermitted`, `NotOffered` unless it waits to be confirmed, `RequestKeyMismatch`.
    """
    with unit_of_work():
        fresh = _locked(row)
        if claim(key, by=by, act=ACT, content=[fresh, fresh.report_sha256]) is not None:
            return fresh
        _require_may(fresh.plan, by, acting_as, on)
        if fresh.state != ImportState.READY:
            raise NotOffered("确认导入", fresh.get_state_display())
        is_short = fresh.to_write <= WRITTEN_AT_ONCE
        with change(
            title="确认导入", act="projects.confirm_import", by=by, acting_as=acting_as, on=on,
            subject=fresh,
        ) as changes:  # fmt: skip
            changes.update(
                fresh,
                state=ImportState.WRITING if is_short else ImportState.CONFIRMED,
                started_at=timezone.now() if is_short else None,
                confirmed_by=by,
                confirmed_as=acting_as,
                confirmed_on=on,
            )
    return write_import(fresh) if is_short else fresh


def write_import(row: PlanImport) -> PlanImport:
    """照预览写入，一个事务：逐个经填报与修改的同一服务，各有一条历史。

    预览之后有变动的、有一个没有获准的，一个也不写，并记下原因。
    """
    on, by = row.confirmed_on, row.confirmed_by
    reporter = Reporter(row)
    if on is None or by is None:
        raise NotOffered("写入", row.get_state_display())
    try:
        with unit_of_work():
            row = _locked(row)
            if row.state not in TO_WRITE:
                return row
            plan = AnnualPlan.objects.select_for_update(no_key=True).get(pk=row.plan_id)
            checked = check_book(plan, open_book(row.name, _bytes_of(row)), on, reporter)
            if store.digest_of(checked.report()) != row.report_sha256:
                raise StaleAct("写入")
            for step in reporter.over("写入", checked.to_write(), row.to_write):
                _write(plan, step, row, by, on)
            return _finish(row, TO_WRITE, on=on, by=by, state=ImportState.DONE)
    except (ActError, UploadRefused, FileNotFoundError) as error:
        stale = "预览之后，计划中的项目又有变动，没有写入任何内容。请重新上传核对。"
        problem = stale if isinstance(error, StaleAct) else str(error)
        return _finish(row, TO_WRITE, on=on, state=ImportState.FAILED, problem=problem[:300])
    finally:
        reporter.finish()


def _write(plan: AnnualPlan, step: Step, row: PlanImport, by: User, on: date) -> None:
    acts: dict[str, Any] = {"by": by, "acting_as": row.confirmed_as, "on": on}
    outcome, filing = step.outcome, step.draft.filing
    if outcome.kind == NEW:
        file_project(plan, filing, serial=outcome.serial, precedent=step.precedent, **acts)
    elif step.line is not None:
        project = Project.objects.select_for_update(no_key=True).get(pk=step.line.project_id)
        if [d for d in outcome.differences if d[0] != "上年项目编号"]:
            reason = f"由工作簿“{row.name}”导入"
            revise_project(
                project, filing, version=step.line.project.version, reason=reason, **acts
            )
        if step.precedent is not None and step.precedent.pk != step.line.precedent_id:
            _link(step.line, step.precedent, project, acts)


def _link(line: PlanLine, precedent: PlanLine, project: Project, acts: dict[str, Any]) -> None:
    with change(
        title="登记上年项目", act="projects.link_precedent", subject=project, **acts
    ) as changes:
        changes.update(line, precedent=precedent)


def work_off(*, on: date) -> int:
    """办完排着队的核对与写入；返回办了几件。中断过的隔两小时重办，中断时什么也没有写入。"""
    done = 0
    queues = (
        (ImportState.QUEUED, ImportState.CHECKING),
        (ImportState.CONFIRMED, ImportState.WRITING),
    )
    for waiting, busy in queues:
        while (row := _next(waiting, busy, on=on)) is not None:
            is_check = waiting == ImportState.QUEUED
            _tell(check_import(row, on=on) if is_check else write_import(row), on)
            done += 1
    return done


def _next(waiting: str, busy: str, *, on: date) -> PlanImport | None:
    """领走最早的一件；两个后台进程不会领到同一件。"""
    now = timezone.now()
    lost = Q(state=busy, started_at__lt=now - LOST_AFTER)
    with unit_of_work():
        rows = PlanImport.objects.filter(Q(state=waiting) | lost).order_by("pk")
        row = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        if row is None:
            return None
        with change(
            title="开始办理", act="projects.start_import", by=None, on=on, subject=row
        ) as changes:
            return changes.update(row, state=busy, started_at=now)


def _finish(
    row: PlanImport,
    phase: dict[ImportState, str],
    *,
    on: date,
    by: User | None = None,
    **values: Any,
) -> PlanImport:
    """记下核对或写入的结果；已经由别处办完的，照那里的。"""
    values["finished_at"] = timezone.now()
    with unit_of_work():
        fresh = _locked(row)
        if fresh.state not in phase:
            return fresh
        with change(
            title=phase[ImportState(fresh.state)],
            act="projects.finish_import",
            by=by,
            acting_as=fresh.confirmed_as if by is not None else None,
            on=on,
            subject=fresh,
        ) as changes:
            return changes.update(fresh, **values)


def _locked(row: PlanImport) -> PlanImport:
    return PlanImport.objects.select_for_update(no_key=True).get(pk=row.pk)


def _tell(row: PlanImport, on: date) -> None:
    """后台办完的，放一条通知到本单位经办人的工作台。"""
    notify(
        key=f"{reference(row)}:{row.state}",
        organisation=row.owner(),
        role=Role.OFFICER,
        title=f"计划导入：{row.get_state_display()}（{row.name}）",
        url=row.get_absolute_url(),
        on=on,
    )


def _bytes_of(row: PlanImport) -> bytes:
    return store.get(Attachment.objects.get(subject=reference(row), purpose=PURPOSE).sha256)


def _require_may(plan: AnnualPlan, by: User, acting_as: RoleAssignment | None, on: date) -> None:
    unsaved = Project(purchaser=plan.purchaser, year=plan.year)
    stream = f"projects.purchaser:{plan.purchaser_id}"
    require_may(ACT, on=unsaved, stream=stream, by=by, acting_as=acting_as, day=on)
