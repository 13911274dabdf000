"""The judge: facts and an instant in, findings out. Pure: it reads no clock, no database, and knows no Django.

The table of house.md section 3 says what a block code stops, and when it is judged:

    code     RECORD, PROBE   WATCH    REPLAY                       EXPORT
    ALL      at `at`         at `at`  over the footage and at `at` over the footage only
    REC      at `at`         –        –                            –
    USER     –               at `at`  at `at`                      at `at`
    JOURNAL  at `at`         at `at`  at `at`                      at `at`
    FUNC     –               –        –                            at `at` (R-51: the ground)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from compliance.facts import Facts, Span
from compliance.law import changes
from compliance.law.terms import VIEWING, Action
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Answer, Blocks, Finding, Outcome, Requirement

LEASE = {
    Action.PROBE: timedelta(seconds=30),
    Action.RECORD: timedelta(minutes=15),
    Action.WATCH: timedelta(seconds=10),
    Action.REPLAY: timedelta(seconds=10),
    Action.EXPORT: timedelta(seconds=10),
}
NOW = {
    Blocks.ALL: frozenset({Action.RECORD, Action.PROBE, Action.WATCH, Action.REPLAY}),
    Blocks.REC: frozenset({Action.RECORD, Action.PROBE}),
    Blocks.USER: VIEWING,
    Blocks.JOURNAL: frozenset(Action),
    Blocks.FUNC: frozenset({Action.EXPORT}),
    Blocks.NO: frozenset[Action](),
}
OVER_FOOTAGE = {Blocks.ALL: frozenset({Action.REPLAY, Action.EXPORT})}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every requirement and its outcome; `until` is when to ask again at the latest, `turn` the first instant that the
    facts name after the question, if any: until then the same facts give the same outcomes."""

    findings: tuple[Finding, ...]
    until: datetime
    retention_days: int | None
    turn: datetime | None


def stops_now(requirement: Requirement, action: Action) -> bool:
    """True where an unmet requirement stops the action at the instant of the question."""
    return action in NOW[requirement.blocks] - requirement.except_for


def stops_footage(requirement: Requirement, action: Action) -> bool:
    """True where the requirement must also have been met when the footage was recorded."""
    return action in OVER_FOOTAGE.get(requirement.blocks, frozenset())


def stops_keeping(finding: Finding) -> bool:
    """True where a finding stops the recording, and not the live images of the same stream."""
    return finding.stops and finding.requirement.blocks is Blocks.REC


def judge(action: Action, facts: Facts, at: datetime, *, footage: Span | None = None) -> Judgement:
    """Judge every requirement of the catalogue, in UTC. Raises ValueError when REPLAY or EXPORT names no footage, or on
    an instant without a time zone."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone has no legal day")
    if action in (Action.REPLAY, Action.EXPORT) and footage is None:
        raise ValueError(f"{action} needs its footage")
    # Paris datetimes are compared and added by their clocks: on the nights of a change a lease would last an hour more.
    at = at.astimezone(UTC)
    if footage is not None:
        if footage.until < footage.since:
            raise ValueError("a footage ends before it starts")
        footage = Span(footage.since.astimezone(UTC), footage.until.astimezone(UTC))
    instants = changes(facts)
    then = () if footage is None else _during(facts, footage, sorted(set(instants)))
    held = as_read(action, facts, at)
    findings = tuple([_finding(row, held, at, then) for row in _table(CATALOGUE, action)])
    turn = min([i for i in instants if i > at], default=None)
    lease = at + LEASE[action]
    return Judgement(findings, lease if turn is None else min(lease, turn), retention(held, at), turn)


def as_read(action: Action, facts: Facts, at: datetime) -> Facts:
    """Return the facts as this action is judged on at an instant: their `order` is the one relied on."""
    return relying(facts, at, lambda requirement: stops_now(requirement, action))


def relying(facts: Facts, at: datetime, stops: Callable[[Requirement], bool]) -> Facts:
    """Return the facts as read under one order: of several in force, the one under which the least is unmet, then the
    one that lasts longest. An order for an event does not close what another allows, nor the reverse.
    """
    running = [o for o in facts.orders if o.running(at)]
    if len(running) < 2:
        return facts

    def covers(alone: Facts) -> tuple[int, date, int]:
        unmet = [r for r in CATALOGUE if stops(r) and _at(r, alone, at, stops=True).stops]
        return -len(unmet), alone.orders[0].ends_on, alone.orders[0].id

    return max((replace(facts, orders=(order,)) for order in running), key=covers)


def retention(facts: Facts, at: datetime) -> int | None:
    """Return how many days may be kept: what the order allows, or less where the commune declared less."""
    order, declared = facts.order(at), facts.declaration(at)
    if order is None or order.retention_days is None:
        return None
    asked = declared.retention_days if declared else None
    return order.retention_days if asked is None else min(asked, order.retention_days)


def retentions(facts: Facts) -> tuple[tuple[datetime, int | None], ...]:
    """Return, by the instant from which each holds, the days kept of what is recorded then, as known today.

    It is what `judge` answers at every instant. Before the first one nothing was known: nothing is said.
    """
    # One order alone is read whatever else befell: only its days, its measures and the declarations move the answer.
    dated = facts if len(facts.orders) > 1 else (facts.orders, facts.declarations)
    held: list[tuple[datetime, int | None]] = []
    for instant in sorted(set(changes(dated))):
        days = retention(as_read(Action.RECORD, facts, instant), instant)
        if not held or held[-1][1] != days:
            held.append((instant, days))
    return tuple(held)


def _during(facts: Facts, footage: Span, instants: Iterable[datetime]) -> tuple[tuple[datetime, Facts], ...]:
    """Return the instants of the footage at which an answer may change, each with the facts as read then."""
    inside = [footage.since, *(i for i in instants if footage.since < i < footage.until)]
    return tuple((instant, relying(facts, instant, lambda r: r.blocks in OVER_FOOTAGE)) for instant in inside)


BESIDE = Answer(Outcome.NOT_CONCERNED, "Sans objet ici.")
Row = tuple[Requirement, bool, bool]


@lru_cache(maxsize=64)
def _table(catalogue: tuple[Requirement, ...], action: Action) -> tuple[Row, ...]:
    """Return each requirement, whether it stops the action now, whether it must also have held over the footage."""
    return tuple((r, stops_now(r, action), stops_footage(r, action)) for r in catalogue)


def _finding(row: Row, facts: Facts, at: datetime, then: Iterable[tuple[datetime, Facts]]) -> Finding:
    requirement, now, over = row
    found = _at(requirement, facts, at, stops=now)
    if not over or (now and found.outcome is Outcome.UNMET):
        return found
    worst = (_at(requirement, held, instant, stops=True) for instant, held in then)
    return next((f for f in worst if f.outcome is Outcome.UNMET), found)


def _at(requirement: Requirement, facts: Facts, at: datetime, *, stops: bool) -> Finding:
    if not requirement.applies(facts, at):
        return _said(requirement, BESIDE, stops)
    return _said(requirement, requirement.check(facts, at), stops)


@lru_cache(maxsize=16384)
def _said(requirement: Requirement, answer: Answer, stops: bool) -> Finding:  # noqa: FBT001 (three words, asked often)
    """Return the finding, the same object for the same words: ten thousand positions share most of them."""
    outcome, text, ends_on = answer
    return Finding(requirement, outcome, text, ends_on, stops=stops and outcome is Outcome.UNMET)
