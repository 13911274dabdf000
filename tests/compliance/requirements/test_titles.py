"""Of several titles, the one whose own act holds is relied on: the others, and their order, change nothing."""

from dataclasses import replace
from datetime import date

import pytest

from compliance.facts import Agent, Habilitation, Measure, Period
from compliance.law.terms import Action, Category, MeasureKind
from compliance.requirements.titles import PREMISES, STREET, competent, relied, titles
from tests.compliance.complete import (
    COMMUNE,
    NEIGHBOUR,
    NOW,
    agreement,
    employment,
    order,
    street,
    title,
)

DELEGATE, POLICE, COMMUNAL = Category.DELEGATE, Category.MUNICIPAL_POLICE, Category.COMMUNAL_AGENT
STATE, CONTROLLER, PRIVATE = Category.STATE_AGENT, Category.CONTROLLER_AGENT, Category.PRIVATE_OPERATOR
OVER = date(2026, 6, 17)
ELSEWHERE = frozenset({NEIGHBOUR})
LISTED = "Gendarmerie de Valclair"
SUSPENDED = agreement(measures=(Measure(MeasureKind.SUSPENSION, NOW),))
HELD = Agent(
    "La personne",
    delegations=(Period(date(2024, 4, 1)),),
    agreements=(agreement(),),
    employments=(employment(),),
)
SIGNATORIES = {STATE: "chief_of_service", CONTROLLER: "controller", PRIVATE: "controller"}


def of(category: Category, **changes: str) -> Habilitation:
    """Return a title that holds for a person of whom all is in order."""
    signatory = SIGNATORIES.get(category, "mayor")
    return title(category, act=f"acte {category}", **{"signatory": signatory, "service": LISTED, **changes})


def first(*held: Habilitation, person: Agent = HELD, among: frozenset[Category] = STREET) -> Category:
    facts = street(agent=replace(person, habilitations=held), action=Action.WATCH)
    return titles(facts, NOW, among)[0].category


# A title whose category asks what the person has not, or not any more.
LACKING: dict[str, tuple[Habilitation, Agent]] = {
    "a communal agent without agrément": (of(COMMUNAL), replace(HELD, agreements=())),
    "a communal agent whose agrément is suspended": (of(COMMUNAL), replace(HELD, agreements=(SUSPENDED,))),
    "a communal agent of elsewhere": (of(COMMUNAL), replace(HELD, employments=(employment(territory=ELSEWHERE),))),
    "a communal agent whose employment is over": (of(COMMUNAL), replace(HELD, employments=(employment(ends_on=OVER),))),
    "a delegate whose delegation is over": (of(DELEGATE), replace(HELD, delegations=(Period(date(2024, 4, 1), OVER),))),
    "an officer whom the mayor did not habilitate": (of(POLICE, signatory="prefect"), HELD),
    "an officer of elsewhere": (of(POLICE), replace(HELD, employments=(employment(territory=ELSEWHERE),))),
    "a State agent whose chief did not sign": (of(STATE, signatory="mayor"), HELD),
    "a State agent of a service that the order does not name": (of(STATE, service="Autre"), HELD),
}


@pytest.mark.parametrize(("lacking", "person"), LACKING.values(), ids=LACKING)
def test_a_title_whose_act_does_not_hold_comes_after_one_that_does(lacking: Habilitation, person: Agent) -> None:
    other = of(STATE) if lacking.category is not STATE else of(DELEGATE)

    assert first(lacking, other, person=person) is other.category
    assert first(other, lacking, person=person) is other.category


@pytest.mark.parametrize("category", [COMMUNAL, DELEGATE, POLICE, STATE])
def test_a_title_whose_act_holds_comes_before_one_whose_does_not(category: Category) -> None:
    refused = of(STATE, service="Autre") if category is not STATE else of(POLICE, signatory="prefect")

    assert first(refused, of(category)) is category


@pytest.mark.parametrize("category", [CONTROLLER, PRIVATE])
@pytest.mark.parametrize("signatory", ["controller", "mayor"])
def test_in_premises_the_title_that_the_responsible_signed_comes_first(category: Category, signatory: str) -> None:
    other = PRIVATE if category is CONTROLLER else CONTROLLER
    refused, held = of(other, signatory="prefect"), of(category, signatory=signatory)

    assert first(refused, held, among=PREMISES) is category
    assert first(held, refused, among=PREMISES) is category


@pytest.mark.parametrize("signatory", ["mayor", "prefect"])
def test_a_mandate_that_runs_holds_of_itself_and_comes_before_any_title(signatory: str) -> None:
    mayor = replace(HELD, mandates=(Period(date(2020, 5, 25)),))

    assert first(of(POLICE, signatory=signatory), of(STATE), person=mayor) is Category.MAYOR


def test_without_an_order_no_service_is_named() -> None:
    facts = street(agent=replace(HELD, habilitations=(of(STATE), of(POLICE))), orders=(), action=Action.WATCH)

    assert [t.category for t in titles(facts, NOW, STREET)] == [POLICE, STATE]


def test_nobody_has_no_title() -> None:
    assert titles(street(agent=None), NOW, STREET) == ()
    assert relied(street(agent=None), NOW) is None


def test_competence_is_a_running_employment_that_covers_this_commune() -> None:
    def asked(**changes: object) -> bool:
        return competent(street(orders=(order(),)), replace(HELD, employments=(employment(**changes),)), NOW)

    assert asked(territory=frozenset({COMMUNE, NEIGHBOUR}))
    assert not asked(territory=ELSEWHERE)
    assert not asked(ends_on=OVER)
    assert not competent(street(), replace(HELD, employments=()), NOW)
