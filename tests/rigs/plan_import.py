"""How long a plan's workbook takes: read, checked, marked, written, and imported again.

    .venv/bin/python -m tests.rigs.plan_import --projects 10000
    .venv/bin/python -m tests.rigs.plan_import --projects 10000 --no-write

A database of its own (SQLite, in memory) is made and thrown away. Each project has one estimate
line, one fund line and two indicators. Times are wall clock of this machine, with its processor
time beside them: a loaded machine shows in the difference.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--no-write", action="store_true", help="read and check only")
    options = parser.parse_args()
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    known = setup_databases(verbosity=0, interactive=False)
    try:
        measure(options.projects, is_written=not options.no_write)
    finally:
        teardown_databases(known, verbosity=0)


@contextmanager
def timed(what: str) -> Iterator[None]:
    wall, own = time.perf_counter(), time.process_time()
    yield
    wall, own = time.perf_counter() - wall, time.process_time() - own
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:<34} {wall:9.2f} s wall {own:9.2f} s processor  peak {peak:6d} MB", flush=True)


def measure(count: int, *, is_written: bool) -> None:
    from python_calamine import load_workbook

    from projects.documents import marked_book, open_book
    from projects.documents.exporting import options_of
    from projects.services.importing.comparing import check_book
    from tests.projects.workbooks import made, receive, whole
    from tests.world import DAY, build_world

    world = build_world()
    sheets = whole(world, count)
    data = made(sheets)
    print(f"{count} projects, {sum(map(len, sheets.values())) - 4} rows, {len(data):,} bytes")
    with timed("bare calamine, four sheets"):
        book = load_workbook(io.BytesIO(data))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
    with timed("opened: archive, XML, cells"):
        opened = open_book("计划.xlsx", data)
    plan = world.plans["文旅委"]
    with timed("checked, no error"):
        checked = check_book(plan, opened, DAY)
    assert (checked.count("new"), checked.problems) == (count, [])
    for line in sheets["测算"][1::5]:
        line[sheets["测算"][0].index("数量")] = 0
    wrong = open_book("计划.xlsx", made(sheets))
    with timed(f"checked, {count // 5} errors"):
        faulty = check_book(plan, wrong, DAY)
    with timed("written back with the errors"):
        marked_book(wrong, faulty.problems, *options_of(world.jurisdiction, DAY))
    with timed("received (what the request waits)"):
        row = receive(world, data)
    if is_written:
        write(world, row, data)


def write(world: Any, row: Any, data: bytes) -> None:
    from core.history.verify import verify
    from projects.documents.exporting import exported_book
    from projects.models import PlanImport, Project
    from projects.services import confirm_import, work_off
    from tests.projects.workbooks import receive
    from tests.world import DAY

    work_off(on=DAY)
    confirm_import(PlanImport.objects.get(pk=row.pk), **world.zhang.acts())
    with timed("written in one transaction"):
        work_off(on=DAY)
    print(PlanImport.objects.get(pk=row.pk).state, Project.objects.count())
    again = receive(world, data)
    with timed("imported again, nothing to do"):
        work_off(on=DAY)
    print(PlanImport.objects.get(pk=again.pk).unchanged_count, "unchanged")
    with timed("exported"):
        exported_book(world.plans["文旅委"], world.zhang.user, DAY)
    with timed("log verified"):
        assert verify().is_clean


if __name__ == "__main__":
    main()
