"""What the gate answers for each position of an installation, and since when. It asks; it decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from compliance import gate, journal, queries
from compliance.facts import Facts
from compliance.instants import OF_A_CAMERA
from compliance.law.terms import Action
from compliance.models import Installation, Position
from compliance.requirements.base import Finding, Outcome


@dataclass(frozen=True, slots=True)
class State:
    """A position and the gate's answer about its recording."""

    position: Position
    verdict: gate.Verdict

    @property
    def since(self) -> datetime | None:
        """The instant since which it does not record, if it ever did."""
        return self.verdict.since

    @property
    def open(self) -> bool:
        """True where the gate lets the image through, kept or not."""
        return self.verdict.open

    @property
    def live_only(self) -> bool:
        """True where the image may be seen and not kept: what is unmet stops recording alone."""
        return self.open and not self.verdict.allowed

    @property
    def word(self) -> str:
        """The state in words, where the guide's own word does not say enough."""
        return _("Ouverte, en direct seulement") if self.live_only else ""

    @property
    def kind(self) -> str:
        """The state to show."""
        return "open" if self.open else "shut"

    @property
    def findings(self) -> list[Finding]:
        """Every requirement that speaks of the camera itself, with its outcome."""
        return [f for f in self.verdict.findings if f.requirement.blocks in OF_A_CAMERA]

    @property
    def amiss(self) -> list[Finding]:
        """What is unmet of the camera itself, or to be looked at."""
        return [f for f in self.verdict.amiss if f.requirement.blocks in OF_A_CAMERA]

    @property
    def unmet(self) -> list[Finding]:
        """What closes it, or stops its recording."""
        return list(self.verdict.blocking)

    @property
    def alerts(self) -> list[Finding]:
        """What a human should look at."""
        return [f for f in self.amiss if f.outcome is Outcome.ALERT]

    @property
    def reason(self) -> str:
        """The first reason, in words."""
        return self.unmet[0].reason if self.unmet else ""


def states_of(installation: Installation, *, at: datetime) -> list[State]:
    """Return the state of each position, by code; as many queries for one as for a hundred."""
    positions = list(installation.positions.select_related("installation").order_by("code"))
    return states(positions, at=at)


def states(positions: Iterable[Position], *, at: datetime) -> list[State]:
    """Return the state of these positions, and since when those that do not record are so."""
    asked = list(positions)
    found = gate.glance(Action.RECORD, asked, at=at)
    return [State(p, found[p.pk]) for p in asked]


def examined(position: Position, *, at: datetime) -> tuple[State, Facts]:
    """Return the state of one position, and the facts that it was judged on."""
    facts = queries.facts_of([position], action=Action.RECORD, at=at, journal_writes=journal.can_write())[position.pk]
    return State(position, gate.verdict(Action.RECORD, facts, at=at)), facts
