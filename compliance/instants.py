"""The gate's answers through time: what it says at an instant, when it last changed, when it changes next.

Pure: facts and instants in, answers out. It asks the judge; it reads no clock, no row, and decides nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from compliance.facts import Facts, Span
from compliance.judge import judge
from compliance.law import changes
from compliance.law.terms import Action
from compliance.requirements.base import Blocks, Finding

# What judges a person or a hand-over has nothing to say of a camera.
OF_A_CAMERA = frozenset({Blocks.ALL, Blocks.REC, Blocks.JOURNAL, Blocks.NO})
ASKED = (Action.RECORD, Action.WATCH, Action.REPLAY, Action.EXPORT)
ONE_SECOND = timedelta(seconds=1)
FOOTAGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Change:
    """An instant at which cameras open or go dark, by the codes of their positions."""

    at: datetime
    opens: tuple[str, ...]
    closes: tuple[str, ...]


def findings_at(action: Action, facts: Facts, at: datetime) -> list[Finding]:
    """Return what is found of the camera itself, whoever asks; the footage is that of the hour before."""
    footage = Span(at - FOOTAGE, at) if action in (Action.REPLAY, Action.EXPORT) else None
    found = judge(action, replace(facts, action=action), at, footage=footage).findings
    return [f for f in found if f.requirement.blocks in OF_A_CAMERA]


def is_open(facts: Facts, at: datetime) -> bool:
    """True where the gate lets the image through, kept or not: what stops recording alone leaves it open."""
    found = findings_at(Action.RECORD, facts, at)
    return not any(f.stops and f.requirement.blocks is not Blocks.REC for f in found)


def turns(facts: Facts) -> list[datetime]:
    """Return every instant at which an answer about these facts may change, by the whole second that follows it."""
    return sorted({_whole(i) for i in changes(facts)})


def next_change(known: Iterable[Facts], *, after: datetime) -> Change | None:
    """Return the first instant after another at which one of these cameras opens or goes dark if nothing is done."""
    return _gathered(_first_turn(facts, after) for facts in known)


def last_change(known: Iterable[Facts], *, before: datetime) -> Change | None:
    """Return the last instant before another at which one of these cameras opened or went dark."""
    return _gathered((_last_turn(facts, before) for facts in known), latest=True)


def _whole(instant: datetime) -> datetime:
    return instant if instant.microsecond == 0 else instant.replace(microsecond=0) + ONE_SECOND


Turn = tuple[datetime, str, bool]


def _first_turn(facts: Facts, after: datetime) -> Turn | None:
    now = is_open(facts, after)
    for instant in turns(facts):
        if instant > after and is_open(facts, instant) != now:
            return instant, facts.position, not now
    return None


def _last_turn(facts: Facts, before: datetime) -> Turn | None:
    earlier = [i for i in reversed(turns(facts)) if i < before]
    for instant, held in _with_the_one_before(earlier):
        if (now := is_open(facts, instant)) != is_open(facts, held):
            return instant, facts.position, now
    return None


def _with_the_one_before(instants: list[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Yield each instant with the one that precedes it: an answer holds between two of them."""
    for rank, instant in enumerate(instants):
        yield instant, instants[rank + 1] if rank + 1 < len(instants) else instant - ONE_SECOND


def _gathered(turned: Iterable[Turn | None], *, latest: bool = False) -> Change | None:
    found = [t for t in turned if t is not None]
    if not found:
        return None
    at = max(t[0] for t in found) if latest else min(t[0] for t in found)
    there = sorted((code, opened) for instant, code, opened in found if instant == at)
    return Change(at, tuple(c for c, opened in there if opened), tuple(c for c, opened in there if not opened))
