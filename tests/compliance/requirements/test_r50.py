from datetime import datetime, timedelta

from compliance.facts import Facts
from compliance.requirements.base import Outcome
from compliance.requirements.r50 import REQUIREMENT
from tests.compliance.complete import MET, NOW, UNMET, day_table, outcome, premises, street

MUTE = street(journal_writes=False)


@day_table(
    {
        "the journal writes": (street(), NOW, MET),
        "it does not": (MUTE, NOW, UNMET),
        # It is tried at each question and has no date.
        "asked about the past": (MUTE, NOW - timedelta(days=400), UNMET),
        "asked about the future": (MUTE, NOW + timedelta(days=400), UNMET),
        "premises too": (premises(journal_writes=False), NOW, UNMET),
        "not declared": (street(declarations=(), journal_writes=False), NOW, UNMET),
    }
)
def test_no_image_without_its_trace(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected
