from datetime import datetime

import pytest

from compliance.facts import Facts
from compliance.law.terms import GROUND_LABELS, Action, Ground
from compliance.requirements.base import Outcome
from compliance.requirements.r51 import REQUIREMENT
from tests.compliance.complete import MET, NOT_CONCERNED, NOW, UNMET, day_table, outcome, premises, reason, street


@day_table(
    {
        "handed over without a ground": (street(action=Action.EXPORT, ground=None), NOW, UNMET),
        "handed over on a requisition": (street(action=Action.EXPORT, ground=Ground.REQUISITION), NOW, MET),
        "premises too": (premises(action=Action.EXPORT, ground=None), NOW, UNMET),
        # The motive of a consultation is asked by the act that opens it.
        "watched": (street(action=Action.WATCH, ground=None), NOW, NOT_CONCERNED),
        "replayed": (street(action=Action.REPLAY, ground=None), NOW, NOT_CONCERNED),
        "recorded": (street(action=Action.RECORD, ground=None), NOW, NOT_CONCERNED),
    }
)
def test_no_hand_over_without_its_ground(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize("ground", list(Ground))
def test_each_ground_is_said_with_its_article(ground: Ground) -> None:
    facts = street(action=Action.EXPORT, ground=ground)

    assert reason(REQUIREMENT, facts, NOW) == f"Motif : {GROUND_LABELS[ground]}."
    assert "CSI R253" in GROUND_LABELS[ground]
