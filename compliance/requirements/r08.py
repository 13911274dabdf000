"""R-08 with R-09: the prefect has authorised this position, and the order has not expired."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import add_months, articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, alert, always, french, met, unmet

RENEWAL = ((4, "le renouvellement presse"), (8, "déposer le renouvellement"), (12, "préparer le renouvellement"))


def check(facts: Facts, at: datetime) -> Answer:
    """Met from the order's first day to its last; a provisional order ends by R-10."""
    day, order = legal_day(at), facts.order(at)
    if order is None:
        if facts.orders:
            first = min(o.starts_on for o in facts.orders)
            return unmet(f"L’arrêté ne prend effet que le {french(first)}.")
        return unmet("Aucun arrêté ne nomme cette position.")
    if order.provisional:
        return met(f"Arrêté provisoire {order.number} du {french(order.signed_on)}, {order.kind}.", order.ends_on)
    if day > order.ends_on:
        return unmet(f"L’arrêté {order.number} a pris fin le {french(order.ends_on)}.")
    held = f"Arrêté {order.number}, jusqu’au {french(order.ends_on)}"
    for months, advice in RENEWAL:
        if day > add_months(order.ends_on, -months):
            return alert(f"{held} : {advice}, selon l’usage.", order.ends_on)
    return met(f"{held}.", order.ends_on)


REQUIREMENT = Requirement(
    code="R-08",
    covers=("R-09",),
    title="Le préfet a autorisé cette position",
    articles=articles("CSI L252-1", "CSI L252-4"),
    blocks=Blocks.ALL,
    when="toute caméra",
    proof="arrêté (numéro, date, annexe des positions)",
    validity="cinq ans, ou la date que l’arrêté écrit ; fin à 00:00 le lendemain du dernier jour",
    remedy="Saisir l’arrêté du préfet ; s’il n’existe pas, le demander.",
    who="Secrétariat",
    act="arrete",
    applies=always,
    check=check,
)
