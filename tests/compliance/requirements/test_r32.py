from dataclasses import replace
from datetime import date, datetime

from compliance.facts import Agreement, Facts, Measure
from compliance.law.terms import Action, Category, MeasureKind
from compliance.requirements.base import Outcome
from compliance.requirements.r32 import REQUIREMENT
from tests.compliance.complete import (
    AGENTS,
    ALERT,
    MET,
    NOT_CONCERNED,
    NOW,
    TICK,
    UNMET,
    agreement,
    day_table,
    first_instant,
    just_after,
    just_before,
    last_instant,
    outcome,
    paris,
    premises,
    reason,
    street,
)

OPERATOR = AGENTS[Category.COMMUNAL_AGENT]
FIRST, LAST, ENQUIRY = date(2024, 7, 1), date(2026, 6, 30), date(2029, 4, 1)
SUSPENDED, LIFTED = paris(2025, 2, 3, 9), paris(2025, 3, 3, 9)


def approved(*agreements: Agreement) -> Facts:
    return street(agent=replace(OPERATOR, agreements=agreements), action=Action.WATCH)


LIMITED = approved(agreement(starts_on=FIRST, ends_on=LAST))
STRUCK = approved(agreement(measures=(Measure(MeasureKind.SUSPENSION, SUSPENDED, LIFTED),)))


@day_table(
    {
        "a microsecond before the agrément": (LIMITED, just_before(FIRST), UNMET),
        "first instant": (LIMITED, first_instant(FIRST), MET),
        "last instant of a limited agrément": (LIMITED, last_instant(LAST), MET),
        "00:00:00 the day after": (LIMITED, just_after(LAST), UNMET),
        "a microsecond before the suspension": (STRUCK, SUSPENDED - TICK, MET),
        "suspended": (STRUCK, SUSPENDED, UNMET),
        "a microsecond before it is lifted": (STRUCK, LIFTED - TICK, UNMET),
        "lifted": (STRUCK, LIFTED, MET),
        "the last day before the new enquiry": (approved(agreement()), just_before(ENQUIRY), MET),
        "the new enquiry only alerts": (approved(agreement()), first_instant(ENQUIRY), ALERT),
        "no enquiry written": (approved(agreement(enquiry_due=None)), first_instant(ENQUIRY), MET),
        "another category": (street(action=Action.WATCH), NOW, NOT_CONCERNED),
        "premises": (premises(agent=OPERATOR, action=Action.WATCH), NOW, NOT_CONCERNED),
        "nobody": (street(agent=None), NOW, NOT_CONCERNED),
        "no agrément": (approved(), NOW, UNMET),
    }
)
def test_the_prefect_approves_a_communal_agent(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_reason_tells_none_from_one_that_fell() -> None:
    assert "n’a pas agréé" in reason(REQUIREMENT, approved(), NOW)
    assert "suspendu, retiré ou échu" in reason(REQUIREMENT, STRUCK, SUSPENDED)
    assert REQUIREMENT.check(street(agent=None), NOW).outcome is UNMET
