"""What a story has named so far: a word of the file leads to the row that an act made."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from compliance.actions import document
from compliance.events import System
from compliance.law import legal_day
from compliance.matrix import photo
from compliance.models import Document, Installation
from compliance.scenario.reading import Misread

BY = System.CONSOLE


@dataclass(kw_only=True)
class World:
    """The rows of one story, by the kind of thing and the name that the story gave."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def name(self, kind: str, name: str, row: Any) -> None:
        """Remember a row under its name."""
        self.known.setdefault(kind, {})[name] = row

    def find(self, kind: str, name: str | None, *, line: int) -> Any:
        """Return what was named, or the only one there is. Raises Misread when it is not clear which."""
        held = self.known.get(kind, {})
        if name is not None:
            found = [row for known, row in held.items() if known.lower() == name.lower()]
            if not found:
                raise Misread(line, f"{kind} « {name} » n’apparaît nulle part plus haut{_among(held)}")
            return found[-1]
        if not held:
            raise Misread(line, f"il n’y a encore aucun élément « {kind} »")
        if len(held) > 1:
            raise Misread(line, f"plusieurs éléments « {kind} » : dites lequel{_among(held)}")
        return next(iter(held.values()))

    def every(self, kind: str) -> list[Any]:
        """Return all that the story named of a kind."""
        return list(self.known.get(kind, {}).values())


def _among(held: dict[str, Any]) -> str:
    return f" ({', '.join(held)})" if held else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One act about to be played: its fields as read, the instant it names, the instant it is recorded."""

    world: World
    fields: dict[str, Any]
    since: datetime
    at: datetime
    line: int

    def __getitem__(self, name: str) -> Any:
        """Return the value of a field, or None when it is not written and has no default."""
        return self.fields.get(name)

    @property
    def day(self) -> date:
        """The Paris day of the act."""
        return legal_day(self.since)

    @property
    def by(self) -> dict[str, Any]:
        """Who acts, and when it is recorded."""
        return {"at": self.at, "by": BY}

    def find(self, kind: str, name: str | None = None) -> Any:
        """Return what the act speaks of: the name written in its field, or the only one there is."""
        return self.world.find(kind, name, line=self.line)

    def refer(self, kind: str) -> Any:
        """Return what the field of that name refers to."""
        return self.find(kind, self[kind.lower()])

    @property
    def system(self) -> Installation:
        """The system on which the act is done."""
        found: Installation = self.refer("système")
        return found

    def piece(self, name: str = "pièce") -> Document:
        """Return a fictional proof: a row with its fingerprint and no file, for a story leaves nothing on a disk."""
        return document.rehearse(self.system, kind="pièce", name=name, content=photo(), photo=True, **self.by)

    def proof(self) -> Document | None:
        """Return the piece that proves the act, unless the story says that there is none."""
        return self.piece() if self["pièce"] is not False else None
