from datetime import date, datetime

from compliance.facts import Facts, Notice
from compliance.law.terms import Action
from compliance.requirements.base import Outcome
from compliance.requirements.r15 import REQUIREMENT
from tests.compliance.complete import (
    MET,
    NOW,
    SENT,
    SERVICE,
    UNMET,
    day_table,
    first_instant,
    just_before,
    outcome,
    paris,
    premises,
    reason,
    street,
)

SAME_DAY = street(notices=(Notice(SERVICE, SERVICE, proved=True),))
UNPROVED = street(notices=(Notice(SENT, SERVICE, proved=False),))
SECOND = street(
    notices=(Notice(SERVICE, SERVICE, proved=True), Notice(date(2024, 6, 1), date(2024, 6, 15), proved=True))
)


@day_table(
    {
        "before the letter": (street(), just_before(SENT), UNMET),
        "the day the letter goes": (street(), first_instant(SENT), UNMET),
        "a microsecond before the date it announces": (street(), just_before(SERVICE), UNMET),
        "the date it announces": (street(), first_instant(SERVICE), MET),
        "two years later": (street(), NOW, MET),
        "sent the very day": (SAME_DAY, NOW, UNMET),
        "sent late, then again in time, before the new date": (SECOND, just_before(date(2024, 6, 15)), UNMET),
        "sent late, then again in time": (SECOND, first_instant(date(2024, 6, 15)), MET),
        "no proof of sending": (UNPROVED, NOW, UNMET),
        "premises too": (premises(notices=()), NOW, UNMET),
        "no letter": (street(notices=()), NOW, UNMET),
    }
)
def test_the_prefect_knows_the_commissioning_date_before_it(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_reason_says_what_is_wrong_with_the_letter() -> None:
    assert "avant la date" in reason(REQUIREMENT, SAME_DAY, NOW)
    assert "annoncée pour le 2\u00a0mai\u00a02024" in reason(REQUIREMENT, street(), paris(2024, 4, 20))
    assert "n’a pas été informé" in reason(REQUIREMENT, UNPROVED, NOW)


def test_the_reception_test_comes_before_it() -> None:
    assert REQUIREMENT.except_for == {Action.PROBE}
