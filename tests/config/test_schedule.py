"""The timetable names only tasks that exist."""

from config.celery import app
from config.schedule import SCHEDULE, beat_schedule


class TestTheTimetable:
    def test_names_only_tasks_that_exist(self):
        app.loader.import_default_modules()
        assert {line.task for line in SCHEDULE} <= app.tasks.keys()

    def test_drops_a_wake_up_nobody_took_before_the_next(self):
        for entry in beat_schedule().values():
            assert entry["options"]["expires"] == entry["schedule"].total_seconds()
