"""R-34: a State, fire or customs agent is on a list signed by the chief of service, and the order names the service."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.law.terms import Category
from compliance.requirements.base import Answer, Blocks, Requirement, french, met, unmet
from compliance.requirements.titles import relied


def applies(facts: Facts, at: datetime) -> bool:
    """Applies on the street to agents of the State, customs and rescue."""
    title = relied(facts, at)
    return facts.street(at) and title is not None and title.category is Category.STATE_AGENT


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the chief of service signed and the order names the service among its recipients (law.md D.5)."""
    title, order = relied(facts, at), facts.order(at)
    if title is None or title.signatory != "chief_of_service":
        return unmet("L’habilitation d’un agent de l’État est signée par son chef de service.")
    if order is None or title.service not in order.services:
        return unmet("L’arrêté ne nomme pas ce service parmi les destinataires.")
    return met(f"{title.act}, signé par le chef de service le {french(title.signed_on)}.", title.ends_on)


REQUIREMENT = Requirement(
    code="R-34",
    title="L’agent de l’État est habilité par son chef de service",
    articles=articles("CSI R253-3", "CSI L252-3"),
    blocks=Blocks.USER,
    when="agent de l’État, des douanes, des secours",
    proof="liste signée, service nommé par l’arrêté",
    validity="celle de la liste",
    remedy="Obtenir la liste signée du chef de service, et le service dans l’arrêté.",
    who="Chef de service",
    act="habilitation",
    applies=applies,
    check=check,
)
