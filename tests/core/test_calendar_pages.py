"""The working calendar's pages: who reads, who loads, what is refused, what is answered after."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import DatabaseError

from core.calendar.arithmetic import CalendarUnknown
from core.calendar.holidays import Holiday, HolidaysContradict
from core.calendar.loading import CalendarRefused, load_holidays, workdays
from core.calendar.models import CalendarYear
from core.history.reading import events_of
from core.history.verify import verify
from tests import purchase

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
LOAD = "/calendar/load/"
SOURCE = "国办发明电〔2026〕9号"
# As a notice of 2027 might say; the days worked in exchange are Saturdays and Sundays.
NOTICE = (
    ("元旦", "2027-01-01", "2027-01-03", ""),
    ("春节", "2027-02-05", "2027-02-12", "2027-01-31、2027-02-20"),
    ("清明节", "2027-04-03", "2027-04-05", ""),
    ("劳动节", "2027-05-01", "2027-05-05", "2027年4月25日 2027/5/8"),
    ("端午节", "2027-06-09", "2027-06-09", ""),
    ("中秋节", "2027-09-15", "2027-09-15", ""),
    ("国庆节", "2027-10-01", "2027-10-07", "2027-09-26\n2027-10-09"),
)
LOADED = (3, 8, 3, 5, 1, 1, 7)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(f"{TODAY}T12:00:00+08:00", tick=False):
        yield


def visitor(client, world, name):
    user = getattr(world, name).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def keeper(client, world):
    return visitor(client, world, "keeper")


def typed(notice=NOTICE, *, year="2027", source=SOURCE, **cells):
    """The form as a browser sends it; `cells` change single fields (`holidays__1__ends_on`)."""
    data = {"year": year, "source": source}
    data |= {"holidays-TOTAL_FORMS": str(len(notice)), "holidays-INITIAL_FORMS": "0"}
    for at, row in enumerate(notice):
        for name, value in zip(("name", "starts_on", "ends_on", "make_up"), row, strict=True):
            data[f"holidays-{at}-{name}"] = value
    return data | {name.replace("__", "-"): value for name, value in cells.items()}


def holidays(notice=NOTICE):
    return [Holiday(n, date.fromisoformat(a), date.fromisoformat(b)) for n, a, b, _ in notice]


def is_loaded(year=2027):
    return CalendarYear.objects.filter(year=year).exists()


class TestReading:
    """Everybody signed in may read what is loaded."""

    def test_the_list_names_each_year_with_its_notice_and_numbers(self, client, world):
        page = visitor(client, world, "zhang").get("/calendar/")

        assert page.status_code == 200
        assert [line.year for line in page.context["years"]] == [2026, 2025, 2024]
        newest = page.context["years"][0]
        assert (newest.source, newest.rest, newest.made_up) == ("国办发明电〔2025〕7号", 33, 6)
        assert newest.workdays == 365 - 104 - 33 + 6 + _weekend_days_off(2026)

    def test_a_missing_year_names_whom_to_ask(self, client, world):
        page = visitor(client, world, "zhang").get("/calendar/").content.decode()

        assert "2027 年工作日历尚未载入" in page
        assert "由安全管理员载入" in page
        assert LOAD not in page

    def test_the_one_who_may_is_led_to_the_form(self, keeper):
        page = keeper.get("/calendar/").content.decode()

        assert f'href="{LOAD}"' in page
        assert "由安全管理员载入" not in page

    def test_nothing_is_missing_once_both_years_are_there(self, keeper):
        purchase.load_calendar(2027)

        assert "尚未载入" not in keeper.get("/calendar/").content.decode()

    def test_a_year_shows_its_holidays_and_twelve_months(self, client, world):
        page = visitor(client, world, "zhang").get("/calendar/2026/").context["page"]

        spring = page.holidays[1]
        assert (spring.name, spring.days) == ("春节", 9)
        assert spring.spans == [(date(2026, 2, 15), date(2026, 2, 23))]
        assert spring.made_up == [date(2026, 2, 14), date(2026, 2, 28)]
        assert [month.number for month in page.months] == list(range(1, 13))
        days = [cell.day for month in page.months for week in month.weeks for cell in week if cell]
        assert (days[0], days[-1], len(days)) == (date(2026, 1, 1), date(2026, 12, 31), 365)

    def test_each_kind_of_day_says_in_words_what_it_is(self, client, world):
        page = visitor(client, world, "zhang").get("/calendar/2026/")

        months = page.context["page"].months
        cells = {cell.day: cell for m in months for week in m.weeks for cell in week if cell}
        kinds = [cells[date(2026, 2, day)].kind for day in (14, 16, 27)]
        assert [*kinds, cells[date(2026, 3, 7)].kind] == ["made_up", "holiday", "work", "rest"]
        assert cells[TODAY].is_today
        assert 'title="春节调休上班">14<span' in page.content.decode()

    @pytest.mark.parametrize("year", ["2027", "0", "99999999999999999999"])
    def test_a_year_that_is_not_loaded_is_404(self, client, world, year):
        assert visitor(client, world, "zhang").get(f"/calendar/{year}/").status_code == 404


def _weekend_days_off(year):
    """Days of holidays that were Saturdays and Sundays anyway."""
    rows = CalendarYear.objects.get(year=year).rows()
    return sum(not row.is_workday and bool(row.name) and row.date.weekday() > 4 for row in rows)


class TestLoading:
    """安全管理员 loads the year of a notice; it answers from then on."""

    @pytest.mark.parametrize("name", ["zhang", "wu", "admin"])
    def test_nobody_else_may(self, client, world, name):
        other = visitor(client, world, name)

        assert other.get(LOAD).status_code == 403
        assert other.post(LOAD, typed()).status_code == 403
        assert not is_loaded()

    def test_the_form_opens_with_next_year_and_the_seven_holidays(self, keeper):
        form = keeper.get(LOAD).context["form"]

        assert form["year"].value() == 2027
        names = [row["name"].value() for row in form.row_sets["holidays"]]
        assert names == [row[0] for row in NOTICE] + [None]

    def test_a_loaded_year_is_shown_and_answers(self, keeper):
        with pytest.raises(CalendarUnknown):
            workdays().is_workday(date(2027, 2, 8))

        page = keeper.post(LOAD, typed(), follow=True)

        assert page.redirect_chain == [("/calendar/2027/", 302)]
        assert "2027 年工作日历已载入" in page.content.decode()
        assert tuple(line.days for line in page.context["page"].holidays) == LOADED
        calendar = workdays()
        assert not calendar.is_workday(date(2027, 2, 8))
        assert calendar.is_workday(date(2027, 5, 8))
        assert calendar.row(date(2027, 4, 25)).name == "劳动节调休上班"
        deadline = calendar.add_workdays(date(2026, 12, 30), 5)
        assert (deadline.day, deadline.sources[-1]) == (date(2027, 1, 7), SOURCE)

    def test_it_is_recorded_once_with_who_and_as_what(self, keeper, world):
        keeper.post(LOAD, typed())

        year = CalendarYear.objects.get(year=2027)
        (event,) = events_of(f"core.calendaryear:{year.pk}")
        assert (event.title, event.actor_name) == ("载入 2027 年工作日历", "石磊")
        assert event.effective_on == TODAY
        assert verify().is_clean

    def test_two_rows_of_one_name_are_one_holiday_with_two_spans(self, keeper):
        end = ("元旦", "2027-12-31", "2027-12-31", "")
        page = keeper.post(LOAD, typed((*NOTICE, end)), follow=True)

        first = page.context["page"].holidays[0]
        assert (first.name, first.days, len(first.spans)) == ("元旦", 4, 2)

    def test_a_row_that_is_deleted_is_not_read(self, keeper):
        broken = ("", "2027-13-01", "", "")
        data = typed((*NOTICE, broken), **{"holidays-7-DELETE": "on"})

        assert keeper.post(LOAD, data).status_code == 302


class TestRefusals:
    """What cannot be is said at its field; what was typed stays; nothing is saved."""

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("holidays-0-name", "", "请填写节日名称。"),
            ("holidays-0-starts_on", "", "请填写放假起日。"),
            ("holidays-0-ends_on", "2027-02-30", "请按“年-月-日”填写，如 2027-02-05。"),
            ("holidays-0-starts_on", "2026-12-31", "2026-12-31 不在 2027 年。"),
            ("holidays-6-ends_on", "9999-12-31", "9999-12-31 不在 2027 年。"),
            ("holidays-1-ends_on", "2027-02-04", "春节的止日早于起日。"),
            ("holidays-5-starts_on", "2027-06-09", "2027-06-09 重复。"),
            ("holidays-1-make_up", "2027-02-20 2027-02-20", "2027-02-20 重复。"),
            ("holidays-3-make_up", "2027-02-20", "2027-02-20 重复。"),
            ("holidays-1-make_up", "2027-02-22", "2027-02-22 不是周末，无须调休上班。"),
            ("holidays-1-make_up", "2027-10-02", "2027-10-02 既放假又上班。"),
            ("holidays-1-make_up", "2028-02-05", "2028-02-05 不在 2027 年。"),
            ("holidays-1-make_up", "二月二十日", "“二月二十日”不是日期。"),
            ("holidays-1-make_up", "2027-02-31", "“2027-02-31”不是日期。"),
        ],
    )
    def test_a_row_that_cannot_be(self, keeper, field, value, said):
        data = typed() | {field: value}
        if field == "holidays-5-starts_on":
            data["holidays-5-ends_on"] = value
        answer = keeper.post(LOAD, data)

        at, name = field.split("-")[1:]
        row = answer.context["form"].row_sets["holidays"].forms[int(at)]
        assert answer.status_code == 422
        assert any(said in error for error in row.errors[name])
        assert row[name].value() == value
        assert f'href="#id_{field}"' in answer.content.decode()
        assert not is_loaded()

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("year", "", "请填写年份。"),
            ("year", "二零二七", "请填写四位数的年份。"),
            ("year", "2025", "只能载入 2026 年、2027 年"),
            ("year", "2028", "只能载入 2026 年、2027 年"),
            ("year", "-1", "只能载入 2026 年、2027 年"),
            ("year", "9" * 5000, "请填写四位数的年份。"),
            ("source", " ", "请填写通知文号。"),
            ("source", "号" * 201, "200"),
        ],
    )
    def test_a_field_that_cannot_be(self, keeper, field, value, said):
        answer = keeper.post(LOAD, typed() | {field: value})

        assert answer.status_code == 422
        assert said in answer.context["form"].errors[field][0]
        assert not is_loaded()

    def test_a_year_without_holidays(self, keeper):
        answer = keeper.post(LOAD, typed(()))

        assert answer.status_code == 422
        assert "请至少填写一个节日。" in answer.content.decode()
        assert not is_loaded()

    @pytest.mark.parametrize("data", [{}, {"year": "2027", "source": SOURCE}])
    def test_a_form_cut_short(self, keeper, data):
        answer = keeper.post(LOAD, data)

        assert answer.status_code == 422
        assert answer.context["form"].said_of_tables()
        assert not is_loaded()

    def test_more_rows_than_a_year_has_holidays(self, keeper):
        assert keeper.post(LOAD, typed(NOTICE * 4)).status_code == 422
        assert not is_loaded()

    def test_a_holiday_left_without_dates_is_asked_for_or_deleted(self, keeper):
        notice = (*NOTICE[:5], ("中秋节", "", "", ""), NOTICE[6])
        answer = keeper.post(LOAD, typed(notice))

        assert answer.status_code == 422
        assert "请填写放假起日。" in answer.content.decode()

    def test_a_year_that_is_loaded_stays_as_it_is(self, keeper):
        keeper.post(LOAD, typed())
        before = CalendarYear.objects.get(year=2027)
        answer = keeper.post(LOAD, typed(source="另一文号"))

        assert answer.status_code == 409
        assert "2027 年工作日历已经载入，不能再次载入。" in answer.content.decode()
        assert 'value="另一文号"' in answer.content.decode()
        assert CalendarYear.objects.get(year=2027).source == before.source


class TestTheService:
    """The same checks stand behind the page."""

    def acts(self, world):
        return world.keeper.acts(TODAY)

    def test_of_two_at_once_the_second_is_refused(self, world, monkeypatch):
        """Both have looked and found nothing; the database decides."""
        load_holidays(2027, SOURCE, holidays(), **self.acts(world))
        looked = iter([False])
        real = type(CalendarYear.objects.all()).exists
        monkeypatch.setattr(
            "core.calendar.models.GuardedQuerySet.exists", lambda rows: next(looked, real(rows))
        )

        with pytest.raises(CalendarRefused, match="已经载入"):
            load_holidays(2027, SOURCE, holidays(), **self.acts(world))
        monkeypatch.undo()
        assert CalendarYear.objects.filter(year=2027).count() == 1
        assert verify().is_clean

    def test_another_fault_of_the_database_is_not_called_so(self, world, monkeypatch):
        def broken(*_, **__):
            raise DatabaseError

        monkeypatch.setattr("core.history.writer.Changes.create", broken)
        with pytest.raises(DatabaseError):
            load_holidays(2027, SOURCE, holidays(), **self.acts(world))

    def test_every_fault_is_told_at_once(self, world):
        wrong = [
            Holiday("甲", date(2027, 5, 3), date(2027, 5, 1)),
            Holiday("乙", date(2026, 5, 3), date(2027, 5, 3), (date(2027, 5, 4),)),
        ]
        with pytest.raises(HolidaysContradict, match="甲的止日早于起日") as caught:
            load_holidays(2027, SOURCE, wrong, **self.acts(world))

        found = [(fault.at, fault.part) for fault in caught.value.faults]
        assert found == [(0, "ends_on"), (1, "starts_on"), (1, "make_up")]
        assert not is_loaded()
