from datetime import date, datetime, timedelta

from compliance.facts import Facts, Notice
from compliance.requirements.base import Outcome
from compliance.requirements.r16 import REQUIREMENT
from tests.compliance.complete import (
    DECLARED,
    HERE,
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
    moved,
    outcome,
    paris,
    perimeter,
    street,
)

SET_ON = date(2024, 4, 8)
AWAY = moved(HERE, north_m=80)
MOVED, BACK, LATER = (DECLARED + timedelta(days=days) for days in (30, 60, 90))


def letter(sent_on: date, view: object = HERE, *, proved: bool = True) -> Notice:
    return Notice(sent_on, sent_on + timedelta(days=6), proved, view)  # type: ignore[arg-type]


FIRST_LETTER = letter(date(2024, 4, 2))
WENT = (declaration(), declaration(since=MOVED, view=AWAY))
RETURNED = (*WENT, declaration(since=BACK))
AIMED = (declaration(), declaration(since=MOVED, view=moved(HERE, azimuth=200.0)))
THERE = letter(date(2024, 5, 2), AWAY)
# Aimed elsewhere while it stood away, ten days before it came back.
TURNED_AWAY = (*WENT, declaration(since=BACK - timedelta(days=10), view=moved(AWAY, azimuth=200.0)), RETURNED[-1])
TWICE_AWAY = (*WENT, declaration(since=BACK, view=moved(HERE, north_m=-80)), declaration(since=LATER))


@day_table(
    {
        "the position is not declared": (perimeter(), DECLARED - TICK, UNMET),
        "set the day after the letter": (perimeter(locations=(letter(date(2024, 4, 7)),)), DECLARED, MET),
        "the letter goes the very day": (perimeter(locations=(letter(SET_ON),)), NOW, UNMET),
        "the letter goes the day after": (perimeter(locations=(letter(date(2024, 4, 9)),)), NOW, UNMET),
        "two years later": (perimeter(), NOW, MET),
        "a microsecond before it is moved": (perimeter(declarations=WENT), MOVED - TICK, MET),
        "moved without a letter": (perimeter(declarations=WENT), MOVED, UNMET),
        "moved after its letter": (perimeter(declarations=WENT, locations=(FIRST_LETTER, THERE)), MOVED, MET),
        "back on the first letter alone": (
            perimeter(declarations=RETURNED, locations=(FIRST_LETTER, THERE)),
            BACK,
            UNMET,
        ),
        "back after its own letter": (
            perimeter(declarations=RETURNED, locations=(FIRST_LETTER, THERE, letter(date(2024, 5, 28)))),
            BACK,
            MET,
        ),
        "back after a letter of the day it had left": (
            perimeter(declarations=RETURNED, locations=(THERE, letter(date(2024, 5, 8)))),
            BACK,
            MET,
        ),
        "back after a letter sent before it was aimed elsewhere": (
            perimeter(declarations=TURNED_AWAY, locations=(letter(date(2024, 5, 20)),)),
            BACK,
            MET,
        ),
        "aimed elsewhere before it came back, on the first letter alone": (
            perimeter(declarations=TURNED_AWAY, locations=(FIRST_LETTER,)),
            BACK,
            UNMET,
        ),
        "a letter older than the place it comes from": (
            perimeter(declarations=TWICE_AWAY, locations=(letter(date(2024, 5, 20)),)),
            LATER,
            UNMET,
        ),
        "aimed elsewhere is not moved": (perimeter(declarations=AIMED), MOVED, MET),
        "a letter without proof": (perimeter(locations=(letter(date(2024, 4, 2), proved=False),)), NOW, UNMET),
        "a letter that names no place": (perimeter(locations=(letter(date(2024, 4, 2), None),)), NOW, UNMET),
        "another place": (perimeter(locations=(letter(date(2024, 4, 2), AWAY),)), NOW, UNMET),
        "no letter": (perimeter(locations=()), NOW, UNMET),
        "before the order": (perimeter(), just_before(ORDER_FIRST), NOT_CONCERNED),
        "first day of the order": (perimeter(), first_instant(ORDER_FIRST), UNMET),
        "no perimeter": (street(), paris(2025, 1, 1), NOT_CONCERNED),
    }
)
def test_the_prefect_knows_each_place_of_the_perimeter_before_it(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected
