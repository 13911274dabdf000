from dataclasses import replace
from datetime import date, datetime

from compliance.facts import Facts, Habilitation
from compliance.law.terms import Action, Category
from compliance.requirements.base import Outcome
from compliance.requirements.r34 import REQUIREMENT
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
    order,
    outcome,
    premises,
    reason,
    street,
)

GENDARME = AGENTS[Category.STATE_AGENT]
(LISTED,) = GENDARME.habilitations
FIRST, LAST = date(2024, 5, 1), date(2025, 4, 30)
RENEWED = date(2025, 1, 1)
UNSIGNED = replace(LISTED, signatory="mayor")
UNNAMED = replace(LISTED, service="Gendarmerie d’Ailleurs")


def listed(*titles: Habilitation, orders: object = None) -> Facts:
    facts = street(agent=replace(GENDARME, habilitations=titles), action=Action.WATCH)
    return facts if orders is None else replace(facts, orders=orders)  # type: ignore[arg-type]


# The order of 2025 runs longer, so it is relied on; it no longer names the service.
DROPPED = (order(), order(id=2, starts_on=RENEWED, ends_on=date(2029, 12, 31), services=frozenset()))


@day_table(
    {
        "a microsecond before the list": (listed(replace(LISTED, ends_on=LAST)), just_before(FIRST), NOT_CONCERNED),
        "first instant": (listed(replace(LISTED, ends_on=LAST)), first_instant(FIRST), MET),
        "last instant of the list": (listed(replace(LISTED, ends_on=LAST)), last_instant(LAST), MET),
        # Without a title, R-30 refuses.
        "the day after": (listed(replace(LISTED, ends_on=LAST)), just_after(LAST), NOT_CONCERNED),
        "signed by the mayor": (listed(UNSIGNED), NOW, UNMET),
        "a service that the order does not name": (listed(UNNAMED), NOW, UNMET),
        "two services, one named": (listed(UNNAMED, LISTED), NOW, MET),
        "the last day of the order that names it": (listed(LISTED, orders=DROPPED), just_before(RENEWED), MET),
        "an order that no longer names it": (listed(LISTED, orders=DROPPED), first_instant(RENEWED), UNMET),
        "no order": (listed(LISTED, orders=()), NOW, UNMET),
        "another category": (street(action=Action.WATCH), NOW, NOT_CONCERNED),
        "premises": (premises(agent=GENDARME, action=Action.WATCH), NOW, NOT_CONCERNED),
        "nobody": (street(agent=None), NOW, NOT_CONCERNED),
    }
)
def test_the_chief_of_service_signs_and_the_order_names_it(facts: Facts, at: datetime, expected: Outcome) -> None:
    assert outcome(REQUIREMENT, facts, at) is expected


def test_the_reason_tells_signature_from_service() -> None:
    assert "chef de service" in reason(REQUIREMENT, listed(UNSIGNED), NOW)
    assert "ne nomme pas ce service" in reason(REQUIREMENT, listed(UNNAMED), NOW)
    assert "chef de service" in reason(REQUIREMENT, street(agent=None), NOW)
