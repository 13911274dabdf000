"""What the gate answers, for the pages that show it: the answer kept while nothing changed (decision 12).

A verdict opens nothing. What opens, records, replays or hands over asks the gate, which keeps nothing.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock

from django.db import transaction

from compliance import journal, queries
from compliance.facts import Facts
from compliance.judge import Judgement, judge, stops_keeping
from compliance.law import changes, day_after, legal_day
from compliance.law.terms import Action
from compliance.models import Person, Position
from compliance.requirements.base import Finding, Outcome

# An answer about ten thousand positions is worth some megabytes: few are kept, by each process for itself.
KEPT = 16
# Acts, and the instants that facts name, say when an answer may change. This is for what neither says: rows restored
# or mended by hand under a running process.
KEPT_FOR = timedelta(minutes=15)
AMISS = frozenset({Outcome.UNMET, Outcome.ALERT})
Question = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate answers, for a page to show. It is no lease and opens nothing: it has neither end nor `require`."""

    findings: tuple[Finding, ...]
    # What is not as it should be, unmet or to be looked at: a page over a thousand positions reads no other.
    amiss: tuple[Finding, ...]
    blocking: tuple[Finding, ...]
    open: bool
    retention_days: int | None
    # The instant from which the recording is refused; None where it is allowed, and where it never was.
    since: datetime | None = None

    @property
    def allowed(self) -> bool:
        """True when nothing stops the action."""
        return not self.blocking


@dataclass(frozen=True, slots=True)
class Glance:
    """The verdicts on some positions, by primary key, with the instants between which they stay the same."""

    history: tuple[str | None, int]
    at: datetime
    until: datetime
    verdicts: dict[int, Verdict]


class Keep:
    """The last glances of this process: one is given again until an act is done, or one of its instants comes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[Question, Glance] = OrderedDict()

    def get(self, question: Question, history: tuple[str | None, int], at: datetime) -> Glance | None:
        """Return what still stands, else nothing."""
        with self._lock:
            held = self._held.get(question)
            if held is None or held.history != history or not held.at <= at < held.until:
                return None
            self._held.move_to_end(question)
            return held

    def put(self, question: Question, glance: Glance) -> None:
        """Keep an answer; the one unasked for longest makes room."""
        with self._lock:
            self._held[question] = glance
            self._held.move_to_end(question)
            while len(self._held) > KEPT:
                self._held.popitem(last=False)


KEEP = Keep()


def glance(
    action: Action, positions: Iterable[Position], *, at: datetime, agent: Person | None = None
) -> dict[int, Verdict]:
    """Return what the gate answers, by primary key, FOR A PAGE THAT SHOWS IT: it may be the answer kept from an earlier
    page. What opens, records, replays or hands over asks `decide`, which keeps nothing (a house rule).

    Whether the journal can be written is tried each time. Inside a transaction nothing is kept, nor read from the keep:
    what it sees may be taken back.
    """
    asked = list(positions)
    writes = journal.can_write()
    if _may_be_taken_back():
        return _glance(action, asked, at, agent, journal_writes=writes, history=(None, 0)).verdicts
    question = (action, agent and agent.pk, writes, *(p.pk for p in asked))
    # Read before the facts: an act done meanwhile makes the next page ask again.
    history = queries.history()
    found = KEEP.get(question, history, at)
    if found is None:
        found = _glance(action, asked, at, agent, journal_writes=writes, history=history)
        KEEP.put(question, found)
    return found.verdicts


def _may_be_taken_back() -> bool:
    inside: bool = transaction.get_connection().in_atomic_block
    return inside


def _glance(  # noqa: PLR0913 (glance's own parameters)
    action: Action,
    positions: list[Position],
    at: datetime,
    agent: Person | None,
    *,
    journal_writes: bool,
    history: tuple[str | None, int],
) -> Glance:
    facts = queries.facts_of(positions, action=action, at=at, agent=agent, journal_writes=journal_writes)
    # Words count days: they change at midnight even where no outcome does.
    until = min(at.astimezone(UTC) + KEPT_FOR, day_after(legal_day(at)).astimezone(UTC))
    verdicts = {}
    for pk, known in facts.items():
        judged = judge(action, known, at)
        until = until if judged.turn is None else min(until, judged.turn)
        verdicts[pk] = _verdict(action, judged, known, at)
    return Glance(history, at, until, verdicts)


def verdict(action: Action, facts: Facts, *, at: datetime) -> Verdict:
    """Return what the gate answers on facts already read: for a page that shows them too."""
    return _verdict(action, judge(action, facts, at), facts, at)


def _verdict(action: Action, judged: Judgement, facts: Facts, at: datetime) -> Verdict:
    blocking = tuple(f for f in judged.findings if f.stops)
    dark = action is Action.RECORD and blocking
    return Verdict(
        findings=judged.findings,
        amiss=tuple(f for f in judged.findings if f.outcome in AMISS),
        blocking=blocking,
        open=all(stops_keeping(f) for f in blocking),
        retention_days=judged.retention_days,
        since=dark_since(replace(facts, journal_writes=True), at=at) if dark else None,
    )


def dark_since(facts: Facts, *, at: datetime) -> datetime | None:
    """Return the instant from which these facts refuse the recording, or None when they never allowed it."""
    since = None
    for instant in sorted({i for i in changes(facts) if i <= at}, reverse=True):
        if any(f.stops for f in judge(Action.RECORD, facts, instant).findings):
            since = instant
        else:
            return since
    return None
