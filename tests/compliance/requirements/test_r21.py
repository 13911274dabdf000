from datetime import date, datetime

from compliance.facts import Commitment, Facts
from compliance.requirements.base import Outcome
from compliance.requirements.r21 import REQUIREMENT
from tests.compliance.complete import (
    MET,
    NOW,
    UNMET,
    authority,
    day_table,
    first_instant,
    just_before,
    outcome,
    premises,
    street,
)

SENT = date(2024, 3, 20)


@day_table(
    {
        "a microsecond before it is sent": (street(), just_before(SENT), UNMET),
        "the day it is sent": (street(), first_instant(SENT), MET),
        "two years later": (street(), NOW, MET),
        "no receipt": (street(authority=authority(commitments=(Commitment(SENT, ""),))), NOW, UNMET),
        "premises of a commune too": (premises(authority=authority(commitments=())), NOW, UNMET),
        "never sent": (street(authority=authority(commitments=())), NOW, UNMET),
    }
)
def test_the_commitment_was_sent_to_the_cnil_before(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_it_concerns_every_camera_of_a_commune() -> None:
    assert REQUIREMENT.applies(street(declarations=()), NOW)
