from dataclasses import replace
from datetime import date, datetime

from compliance.facts import Facts
from compliance.law.terms import Action, Category
from compliance.requirements.base import Outcome
from compliance.requirements.r31 import REQUIREMENT
from tests.compliance.complete import (
    AGENTS,
    MET,
    NOT_CONCERNED,
    NOW,
    UNMET,
    day_table,
    first_instant,
    just_after,
    just_before,
    last_instant,
    outcome,
    premises,
    street,
    title,
)

POLICE = AGENTS[Category.MUNICIPAL_POLICE]
FIRST, LAST = date(2024, 5, 1), date(2025, 4, 30)
ENDING = street(
    agent=replace(POLICE, habilitations=(title(Category.MUNICIPAL_POLICE, ends_on=LAST),)), action=Action.WATCH
)
UNSIGNED = title(Category.MUNICIPAL_POLICE, signatory="chief_of_service")


@day_table(
    {
        "a microsecond before the title": (ENDING, just_before(FIRST), NOT_CONCERNED),
        "first instant": (ENDING, first_instant(FIRST), MET),
        "last instant of the last day": (ENDING, last_instant(LAST), MET),
        # Without a title, R-30 refuses.
        "the day after": (ENDING, just_after(LAST), NOT_CONCERNED),
        "signed by somebody else": (
            street(agent=replace(POLICE, habilitations=(UNSIGNED,)), action=Action.WATCH),
            NOW,
            UNMET,
        ),
        "signed by somebody else, then by the mayor": (
            street(agent=replace(POLICE, habilitations=(UNSIGNED, *POLICE.habilitations)), action=Action.WATCH),
            NOW,
            MET,
        ),
        "another category": (
            street(agent=AGENTS[Category.COMMUNAL_AGENT], action=Action.WATCH),
            NOW,
            NOT_CONCERNED,
        ),
        "premises": (premises(agent=POLICE, action=Action.WATCH), NOW, NOT_CONCERNED),
        "nobody": (street(agent=None), NOW, NOT_CONCERNED),
    }
)
def test_the_mayor_signs_for_a_municipal_officer(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_without_a_title_nothing_is_signed() -> None:
    assert REQUIREMENT.check(street(agent=None), NOW).outcome is UNMET
