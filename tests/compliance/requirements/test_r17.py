from datetime import datetime, timedelta

import pytest

from compliance.facts import Facts, FieldOfView
from compliance.requirements.base import Outcome
from compliance.requirements.r17 import REQUIREMENT
from tests.compliance.complete import (
    DECLARED,
    HERE,
    MET,
    MOUNTED,
    NOW,
    ORDER_LAST,
    TICK,
    UNMET,
    day_table,
    declaration,
    just_after,
    mounting,
    moved,
    order,
    outcome,
    perimeter,
    premises,
    reason,
    street,
)

TURNED_AT = MOUNTED + timedelta(days=30)
TURNED = street(declarations=(declaration(), declaration(since=TURNED_AT, view=moved(HERE, azimuth=93.0))))
SECOND_AT = MOUNTED + timedelta(days=40)
TWO_DEVICES = (mounting(), mounting(reference="Dôme n° 2", since=SECOND_AT, until=SECOND_AT + timedelta(days=1)))


def seeing(**changes: float) -> Facts:
    north_m = changes.pop("north_m", 0.0)
    return street(declarations=(declaration(view=moved(HERE, north_m=north_m, **changes)),))


@day_table(
    {
        "a microsecond before the device": (street(), MOUNTED - TICK, UNMET),
        "the instant it is mounted": (street(), MOUNTED, MET),
        "a microsecond before it is turned": (TURNED, TURNED_AT - TICK, MET),
        "turned out of the field": (TURNED, TURNED_AT, UNMET),
        "a microsecond before the second device": (street(mountings=TWO_DEVICES), SECOND_AT - TICK, MET),
        "a second device": (street(mountings=TWO_DEVICES), SECOND_AT, UNMET),
        "the second device is taken down": (street(mountings=TWO_DEVICES), SECOND_AT + timedelta(days=1), MET),
        "the only device is taken down": (street(mountings=(mounting(until=SECOND_AT),)), SECOND_AT, UNMET),
        # The end of the order is R-08's to say.
        "the day after the order": (street(), just_after(ORDER_LAST), MET),
        "inside the perimeter, three devices": (
            perimeter(mountings=(mounting(), mounting(reference="B"), mounting(reference="C"))),
            NOW,
            MET,
        ),
        "out of the perimeter": (perimeter(declarations=(declaration(view=moved(HERE, north_m=900)),)), NOW, UNMET),
        "premises too": (premises(), NOW, MET),
        "not declared": (street(), DECLARED - TICK, UNMET),
        "no device": (street(mountings=()), NOW, UNMET),
        "no order": (street(orders=()), NOW, UNMET),
    }
)
def test_the_device_stays_within_what_was_authorised(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (seeing(north_m=4.9), MET),
        (seeing(north_m=5.2), UNMET),
        (seeing(azimuth=91.9), MET),
        (seeing(azimuth=92.1), UNMET),
        (seeing(azimuth=88.1), MET),
        (seeing(azimuth=87.8), UNMET),
        (seeing(angle=64.0), MET),
        (seeing(angle=64.2), UNMET),
        (seeing(azimuth=105.0, angle=30.0), MET),
        (seeing(range_m=45.0), MET),
        (seeing(range_m=45.1), UNMET),
    ],
)
def test_the_tolerances_are_those_of_a_hand_held_measure(facts: Facts, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, NOW) is expected


def test_an_order_that_sees_all_around_allows_any_aim() -> None:
    around = order(view=moved(HERE, angle=360.0))

    assert outcome(REQUIREMENT, street(orders=(around,), declarations=seeing(azimuth=271.0).declarations), NOW) is MET


def test_north_is_one_azimuth() -> None:
    allowed = order(view=FieldOfView(49.12, 6.18, 359.0, 60.0, 40.0))

    assert outcome(REQUIREMENT, street(orders=(allowed,), declarations=seeing(azimuth=1.0).declarations), NOW) is MET


def test_the_reason_says_what_exceeds() -> None:
    assert "2 appareils" in reason(REQUIREMENT, street(mountings=TWO_DEVICES), SECOND_AT)
    assert "à 9\u00a0m de l’emplacement" in reason(REQUIREMENT, seeing(north_m=9), NOW)
    assert "de 30°" in reason(REQUIREMENT, seeing(azimuth=120.0), NOW)
    assert "60\u00a0m, dépasse" in reason(REQUIREMENT, seeing(range_m=60.0), NOW)
