import subprocess
import sys
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar.arithmetic import CalendarUnknown, DayRow, Workdays
from core.calendar.data_loader import CalendarFileError, read_year, shipped_years

FILES = shipped_years()
ROWS = [row for path in FILES.values() for row in read_year(path)]
CALENDAR = Workdays.of(ROWS)
NOTICES = {
    2024: ("国办发明电〔2023〕7号", "2023-10-25"),
    2025: ("国办发明电〔2024〕12号", "2024-11-12"),
    2026: ("国办发明电〔2025〕7号", "2025-11-04"),
}
days = st.dates(date(2024, 1, 1), date(2026, 8, 31))


def on(text):
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


class TestShippedYears:
    def test_are_the_years_with_a_notice(self):
        assert set(FILES) == set(NOTICES) == CALENDAR.years

    @pytest.mark.parametrize("year", NOTICES)
    def test_agree_with_an_independent_calendar(self, year):
        rows = read_year(FILES[year])

        other = [row.date for row in rows if chinese_calendar.is_workday(row.date)]
        assert [row.date for row in rows if row.is_workday] == other

    @pytest.mark.parametrize("year", NOTICES)
    def test_name_their_notice_on_every_day(self, year):
        rows = read_year(FILES[year])

        assert [row.date for row in rows] == [
            date(year, 1, 1) + timedelta(days=at) for at in range(366 if year == 2024 else 365)
        ]
        assert {row.source for row in rows} == {NOTICES[year][0]}

    @pytest.mark.parametrize("year", NOTICES)
    def test_are_what_the_script_writes(self, year, settings):
        source, issued_on = NOTICES[year]
        script = settings.BASE_DIR / "scripts/calendar-year"
        command = [sys.executable, script, str(year), "--source", source, "--issued-on", issued_on]
        written = subprocess.run(command, capture_output=True, check=True).stdout

        assert written == FILES[year].read_bytes()

    def test_follow_the_notice_of_2026_by_hand(self):
        rest = {row.date for row in read_year(FILES[2026]) if row.name.endswith("放假")}
        worked = {row.date for row in read_year(FILES[2026]) if row.name.endswith("上班")}
        spans = [
            ("01-01", 3),
            ("02-15", 9),
            ("04-04", 3),
            ("05-01", 5),
            ("06-19", 3),
            ("09-25", 3),
            ("10-01", 7),
        ]

        assert rest == {on(day) + timedelta(days=at) for day, n in spans for at in range(n)}
        assert worked == {on(d) for d in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")}

    def test_name_the_days_that_depart_from_their_weekday(self):
        assert CALENDAR.row(on("02-14")).name == "春节调休上班"
        assert CALENDAR.row(on("2025-10-06")).name == "国庆节、中秋节放假"
        assert CALENDAR.row(on("03-14")).name == CALENDAR.row(on("03-16")).name == ""


class TestReadYear:
    GOOD = 'year = 2030\nsource = "文号"\n[[holiday]]\nname = "元旦"\n'

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("year = ", "有误"),
            ("year = 2030\n", "source"),
            (GOOD + "from = 2030-01-01\nto = 2030-01-01\n", "make_up"),
            (GOOD + "from = 2030-01-02\nto = 2030-01-01\nmake_up = []\n", "止日早于起日"),
            (GOOD + 'from = "2030-01-01"\nto = 2030-01-01\nmake_up = []\n', "不是日期"),
            (GOOD + "from = 2030-01-01T00:00:00\nto = 2030-01-01\nmake_up = []\n", "不是日期"),
            (GOOD + "from = 2029-12-31\nto = 2030-01-01\nmake_up = []\n", "不在 2030 年"),
            (GOOD + "from = 2030-01-05\nto = 2030-01-05\nmake_up = [2030-01-05]\n", "既放假又上班"),
            (GOOD + "from = 2030-01-01\nto = 2030-01-01\nmake_up = [2030-01-07]\n", "不是周末"),
            (
                GOOD + "from = 2030-01-01\nto = 2030-01-01\nmake_up = [2030-01-05, 2030-01-05]\n",
                "重复",
            ),
            ((GOOD + "from = 2030-01-01\nto = 2030-01-01\nmake_up = []\n") * 2, "有误"),
            (
                GOOD.replace("2030", "2031") + "from = 2031-01-01\nto = 2031-01-01\nmake_up = []\n",
                "文件名",
            ),
        ],
    )
    def test_refuses_a_file_that_contradicts_itself(self, tmp_path, text, message):
        path = tmp_path / "2030.toml"
        path.write_text(text, encoding="utf-8")

        with pytest.raises(CalendarFileError, match=message):
            read_year(path)


