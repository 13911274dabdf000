from dataclasses import replace
from datetime import date, datetime

import pytest

from compliance.facts import Agent, Facts, Habilitation
from compliance.law.terms import Action, Category
from compliance.requirements.base import Outcome
from compliance.requirements.r30bis import REQUIREMENT
from tests.compliance.complete import (
    AGENTS,
    IN_PREMISES,
    MET,
    NOT_CONCERNED,
    NOW,
    UNMET,
    day_table,
    first_instant,
    just_after,
    just_before,
    last_instant,
    mixed,
    outcome,
    premises,
    reason,
    street,
    title,
)

FIRST, LAST = date(2024, 5, 1), date(2025, 4, 30)
HELD = title(Category.CONTROLLER_AGENT, signatory="controller", ends_on=LAST)
STRANGER = replace(HELD, ends_on=None, signatory="chief_of_service")


def asked_by(*titles: Habilitation) -> Facts:
    return premises(agent=Agent("L’agent d’accueil", habilitations=titles), action=Action.WATCH)


@day_table(
    {
        "a microsecond before the habilitation": (asked_by(HELD), just_before(FIRST), UNMET),
        "first instant": (asked_by(HELD), first_instant(FIRST), MET),
        "last instant of the last day": (asked_by(HELD), last_instant(LAST), MET),
        "00:00:00 the day after": (asked_by(HELD), just_after(LAST), UNMET),
        "signed by somebody else": (asked_by(STRANGER), NOW, UNMET),
        "signed by somebody else, then by the controller": (
            asked_by(STRANGER, replace(HELD, ends_on=None)),
            NOW,
            MET,
        ),
        "signed by the mayor, who represents it": (asked_by(replace(STRANGER, signatory="mayor")), NOW, MET),
        "mixed": (mixed(action=Action.WATCH), NOW, MET),
        "street": (street(), NOW, NOT_CONCERNED),
        "nobody": (premises(agent=None), NOW, UNMET),
        "no habilitation": (asked_by(), NOW, UNMET),
    }
)
def test_the_controller_says_who_sees_its_premises(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize("category", list(Category))
def test_the_list_of_premises_is_closed(category: Category) -> None:
    expected = MET if category in IN_PREMISES else UNMET

    assert outcome(REQUIREMENT, premises(agent=AGENTS[category], action=Action.WATCH), NOW) is expected


def test_the_signatory_is_named() -> None:
    assert "signée par le responsable" in reason(REQUIREMENT, asked_by(STRANGER), NOW)
