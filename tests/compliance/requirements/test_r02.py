from datetime import datetime, timedelta

import pytest

from compliance.facts import Facts
from compliance.law.terms import PlaceKind
from compliance.requirements.base import Outcome
from compliance.requirements.r02 import REQUIREMENT
from tests.compliance.complete import DECLARED, MET, NOW, TICK, UNMET, day_table, declaration, outcome, street

CHANGED = DECLARED + timedelta(days=100)
CLOSED = street(declarations=(declaration(), declaration(since=CHANGED, kind=PlaceKind.NONE)))
REOPENED = street(declarations=(declaration(kind=PlaceKind.NONE), declaration(since=CHANGED)))


@day_table(
    {
        "a microsecond before the declaration": (street(), DECLARED - TICK, UNMET),
        "the instant of the declaration": (street(), DECLARED, MET),
        "two years later": (street(), NOW, MET),
        "a microsecond before it is closed to the public": (CLOSED, CHANGED - TICK, MET),
        "the instant it is closed to the public": (CLOSED, CHANGED, UNMET),
        "a microsecond before it opens to the public": (REOPENED, CHANGED - TICK, UNMET),
        "the instant it opens to the public": (REOPENED, CHANGED, MET),
        "no declaration": (street(declarations=()), NOW, UNMET),
        "no justification": (street(declarations=(declaration(justification=""),)), NOW, UNMET),
    }
)
def test_the_place_is_legally_typed(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize("kind", [PlaceKind.STREET, PlaceKind.OPEN_TO_PUBLIC, PlaceKind.MIXED])
def test_title_v_admits_the_street_premises_and_both(kind: PlaceKind) -> None:
    assert outcome(REQUIREMENT, street(declarations=(declaration(kind=kind),)), NOW) is MET


def test_it_concerns_every_camera() -> None:
    assert REQUIREMENT.applies(street(declarations=()), NOW)
