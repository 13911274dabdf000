from datetime import datetime

import pytest

from compliance.facts import Facts
from compliance.law.terms import MeasureKind
from compliance.requirements.base import Outcome
from compliance.requirements.r19 import REQUIREMENT, WORDS
from tests.compliance.complete import (
    MET,
    NOW,
    TICK,
    UNMET,
    day_table,
    measure,
    order,
    outcome,
    paris,
    premises,
    provisional,
    reason,
    street,
)

SINCE, LIFTED = paris(2025, 2, 3, 9, 30), paris(2025, 3, 4, 17, 0)
SUSPENDED = street(orders=(order(measures=(measure(MeasureKind.SUSPENSION, SINCE, LIFTED),)),))
WITHDRAWN = street(orders=(order(measures=(measure(MeasureKind.WITHDRAWAL, SINCE),)),))


@day_table(
    {
        "a microsecond before the suspension": (SUSPENDED, SINCE - TICK, MET),
        "the instant of the suspension": (SUSPENDED, SINCE, UNMET),
        "a microsecond before it is lifted": (SUSPENDED, LIFTED - TICK, UNMET),
        "the instant it is lifted": (SUSPENDED, LIFTED, MET),
        "withdrawn, a year later": (WITHDRAWN, NOW, UNMET),
        "no measure": (street(), NOW, MET),
        "premises too": (premises(orders=WITHDRAWN.orders), NOW, UNMET),
        # The end of the event is R-10's to say.
        "the event is over": (
            provisional(orders=(order(measures=(measure(MeasureKind.EVENT_END, SINCE),)),)),
            NOW,
            MET,
        ),
        # The absence of an order is R-08's to say.
        "no order": (street(orders=()), NOW, MET),
    }
)
def test_a_suspension_bites_from_its_instant_until_it_is_lifted(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize(("kind", "words"), WORDS.items())
def test_the_measure_is_named(kind: MeasureKind, words: str) -> None:
    facts = street(orders=(order(measures=(measure(kind, SINCE),)),))

    assert f"est {words} depuis le 3\u00a0février\u00a02025" in reason(REQUIREMENT, facts, NOW)


def test_it_concerns_every_camera() -> None:
    assert REQUIREMENT.applies(street(declarations=()), NOW)
