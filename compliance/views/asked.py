"""The instant that a page is asked for, in its address: `?le=2029-03-15&heure=14:02`. It reads no clock."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpRequest
from django.utils.translation import gettext as _

from compliance.law import PARIS, YEARS, instant_of, legal_day

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Asked:
    """The instant asked for, or now; a date that cannot be read is said."""

    at: datetime
    now: datetime
    day: str
    hour: str
    error: str = ""

    @classmethod
    def of(cls, request: HttpRequest, *, at: datetime) -> "Asked":
        """Read `?le=` and `?heure=`: a day alone is asked at noon, an hour alone today, nothing at all now."""
        written, hour = request.GET.get("le", "").strip(), request.GET.get("heure", "").strip()
        if not written and not hour:
            local = at.astimezone(PARIS)
            return cls(at, at, local.date().isoformat(), f"{local:%H:%M}")
        day = day_of(written) if written else legal_day(at)
        clock = clock_of(hour) if hour else NOON
        if day is None or clock is None:
            wrong = _("Écrivez l’heure ainsi : 14:02.") if day else _("Écrivez la date ainsi : 15/03/2029.")
            return cls(at, at, written, hour, wrong)
        if day.year not in YEARS:
            wrong = _("Donnez une année de {first} à {last}.").format(first=YEARS[0], last=YEARS[-1])
            return cls(at, at, written, hour, wrong)
        return cls(instant_of(day, clock), at, day.isoformat(), clock.isoformat() if clock.second else f"{clock:%H:%M}")

    @property
    def past(self) -> bool:
        """True for an instant before now."""
        return self.at < self.now

    @property
    def ahead(self) -> bool:
        """True for an instant after now."""
        return self.at > self.now


def day_of(written: str) -> date | None:
    """Return a day as a browser or a person writes it, or None."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 (a day)
        except ValueError:
            continue
    return None


def clock_of(written: str) -> time | None:
    """Return an hour as a browser or a person writes it, or None."""
    for pattern in ("%H:%M", "%H:%M:%S"):
        try:
            return datetime.strptime(written.replace("h", ":").replace(" ", ""), pattern).time()  # noqa: DTZ007 (an hour)
        except ValueError:
            continue
    return None