class TestAddWorkdays:
    @pytest.mark.parametrize(
        ("start", "count", "last"),
        [
            # Around the holidays of 2026.
            ("02-12", 2, "02-14"),
            ("02-12", 7, "02-28"),
            ("04-30", 2, "05-07"),
            ("04-30", 7, "05-13"),
            ("09-30", 2, "10-09"),
            ("09-30", 7, "10-15"),
            # The acceptance walk: decision, notices, filing, order to mend.
            ("03-18", 5, "03-25"),
            ("03-20", 2, "03-24"),
            ("04-10", 2, "04-14"),
            ("04-10", 7, "04-21"),
            ("09-10", 10, "09-23"),
            # Over a new year that is loaded.
            ("2025-12-31", 1, "01-04"),
            ("03-16", 0, "03-16"),
        ],
    )
    def test_counts_from_the_day_after(self, start, count, last):
        deadline = CALENDAR.add_workdays(on(start), count)

        assert deadline.day == on(last)
        assert (deadline.start, deadline.kind, deadline.rolled) == (on(start), "workdays", False)

    @pytest.mark.parametrize("count", [2, 7])
    def test_says_nothing_about_a_year_not_loaded(self, count):
        with pytest.raises(CalendarUnknown) as caught:
            CALENDAR.add_workdays(on("12-30"), count)

        assert str(caught.value) == "2027 年工作日历尚未载入，暂无法确定"
        assert caught.value.year == 2027

    def test_still_answers_up_to_the_last_loaded_day(self):
        assert CALENDAR.add_workdays(on("12-30"), 1).day == on("12-31")

    def test_proves_itself_day_by_day(self):
        deadline = CALENDAR.add_workdays(on("04-30"), 2)

        assert [(p.day.day, p.counted, p.index, p.reason) for p in deadline.proof] == [
            (30, False, None, "始日，不计"),
            (1, False, None, "周五，劳动节放假，不计"),
            (2, False, None, "周六，劳动节放假，不计"),
            (3, False, None, "周日，劳动节放假，不计"),
            (4, False, None, "周一，劳动节放假，不计"),
            (5, False, None, "周二，劳动节放假，不计"),
            (6, True, 1, "周三，工作日，计入"),
            (7, True, 2, "周四，工作日，计入"),
        ]
        assert deadline.sources == ("国办发明电〔2025〕7号",)

    def test_counts_a_saturday_worked_in_exchange(self):
        last = CALENDAR.add_workdays(on("02-12"), 2).proof[-1]

        assert (last.counted, last.index, last.reason) == (True, 2, "周六，春节调休上班，计入")

    def test_names_both_notices_over_a_new_year(self):
        assert len(CALENDAR.add_workdays(on("2025-12-30"), 3).sources) == 2

    @given(days, st.integers(0, 60))
    def test_ends_on_the_nth_working_day(self, start, count):
        deadline = CALENDAR.add_workdays(start, count)

        assert CALENDAR.count_workdays(start, deadline.day) == count
        assert not count or CALENDAR.is_workday(deadline.day)
        assert [p.index for p in deadline.proof if p.counted] == list(range(1, count + 1))
        assert [p.day for p in deadline.proof] == [
            start + timedelta(days=at) for at in range(len(deadline.proof))
        ]

    @given(days, st.integers(0, 30), st.integers(0, 30))
    def test_can_be_counted_in_two_parts(self, start, first, second):
        middle = CALENDAR.add_workdays(start, first).day

        whole = CALENDAR.add_workdays(start, first + second).day
        assert CALENDAR.add_workdays(middle, second).day == whole


