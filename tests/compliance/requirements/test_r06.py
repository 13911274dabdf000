from datetime import datetime, timedelta

from compliance.facts import Facts, Observation
from compliance.law.terms import Action, Microphone, Seen
from compliance.requirements.base import Outcome
from compliance.requirements.r06 import REQUIREMENT
from tests.compliance.complete import (
    ALERT,
    MET,
    MOUNTED,
    NOW,
    TICK,
    UNMET,
    day_table,
    mounting,
    outcome,
    premises,
    statement,
    street,
)

STATED = MOUNTED + timedelta(hours=1)
LATER = MOUNTED + timedelta(days=90)
LATE = street(mountings=(mounting(statements=(statement(at=STATED),)),))
ON = statement(at=LATER, microphone=Microphone.ON)
SWITCHED_ON = street(mountings=(mounting(statements=(statement(), ON)),))
OFF_AGAIN = street(
    mountings=(
        mounting(statements=(statement(microphone=Microphone.ON), statement(at=LATER, microphone=Microphone.OFF))),
    )
)
REPLACED = street(mountings=(mounting(until=LATER), mounting(reference="Dôme n° 2", since=LATER, statements=())))
HEARD = street(observations=(Observation(Seen.STREAM, STATED), Observation(Seen.AUDIO, LATER, "aac")))
HEARD_AT_ONCE = street(observations=(Observation(Seen.AUDIO, MOUNTED, "aac"),))
HEARD_FROM_THE_FORMER = street(
    mountings=(mounting(until=LATER), mounting(reference="Dôme n° 2", since=LATER, statements=(statement(at=LATER),))),
    observations=(Observation(Seen.AUDIO, LATER - TICK, "aac"),),
)


@day_table(
    {
        "a microsecond before the device is mounted": (street(), MOUNTED - TICK, UNMET),
        "mounted, a microsecond before the declaration": (LATE, STATED - TICK, UNMET),
        "the instant of the declaration": (LATE, STATED, MET),
        "two years later": (LATE, NOW, MET),
        "declared in service": (SWITCHED_ON, LATER, UNMET),
        "a microsecond before": (SWITCHED_ON, LATER - TICK, MET),
        "switched off": (OFF_AGAIN, LATER, MET),
        "a microsecond before it is switched off": (OFF_AGAIN, LATER - TICK, UNMET),
        "a new device of which nothing is said": (REPLACED, LATER, UNMET),
        "a track was seen and dropped": (HEARD, LATER, ALERT),
        "a microsecond before the track": (HEARD, LATER - TICK, MET),
        "a track as soon as it is mounted": (HEARD_AT_ONCE, MOUNTED, ALERT),
        "the track came from the former device": (HEARD_FROM_THE_FORMER, LATER, MET),
        "premises too": (premises(), NOW, MET),
        "no device": (street(mountings=()), NOW, UNMET),
        "no declaration": (street(mountings=(mounting(statements=()),)), NOW, UNMET),
    }
)
def test_no_sound_is_captured(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_it_concerns_every_camera_but_not_its_reception_test() -> None:
    assert REQUIREMENT.applies(street(declarations=()), NOW)
    assert REQUIREMENT.except_for == {Action.PROBE}
