from dataclasses import replace
from datetime import date, datetime

from compliance.facts import Facts, Period
from compliance.requirements.base import Outcome
from compliance.requirements.r01 import REQUIREMENT
from tests.compliance.complete import (
    MET,
    NOW,
    UNMET,
    authority,
    day_table,
    first_instant,
    just_after,
    just_before,
    last_instant,
    outcome,
    premises,
    reason,
    street,
)

FIRST, LAST = date(2020, 5, 25), date(2026, 3, 22)
NEXT_FIRST = date(2026, 3, 28)
MANDATE = street(authority=authority(mandates=(Period(FIRST, LAST),)))
TWO = street(authority=authority(mandates=(Period(FIRST, LAST), Period(NEXT_FIRST))))


@day_table(
    {
        "a microsecond before the mandate": (MANDATE, just_before(FIRST), UNMET),
        "first instant of the mandate": (MANDATE, first_instant(FIRST), MET),
        "last instant of its last day": (MANDATE, last_instant(LAST), MET),
        "00:00:00 the day after": (MANDATE, just_after(LAST), UNMET),
        "between two mayors": (TWO, just_before(NEXT_FIRST), UNMET),
        "the next mayor": (TWO, first_instant(NEXT_FIRST), MET),
        "premises too": (premises(), NOW, MET),
        "no mandate": (street(authority=authority(mandates=())), NOW, UNMET),
        "not identified": (street(authority=authority(siret="")), NOW, UNMET),
        "not a public authority": (street(authority=authority(public=False)), NOW, UNMET),
    }
)
def test_the_controller_is_public_and_a_mayor_is_in_office(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_it_concerns_every_camera() -> None:
    nowhere = replace(street(), declarations=())

    assert REQUIREMENT.applies(nowhere, NOW)


def test_the_proof_ends_with_the_mandate() -> None:
    assert REQUIREMENT.check(MANDATE, first_instant(LAST)).ends_on == LAST
    assert "mandat en cours" in reason(REQUIREMENT, MANDATE, first_instant(LAST))
