from dataclasses import replace
from datetime import date, datetime

from compliance.facts import Facts
from compliance.law.terms import Action, Category
from compliance.requirements.base import Outcome
from compliance.requirements.r36 import REQUIREMENT
from tests.compliance.complete import (
    AGENTS,
    MET,
    NOT_CONCERNED,
    NOW,
    TICK,
    UNMET,
    day_table,
    employment,
    first_instant,
    just_after,
    just_before,
    last_instant,
    mixed,
    outcome,
    paris,
    premises,
    reason,
    street,
    title,
)

POLICE = AGENTS[Category.MUNICIPAL_POLICE]
FIRST, LAST = date(2025, 7, 1), date(2025, 9, 30)
MOONLIGHT = employment(employer="Vigile SARL", public=False, starts_on=FIRST, ends_on=LAST)
TWO_JOBS = street(agent=replace(POLICE, employments=(employment(), MOONLIGHT)), action=Action.WATCH)
TAKEN_BACK = paris(2025, 1, 6)
OPERATOR = title(Category.PRIVATE_OPERATOR, signatory="controller", withdrawn_at=TAKEN_BACK)
TWO_TITLES = street(agent=replace(POLICE, habilitations=(*POLICE.habilitations, OPERATOR)), action=Action.WATCH)


@day_table(
    {
        "a microsecond before the private employment": (TWO_JOBS, just_before(FIRST), MET),
        "first instant": (TWO_JOBS, first_instant(FIRST), UNMET),
        "last instant of the last day": (TWO_JOBS, last_instant(LAST), UNMET),
        "00:00:00 the day after": (TWO_JOBS, just_after(LAST), MET),
        "a microsecond before the operator's title is taken back": (TWO_TITLES, TAKEN_BACK - TICK, UNMET),
        "the operator's title is taken back": (TWO_TITLES, TAKEN_BACK, MET),
        "a private operator": (street(agent=AGENTS[Category.PRIVATE_OPERATOR]), NOW, UNMET),
        "a private operator where the street is seen too": (
            mixed(agent=AGENTS[Category.PRIVATE_OPERATOR]),
            NOW,
            UNMET,
        ),
        "premises": (premises(agent=AGENTS[Category.PRIVATE_OPERATOR]), NOW, NOT_CONCERNED),
        # The absence of a person is R-30's to say.
        "nobody": (street(agent=None), NOW, NOT_CONCERNED),
        "no employment": (street(agent=AGENTS[Category.MAYOR]), NOW, MET),
    }
)
def test_no_private_operator_sees_the_street(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_private_employer_is_named() -> None:
    assert "travaille pour Vigile SARL" in reason(REQUIREMENT, TWO_JOBS, first_instant(FIRST))
    assert "Un opérateur privé ne voit pas" in reason(REQUIREMENT, TWO_TITLES, TAKEN_BACK - TICK)
