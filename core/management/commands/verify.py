"""`manage.py verify`: recompute the log, replay it, compare with the live rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.attachments import store
from core.attachments.models import Attachment
from core.documents.models import Document
from core.history.verify import MOST_SHOWN, verify


class Command(BaseCommand):
    help = "核验历史：重算日志、重放比对、检查触发器与检查点；无差异退出码 0，有差异为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="列出全部差异，不止前 200 处")
        parser.add_argument("--files", action="store_true", help="同时核验附件与文书的摘要")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(most_shown=None if options["all"] else MOST_SHOWN)
        if options["files"]:
            for sentence in _file_differences():
                report.differs(sentence)
        self.stdout.write(
            f"历史事件 {report.events} 条，检查点 {report.checkpoints} 个，"
            f"纳入历史的数据表 {report.tables} 张、数据行 {report.rows} 行。"
        )
        self.stdout.write(f"SHA-256 根 {report.root_sha256}\nSM3 根     {report.root_sm3}")
        self.stdout.write("未纳入历史的数据表及理由：")
        for table, reason in report.uncovered.items():
            self.stdout.write(f"  {table}：{reason}")
        for sentence in report.differences:
            self.stderr.write(f"差异：{sentence}")
        if not report.is_clean:
            more = (
                f"，另有 {report.left_out} 处没有列出（--all 列出全部）" if report.left_out else ""
            )
            self.stderr.write(f"核验未通过：共 {report.found} 处差异{more}。")
            raise SystemExit(1)
        self.stdout.write("核验通过：日志、检查点、触发器与全部数据行一致。")


def _file_differences() -> list[str]:
    stored = [(a.sha256, a.name) for a in Attachment.objects.all()]
    stored += [(d.sha256, d.title) for d in Document.objects.exclude(sha256="")]
    return [
        f"文件“{name}”缺失或内容已变。" for digest, name in stored if not store.is_intact(digest)
    ]
