from dataclasses import replace
from datetime import date, datetime

import pytest

from compliance.facts import Facts
from compliance.law.terms import MeasureKind, OrderKind
from compliance.requirements.base import Outcome
from compliance.requirements.r10 import REQUIREMENT
from tests.compliance.complete import (
    MET,
    NOT_CONCERNED,
    NOW,
    PROVISIONAL_FIRST,
    PROVISIONAL_LAST,
    TICK,
    UNMET,
    day_table,
    first_instant,
    just_after,
    just_before,
    last_instant,
    measure,
    outcome,
    paris,
    provisional,
    street,
)

OVER = paris(2026, 6, 14, 23, 30)


def urgent(**changes: object) -> Facts:
    (base,) = provisional().orders
    return provisional(orders=(replace(base, **changes),))  # type: ignore[arg-type]


EVENT_ENDED = urgent(measures=(measure(MeasureKind.EVENT_END, OVER),))


@day_table(
    {
        "a microsecond before the order": (provisional(), just_before(PROVISIONAL_FIRST), NOT_CONCERNED),
        "first instant of the order": (provisional(), first_instant(PROVISIONAL_FIRST), MET),
        "last instant of the four months": (provisional(), last_instant(PROVISIONAL_LAST), MET),
        "00:00:00 on 10 September": (provisional(), first_instant(date(2026, 9, 10)), UNMET),
        "a microsecond before the end of the event": (EVENT_ENDED, OVER - TICK, MET),
        "the instant the event ends": (EVENT_ENDED, OVER, UNMET),
        "the event is over, the four months are not": (EVENT_ENDED, last_instant(PROVISIONAL_LAST), UNMET),
        "an ordinary order": (street(), NOW, NOT_CONCERNED),
        "no order": (street(orders=()), NOW, NOT_CONCERNED),
    }
)
def test_a_provisional_order_ends_with_the_event_or_after_four_months(
    facts: Facts, at: datetime, expected: Outcome
) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize("kind", [k for k in OrderKind if k is not OrderKind.ORDINARY])
def test_the_four_urgent_texts_are_provisional(kind: OrderKind) -> None:
    facts = urgent(kind=kind)

    assert outcome(REQUIREMENT, facts, last_instant(PROVISIONAL_LAST)) is MET
    assert outcome(REQUIREMENT, facts, just_after(PROVISIONAL_LAST)) is UNMET
