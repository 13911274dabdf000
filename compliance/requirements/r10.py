"""R-10: a provisional order ends with the event, and after four months at most."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, french, met, unmet


def applies(facts: Facts, at: datetime) -> bool:
    """Applies while the order relied on is provisional."""
    order = facts.order(at)
    return order is not None and order.provisional


def check(facts: Facts, at: datetime) -> Answer:
    """Met until the recorded end of the event or the last day of four months, whichever comes first."""
    order = facts.order(at)
    assert order is not None  # noqa: S101 (applies says so)
    over = order.event_end(at)
    if over is not None:
        return unmet(f"L’événement a pris fin le {french(legal_day(over.since))} : l’arrêté provisoire cesse avec lui.")
    if legal_day(at) > order.ends_on:
        return unmet(
            f"L’arrêté provisoire {order.number} a duré quatre mois : il a pris fin le {french(order.ends_on)}."
        )
    return met(f"Arrêté provisoire {order.number}, au plus tard jusqu’au {french(order.ends_on)}.", order.ends_on)


REQUIREMENT = Requirement(
    code="R-10",
    title="L’arrêté provisoire court encore",
    articles=articles("CSI L252-6", "CSI L252-7", "CSI L223-4", "CSI L223-5"),
    blocks=Blocks.ALL,
    when="arrêté provisoire",
    proof="acte, fin de l’événement, avis de la commission",
    validity="la fin de l’événement, quatre mois au plus",
    remedy="Obtenir un arrêté ordinaire : le provisoire ne se prolonge pas ici.",
    who="Secrétariat",
    act="arrete",
    applies=applies,
    check=check,
)
