"""Opening hours: what a text means, which calendar holds, and that minutes add up."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calidez.people.opening_hours import (
    CLOSED,
    DAY,
    WHOLE_DAY,
    Calendar,
    Closure,
    Hours,
    Known,
    Level,
    Stretch,
    Timetable,
    between,
    read_hours,
    write_hours,
)

MONDAY = dt.date(2026, 3, 2)
LONG_AGO = dt.date(2020, 1, 1)
EIGHT_TO_EIGHT = read_hours("08:00-20:00")
OFFICE = (*([EIGHT_TO_EIGHT] * 5), CLOSED, CLOSED)
NIGHTS = tuple(read_hours("22:00-06:00") for _day in range(7))


def table(week: tuple[Hours, ...] = OFFICE, **values: object) -> Timetable:
    return Timetable(**{"starts": LONG_AGO, "week": week, **values})  # type: ignore[arg-type]


def alone(*said: Timetable | Closure) -> Calendar:
    tables = tuple(one for one in said if isinstance(one, Timetable))
    return Calendar((Level(tables, tuple(one for one in said if isinstance(one, Closure))),))


def at(day: dt.date, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", ()),
        ("8:00-20:00", (Stretch(480, 720),)),
        ("16:00 – 20:00, 08:00–14:00", (Stretch(480, 360), Stretch(960, 240))),
        ("22:00-06:00", (Stretch(1320, 480),)),
        ("20:00-24:00", (Stretch(1200, 240),)),
        (WHOLE_DAY, (Stretch(0, DAY),)),
        ("00:00-24:00", (Stretch(0, DAY),)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: Hours) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "open",
        "8-20",
        "08:00",
        "25:00-26:00",
        "08:61-09:00",
        "08:00-14:00 13:00-20:00",
        "1:00-2:00 3:00-4:00 5:00-6:00",
        "08:00-09:00 22:00-10:00",
    ],
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"stretch|time"):
        read_hours(text)


minutes = st.integers(0, DAY - 1)
stretches = st.builds(between, minutes, minutes)
moments = st.datetimes(dt.datetime(2026, 2, 1), dt.datetime(2026, 4, 30))
weeks = st.tuples(*[st.one_of(st.just(()), stretches.map(lambda s: (s,)))] * 7)
days = st.dates(dt.date(2026, 2, 1), dt.date(2026, 4, 30))
calendars = st.builds(
    lambda week, closed: alone(table(week), *(Closure(day, day) for day in closed)),
    weeks,
    st.lists(days, max_size=5),
)


@given(stretches)
def test_what_is_written_is_read_again(stretch: Stretch) -> None:
    assert read_hours(write_hours([stretch])) == (stretch,)
    assert 1 <= stretch.minutes <= DAY


@given(calendars, moments, moments, moments)
def test_minutes_of_two_spans_add_up_to_those_of_both(
    calendar: Calendar, one: dt.datetime, two: dt.datetime, three: dt.datetime
) -> None:
    first, middle, last = sorted(moment.replace(second=0, microsecond=0) for moment in (one, two, three))
    parts = calendar.open_minutes(first, middle) + calendar.open_minutes(middle, last)
    assert parts == calendar.open_minutes(first, last) <= (last - first).total_seconds() / 60
    assert calendar.open_minutes(last, first) == 0 or first == last


@given(calendars, days)
def test_a_day_is_open_where_it_has_hours(calendar: Calendar, day: dt.date) -> None:
    assert calendar.is_open(day) is bool(calendar.hours(day)) is bool(calendar.open_days(day, day))


@given(calendars, moments)
def test_minutes_are_those_counted_one_by_one(calendar: Calendar, since: dt.datetime) -> None:
    since = since.replace(second=0, microsecond=0)

    def serves(moment: dt.datetime) -> bool:
        for back in (0, 1):
            day = moment.date() - dt.timedelta(days=back)
            minute = moment.hour * 60 + moment.minute + back * DAY
            if any(s.start <= minute < s.end for s in calendar.hours(day)):
                return True
        return False

    span = 2 * DAY
    counted = sum(serves(since + dt.timedelta(minutes=n)) for n in range(span))
    assert calendar.open_minutes(since, since + dt.timedelta(minutes=span)) == counted


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    only_sunday = alone(table((*([CLOSED] * 6), read_hours("22:00-06:00"))))
    sunday = MONDAY - dt.timedelta(days=1)
    assert only_sunday.is_open(sunday)
    assert not only_sunday.is_open(MONDAY)
    assert only_sunday.open_minutes(at(MONDAY, "00:00"), at(MONDAY, "12:00")) == 360
    assert alone(table(NIGHTS)).open_minutes(at(MONDAY, "05:00"), at(MONDAY, "23:00")) == 120


def test_a_weekend_between_question_and_answer_does_not_count() -> None:
    friday, monday = dt.date(2026, 3, 6), dt.date(2026, 3, 9)
    assert alone(table()).open_minutes(at(friday, "19:30"), at(monday, "08:45")) == 75


def test_christmas_comes_every_year_and_a_closure_may_pass_new_year() -> None:
    calendar = alone(
        table(OFFICE),
        Closure(dt.date(2020, 12, 24), dt.date(2021, 1, 6), yearly=True),
        Closure(dt.date(2026, 3, 4), dt.date(2026, 3, 5)),
    )
    assert not calendar.is_open(dt.date(2025, 12, 25))
    assert not calendar.is_open(dt.date(2026, 1, 6))
    assert calendar.is_open(dt.date(2026, 1, 7))
    assert calendar.open_days(MONDAY, MONDAY + dt.timedelta(days=6)) == 3
    assert calendar.is_open(dt.date(2027, 3, 4))
    assert calendar.is_open(dt.date(2019, 12, 25))  # nobody said that it was closed before


def test_the_newest_that_has_begun_holds_and_before_the_first_the_first() -> None:
    six_days = (*([EIGHT_TO_EIGHT] * 6), CLOSED)
    calendar = alone(table(starts=dt.date(2025, 1, 1)), table(six_days, starts=dt.date(2026, 1, 1)))
    assert not calendar.is_open(dt.date(2024, 6, 1))  # a Saturday
    assert not calendar.is_open(dt.date(2025, 6, 7))
    assert calendar.is_open(dt.date(2026, 6, 6))


def test_the_nearest_unit_decides_and_holidays_above_hold_unless_it_says_otherwise() -> None:
    every_day = tuple([EIGHT_TO_EIGHT] * 7)
    known = Known(
        (
            ("/a/", table(OFFICE)),
            ("/a/b/", table(every_day)),
            ("/a/c/", table(every_day, adds_above=False)),
        ),
        (
            ("/a/", Closure(MONDAY, MONDAY)),
            ("/a/d/", Closure(MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=1))),
        ),
    )
    saturday = dt.date(2026, 3, 7)
    answers = {}
    for path in ("/a/", "/a/b/", "/a/b/x/", "/a/c/", "/a/d/"):
        calendar = known.at(path)
        assert calendar is not None
        answers[path] = (calendar.is_open(MONDAY), calendar.is_open(saturday))
    assert answers == {
        "/a/": (False, False),
        "/a/b/": (False, True),
        "/a/b/x/": (False, True),
        "/a/c/": (True, True),
        "/a/d/": (False, False),
    }
    assert known.at("/z/") is None
    assert known.at("/a/b/x/") is known.at("/a/b/")
    assert (known.below("/a/"), known.below("/a/b/")) == (True, False)


def test_units_measured_as_one_are_open_when_any_of_them_is() -> None:
    known = Known(
        (
            ("/a/", table(OFFICE)),
            ("/a/b/", table((*([EIGHT_TO_EIGHT] * 6), CLOSED))),
            ("/a/e/", table(NIGHTS)),
        )
    )
    saturday, sunday = dt.date(2026, 3, 7), dt.date(2026, 3, 8)

    def opens(*measured: str) -> tuple[bool, bool]:
        whole = known.together("/a/", measured)
        assert whole is not None
        return whole.is_open(saturday), whole.is_open(sunday)

    assert opens() == (False, False)
    assert opens("/a/", "/a/b/", "/a/c/") == (True, False)
    assert opens("/a/", "/a/c/") == (False, False)  # the emergency unit has no part in these figures
    assert opens("/a/b/", "/a/b/x/", "/a/e/") == (True, True)
    whole = known.together("/a/", ["/a/b/"])
    assert whole is not None
    assert whole is known.together("/a/", ["/a/b/"])
    assert whole.without(frozenset({5})).open_days(MONDAY, sunday) == 5
    assert whole.open_days(MONDAY, sunday) == 6
    assert Known().together("/a/") is None


def test_closed_days_hold_where_nobody_wrote_down_hours() -> None:
    calendar = Known((), (("/a/", Closure(MONDAY, MONDAY)),)).at("/a/b/")
    assert calendar is not None
    assert not calendar.is_open(MONDAY)
    assert calendar.hours(dt.date(2026, 3, 8)) == (Stretch(0, DAY),)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="closure"):
        Closure(MONDAY, MONDAY - dt.timedelta(days=1))
    with pytest.raises(ValueError, match="seven"):
        table(OFFICE[:5])
    with pytest.raises(ValueError, match="local"):
        alone(table()).open_minutes(dt.datetime(2026, 3, 2, tzinfo=dt.UTC), at(MONDAY, "10:00"))
