from datetime import datetime, timedelta

from compliance.facts import Facts
from compliance.law.terms import PlaceKind
from compliance.requirements.base import Outcome
from compliance.requirements.r03bis import REQUIREMENT
from tests.compliance.complete import (
    DECLARED,
    MET,
    NOT_CONCERNED,
    NOW,
    ORDER_FIRST,
    TICK,
    UNMET,
    day_table,
    declaration,
    first_instant,
    just_before,
    mixed,
    order,
    outcome,
    paris,
    premises,
    street,
)

CHANGED = DECLARED + timedelta(days=30)
HALL = declaration(kind=PlaceKind.OPEN_TO_PUBLIC, premises_purpose=True)
DROPPED = premises(
    declarations=(HALL, declaration(kind=PlaceKind.OPEN_TO_PUBLIC, since=CHANGED, premises_purpose=False))
)
EARLY = premises(
    declarations=(declaration(kind=PlaceKind.OPEN_TO_PUBLIC, since=paris(2024, 1, 2), premises_purpose=True),)
)


@day_table(
    {
        "a microsecond before the order": (EARLY, just_before(ORDER_FIRST), UNMET),
        "first instant of the order": (EARLY, first_instant(ORDER_FIRST), MET),
        "a microsecond before the purpose is dropped": (DROPPED, CHANGED - TICK, MET),
        "the purpose is dropped": (DROPPED, CHANGED, UNMET),
        "premises": (premises(), NOW, MET),
        "mixed": (mixed(), NOW, MET),
        "street only": (street(), NOW, NOT_CONCERNED),
        "an order for the street only": (premises(orders=(order(premises=False),)), NOW, UNMET),
        "no order": (premises(orders=()), NOW, UNMET),
        "not declared": (premises(declarations=()), NOW, NOT_CONCERNED),
    }
)
def test_premises_have_their_own_purpose(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_a_place_not_declared_has_no_purpose() -> None:
    assert REQUIREMENT.check(premises(declarations=()), NOW).outcome is UNMET
