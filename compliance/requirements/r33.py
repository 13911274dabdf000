"""R-33: an elected member other than the mayor holds a delegation of police functions."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import Category
from compliance.requirements.base import Answer, Blocks, Requirement, french, met, unmet
from compliance.requirements.titles import relied


def applies(facts: Facts, at: datetime) -> bool:
    """Applies on the street to elected members but the mayor."""
    title = relied(facts, at)
    return facts.street(at) and title is not None and title.category is Category.DELEGATE


def check(facts: Facts, at: datetime) -> Answer:
    """Met while a delegation runs."""
    held = facts.agent.delegations if facts.agent else ()
    running = next((d for d in held if d.covers(legal_day(at))), None)
    if running is None:
        return unmet("Aucune délégation de fonctions de police n’est en vigueur.")
    return met(f"Délégation du {french(running.starts_on)}.", running.ends_on)


REQUIREMENT = Requirement(
    code="R-33",
    title="L’élu a reçu délégation de fonctions de police",
    articles=articles("CSI R253-3"),
    blocks=Blocks.USER,
    when="élu autre que le maire",
    proof="arrêté de délégation",
    validity="le mandat, la délégation",
    remedy="Prendre un arrêté de délégation.",
    who="Maire",
    act="delegation",
    applies=applies,
    check=check,
)
