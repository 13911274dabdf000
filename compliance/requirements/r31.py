"""R-31: a municipal police officer is individually designated and habilitated by the mayor."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.law.terms import Category
from compliance.requirements.base import Answer, Blocks, Requirement, french, met, unmet
from compliance.requirements.titles import relied


def applies(facts: Facts, at: datetime) -> bool:
    """Applies on the street to municipal police officers."""
    title = relied(facts, at)
    return facts.street(at) and title is not None and title.category is Category.MUNICIPAL_POLICE


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the mayor signed."""
    title = relied(facts, at)
    if title is None or title.signatory != "mayor":
        return unmet("L’habilitation d’un agent de police municipale est signée par le maire.")
    return met(f"{title.act}, signé par le maire le {french(title.signed_on)}.", title.ends_on)


REQUIREMENT = Requirement(
    code="R-31",
    title="L’agent de police municipale est habilité par le maire",
    articles=articles("CSI R253-3"),
    blocks=Blocks.USER,
    when="agent de police municipale",
    proof="arrêté du maire",
    validity="l’acte, l’emploi",
    remedy="Faire signer l’habilitation par le maire.",
    who="Maire",
    act="habilitation",
    applies=applies,
    check=check,
)
