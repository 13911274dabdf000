"""What the gate answers for each position of an installation, and since when. It asks; it decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from compliance import gate, journal, queries
from compliance.facts import Facts
from compliance.instants import OF_A_CAMERA
from compliance.judge import judge
from compliance.law import changes
from compliance.law.terms import Action
from compliance.models import Installation, Position
from compliance.requirements.base import Finding, Outcome


@dataclass(frozen=True, slots=True)
class State:
    """A position and the gate's answer about its recording."""

    position: Position
    decision: gate.Decision
    since: datetime | None
    facts: Facts

    @property
    def open(self) -> bool:
        """True where the gate lets the image through, kept or not."""
        return self.decision.keeping_nothing().allowed

    @property
    def live_only(self) -> bool:
        """True where the image may be seen and not kept: what is unmet stops recording alone."""
        return self.open and not self.decision.allowed

    @property
    def word(self) -> str:
        """The state in words, where the guide's own word does not say enough."""
        return "Ouverte, en direct seulement" if self.live_only else ""

    @property
    def kind(self) -> str:
        """The state to show."""
        return "open" if self.open else "shut"

    @property
    def findings(self) -> list[Finding]:
        """Every requirement that speaks of the camera itself, with its outcome."""
        return [f for f in self.decision.findings if f.requirement.blocks in OF_A_CAMERA]

    @property
    def unmet(self) -> list[Finding]:
        """What closes it, or stops its recording."""
        return list(self.decision.blocking)

    @property
    def alerts(self) -> list[Finding]:
        """What a human should look at."""
        return [f for f in self.findings if f.outcome is Outcome.ALERT]

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
    facts = queries.facts_of(asked, action=Action.RECORD, at=at, journal_writes=journal.can_write())
    decisions = gate.decide_known(Action.RECORD, facts, at=at)
    return [State(p, decisions[p.pk], _since(decisions[p.pk], facts[p.pk], at=at), facts[p.pk]) for p in asked]


def _since(decision: gate.Decision, facts: Facts, *, at: datetime) -> datetime | None:
    return None if decision.allowed else dark_since(replace(facts, journal_writes=True), at=at)


def dark_since(facts: Facts, *, at: datetime) -> datetime | None:
    """Return the instant from which these facts refuse the recording, or None when they never allowed it."""
    since = None
    for instant in sorted({i for i in changes(facts) if i <= at}, reverse=True):
        if any(f.stops for f in judge(Action.RECORD, facts, instant).findings):
            since = instant
        else:
            return since
    return None
