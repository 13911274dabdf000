"""The judge: facts and an instant in, findings out. Pure: it reads no clock, no database, and knows no Django.

The table of house.md section 3 says what a block code stops, and when it is judged:

    code     RECORD, PROBE   WATCH    REPLAY                       EXPORT
    ALL      at `at`         at `at`  over the footage and at `at` over the footage only
    REC      at `at`         –        –                            –
    USER     –               at `at`  at `at`                      at `at`
    JOURNAL  at `at`         at `at`  at `at`                      at `at`
    FUNC     –               –        –                            at `at` (R-51: the ground)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from compliance.facts import Facts, Span, changes
from compliance.law.terms import VIEWING, Action
from compliance.requirements import CATALOGUE
from compliance.requirements.base import Blocks, Finding, Outcome, Requirement

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
    """Every requirement and its outcome; `until` is when to ask again at the latest."""

    findings: tuple[Finding, ...]
    until: datetime
    retention_days: int | None


def stops_now(requirement: Requirement, action: Action) -> bool:
    """True where an unmet requirement stops the action at the instant of the question."""
    return action in NOW[requirement.blocks] - requirement.except_for


def stops_footage(requirement: Requirement, action: Action) -> bool:
    """True where the requirement must also have been met when the footage was recorded."""
    return action in OVER_FOOTAGE.get(requirement.blocks, frozenset())


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
    instants = sorted(set(changes(facts)))
    findings = tuple(_finding(requirement, action, facts, at, footage, instants) for requirement in CATALOGUE)
    until = min([at + LEASE[action], *(i for i in instants if i > at)])
    return Judgement(findings, until, retention(facts, at))


def retention(facts: Facts, at: datetime) -> int | None:
    """Return how many days may be kept: what the order allows, or less where the commune declared less."""
    order, declared = facts.order(at), facts.declaration(at)
    if order is None or order.retention_days is None:
        return None
    asked = declared.retention_days if declared else None
    return order.retention_days if asked is None else min(asked, order.retention_days)


def _finding(  # noqa: PLR0913 (one row of the table needs all its columns)
    requirement: Requirement, action: Action, facts: Facts, at: datetime, footage: Span | None, instants: list[datetime]
) -> Finding:
    now, over = stops_now(requirement, action), stops_footage(requirement, action)
    found = _at(requirement, facts, at, stops=now)
    if footage is None or not over or (now and found.outcome is Outcome.UNMET):
        return found
    then = _worst_over(requirement, facts, footage, instants)
    return then if then is not None else found


def _at(requirement: Requirement, facts: Facts, at: datetime, *, stops: bool) -> Finding:
    if not requirement.applies(facts, at):
        return Finding(requirement, Outcome.NOT_CONCERNED, "Sans objet ici.", None, stops=False)
    answer = requirement.check(facts, at)
    return Finding(
        requirement, answer.outcome, answer.text, answer.ends_on, stops=stops and answer.outcome is Outcome.UNMET
    )


def _worst_over(requirement: Requirement, facts: Facts, footage: Span, instants: Iterable[datetime]) -> Finding | None:
    """Return the first unmet finding at any instant of the footage; answers only change at the facts' own instants."""
    for instant in [footage.since, *(i for i in instants if footage.since < i < footage.until)]:
        found = _at(requirement, facts, instant, stops=True)
        if found.outcome is Outcome.UNMET:
            return found
    return None
