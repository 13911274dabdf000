"""The last day that a finding tells is that of the proof it rests on: a date shown to a reader, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from compliance.facts import Agent, Facts, Period
from compliance.law.terms import Action, Category
from compliance.requirements import CATALOGUE
from tests.compliance.complete import (
    AGENTS,
    NOW,
    ORDER_LAST,
    PROVISIONAL_LAST,
    agreement,
    authority,
    order,
    perimeter,
    premises,
    provisional,
    reason,
    street,
    title,
)

TERM = date(2027, 5, 31)
ENDING = {
    category: replace(
        held,
        mandates=tuple(replace(m, ends_on=TERM) for m in held.mandates),
        habilitations=tuple(replace(h, ends_on=TERM) for h in held.habilitations),
        delegations=tuple(replace(d, ends_on=TERM) for d in held.delegations),
        agreements=tuple(replace(a, ends_on=TERM) for a in held.agreements),
    )
    for category, held in AGENTS.items()
}


def asked(category: Category) -> Facts:
    return street(agent=ENDING[category], action=Action.WATCH)


def in_premises(category: Category) -> Facts:
    return premises(agent=ENDING[category], action=Action.WATCH)


LATE_ENQUIRY = replace(
    ENDING[Category.COMMUNAL_AGENT], agreements=(agreement(ends_on=TERM, enquiry_due=date(2026, 1, 1)),)
)


@pytest.mark.parametrize(
    ("code", "facts", "ends_on"),
    [
        ("R-01", street(authority=authority(mandates=(Period(date(2020, 5, 25), TERM),))), TERM),
        ("R-03", street(), ORDER_LAST),
        ("R-03 bis", premises(), ORDER_LAST),
        ("R-08", street(), ORDER_LAST),
        ("R-08", street(orders=(order(ends_on=date(2026, 9, 1)),)), date(2026, 9, 1)),
        ("R-08", provisional(), PROVISIONAL_LAST),
        ("R-10", provisional(), PROVISIONAL_LAST),
        ("R-17", street(), ORDER_LAST),
        ("R-17", perimeter(), ORDER_LAST),
        ("R-30", asked(Category.MAYOR), TERM),
        ("R-30", asked(Category.MUNICIPAL_POLICE), TERM),
        ("R-30 bis", in_premises(Category.CONTROLLER_AGENT), TERM),
        ("R-31", asked(Category.MUNICIPAL_POLICE), TERM),
        ("R-32", asked(Category.COMMUNAL_AGENT), TERM),
        ("R-32", street(agent=LATE_ENQUIRY, action=Action.WATCH), TERM),
        ("R-33", asked(Category.DELEGATE), TERM),
        ("R-34", asked(Category.STATE_AGENT), TERM),
        ("R-47", street(), ORDER_LAST),
        ("R-21", street(), None),
    ],
)
def test_a_finding_tells_the_last_day_of_its_proof(code: str, facts: Facts, ends_on: date | None) -> None:
    requirement = next(r for r in CATALOGUE if r.code == code)

    assert requirement.check(facts, NOW).ends_on == ends_on


def test_a_mandate_is_the_title_of_the_mayor_for_every_image_of_the_commune() -> None:
    mayor = next(r for r in CATALOGUE if r.code == "R-30")

    assert reason(mayor, asked(Category.MAYOR), NOW) == "Maire, mandat du maire."


@pytest.mark.parametrize(
    ("sound", "flawed"),
    [
        (title(Category.DELEGATE), title(Category.MUNICIPAL_POLICE)),  # an officer without an employment
        (title(Category.DELEGATE), title(Category.COMMUNAL_AGENT)),
    ],
)
def test_a_person_of_two_titles_sees_by_the_one_that_holds(sound: object, flawed: object) -> None:
    both = Agent("L’adjointe", delegations=(Period(date(2024, 4, 1)),), habilitations=(flawed, sound))  # type: ignore[arg-type]
    facts = street(agent=both, action=Action.WATCH)

    unmet = [r.code for r in CATALOGUE if r.applies(facts, NOW) and r.check(facts, NOW).outcome == "unmet"]

    assert unmet == []
