from datetime import datetime, timedelta

from compliance.facts import Facts
from compliance.law.terms import Analysis
from compliance.requirements.base import Outcome
from compliance.requirements.r63 import REQUIREMENT
from tests.compliance.complete import (
    ALERT,
    DECLARED,
    MET,
    MOUNTED,
    NOT_CONCERNED,
    NOW,
    TICK,
    UNMET,
    day_table,
    mixed,
    mounting,
    outcome,
    premises,
    reason,
    statement,
    street,
)

STATED = MOUNTED + timedelta(days=3)
CUT = MOUNTED + timedelta(days=10)
PERMANENT = statement(at=STATED, analysis=Analysis.PERMANENT)
OFF = statement(at=CUT, analysis=Analysis.OFF)
CURED = street(mountings=(mounting(statements=(statement(), PERMANENT, OFF)),))
REPLACED = street(
    mountings=(
        mounting(until=CUT, statements=(PERMANENT,)),
        mounting(reference="Dôme n° 2", since=CUT, statements=(statement(at=CUT),)),
    )
)
LATE = street(mountings=(mounting(statements=(OFF,)),))
ONE_OF_TWO = street(mountings=(mounting(statements=()), mounting(reference="Dôme n° 2", statements=(PERMANENT,))))


@day_table(
    {
        "a microsecond before it is declared permanent": (CURED, STATED - TICK, MET),
        "it cannot be switched off": (CURED, STATED, UNMET),
        "a microsecond before it is switched off": (CURED, CUT - TICK, UNMET),
        "switched off": (CURED, CUT, MET),
        "a microsecond before the device is replaced": (REPLACED, CUT - TICK, UNMET),
        "the device is replaced": (REPLACED, CUT, MET),
        "nothing said yet": (LATE, CUT - TICK, ALERT),
        "nothing said of one, the other permanent": (ONE_OF_TWO, STATED, UNMET),
        "mixed": (mixed(), NOW, MET),
        "premises": (premises(mountings=(mounting(statements=(PERMANENT,)),)), NOW, NOT_CONCERNED),
        "no device": (street(mountings=()), NOW, MET),
        "before any declaration": (street(), DECLARED - TICK, NOT_CONCERNED),
    }
)
def test_no_algorithm_analyses_the_street(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_device_is_named() -> None:
    assert "Dôme n° 2 ne peut pas être coupée" in reason(REQUIREMENT, ONE_OF_TWO, STATED)
    assert "Dôme n° 1 est coupée" in reason(REQUIREMENT, LATE, CUT - TICK)
