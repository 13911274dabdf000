from datetime import date, datetime

from compliance.facts import Aipd, Facts
from compliance.requirements.base import Outcome
from compliance.requirements.r22 import REQUIREMENT
from tests.compliance.complete import (
    ALERT,
    MET,
    NOT_CONCERNED,
    NOW,
    UNMET,
    day_table,
    declaration,
    first_instant,
    just_before,
    last_instant,
    mixed,
    outcome,
    paris,
    premises,
    reason,
    street,
)

OPINION, SIGNED, REVIEW = date(2024, 3, 25), date(2024, 4, 2), date(2027, 4, 2)
DURING = (Aipd("1", SIGNED, SIGNED, residual_high=False),)
NO_OPINION = street(aipds=(Aipd("1", SIGNED, None, residual_high=False),))
SECOND = street(
    aipds=(
        Aipd("1", SIGNED, OPINION, residual_high=False),
        Aipd("2", date(2026, 1, 5), None, residual_high=False),
    )
)
LATE_OPINION = street(aipds=(Aipd("1", SIGNED, date(2025, 1, 10), residual_high=False),))


def declared_early(**changes: object) -> Facts:
    return street(declarations=(declaration(since=paris(2024, 1, 2)),), **changes)


@day_table(
    {
        "a microsecond before it is signed": (declared_early(), just_before(SIGNED), UNMET),
        "the day it is signed": (declared_early(), first_instant(SIGNED), MET),
        "opinion and signature on one day": (declared_early(aipds=DURING), first_instant(SIGNED), MET),
        "signed, no opinion yet": (LATE_OPINION, just_before(date(2025, 1, 10)), UNMET),
        "the opinion comes": (LATE_OPINION, first_instant(date(2025, 1, 10)), MET),
        "the last day before the review": (street(), last_instant(date(2027, 4, 1)), MET),
        "a review that is overdue only alerts": (street(), first_instant(REVIEW), ALERT),
        "a second version without opinion leaves the first": (SECOND, NOW, MET),
        "mixed": (mixed(), NOW, MET),
        "premises": (premises(aipds=()), NOW, NOT_CONCERNED),
        "without opinion": (NO_OPINION, NOW, UNMET),
        "none": (street(aipds=()), NOW, UNMET),
    }
)
def test_the_impact_assessment_is_signed_with_the_opinion(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_reason_tells_an_unsigned_one_from_one_without_opinion() -> None:
    assert "n’a pas l’avis" in reason(REQUIREMENT, NO_OPINION, NOW)
    assert "Aucune AIPD" in reason(REQUIREMENT, street(aipds=()), NOW)
    assert "version 1" in reason(REQUIREMENT, SECOND, NOW)
