"""What an event is: its code, its sentence, the keys it takes, how long it is kept; and what a registry refuses.

It declares none: `compliance.events` does, and is the door.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from string import Formatter
from types import MappingProxyType
from typing import Final


class Operation(StrEnum):
    """What article R253-5 asks to record (the first five), and what else the product must be able to prove."""

    COLLECTE = "Collecte"
    MODIFICATION = "Modification"
    CONSULTATION = "Consultation"
    COMMUNICATION = "Communication"
    EFFACEMENT = "Effacement"
    ACCES = "Accès"
    ACTE = "Acte"
    PORTE = "Porte"


class System(StrEnum):
    """Who acts when no account does."""

    RECORDER = "Enregistreur"
    KEEPER = "Gardien"
    WORKER = "Travailleur"
    CONSOLE = "Console"
    DOOR = "Porte d’entrée"


class UnknownEvent(LookupError):
    """The code was never declared."""


class BadDeclaration(ValueError):
    """An event contradicts itself or another one: the process must not start."""


class UndeclaredKey(ValueError):
    """A value was given under a key that the event does not declare."""


class MissingKey(ValueError):
    """A value that the event requires was not given."""


# R253-5: three years at most. Calendar months, because the law counts in years and not in days.
LONGEST_KEPT_MONTHS: Final = 36
# The subject and the author of an entry are columns of its body, never values.
SUBJECT_WORDS: Final = frozenset({"event", "at", "by", "installation", "position"})
_CODE = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+")
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# Closed values written as code and read by people.
_SHOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "probe": "essayer",
        "record": "enregistrer",
        "watch": "regarder",
        "replay": "relire",
        "export": "extraire",
        "live": "en direct",
        "ok": "le flux arrive",
        "no_answer": "aucune image",
        # Why a run of the recorder ended.
        "changed": "adresse du flux changée",
        "failed": "l’ingestion a échoué",
        "hung": "l’ingestion ne répondait plus",
        "lease": "bail échu",
        "lingers": "l’ingestion tardait à se fermer",
        "recorder_down": "enregistreur interrompu",
        "recorder_stopped": "enregistreur arrêté",
        "removed": "flux retiré",
        "restored": "l’enregistrement est de nouveau permis",
        "unreadable": "l’ingestion parlait mal",
    }
)
_READ_THROUGH = frozenset({"action", "kind", "reason", "outcome"})


@dataclass(frozen=True)
class Event:
    """One kind of entry. `keys` must be given, `optional` may be; `personal` names those that identify somebody."""

    code: str
    sentence: str
    kind: Operation
    keys: frozenset[str] = field(default_factory=frozenset)
    optional: frozenset[str] = field(default_factory=frozenset)
    personal: frozenset[str] = field(default_factory=frozenset)
    keep_months: int = LONGEST_KEPT_MONTHS

    def check(self, given: Iterable[str]) -> None:
        """Raise `UndeclaredKey` or `MissingKey` unless `given` is exactly what the event declares."""
        names = frozenset(given)
        if undeclared := names - self.keys - self.optional:
            raise UndeclaredKey(f"{self.code}: {', '.join(sorted(undeclared))}")
        if missing := self.keys - names:
            raise MissingKey(f"{self.code}: {', '.join(sorted(missing))}")

    def term(self, at: datetime) -> datetime:
        """Return the UTC instant from which the body of an entry of `at` may be erased."""
        start = at.astimezone(UTC)
        years, month = divmod(start.month - 1 + self.keep_months, 12)
        year, month = start.year + years, month + 1
        return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))

    def say(self, values: Mapping[str, object]) -> str:
        """Return the French sentence of an entry that holds `values`; a value that is gone reads « … »."""
        return self.sentence.format_map({name: _read(name, values.get(name)) for name in self.keys})


def _read(name: str, value: object) -> str:
    if value is None:
        return "…"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list | tuple):
        return ", ".join(_read(name, item) for item in value)
    return _SHOWN.get(str(value), str(value)) if name in _READ_THROUGH else str(value)


def declare(*groups: Iterable[Event]) -> Mapping[str, Event]:
    """Return the closed registry of `groups`, or raise `BadDeclaration`."""
    registry: dict[str, Event] = {}
    for event in (event for group in groups for event in group):
        if event.code in registry:
            raise BadDeclaration(f"{event.code} is declared twice")
        if fault := _fault(event):
            raise BadDeclaration(f"{event.code}: {fault}")
        registry[event.code] = event
    return MappingProxyType(registry)


def _fault(event: Event) -> str | None:
    if not _CODE.fullmatch(event.code):
        return "a code is made of dotted lower-case words"
    words = event.keys | event.optional
    if bad := sorted(word for word in words if not _KEY.fullmatch(word)):
        return f"not a key: {', '.join(bad)}"
    if taken := sorted(words & SUBJECT_WORDS):
        return f"belongs to the subject: {', '.join(taken)}"
    if twice := sorted(event.keys & event.optional):
        return f"required and optional: {', '.join(twice)}"
    if strangers := sorted(event.personal - words):
        return f"personal but not declared: {', '.join(strangers)}"
    if unread := sorted({name for _, name, _, _ in Formatter().parse(event.sentence) if name is not None} - event.keys):
        return f"in the sentence but not required: {', '.join(unread)}"
    if not 1 <= event.keep_months <= LONGEST_KEPT_MONTHS:
        return "kept between one month and three years (R253-5)"
    return None
