from dataclasses import replace
from datetime import date, datetime

import pytest

from compliance.facts import Employment, Facts
from compliance.law.terms import Action, Category
from compliance.requirements.base import Outcome
from compliance.requirements.r35 import REQUIREMENT
from tests.compliance.complete import (
    AGENTS,
    COMMUNE,
    MET,
    NEIGHBOUR,
    NOT_CONCERNED,
    NOW,
    UNMET,
    day_table,
    employment,
    first_instant,
    just_after,
    just_before,
    last_instant,
    outcome,
    premises,
    reason,
    street,
)

FIRST, LAST = date(2024, 7, 1), date(2026, 3, 31)


def employed(*jobs: Employment, category: Category = Category.MUNICIPAL_POLICE) -> Facts:
    return street(agent=replace(AGENTS[category], employments=jobs), action=Action.WATCH)


TERM = employed(employment(starts_on=FIRST, ends_on=LAST))
ELSEWHERE = employed(employment(territory=frozenset({NEIGHBOUR})))


@day_table(
    {
        "a microsecond before the employment": (TERM, just_before(FIRST), UNMET),
        "first instant": (TERM, first_instant(FIRST), MET),
        "last instant of the last day": (TERM, last_instant(LAST), MET),
        "00:00:00 the day after": (TERM, just_after(LAST), UNMET),
        "another commune": (ELSEWHERE, NOW, UNMET),
        "several communes": (employed(employment(territory=frozenset({NEIGHBOUR, COMMUNE}))), NOW, MET),
        "a communal agent": (employed(employment(), category=Category.COMMUNAL_AGENT), NOW, MET),
        "a State agent": (street(agent=AGENTS[Category.STATE_AGENT], action=Action.WATCH), NOW, NOT_CONCERNED),
        "premises": (premises(action=Action.WATCH), NOW, NOT_CONCERNED),
        "nobody": (street(agent=None), NOW, NOT_CONCERNED),
        "no employment": (employed(), NOW, UNMET),
    }
)
def test_the_person_sees_the_commune_of_competence(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize("category", [Category.MAYOR, Category.DELEGATE, Category.STATE_AGENT])
def test_it_concerns_officers_and_agents_only(category: Category) -> None:
    assert outcome(REQUIREMENT, street(agent=AGENTS[category], action=Action.WATCH), NOW) is NOT_CONCERNED


def test_the_reason_tells_no_employment_from_another_commune() -> None:
    assert "Aucun emploi en cours" in reason(REQUIREMENT, employed(), NOW)
    assert "pas de compétence" in reason(REQUIREMENT, ELSEWHERE, NOW)
    assert REQUIREMENT.check(street(agent=None), NOW).outcome is UNMET
