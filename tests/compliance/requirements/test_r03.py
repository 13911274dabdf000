from datetime import datetime, timedelta

from compliance.facts import Facts
from compliance.requirements.base import Outcome
from compliance.requirements.r03 import REQUIREMENT
from tests.compliance.complete import (
    DECLARED,
    MET,
    NOT_CONCERNED,
    NOW,
    ORDER_FIRST,
    ORDER_LAST,
    TICK,
    UNMET,
    day_table,
    declaration,
    first_instant,
    just_after,
    just_before,
    last_instant,
    mixed,
    order,
    outcome,
    paris,
    premises,
    reason,
    street,
)

CHANGED = DECLARED + timedelta(days=30)
WIDER = street(declarations=(declaration(), declaration(since=CHANGED, purposes=frozenset({5, 11}))))
EARLY = street(declarations=(declaration(since=paris(2024, 1, 2)),))


@day_table(
    {
        "a microsecond before the order": (EARLY, just_before(ORDER_FIRST), UNMET),
        "first instant of the order": (EARLY, first_instant(ORDER_FIRST), MET),
        "last instant of the order": (street(), last_instant(ORDER_LAST), MET),
        # The end of the order is R-08's to say.
        "the day after the order": (street(), just_after(ORDER_LAST), MET),
        "a microsecond before a new purpose": (WIDER, CHANGED - TICK, MET),
        "a new purpose that the order does not have": (WIDER, CHANGED, UNMET),
        "mixed": (mixed(), NOW, MET),
        "premises only": (premises(), NOW, NOT_CONCERNED),
        "no purpose": (street(declarations=(declaration(purposes=frozenset()),)), NOW, UNMET),
        "no order": (street(orders=()), NOW, UNMET),
        "not declared": (street(declarations=()), NOW, NOT_CONCERNED),
    }
)
def test_the_purposes_are_those_of_the_order(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_missing_purposes_are_named() -> None:
    facts = street(orders=(order(purposes=frozenset({1})),), declarations=(declaration(purposes=frozenset({1, 5, 4})),))

    assert reason(REQUIREMENT, facts, NOW).endswith("ne prévoit pas la finalité 4°, 5°.")
