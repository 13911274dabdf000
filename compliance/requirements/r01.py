"""R-01: the controller is a competent public authority, with a mayor in office."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, always, met, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met while the authority is public, identified, and a mandate runs."""
    authority = facts.authority
    if not authority.public or not authority.siret:
        return unmet(f"{authority.name} n’est pas identifiée comme une autorité publique.")
    mandate = next((m for m in authority.mandates if m.covers(legal_day(at))), None)
    if mandate is None:
        return unmet("Aucun mandat de maire n’est en cours : personne ne peut autoriser.")
    return met(f"{authority.name}, SIRET {authority.siret}, mandat en cours.", mandate.ends_on)


REQUIREMENT = Requirement(
    code="R-01",
    title="Le responsable est une autorité publique",
    articles=articles("CSI L251-2", "CSI R251-1"),
    blocks=Blocks.ALL,
    when="toute caméra",
    proof="identité de la commune (SIRET, INSEE), mandat du maire",
    validity="le mandat",
    remedy="Enregistrer le mandat du maire en exercice.",
    who="Secrétariat",
    act="mandat",
    applies=always,
    check=check,
)
