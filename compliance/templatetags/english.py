"""English as a page writes it, for who asked for it: the other half of `wording`, which chooses. Pure words."""

from datetime import date, datetime

NBSP = "\u00a0"
_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_UNITS = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_COMPASS = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"]
_NEAR = {0: "today", 1: "tomorrow", -1: "yesterday"}


def day_in_full(day: date) -> str:
    """« 14 March 2029 »."""
    return f"{day.day}{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}"


def short_day(day: date) -> str:
    """« 17 Nov »."""
    return f"{day.day}{NBSP}{_MONTHS[day.month - 1][:3]}"


def weekday(day: date) -> str:
    """« Thursday 19 November 2026 »."""
    return f"{_DAYS[day.weekday()]} {day_in_full(day)}"


def hour(local: datetime) -> str:
    """« 14:32 »."""
    return f"{local:%H:%M}"


def second(local: datetime) -> str:
    """« 19 November 2026, 14:19:27 »."""
    return f"{day_in_full(local)}, {local:%H:%M:%S}"


def around(seconds: int, *, ahead: bool) -> str:
    """« in 3 h », « 12 min ago »."""
    words = lasting(seconds)
    return f"in {words}" if ahead else f"{words} ago"


def lasting(seconds: int) -> str:
    """« 12 min », in both languages."""
    if seconds < 60:
        return f"{seconds}{NBSP}s"
    return f"{seconds // 60}{NBSP}min" if seconds < 3600 else f"{seconds // 3600}{NBSP}h"


def days_away(days: int) -> str:
    """« in 11 days », « tomorrow », « 2 days ago »."""
    if days in _NEAR:
        return _NEAR[days]
    return f"in {grouped(days)}{NBSP}days" if days > 0 else f"{grouped(-days)}{NBSP}days ago"


def grouped(value: int) -> str:
    """« 18,204 »."""
    return f"{value:,}"


def size(octets: int) -> str:
    """« 1.4 MB », decimal multiples."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if octets >= factor:
            return f"{plain(octets / factor)}{NBSP}{unit}"
    return f"{octets}{NBSP}byte{'' if octets == 1 else 's'}"


def in_words(value: int) -> str:
    """« fifteen », « no » before a noun for none; figures from 100 on."""
    if not 0 <= value < 100:
        return grouped(value)
    if value < 20:
        return _UNITS[value]
    tens, unit = divmod(value, 10)
    return f"{_TENS[tens]}-{_UNITS[unit]}" if unit else _TENS[tens]


def bearing(azimuth: float) -> str:
    """« towards the south-west »."""
    return f"towards the {_COMPASS[round(azimuth % 360 / 45) % 8]}"


def plain(value: float) -> str:
    """« 45 », « 12.5 »: at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
