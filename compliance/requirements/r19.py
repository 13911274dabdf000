"""R-19: no suspension, withdrawal or stop order bites."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import MeasureKind
from compliance.requirements.base import Answer, Blocks, Requirement, always, french, met, unmet

WORDS = {
    MeasureKind.SUSPENSION: "suspendu",
    MeasureKind.WITHDRAWAL: "retiré",
    MeasureKind.STOP: "arrêté par la préfecture",
}


def check(facts: Facts, at: datetime) -> Answer:
    """Met unless the order relied on is suspended, withdrawn or stopped at that instant."""
    order = facts.order(at)
    if order is None:
        return met("Aucun arrêté, donc aucune mesure.")
    measure = order.stopped(at)
    if measure is None:
        return met(f"Aucune mesure ne frappe l’arrêté {order.number}.")
    return unmet(f"L’arrêté {order.number} est {WORDS[measure.kind]} depuis le {french(legal_day(measure.since))}.")


REQUIREMENT = Requirement(
    code="R-19",
    title="Aucune suspension ni retrait",
    articles=articles("CSI R254-2", "CSI L253-1"),
    blocks=Blocks.ALL,
    when="dès qu’un acte est reçu",
    proof="acte du préfet",
    validity="immédiate",
    remedy="Seul un nouvel acte du préfet rouvre : levée de la mesure ou nouvel arrêté.",
    who="Préfecture",
    act="arrete-lever",
    applies=always,
    check=check,
)
