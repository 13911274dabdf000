"""R-15: the prefect was told the commissioning date before it."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import Action
from compliance.requirements.base import Answer, Blocks, Requirement, always, french, met, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met when a proved letter was sent before the date it announces, and that date has come."""
    day = legal_day(at)
    valid = [n for n in facts.notices if n.proved and n.sent_on < n.service_on]
    if not valid:
        if any(n.proved for n in facts.notices):
            return unmet("La lettre au préfet n’est pas partie avant la date qu’elle annonce.")
        return unmet("Le préfet n’a pas été informé de la date de mise en service.")
    begun = [n for n in valid if n.service_on <= day]
    if not begun:
        return unmet(f"La mise en service est annoncée pour le {french(min(n.service_on for n in valid))}.")
    return met(f"Lettre du {french(begun[0].sent_on)}, mise en service au {french(begun[0].service_on)}.")


REQUIREMENT = Requirement(
    code="R-15",
    title="Le préfet connaît la date de mise en service",
    articles=articles("CSI R252-17"),
    blocks=Blocks.ALL,
    when="toute caméra",
    proof="lettre et preuve d’envoi",
    validity="à partir de la date annoncée",
    remedy="Informer le préfet de la date de mise en service, avant cette date.",
    who="Secrétariat",
    act="mise-en-service",
    except_for=frozenset({Action.PROBE}),
    applies=always,
    check=check,
)
