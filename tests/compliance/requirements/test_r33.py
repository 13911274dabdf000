from dataclasses import replace
from datetime import date, datetime

from compliance.facts import Facts, Period
from compliance.law.terms import Action, Category
from compliance.requirements.base import Outcome
from compliance.requirements.r33 import REQUIREMENT
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
)

DELEGATE = AGENTS[Category.DELEGATE]
FIRST, LAST = date(2024, 7, 1), date(2026, 3, 22)


def delegated(*periods: Period) -> Facts:
    return street(agent=replace(DELEGATE, delegations=periods), action=Action.WATCH)


TERM = delegated(Period(FIRST, LAST))


@day_table(
    {
        "a microsecond before the delegation": (TERM, just_before(FIRST), UNMET),
        "first instant": (TERM, first_instant(FIRST), MET),
        "last instant of the last day": (TERM, last_instant(LAST), MET),
        "00:00:00 the day after": (TERM, just_after(LAST), UNMET),
        "the mayor needs none": (street(agent=AGENTS[Category.MAYOR], action=Action.WATCH), NOW, NOT_CONCERNED),
        "premises": (premises(agent=DELEGATE, action=Action.WATCH), NOW, NOT_CONCERNED),
        "nobody": (street(agent=None), NOW, NOT_CONCERNED),
        "no delegation": (delegated(), NOW, UNMET),
    }
)
def test_an_elected_member_holds_a_delegation(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_nobody_holds_no_delegation() -> None:
    assert REQUIREMENT.check(street(agent=None), NOW).outcome is UNMET
