from datetime import datetime, timedelta

from compliance.facts import Facts, Observation
from compliance.law.terms import Seen
from compliance.requirements.base import Blocks, Outcome
from compliance.requirements.r53 import REQUIREMENT
from tests.compliance.complete import ALERT, MET, NOW, TICK, day_table, outcome, paris, premises, street

LOW, GOOD = paris(2025, 2, 3, 9), paris(2025, 2, 4, 9)
MEASURED = street(
    observations=(
        Observation(Seen.STREAM, LOW, "640 × 480, 25 images/s", conforms=False),
        Observation(Seen.AUDIO, LOW + timedelta(hours=1)),
        Observation(Seen.STREAM, GOOD, "1280 × 720, 25 images/s"),
    )
)


@day_table(
    {
        "never measured": (street(), NOW, ALERT),
        "a microsecond before the first measure": (MEASURED, LOW - TICK, ALERT),
        "below the norm": (MEASURED, LOW, ALERT),
        "a microsecond before it is set right": (MEASURED, GOOD - TICK, ALERT),
        "within the norm": (MEASURED, GOOD, MET),
        "a year later": (MEASURED, NOW, MET),
        "premises too": (premises(), NOW, ALERT),
    }
)
def test_the_norms_of_2007_alert(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_it_never_blocks() -> None:
    assert REQUIREMENT.blocks is Blocks.NO
