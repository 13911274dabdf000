"""Days and instants of Paris as a jurist writes them: « 12 mars 2024 », « 2024-03-12 », « 12 mars 2024 à 14 h 05 »."""

import re
from datetime import UTC, date, datetime, time

from compliance.law.calendar import PARIS, midnight
from compliance.requirements.base import MONTHS, french

HOW = "une date s’écrit « 12 mars 2024 » ou « 2024-03-12 »"
HOW_TIME = "une heure s’écrit « à 14:05 », « à 14 h 05 » ou « à 14:05:30 »"
# Beyond, five years more would leave the calendar.
YEARS = 1900, 2199
WRITTEN = re.compile(r"(\d{1,2})(?:er)? ([^\W\d]+) (\d{4})")
NUMBERED = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
CLOCK = re.compile(r"(\d{1,2})(?: ?h ?| ?: ?)(\d{2})?(?::(\d{2}))?")
SEASON = re.compile(r" \(?heure d'(été|hiver)\)?$")


def day_of(text: str) -> date:
    """Read a day. Raises ValueError, in French, on anything else."""
    if found := NUMBERED.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif (found := WRITTEN.fullmatch(text.lower())) and found[2] in MONTHS:
        day, month, year = int(found[1]), MONTHS.index(found[2]) + 1, int(found[3])
    else:
        raise ValueError(f"« {text} » n’est pas une date : {HOW}")
    if not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(f"« {text} » : l’année va de {YEARS[0]} à {YEARS[1]}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"le « {text} » n’existe pas au calendrier") from None


def instant_of(text: str) -> datetime:
    """Read a day, and an hour of Paris (00:00 without one). Raises ValueError, in French, on anything else.

    On the night when summer time ends, an hour comes twice: « heure d’été » or « heure d’hiver » says which.
    """
    text, season = _without_season(text)
    day, clock = _parted(text)
    if not clock:
        return midnight(day_of(day))
    return _in_paris(datetime.combine(day_of(day), _clock(clock)), season, text)


def _without_season(text: str) -> tuple[str, str]:
    found = SEASON.search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


def _parted(text: str) -> tuple[str, str]:
    if " à " in text:
        day, _, clock = text.partition(" à ")
        return day.strip(), clock.strip()
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ](.+)", text)
    return (found[1], found[2]) if found else (text, "")


def _clock(text: str) -> time:
    found = CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(f"« {text} » n’est pas une heure : {HOW_TIME}")
    hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return time(hour, minute, second)
    except ValueError:
        raise ValueError(f"« {text} » n’est pas une heure du jour : de 0:00 à 23:59:59") from None


def _in_paris(local: datetime, season: str, text: str) -> datetime:
    first, second = (local.replace(tzinfo=PARIS, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) != local:
        raise ValueError(f"« {text} » n’existe pas : cette nuit-là, on passe de 2 h à 3 h")
    if not season:
        raise ValueError(f"« {text} » revient deux fois cette nuit-là : ajoutez « heure d’été » ou « heure d’hiver »")
    return first if season == "été" else second


def said(at: datetime) -> str:
    """Return an instant as this file reads it: « 12 mars 2029 à 00:00 », seconds when there are some."""
    local = at.astimezone(PARIS)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    season = (" heure d’hiver" if local.fold else " heure d’été") if twice else ""
    return f"{french(local.date())} à {clock}{season}"
