"""监督的动作：导出案卷、下载案卷、核验全部记录。只写监督自己的记录，不碰任何案卷。"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from audit.documents import write_dossier
from audit.models import Dossier, DossierDownload, Job, JobState, Verification
from core.attachments import store
from core.history import change, unit_of_work
from core.history.bundle import NothingToShow, evidence
from core.history.checkpoints import LogDamaged, sign_checkpoint
from core.history.snapshot import snapshot
from core.history.values import referenced_pk
from core.history.verify import verify
from core.transitions import answered_with, claim, require_may
from projects.models import Project

LOST_AFTER = timedelta(hours=2)
ROOM = "audit.room"
J = TypeVar("J", bound=Job)


def export_act(acting_as: RoleAssignment | None) -> str:
    """审计人员凭监督职责导出本辖区的；单位领导导出本单位的。"""
    is_auditor = acting_as is not None and acting_as.role == Role.AUDITOR
    return "audit.export_dossier" if is_auditor else "audit.export_own_dossier"


def export_dossier(
    project: Project,
    *,
    reason: str,
    against: int | None = None,
    with_personal: bool = False,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> Dossier:
    """申请导出案卷，后台装订（《渝北办法》第十五条第（四）项）。

    `against` 是申请人留存的检查点的叶数，案卷附上通向它的证明；个人信息原值只附给审计人员。
    Raises `NotPermitted`, `RequestKeyMismatch`. A repeated key returns the dossier of the first.
    """
    act = export_act(acting_as)
    required = "audit.export_dossier" if with_personal else act
    with unit_of_work():
        content = [project, reason, against, with_personal]
        known = claim(key, by=by, act=act, content=content)
        if known is not None:
            return Dossier.objects.get(pk=referenced_pk(known.result))
        require_may(required, on=project, stream=ROOM, by=by, acting_as=acting_as, day=on)
        values = {"reason": reason, "against": against, "with_personal": with_personal}
        with change(
            title="申请导出案卷", act=act, by=by, acting_as=acting_as, on=on, reason=reason
        ) as changes:
            dossier = changes.create(
                Dossier(project=project, requested_by=by, requested_on=on, **values)
            )
        answered_with(key, dossier)
        return dossier


def build_dossier(dossier: Dossier, *, on: date) -> Dossier:
    """装订一份案卷；日志有新事件的先签一个检查点。由系统办理。"""
    path = store.workfile()
    try:
        sign_checkpoint()
        with snapshot():
            found = evidence(
                dossier.project.stream(),
                against=dossier.against,
                with_personal=dossier.with_personal,
            )
            write_dossier(found, path)
            size = path.stat().st_size
        values: dict[str, Any] = {
            "checkpoint_size": found.size,
            "event_count": len(found.sequence),
            "size": size,
            "sha256": store.put_file(path),
        }
        return _finish(dossier, "装订案卷", on=on, state=JobState.DONE, **values)
    except (LogDamaged, NothingToShow, OSError) as error:
        problem = f"{type(error).__name__}：{error}"[:300]
        return _finish(dossier, "装订案卷", on=on, state=JobState.FAILED, problem=problem)
    finally:
        path.unlink(missing_ok=True)


def record_download(
    dossier: Dossier, *, by: User, acting_as: RoleAssignment | None, on: date
) -> DossierDownload:
    """记下一次下载：谁、哪一天、哪些字节。Raises `NotPermitted`."""
    act = export_act(acting_as)
    require_may(act, on=dossier.project, stream=ROOM, by=by, acting_as=acting_as, day=on)
    with change(
        title="下载案卷",
        act="audit.download_dossier",
        by=by,
        acting_as=acting_as,
        on=on,
        subject=dossier,
    ) as changes:
        return changes.create(
            DossierDownload(dossier=dossier, taken_by=by, taken_on=on, sha256=dossier.sha256)
        )


def request_verification(
    *, by: User, acting_as: RoleAssignment | None, on: date, key: str | None = None
) -> Verification:
    """申请核验全部记录，后台进行。Raises `NotPermitted`, `RequestKeyMismatch`."""
    act = "audit.verify_log"
    with unit_of_work():
        known = claim(key, by=by, act=act, content=[])
        if known is not None:
            return Verification.objects.get(pk=referenced_pk(known.result))
        require_may(act, on=None, stream=ROOM, by=by, acting_as=acting_as, day=on)
        with change(title="申请核验", act=act, by=by, acting_as=acting_as, on=on) as changes:
            row = changes.create(Verification(requested_by=by, requested_on=on))
        answered_with(key, row)
        return row


def run_verification(row: Verification, *, on: date) -> Verification:
    """重算日志并与数据行比对，都按同一时刻所见，不挡别人办事。由系统办理。"""
    with snapshot():
        report = verify()
    return _finish(
        row,
        "完成核验",
        on=on,
        state=JobState.DONE,
        events=report.events,
        checkpoints=report.checkpoints,
        rows=report.rows,
        tables=report.tables,
        root_sha256=report.root_sha256,
        root_sm3=report.root_sm3,
        differences=report.differences,
        left_out=report.left_out,
    )


def work_off(*, on: date) -> int:
    """做完排着队的案卷和核验；返回做了几件。中断过的隔两小时重做。"""
    done = 0
    while (dossier := _next(Dossier.objects.all(), on=on)) is not None:
        build_dossier(dossier, on=on)
        done += 1
    while (row := _next(Verification.objects.all(), on=on)) is not None:
        run_verification(row, on=on)
        done += 1
    return done


def _next(rows: QuerySet[J], *, on: date) -> J | None:
    """领走最早的一件；两个后台进程不会领到同一件。"""
    now = timezone.now()
    lost = Q(state=JobState.RUNNING, started_at__lt=now - LOST_AFTER)
    with unit_of_work():
        waiting = rows.filter(Q(state=JobState.QUEUED) | lost).order_by("pk")
        row = waiting.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        if row is None:
            return None
        with change(
            title="开始办理", act="audit.start_job", by=None, on=on, subject=row
        ) as changes:
            return changes.update(row, state=JobState.RUNNING, started_at=now)


def _finish(row: J, title: str, *, on: date, **values: Any) -> J:
    values["finished_at"] = timezone.now()
    with change(title=title, act="audit.finish_job", by=None, on=on, subject=row) as changes:
        return changes.update(row, **values)