class TestAddDays:
    @pytest.mark.parametrize(
        ("start", "count", "last", "rolled"),
        [
            ("01-30", 30, "03-01", "03-02"),
            ("02-02", 30, "03-04", "03-04"),
            ("03-05", 10, "03-15", "03-16"),
            ("03-23", 30, "04-22", "04-22"),
            ("01-09", 11, "01-20", "01-20"),
            ("02-09", 25, "03-06", "03-06"),
            ("01-20", 21, "02-10", "02-10"),
            ("09-21", 10, "10-01", "10-08"),
            ("09-10", 10, "09-20", "09-20"),
        ],
    )
    def test_counts_natural_days_and_rolls_only_when_told(self, start, count, last, rolled):
        assert CALENDAR.add_days(on(start), count).day == on(last)
        assert CALENDAR.add_days(on(start), count, roll=True).day == on(rolled)

    def test_shows_where_it_was_moved(self):
        deadline = CALENDAR.add_days(on("04-30"), 2, roll=True)

        assert deadline.rolled
        assert [(p.day.day, p.counted, p.index, p.reason) for p in deadline.proof] == [
            (30, False, None, "始日，不计"),
            (1, True, 1, "自然日，计入"),
            (2, True, 2, "届满日周六，劳动节放假，顺延"),
            (3, False, None, "周日，劳动节放假，顺延"),
            (4, False, None, "周一，劳动节放假，顺延"),
            (5, False, None, "周二，劳动节放假，顺延"),
            (6, False, None, "顺延至首个工作日，届满"),
        ]

    def test_needs_no_calendar_unless_it_rolls(self):
        assert CALENDAR.add_days(on("12-30"), 10).day == date(2027, 1, 9)
        with pytest.raises(CalendarUnknown):
            CALENDAR.add_days(on("12-30"), 10, roll=True)

    @given(days, st.integers(0, 90))
    def test_rolls_to_the_first_working_day_and_no_further(self, start, count):
        plain, rolled = CALENDAR.add_days(start, count), CALENDAR.add_days(start, count, roll=True)

        assert plain.day == start + timedelta(days=count)
        assert rolled.day == CALENDAR.next_workday(plain.day)
        assert rolled.rolled == (rolled.day != plain.day)
        assert sum(p.counted for p in rolled.proof) == count
        assert rolled.proof[-1].day == rolled.day


class TestWorkdays:
    def test_finds_the_working_day_on_or_after(self):
        assert CALENDAR.next_workday(on("03-15")) == on("03-16")
        assert CALENDAR.next_workday(on("03-16")) == on("03-16")
        assert CALENDAR.next_workday(on("10-01")) == on("10-08")

    def test_counts_with_or_without_the_first_day(self):
        assert CALENDAR.count_workdays(on("02-09"), on("02-13")) == 4
        assert CALENDAR.count_workdays(on("02-09"), on("02-13"), include_first=True) == 5
        assert CALENDAR.count_workdays(on("02-09"), on("02-09")) == 0

    def test_does_not_count_backwards(self):
        with pytest.raises(ValueError, match="before"):
            CALENDAR.count_workdays(on("02-10"), on("02-09"))
        with pytest.raises(ValueError, match="negative"):
            CALENDAR.add_workdays(on("02-10"), -1)
        with pytest.raises(ValueError, match="negative"):
            CALENDAR.add_days(on("02-10"), -1)

    @pytest.mark.parametrize("day", ["2023-12-31", "2027-01-01"])
    def test_does_not_guess(self, day):
        with pytest.raises(CalendarUnknown, match="尚未载入"):
            CALENDAR.is_workday(on(day))
        with pytest.raises(CalendarUnknown):
            CALENDAR.next_workday(on(day))

    def test_does_not_trust_a_year_with_a_day_missing(self):
        rows = [row for row in ROWS if row.date != on("07-07")]

        with pytest.raises(CalendarUnknown):
            Workdays.of(rows).is_workday(on("07-08"))

    def test_refuses_a_day_told_twice(self):
        with pytest.raises(ValueError, match="twice"):
            Workdays.of([*ROWS, DayRow(on("07-07"), is_workday=False, name="", source="")])

    def test_takes_a_year_as_data(self):
        year = [
            DayRow(day, day.weekday() < 5, "", "演示")
            for day in (date(2027, 1, 1) + timedelta(days=at) for at in range(365))
        ]
        calendar = Workdays.of([*ROWS, *year])

        assert calendar.add_workdays(on("12-30"), 2).day == date(2027, 1, 1)

    def test_cannot_be_changed(self):
        with pytest.raises(TypeError):
            CALENDAR.days[on("07-07")] = None
