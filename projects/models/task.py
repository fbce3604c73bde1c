"""科室配合的事项：委托、采购、证照等，交给本单位其他科室的人办（《平湖办法》第十一条）。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from accounts.models import User
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models.document import CaseDocument
from projects.models.project import Project


class TaskKind(models.TextChoices):
    ENTRUST = "entrust", "委托"
    PROCURE = "procure", "采购"
    LICENCE = "licence", "证照"
    OTHER = "other", "其他"


class TaskStatus(models.TextChoices):
    ASSIGNED = "assigned", "待接收"
    ACCEPTED = "accepted", "办理中"
    DONE = "done", "已办结"
    DECLINED = "declined", "已退回"
    CANCELLED = "cancelled", "已取消"


OPEN_TASKS = (TaskStatus.ASSIGNED, TaskStatus.ACCEPTED)


class ProjectTaskQuerySet(GuardedQuerySet["ProjectTask"]):
    def visible_to(self, user: User) -> ProjectTaskQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def open(self) -> ProjectTaskQuerySet:
        return self.filter(status__in=OPEN_TASKS)


@recorded()
class ProjectTask(CaseDocument):
    """一件配合事项：谁交办、哪个科室的谁办、什么时候要、办成什么样。"""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="tasks")
    kind = models.CharField("种类", max_length=10, choices=TaskKind.choices)
    demand = models.CharField("要办的事", max_length=300)
    section = models.CharField("科室", max_length=60)
    doer = models.ForeignKey(User, models.PROTECT, verbose_name="承办人", related_name="+")
    assigned_by = models.ForeignKey(User, models.PROTECT, verbose_name="交办人", related_name="+")
    assigned_on = models.DateField("交办日")
    due_on = models.DateField("办结期限")
    accepted_on = models.DateField("接收日", null=True, blank=True)
    done_on = models.DateField("办结日", null=True, blank=True)
    result = models.TextField("办理结果", blank=True)
    status = StateField(
        "状态", choices=TaskStatus.choices, default=TaskStatus.ASSIGNED, protected=True
    )
    objects = ProjectTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "配合事项"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("assigned_on")), name="task_due_after"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.demand[:40]}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_TASKS

    def case(self) -> Project:
        return self.project

    @advances(
        TaskStatus.ASSIGNED,
        to=TaskStatus.ACCEPTED,
        permission="projects.do_task",
        rules=["PH-11-task-by-its-doer"],
        title="接收配合事项",
    )
    def accept(self, *, on: date) -> None:
        self.accepted_on = on

    @advances(
        TaskStatus.ACCEPTED,
        to=TaskStatus.DONE,
        permission="projects.do_task",
        rules=["PH-11-task-by-its-doer"],
        title="办结配合事项",
    )
    def finish(self, *, result: str, on: date) -> None:
        """结果写明，凭据为附件。"""
        self.result, self.done_on = result, on

    @advances(
        *OPEN_TASKS,
        to=TaskStatus.DECLINED,
        permission="projects.do_task",
        rules=["PH-11-task-by-its-doer"],
        title="退回配合事项",
    )
    def decline(self) -> None:
        """不归本科室办，或者办不了；理由入历史。"""

    @advances(
        *OPEN_TASKS,
        to=TaskStatus.CANCELLED,
        permission="projects.assign_task",
        title="取消配合事项",
    )
    def call_off(self) -> None:
        """不再需要；理由入历史。"""
