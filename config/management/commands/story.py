"""`manage.py story --case NAME`: a purchase replayed through the services, stage by stage."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.story.case import Case, CaseError, names, read_case
from config.story.outputs import write_outputs
from config.story.stage import hold_the_clock, set_stage
from config.story.teller import Strayed, play
from config.story.words import Narrator, reconciled
from core.history.verify import verify
from core.tasks import sign_checkpoint

OWN = ("MINGGOU_DATABASE", "MINGGOU_DATABASE_URL", "MINGGOU_SECRET_KEY")


class Command(BaseCommand):
    help = (
        "按案例逐步重演一个项目：每一步经由服务办理，说明办了什么、被哪一条挡下、形成的文件在哪里。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", help=f"案例：{'、'.join(names())}")
        parser.add_argument("--into", type=Path, help="写到哪个文件夹（须为空）")
        parser.add_argument("--inside", action="store_true", help="在为案例另建的数据库里办理")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["case"]:
            raise CommandError(f"请用 --case 指明案例；现有：{'、'.join(names())}。")
        try:
            case = read_case(options["case"])
        except CaseError as error:
            raise CommandError(str(error)) from error
        into = (options["into"] or settings.MINGGOU_DATA / "story" / case.name).resolve()
        if options["inside"]:
            self._tell(case, into)
        else:
            self._outside(case, into)

    def _outside(self, case: Case, into: Path) -> None:
        """Tell the story in a database of its own in `into/data`; the present one is left."""
        if into.exists() and any(into.iterdir()):
            raise CommandError(f"{into} 里已有文件，没有改动；请换一个文件夹，或先移走它。")
        data = into / "data"
        data.mkdir(parents=True)
        (data / "trial.env").write_text(
            "MINGGOU_TRIAL=1\nMINGGOU_DEMO=1\nMINGGOU_HOSTS=localhost,127.0.0.1,[::1]\n"
            f"MINGGOU_SECRET_KEY={secrets.token_urlsafe(64)}\n"
        )
        kept = {k: v for k, v in os.environ.items() if k.removesuffix("_FILE") not in OWN}
        environment = kept | {"MINGGOU_DATA": str(data)}
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        story = ["story", "--case", case.name, "--into", str(into), "--inside"]
        for command in (["migrate", "--verbosity", "0"], story):
            code = subprocess.run(  # noqa: S603 - this program, with its own arguments
                [*manage, *command], env=environment, check=False
            ).returncode
            if code:
                raise CommandError("案例没有讲完，原因见上文。", returncode=code)

    def _tell(self, case: Case, into: Path) -> None:
        narrator = Narrator(case, self._say)
        try:
            scene = play(case, set_stage(case), narrator.tell)
        except (CaseError, Strayed) as error:
            raise CommandError(str(error)) from error
        hold_the_clock(case)
        sign_checkpoint()
        narrator.sum_up()
        report = verify()
        self._say(f"项目现在的阶段：{scene.project.get_stage_display()}")
        for line in (*reconciled(scene), *write_outputs(scene, into)):
            self._say(line)
        self._say(f"历史核验：{report.events} 条，差异 {report.found} 处。")
        self._say(f"在浏览器里查看：MINGGOU_DATA={into / 'data'} ./run")
        if report.differences:
            raise CommandError("；".join(report.differences))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
