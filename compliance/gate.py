"""The gate: no image is recorded, seen or handed over unless it says so, at that second, with the law's reasons.

A Decision is a lease, not a yes: allowed until an instant. This module is the one door of the floors above to the law.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings

from compliance import journal, queries
from compliance.actions.base import beat
from compliance.actions.observation import observe
from compliance.facts import Facts, Span
from compliance.glance import Verdict, glance, verdict
from compliance.judge import LEASE, Judgement, judge, stops_keeping
from compliance.judge import retentions as retentions_known
from compliance.law import erase_at, legal_day
from compliance.law.terms import ACTION_LABELS, VIEWING, Action, Ground, Seen
from compliance.models import Person, Position
from compliance.queries import pulse
from compliance.requirements.base import Finding, Outcome


class Refused(Exception):
    """The gate said no. `decision` says why."""

    def __init__(self, decision: "Decision") -> None:
        super().__init__("; ".join(f"{f.code}: {f.reason}" for f in decision.blocking))
        self.decision = decision


class MissingMotive(ValueError):
    """A consultation was asked without its motive (R-51, R253-5)."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer about one position: a lease until an instant, with every requirement and its outcome."""

    action: Action
    position: str
    at: datetime
    until: datetime
    retention_days: int | None
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The requirements that stop the action."""
        return tuple(f for f in self.findings if f.stops)

    @property
    def allowed(self) -> bool:
        """True when nothing stops the action."""
        return not any(f.stops for f in self.findings)

    @property
    def keeps(self) -> bool:
        """True when images may be kept, wherever the stream may be opened: no REC requirement is unmet."""
        return self.retention_days is not None and not any(stops_keeping(f) for f in self.findings)

    def keeping_nothing(self) -> "Decision":
        """Return the answer on the same stream opened for live images alone: what stops recording stops nothing here.

        It carries no retention: whoever holds it has no term to give to an image, so keeps none.
        """
        findings = tuple(replace(f, stops=False) if stops_keeping(f) else f for f in self.findings)
        return replace(self, retention_days=None, findings=findings)

    def require(self) -> "Decision":
        """Return the decision, or raise Refused."""
        if not self.allowed:
            raise Refused(self)
        return self


def decide(  # noqa: PLR0913 (house.md section 3 fixes this signature)
    action: Action,
    position: Position,
    *,
    at: datetime,
    agent: Person | None = None,
    footage: Span | None = None,
    ground: Ground | None = None,
) -> Decision:
    """Ask about one position. `footage` is for REPLAY and EXPORT, `ground` for EXPORT; `at` has no default."""
    return _decide(action, [position], at=at, agent=agent, footage=footage, ground=ground)[position.pk]


def decide_many(
    action: Action, positions: Iterable[Position], *, at: datetime, agent: Person | None = None
) -> dict[int, Decision]:
    """Ask about many positions at once, by primary key, in a constant number of queries."""
    return _decide(action, positions, at=at, agent=agent)


def decide_every(
    position: Position,
    *,
    at: datetime,
    footage: Span,
    agent: Person | None = None,
    ground: Ground | None = None,
) -> dict[Action, Decision]:
    """Ask every action about one position, on the facts read once: for a page that shows them all, and the matrix."""
    return decide_all([position], at=at, footage=footage, agent=agent, ground=ground)[position.pk]


def decide_all(
    positions: Iterable[Position],
    *,
    at: datetime,
    footage: Span,
    agent: Person | None = None,
    ground: Ground | None = None,
) -> dict[int, dict[Action, Decision]]:
    """Ask every action about many positions, by primary key, in a constant number of queries: for a paper."""
    known = queries.facts_of(
        positions, action=Action.RECORD, at=at, agent=agent, ground=ground, journal_writes=journal.can_write()
    )
    return {
        pk: {
            action: _decision(
                action, facts.position, at, judge(action, replace(facts, action=action), at, footage=footage)
            )
            for action in Action
        }
        for pk, facts in known.items()
    }


def _decide(  # noqa: PLR0913 (decide's own parameters)
    action: Action,
    positions: Iterable[Position],
    *,
    at: datetime,
    agent: Person | None = None,
    footage: Span | None = None,
    ground: Ground | None = None,
) -> dict[int, Decision]:
    facts = queries.facts_of(
        positions, action=action, at=at, agent=agent, ground=ground, journal_writes=journal.can_write()
    )
    return decide_known(action, facts, at=at, footage=footage)


def decide_known(
    action: Action, facts: dict[int, Facts], *, at: datetime, footage: Span | None = None
) -> dict[int, Decision]:
    """Ask about facts already read for this action and this instant: for a page that shows them too."""
    return {
        pk: _decision(action, known.position, at, judge(action, known, at, footage=footage))
        for pk, known in facts.items()
    }


def retentions(positions: Iterable[Position]) -> dict[int, tuple[tuple[datetime, int | None], ...]]:
    """Return, by primary key, how many days a recording may be kept, by the instant from which each answer holds.

    As known today: an order corrected since changes what is said of the images recorded under it.
    """
    known = queries.facts_of(positions, action=Action.RECORD)
    return {pk: retentions_known(facts) for pk, facts in known.items()}


def _decision(action: Action, position: str, at: datetime, judged: Judgement) -> Decision:
    until = min(judged.until, at.astimezone(UTC) + _lease(action))
    return Decision(action, position, at, until, judged.retention_days, judged.findings)


def _lease(action: Action) -> timedelta:
    """Return how long a process may act without hearing anything; the settings only shorten it (house.md section 3)."""
    seconds = settings.RECORD_LEASE_SECONDS if action is Action.RECORD else settings.VIEW_LEASE_SECONDS
    return LEASE[action] if action is Action.PROBE else timedelta(seconds=seconds)


def check_motive(motive: str) -> None:
    """Raise MissingMotive unless a motive is given: no consultation without it (R-51)."""
    if not motive.strip():
        raise MissingMotive("Donnez le motif de la consultation (CSI R253-5).")


__all__ = [
    "ACTION_LABELS",
    "LEASE",
    "VIEWING",
    "Action",
    "Decision",
    "Finding",
    "Ground",
    "MissingMotive",
    "Outcome",
    "Refused",
    "Seen",
    "Span",
    "Verdict",
    "beat",
    "check_motive",
    "decide",
    "decide_all",
    "decide_every",
    "decide_known",
    "decide_many",
    "erase_at",
    "glance",
    "legal_day",
    "observe",
    "pulse",
    "retentions",
    "verdict",
]
