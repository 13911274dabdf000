"""Whether the wall clock may be believed before anything is erased in its name: pure, it reads no clock.

Within one start of the machine, the time that the kernel counts (CLOCK_BOOTTIME, suspended or not) says what the wall
clock should read. Across a restart nothing counts: another clock does, if there is one, NTP first, the cameras' next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")  # another one at each start of the machine
TOLERANCE: Final = timedelta(minutes=10)
# Without any other clock, a machine may have been off that long (a town hall closes two weeks at most): beyond, a
# human is asked. Below, what is due goes: erasure is not held back on a mere possibility.
PLAUSIBLE_STOP: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clocks said at one instant: the wall clock, which start of the machine, the seconds counted since."""

    at: datetime
    boot: str
    up: float


class Against(StrEnum):
    """What the wall clock disagrees with."""

    COUNTED = "counted"
    CAMERAS = "cameras"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A disagreement: with what, and by how much the wall clock is ahead (negative: behind)."""

    against: Against
    ahead: timedelta


def doubt(last: Reading | None, now: Reading, *, synchronised: bool, cameras: Sequence[timedelta] = ()) -> Doubt | None:
    """Return why the wall clock may not be believed, or None.

    `last` is the last reading held for right; `synchronised` is the kernel's word that NTP keeps the clock; `cameras`
    says by how much each camera's own clock is ahead of the wall clock.
    """
    if last is None:
        return None  # nothing was ever recorded under another clock
    ahead = now.at - expected(last, now)
    if now.boot == last.boot:
        return Doubt(Against.COUNTED, ahead) if abs(ahead) > TOLERANCE else None
    if ahead < -TOLERANCE:
        return Doubt(Against.LAST, ahead)  # a stopped machine does not go back in time, whatever NTP says
    if synchronised:
        return None
    if cameras:
        told = -sorted(cameras)[len(cameras) // 2]
        return Doubt(Against.CAMERAS, told) if abs(told) > TOLERANCE else None
    return Doubt(Against.LAST, ahead) if ahead > PLAUSIBLE_STOP else None


def expected(last: Reading, now: Reading) -> datetime:
    """Return what the wall clock should read at the least: the last right reading, and what was counted since."""
    counted = now.up - last.up if now.boot == last.boot else now.up
    return last.at + timedelta(seconds=counted)


def sure(last: Reading, now: Reading) -> datetime:
    """Return the instant to write down while in doubt: never later than what is surely past."""
    return min(now.at, expected(last, now))


def gettext_noop(text: str) -> str:
    """Return the words as they are written here: what the journal and the log keep.

    It has the name of Django’s, by which texts are gathered: the ingest, which imports this, knows no Django.
    """
    return text


def in_words(found: Doubt, _: Callable[[str], str] = gettext_noop) -> str:
    """Return a disagreement as a person reads it; a page gives the translation into its reader's language."""
    seconds = abs(found.ahead.total_seconds())
    length, unit = next((known for known in _UNITS if seconds >= 2 * known[0]), _UNITS[-1])
    words = (
        _("en avance de {delay} sur {clock}") if found.ahead > timedelta(0) else _("en retard de {delay} sur {clock}")
    )
    return words.format(delay=f"{seconds / length:.0f}\u00a0{_(unit)}", clock=_(_SUBJECTS[found.against]))


_UNITS: Final = ((86_400, gettext_noop("jours")), (3_600, gettext_noop("heures")), (60, gettext_noop("minutes")))
_SUBJECTS: Final = {
    Against.COUNTED: gettext_noop("le temps compté depuis la dernière heure sûre"),
    Against.CAMERAS: gettext_noop("l’horloge des caméras"),
    Against.LAST: gettext_noop("la dernière heure sûre, sans autre horloge pour en juger"),
}
