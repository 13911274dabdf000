"""What a straightforward re-reading of the rows answers: the codes that forbid an action, none when it is allowed.

The two rules of house.md section 3 about footage are applied to each half-hour of it, one by one: acts in these tests
bite on half-hours only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.compliance.oracle import rules
from tests.compliance.oracle.known import Known, Somebody, day_of

HALF_HOUR = timedelta(minutes=30)
ALWAYS = {
    "R-01": rules.authority_stands,
    "R-02": rules.place_typed,
    "R-04": rules.exposure_written,
    "R-05": rules.masks_checked,
    "R-06": rules.silent,
    "R-15": rules.service_announced,
    "R-21": rules.commitment_sent,
    "R-22": rules.assessed,
    "R-23": rules.risk_answered,
    "R-27": rules.public_told,
    "R-63": rules.no_algorithm,
}
BY_ORDER = {
    "R-03": rules.purposes_allowed,
    "R-03 bis": rules.premises_allowed,
    "R-16": rules.place_told,
    "R-17": rules.conforms,
}
PROBE_PROVES = {"R-05", "R-06", "R-15"}


@dataclass(frozen=True)
class Question:
    """What is asked of the position known: an action, an instant, who, which footage, on what ground."""

    action: str
    at: datetime
    somebody: Somebody | None = None
    footage: tuple[datetime, datetime] | None = None
    ground: str | None = None
    journal_writes: bool = True


def forbidden_by(known: Known, asked: Question) -> set[str]:
    """Return what forbids the action; nothing when it is allowed."""
    refused: set[str] = set()
    if not asked.journal_writes:
        refused.add("R-50")
    if asked.action == "export" and asked.ground is None:
        refused.add("R-51")
    if asked.action in ("replay", "export"):
        for instant in every_half_hour(*(asked.footage or (asked.at, asked.at))):
            refused |= dossier(known, instant)
    return refused | now(known, asked)


def every_half_hour(since: datetime, until: datetime) -> list[datetime]:
    """Return the first instant of a footage, then each half-hour within it."""
    step = datetime.fromtimestamp(since.timestamp() // 1800 * 1800, tz=since.tzinfo)
    found = [since]
    while (step := step + HALF_HOUR) < until:
        if step > since:
            found.append(step)
    return found


def now(known: Known, asked: Question) -> set[str]:
    """Return what forbids the action at the instant of the question, under the order that forbids least."""
    refused: set[str] = set()
    if asked.action != "export":
        refused |= {code for code, rule in ALWAYS.items() if not rule(known, asked.at)}
    if asked.action in ("record", "probe") and not rules.erasure_works(known, asked.at):
        refused.add("R-47")
    if asked.action == "probe":
        refused -= PROBE_PROVES
    return refused | min((under(known, asked, line) for line in orders(known, asked.at)), key=len)


def dossier(known: Known, at: datetime) -> set[str]:
    """Return what was missing of the dossier at one instant of a footage."""
    refused = {code for code, rule in ALWAYS.items() if not rule(known, at)}
    return refused | min((by_order(known, line, at) for line in orders(known, at)), key=len)


def orders(known: Known, at: datetime) -> list[Any]:
    """Return the lines of the orders in force; failing any, that of the last to have begun; failing that, None."""
    running = [line for line in known.lines if rules.in_force(known, line, at)]
    begun = [line for line in known.lines if line.order.starts_on <= day_of(at)]
    return running or sorted(begun, key=lambda line: (line.order.starts_on, line.order_id))[-1:] or [None]


def by_order(known: Known, line: Any, at: datetime) -> set[str]:
    """Return what this order does not cover."""
    if line is None or not rules.in_force(known, line, at):
        return {"R-08"}
    return {code for code, rule in BY_ORDER.items() if not rule(known, line, at)}


def under(known: Known, asked: Question, line: Any) -> set[str]:
    """Return what forbids the action at the instant of the question, were this order the only one."""
    refused: set[str] = set()
    if asked.action != "export":
        refused |= by_order(known, line, asked.at)
    if asked.action in ("record", "probe") and (line is None or not rules.keeping_allowed(known, line, asked.at)):
        refused.add("R-47")
    if asked.action in ("watch", "replay", "export"):
        refused |= rules.may_see(known, asked.somebody, asked.action, asked.at, line)
    return refused
