"""Cases replayed: told to their end, and loud when the product answers otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from config.story.case import CaseError, Step, names, read_case
from config.story.stage import set_stage
from config.story.teller import Strayed, play
from config.story.words import Narrator, reconciled
from contracts.models import Payment
from core.history.verify import verify

SECRET = "story-" * 10


def walk(**changes):
    return replace(read_case("walk_a"), **changes)


def first(count):
    return read_case("walk_a").steps[:count]


@pytest.fixture
def said():
    return []


class TestEveryCase:
    """Each case that comes with the system, step by step, in a database of its own."""

    @pytest.mark.django_db
    @pytest.mark.parametrize("name", names())
    def test_is_told_to_its_end_and_its_books_agree(self, name, said):
        case = read_case(name)
        narrator = Narrator(case, said.append)

        scene = play(case, set_stage(case), narrator.tell)

        expected = [rule for step in case.steps for rule in step.refused]
        assert sorted(r.rule for _, r in narrator.refusals) == sorted(expected)
        assert Payment.objects.exists()
        assert all(line.endswith("相符") for line in reconciled(scene))
        assert verify().is_clean


@pytest.mark.django_db
class TestStraying:
    """The first answer the case does not expect stops the story and names the step."""

    def test_an_unexpected_refusal(self, said):
        case = walk(steps=(first(1)[0], replace(first(2)[1], refused=())))

        with pytest.raises(Strayed, match=r"第 2 步 submit.*案例写的是办理成功，实际是PH-11"):
            play(case, set_stage(case), said.append)

    def test_an_expected_refusal_that_does_not_come(self, said):
        case = walk(steps=(replace(first(1)[0], refused=("YB-7-exclusions",)),))

        with pytest.raises(Strayed, match="案例写的是被 YB-7-exclusions 拒绝，实际是办理成功"):
            play(case, set_stage(case), said.append)

    def test_an_act_nobody_knows(self, said):
        step = Step(1, date(2026, 1, 1), "zhang", "fly", (), "", {})

        with pytest.raises(CaseError, match="第 1 步：没有名为“fly”的动作"):
            play(walk(steps=(step,)), set_stage(walk()), said.append)


class TestTheCommand:
    """`manage.py story`: its own database, its own folder, an exit code."""

    def test_an_unknown_case_is_told_which_there_are(self):
        with pytest.raises(CommandError, match=r"没有名为“x”的案例；现有：.*walk_a"):
            call_command("story", case="x")

    def test_a_folder_with_files_is_left_alone(self, tmp_path):
        kept = tmp_path / "mine.txt"
        kept.write_text("mine")

        with pytest.raises(CommandError, match="里已有文件，没有改动"):
            call_command("story", case="walk_a", into=tmp_path)
        assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="its own SQLite file either way")
    def test_it_tells_the_walk_and_leaves_its_documents(self, tmp_path):
        into = tmp_path / "walk"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MINGGOU_", "DJANGO_"))}

        told = subprocess.run(
            [sys.executable, "manage.py", "story", "--case", "walk_a", "--into", str(into)],
            env={**kept, "MINGGOU_SECRET_KEY": SECRET, "MINGGOU_DATA": str(tmp_path / "data")},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )

        assert told.returncode == 0, told.stderr
        assert "✗ 未通过 《渝北区政府购买信息服务实施办法（试行）》第九条第（三）项" in told.stdout
        assert "差异 0 处" in told.stdout
        assert len(list((into / "pdf").glob("*.pdf"))) >= 5
        assert (into / "data" / "minggou.sqlite3").exists()
