"""French as a page writes it: dates, distances, numbers, spaces before the signs. Pure: it reads no clock, no row.

Instants are aware and shown at Paris time; a plain date is already a Paris day. For who asked for English, the words
are those of `english`; what is written down (papers, journal, commands) is written where the language is French.
"""

import re
import unicodedata
from datetime import date, datetime

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from compliance.law import PARIS, legal_day
from compliance.requirements.base import french
from compliance.templatetags import english

NBSP = "\u00a0"
THIN = "\u202f"
_SHORT = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
_DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_UNITS = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_COMPASS = ["nord", "nord-est", "est", "sud-est", "sud", "sud-ouest", "ouest", "nord-ouest"]
_CODE = re.compile(
    r"\b(?:[A-Z]{1,5}-\d{1,4}|\d{4}-[A-Z]{1,4}-\d{2,5}|\d{4}-\d{2,5}|[LR]\d{3}-\d+(?:-\d+)?)\b(?!-)",
)
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ \u00a0\u202f]+([:»%])(?=[\s,.)]|$)"), NBSP + r"\1"),
    (re.compile(r"[ \u00a0\u202f]+([;?!])"), THIN + r"\1"),
    (re.compile(r"«[ \u00a0\u202f]*"), "«" + NBSP),
    (re.compile(r"\bn° "), "n°" + NBSP),
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
)


def in_english() -> bool:
    """True while a page is answered to somebody who asked for English."""
    return get_language() == "en"


def quoted(words: str) -> str:
    """Tell who reads in English that these words are French: the law's, which nobody translates here."""
    return format_html('<span lang="fr">{}</span>', words) if in_english() else words


def paris_day(value: date) -> date:
    """Return the Paris day of an instant, or the day itself."""
    return legal_day(value) if isinstance(value, datetime) else value


def day_in_full(value: date) -> str:
    """« 14 mars 2029 », « 1er mars 2029 »: a page says a date as the gate's findings do."""
    day = paris_day(value)
    return english.day_in_full(day) if in_english() else french(day)


def short_day(value: date) -> str:
    """« 17 nov. »."""
    day = paris_day(value)
    if in_english():
        return english.short_day(day)
    return f"{_ordinal(day)}{NBSP}{_SHORT[day.month - 1]}"


def weekday(value: date) -> str:
    """« jeudi 19 novembre 2026 »."""
    if in_english():
        return english.weekday(paris_day(value))
    return f"{_DAYS[paris_day(value).weekday()]} {day_in_full(value)}"


def hour(value: datetime) -> str:
    """« 14 h 32 », at Paris time."""
    local = value.astimezone(PARIS)
    if in_english():
        return english.hour(local)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def instant(value: datetime) -> str:
    """« 19 novembre 2026, 14 h 32 », at Paris time."""
    return f"{day_in_full(value)}, {hour(value)}"


def second(value: datetime) -> str:
    """« 19 novembre 2026, 14 h 19 min 27 s », at Paris time."""
    local = value.astimezone(PARIS)
    if in_english():
        return english.second(local)
    return f"{instant(value)}{NBSP}min{NBSP}{local.second:02d}{NBSP}s"


def distance(value: date, now: datetime) -> str:
    """« dans 11 jours », « il y a 3 h », « demain », from `now`; by Paris days beyond a day or without an hour."""
    days = (paris_day(value) - legal_day(now)).days
    if isinstance(value, datetime):
        seconds = int((value - now).total_seconds())
        if abs(seconds) < 86_400:
            return _around(abs(seconds), ahead=seconds > 0)
    if in_english():
        return english.days_away(days)
    if days in _NEAR:
        return _NEAR[days]
    return f"dans {_count(days)}{NBSP}jours" if days > 0 else f"il y a {_count(-days)}{NBSP}jours"


_NEAR = {0: "aujourd’hui", 1: "demain", -1: "hier"}


def grouped(value: int) -> str:
    """« 18 204 », thousands parted by a thin space."""
    return _count(value)


def folded(text: str) -> str:
    """Return a text without accents nor capitals, as people type it."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def size(octets: int) -> str:
    """« 1,4 Mo », decimal multiples."""
    if in_english():
        return english.size(octets)
    for unit, factor in (("Go", 1_000_000_000), ("Mo", 1_000_000), ("ko", 1_000)):
        if octets >= factor:
            return f"{octets / factor:.1f}".replace(".", ",").removesuffix(",0") + f"{NBSP}{unit}"
    return f"{octets}{NBSP}octets"


def in_words(value: int, *, feminine: bool = False) -> str:
    """« quinze », « une » for a feminine noun, « aucune » for none; figures from 100 on."""
    if in_english():
        return english.in_words(value)
    if value == 0:
        return "aucune" if feminine else "aucun"
    if not 0 < value < 100:
        return _count(value)
    words = _below_hundred(value)
    return f"{words}e" if feminine and words.endswith("un") else words


def bearing(azimuth: float) -> str:
    """« vers le sud-ouest », « vers l’est », from degrees clockwise from north."""
    if in_english():
        return english.bearing(azimuth)
    point = _COMPASS[round(azimuth % 360 / 45) % 8]
    return f"vers l’{point}" if point in ("est", "ouest") else f"vers le {point}"


def degrees(value: float) -> str:
    """« 214° », with at most one decimal."""
    return f"{_plain(value)}°"


def metres(value: float) -> str:
    """« 45 m », with at most one decimal."""
    return f"{_plain(value)}{NBSP}m"


def sentence(text: object) -> SafeString:
    """Write a plain sentence for a page: no-break spaces, curved apostrophes, codes that do not break.

    Markup already declared safe is returned as it came.
    """
    words = text if isinstance(text, str) else str(text)
    if isinstance(words, SafeString):
        return words
    for pattern, replacement in _SIGNS:
        words = pattern.sub(replacement, words)
    return mark_safe(_CODE.sub(_unbroken, conditional_escape(words)))  # noqa: S308 (escaped on this line)


def _unbroken(match: re.Match[str]) -> str:
    return f'<span class="code">{match.group()}</span>'


def _ordinal(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def _count(value: int) -> str:
    return english.grouped(value) if in_english() else f"{value:,}".replace(",", THIN)


def _plain(value: float) -> str:
    return english.plain(value) if in_english() else english.plain(value).replace(".", ",")


def _around(seconds: int, *, ahead: bool) -> str:
    if in_english():
        return english.around(seconds, ahead=ahead)
    words = english.lasting(seconds)
    return f"dans {words}" if ahead else f"il y a {words}"


def _below_hundred(value: int) -> str:
    if value < 20:
        return _UNITS[value]
    tens, unit = divmod(value, 10)
    if tens in (7, 9):
        tens, unit = tens - 1, unit + 10
    stem = _TENS[tens]
    if unit == 0:
        return f"{stem}s" if tens == 8 else stem
    linked = unit in (1, 11) and tens != 8
    return f"{stem} et {_UNITS[unit]}" if linked else f"{stem}-{_UNITS[unit]}"
