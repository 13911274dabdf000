from dataclasses import replace
from datetime import date, datetime

import pytest

from compliance.facts import Agent, Facts, Habilitation, Period
from compliance.law.terms import Action, Category
from compliance.requirements.base import Outcome
from compliance.requirements.r30 import REQUIREMENT
from tests.compliance.complete import (
    AGENTS,
    IN_PREMISES,
    MET,
    NOT_CONCERNED,
    NOW,
    ON_STREET,
    TICK,
    UNMET,
    day_table,
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

FIRST, LAST = date(2024, 5, 1), date(2025, 4, 30)
TAKEN_BACK = paris(2024, 11, 5, 8, 15)
MAYOR = street(agent=Agent("La maire", mandates=(Period(FIRST, LAST),)), action=Action.WATCH)
WATCH_ONLY = frozenset({Action.WATCH})


def asked_by(*titles: Habilitation, action: Action = Action.WATCH) -> Facts:
    return street(agent=Agent("La brigadière", habilitations=titles), action=action)


POLICE = title(Category.MUNICIPAL_POLICE, ends_on=LAST)
WITHDRAWN = asked_by(replace(POLICE, withdrawn_at=TAKEN_BACK))


@day_table(
    {
        "a microsecond before the habilitation": (asked_by(POLICE), just_before(FIRST), UNMET),
        "first instant": (asked_by(POLICE), first_instant(FIRST), MET),
        "last instant of the last day": (asked_by(POLICE), last_instant(LAST), MET),
        "00:00:00 the day after": (asked_by(POLICE), just_after(LAST), UNMET),
        "a microsecond before it is taken back": (WITHDRAWN, TAKEN_BACK - TICK, MET),
        "taken back": (WITHDRAWN, TAKEN_BACK, UNMET),
        "the last instant of a mandate": (MAYOR, last_instant(LAST), MET),
        "the day after a mandate": (MAYOR, just_after(LAST), UNMET),
        "mixed": (mixed(action=Action.WATCH), NOW, MET),
        "premises": (premises(), NOW, NOT_CONCERNED),
        "nobody": (street(agent=None), NOW, UNMET),
        "no habilitation": (asked_by(), NOW, UNMET),
        "another position": (asked_by(replace(POLICE, ends_on=None, covers_position=False)), NOW, UNMET),
        "another action": (
            asked_by(replace(POLICE, ends_on=None, actions=WATCH_ONLY), action=Action.REPLAY),
            NOW,
            UNMET,
        ),
        "the action that it allows": (
            asked_by(replace(POLICE, ends_on=None, actions=WATCH_ONLY)),
            NOW,
            MET,
        ),
    }
)
def test_only_the_persons_of_the_list_see_the_street(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("action", [Action.WATCH, Action.REPLAY, Action.EXPORT])
def test_the_list_is_closed(category: Category, action: Action) -> None:
    expected = MET if category in ON_STREET else UNMET

    assert outcome(REQUIREMENT, street(agent=AGENTS[category], action=action), NOW) is expected
    assert category in (*ON_STREET, *IN_PREMISES)


def test_the_reason_says_what_the_habilitation_lacks() -> None:
    for_ever = replace(POLICE, ends_on=None)

    assert "Aucune personne" in reason(REQUIREMENT, street(agent=None), NOW)
    assert "aucune habilitation" in reason(REQUIREMENT, asked_by(POLICE), NOW)
    assert "ne couvre pas" in reason(REQUIREMENT, asked_by(replace(for_ever, covers_position=False)), NOW)
    assert "ne permet pas de remettre" in reason(
        REQUIREMENT, asked_by(replace(for_ever, actions=WATCH_ONLY), action=Action.EXPORT), NOW
    )
    assert "aucune catégorie" in reason(
        REQUIREMENT, street(agent=AGENTS[Category.CONTROLLER_AGENT], action=Action.WATCH), NOW
    )


def test_two_titles_are_not_added_up() -> None:
    elsewhere = replace(POLICE, ends_on=None, covers_position=False)
    here_but_watch = replace(POLICE, ends_on=None, actions=WATCH_ONLY)

    assert "ne permet pas" in reason(REQUIREMENT, asked_by(elsewhere, here_but_watch, action=Action.REPLAY), NOW)


def test_the_mayor_sees_by_the_mandate() -> None:
    assert "mandat du maire" in reason(REQUIREMENT, street(agent=AGENTS[Category.MAYOR], action=Action.WATCH), NOW)
