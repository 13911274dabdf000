"""The legal calendar: Paris days, calendar months, and the nights when the clock changes."""

import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.law import PARIS, add_months, day_after, erase_at, instant_of, last_day, legal_day, midnight

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(2020, 1, 1), date(2036, 1, 1))
KEPT = st.integers(1, 31)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 10), 0, date(2026, 5, 10)),
    ],
)
def test_months_are_calendar_months(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 3, 12), 60, date(2029, 3, 11)),
        (date(2026, 5, 10), 4, date(2026, 9, 9)),
        (date(2024, 1, 1), 60, date(2028, 12, 31)),
        (date(2026, 10, 31), 4, date(2027, 2, 27)),
        (date(2024, 2, 29), 60, date(2029, 2, 27)),
    ],
)
def test_a_permission_ends_the_day_before_its_anniversary(start: date, months: int, end: date) -> None:
    assert last_day(start, months) == end


def test_an_expiry_bites_at_midnight_in_paris() -> None:
    # Summer time in September, winter time in March before the change.
    assert day_after(date(2026, 9, 9)) == datetime(2026, 9, 9, 22, 0, tzinfo=UTC)
    assert day_after(date(2029, 3, 11)) == datetime(2029, 3, 11, 23, 0, tzinfo=UTC)


def test_the_legal_day_is_the_day_in_paris() -> None:
    assert legal_day(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)) == date(2026, 7, 1)
    assert legal_day(datetime(2026, 6, 30, 21, 59, 59, 999_999, tzinfo=UTC)) == date(2026, 6, 30)
    assert legal_day(datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=-11)))) == date(2026, 7, 2)


def test_an_instant_without_a_time_zone_has_no_legal_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        legal_day(datetime(2026, 7, 1, 12, 0))


def test_what_never_ends_has_no_day_after() -> None:
    assert day_after(date.max) == datetime.max.replace(tzinfo=PARIS)


def test_a_wall_clock_time_is_an_instant() -> None:
    assert instant_of(date(2026, 7, 1), time(9, 30)) == datetime(2026, 7, 1, 7, 30, tzinfo=UTC)
    assert instant_of(date(2026, 7, 1)) == midnight(date(2026, 7, 1))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_the_days_of_a_clock_change_have_23_and_25_hours(day: date, hours: int) -> None:
    length = day_after(day).astimezone(UTC) - midnight(day).astimezone(UTC)

    assert length == timedelta(hours=hours)


@given(day=DAYS)
def test_a_day_begins_when_the_one_before_is_over(day: date) -> None:
    begins = midnight(day).astimezone(UTC)

    assert day_after(day - timedelta(days=1)) == begins
    assert legal_day(begins) == day
    assert legal_day(begins - timedelta(microseconds=1)) == day - timedelta(days=1)


@given(day=DAYS, months=st.integers(0, 120))
def test_adding_months_never_passes_into_the_next_month(day: date, months: int) -> None:
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@given(one=DAYS, other=DAYS, months=st.integers(0, 120))
def test_adding_months_keeps_the_order_of_days(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))

    assert add_months(first, months) <= add_months(second, months)


# --- erasure ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("image", "days", "gone"),
    [
        # An image of 31 January goes by 28 February.
        (datetime(2026, 1, 31, 14, 0, tzinfo=PARIS), 31, datetime(2026, 2, 28, 14, 0, tzinfo=PARIS)),
        (datetime(2026, 1, 31, 14, 0, tzinfo=PARIS), 30, datetime(2026, 2, 28, 14, 0, tzinfo=PARIS)),
        (datetime(2028, 1, 31, 14, 0, tzinfo=PARIS), 31, datetime(2028, 2, 29, 14, 0, tzinfo=PARIS)),
        (datetime(2026, 1, 31, 14, 0, tzinfo=PARIS), 15, datetime(2026, 2, 15, 14, 0, tzinfo=PARIS)),
        (datetime(2026, 7, 1, 14, 0, tzinfo=PARIS), 31, datetime(2026, 8, 1, 14, 0, tzinfo=PARIS)),
        (datetime(2026, 4, 10, 14, 0, tzinfo=PARIS), 31, datetime(2026, 5, 10, 14, 0, tzinfo=PARIS)),
        # Days have 24 hours: autumn's change does not give one more.
        (datetime(2026, 10, 1, 12, 0, tzinfo=PARIS), 30, datetime(2026, 10, 31, 11, 0, tzinfo=PARIS)),
        # The same hour next month is skipped (26 March 2028, 02:30): what is gone before it is lawful.
        (datetime(2028, 2, 26, 2, 30, tzinfo=PARIS), 31, datetime(2028, 3, 26, 0, 30, tzinfo=UTC)),
        # The same hour next month comes twice (25 October 2026, 02:30): the first.
        (datetime(2026, 9, 25, 2, 30, tzinfo=PARIS), 31, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # The hour that came twice, one month before a plain one.
        (datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1), 31, datetime(2026, 11, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_image_goes_at_the_earlier_of_the_order_and_of_one_month(image: datetime, days: int, gone: datetime) -> None:
    assert erase_at(image, days) == gone.astimezone(UTC)


def _wall(at: datetime) -> tuple[date, time]:
    local = at.astimezone(PARIS)
    return local.date(), local.time().replace(fold=0)


@given(image=INSTANTS, days=KEPT)
def test_no_image_outlives_the_days_of_the_order(image: datetime, days: int) -> None:
    assert image < erase_at(image, days) <= image + timedelta(days=days)


@given(image=INSTANTS, days=KEPT)
def test_no_image_outlives_the_same_hour_of_the_next_month(image: datetime, days: int) -> None:
    day, hour = _wall(image)

    assert _wall(erase_at(image, days)) <= (add_months(day, 1), hour)


@given(image=INSTANTS, days=st.integers(1, 30))
def test_an_order_that_keeps_longer_never_erases_sooner(image: datetime, days: int) -> None:
    assert erase_at(image, days) <= erase_at(image, days + 1)


@given(image=INSTANTS, later=st.timedeltas(timedelta(0), timedelta(days=400)), days=st.integers(1, 27))
def test_the_older_image_goes_first(image: datetime, later: timedelta, days: int) -> None:
    # Up to 27 days the month never bites; beyond, the images of 28 to 31 January all go on 28 February.
    assert erase_at(image, days) <= erase_at(image + later, days)


@given(image=INSTANTS, days=KEPT, zone=st.sampled_from([PARIS, timezone(timedelta(hours=-9)), UTC]))
def test_the_term_does_not_depend_on_the_time_zone_of_the_caller(image: datetime, days: int, zone: timezone) -> None:
    assert erase_at(image.astimezone(zone), days) == erase_at(image, days)
    assert erase_at(image.astimezone(zone), days).tzinfo is UTC


@pytest.fixture
def _a_machine_at_the_antipodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as machine:
        machine.setenv("TZ", "Pacific/Auckland")
        clock.tzset()
        yield
    clock.tzset()


@pytest.mark.usefixtures("_a_machine_at_the_antipodes")
def test_the_calendar_is_that_of_paris_wherever_the_machine_believes_it_is() -> None:
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)

    assert legal_day(late) == date(2026, 2, 1)
    assert erase_at(late, 31) == datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert erase_at(late, 10) == datetime(2026, 2, 10, 23, 30, tzinfo=UTC)
    assert erase_at(late, 31).tzinfo is UTC
    assert erase_at(late, 10).tzinfo is UTC
