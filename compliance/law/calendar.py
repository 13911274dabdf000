"""The legal calendar: days are Paris days, months are calendar months. Pure: every instant is passed in.

Rules of the product [I], law.md A.11: a permission counts its first day and ends the day before the anniversary;
an expiry bites at 00:00, Paris time, the day after the last day.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# Beyond, no text that the product applies was written, nor any fact is dated.
YEARS = range(1995, 2101)
ONE_MONTH_AT_MOST = 31
# Ten thousand positions ask for the same few thousand days.
_remembered = lru_cache(maxsize=8192)


@_remembered
def legal_day(at: datetime) -> date:
    """Return the Paris day of an aware instant."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone has no legal day")
    return at.astimezone(PARIS).date()


@_remembered
def midnight(day: date) -> datetime:
    """Return the first instant of a Paris day."""
    return datetime.combine(day, time.min, PARIS)


@_remembered
def day_after(day: date) -> datetime:
    """Return the instant at which a last day is over: 00:00 Paris time the day after."""
    return midnight(day + timedelta(days=1)) if day < date.max else datetime.max.replace(tzinfo=PARIS)


def instant_of(day: date, clock: time = time.min) -> datetime:
    """Return a Paris wall-clock time as an instant."""
    return datetime.combine(day, clock, PARIS)


@_remembered
def add_months(day: date, months: int) -> date:
    """Return the same day so many calendar months later, or that month's last day (31 January + 1 = 28 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(start: date, months: int) -> date:
    """Return the last lawful day of a permission of so many months: 12 March 2024, 60 months: 11 March 2029."""
    return add_months(start, months) - timedelta(days=1)


def erase_at(first_image: datetime, retention_days: int) -> datetime:
    """Return the UTC instant by which a recording must be gone: the order's days of 24 hours, never past the same hour
    next month (L252-5, R253-4).

    An image of 31 January goes by 28 February even if the order says 31 days. An hour that next month's clock change
    doubles or skips counts at its earliest: too early by an hour is lawful, too late is not.
    """
    local = first_image.astimezone(PARIS)
    wall = datetime.combine(add_months(local.date(), 1), local.time(), PARIS)
    next_month = min(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    # In UTC: two Paris datetimes are added and compared by their clocks, an hour wrong across a change.
    return min(first_image.astimezone(UTC) + timedelta(days=retention_days), next_month)
