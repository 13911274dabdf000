from datetime import datetime, timedelta

from compliance.facts import Facts
from compliance.law import legal_day
from compliance.requirements.base import Outcome
from compliance.requirements.r04 import REQUIREMENT
from tests.compliance.complete import (
    ALERT,
    DECLARED,
    MET,
    NOT_CONCERNED,
    NOW,
    TICK,
    UNMET,
    day_table,
    declaration,
    first_instant,
    just_before,
    mixed,
    outcome,
    premises,
    street,
)

NOTED = DECLARED + timedelta(days=10)
YEAR_AFTER = legal_day(NOTED).replace(year=2025)
LATE = street(declarations=(declaration(necessity=""), declaration(since=NOTED)))
CORRECTED = street(declarations=(declaration(), declaration(since=NOTED, necessity="")))


@day_table(
    {
        "a microsecond before the note": (LATE, NOTED - TICK, UNMET),
        "the instant of the note": (LATE, NOTED, MET),
        "the last instant before a year": (LATE, just_before(YEAR_AFTER), MET),
        "a year after, to be reviewed": (LATE, first_instant(YEAR_AFTER), ALERT),
        "a later declaration without note": (CORRECTED, NOTED, MET),
        "before any declaration": (street(), DECLARED - TICK, NOT_CONCERNED),
        "purpose 5 not declared": (street(declarations=(declaration(purposes=frozenset({1})),)), NOW, NOT_CONCERNED),
        "mixed": (mixed(), NOTED, MET),
        "premises": (premises(declarations=premises().declarations), NOW, NOT_CONCERNED),
        "no note": (street(declarations=(declaration(necessity=""),)), NOW, UNMET),
    }
)
def test_purpose_5_says_why_this_place_is_exposed(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected
