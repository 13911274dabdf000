"""R-02: the place is legally typed; what is not open to the public is outside title V."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import PLACE_LABELS, PlaceKind
from compliance.requirements.base import Answer, Blocks, Requirement, always, french, met, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met when a justified kind is declared and title V applies to it."""
    held = facts.declaration(at)
    if held is None:
        return unmet("Le lieu n’est pas qualifié : on ne sait pas quelles règles s’appliquent.")
    if held.kind is PlaceKind.NONE:
        return unmet("Lieu non ouvert au public : hors du titre V, ce logiciel ne l’ouvre pas.")
    if not held.justification:
        return unmet("La qualification du lieu n’est pas justifiée.")
    return met(f"{PLACE_LABELS[held.kind].capitalize()}, fiche du {french(legal_day(held.since))}.")


REQUIREMENT = Requirement(
    code="R-02",
    title="Le lieu est qualifié",
    articles=articles("CSI L251-2"),
    blocks=Blocks.ALL,
    when="toute caméra",
    proof="qualification du lieu et justification",
    validity="jusqu’au prochain changement",
    remedy="Déclarer ce que la position filme : voie publique, lieu ouvert au public, ou les deux.",
    who="Secrétariat",
    act="position",
    applies=always,
    check=check,
)
