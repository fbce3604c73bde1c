"""What runs by the clock: one table, in code. Celery beat and the embedded worker both read it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Scheduled:
    """One line: the task, how often it is woken, the article it serves, and why."""

    task: str
    every: timedelta
    article: str
    sentence: str


SCHEDULE: tuple[Scheduled, ...] = (
    Scheduled(
        "core.tasks.drain_outbox",
        timedelta(seconds=5),
        "",
        "把已提交的事件送达后续阶段；中断后继续，不丢不重。",
    ),
    Scheduled(
        "core.tasks.run_due_checks",
        timedelta(hours=1),
        "",
        "查找到期、逾期、将到期和无回音的事项，放入相应人员的待办。",
    ),
    Scheduled(
        "core.tasks.sign_checkpoint",
        timedelta(minutes=10),
        "",
        "为审计记录签一个检查点；此后的任何改动都可被发现。",
    ),
    Scheduled(
        "budgeting.tasks.check_ledgers",
        timedelta(hours=1),
        "YB-12",
        "每个辖区的资金台账每日核对一次：过了零点的第一次唤醒即办；有不符的通知财政和审计管理员。",
    ),
    Scheduled(
        "projects.tasks.work_off",
        timedelta(seconds=5),
        "YB-9.1",
        "核对上传的计划工作簿，写入已确认的；每件只办一次，要么全部要么没有。",
    ),
    Scheduled(
        "audit.tasks.work_off",
        timedelta(seconds=5),
        "YB-15.4",
        "装订申请导出的案卷，办理申请的核验；每件只办一次。",
    ),
)


def beat_schedule() -> dict[str, dict[str, object]]:
    """The table as Celery beat wants it. A wake-up nobody took within its period is dropped."""
    return {
        line.task: {
            "task": line.task,
            "schedule": line.every,
            "options": {"expires": line.every.total_seconds()},
        }
        for line in SCHEDULE
    }
