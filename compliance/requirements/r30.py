"""R-30: on the street, only the persons of R253-3 II and III see images."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.law.terms import ACTION_LABELS, CATEGORY_LABELS
from compliance.requirements.base import Answer, Blocks, Requirement, met, on_street, unmet
from compliance.requirements.titles import relied


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the person holds a title in force, of a category of the list, for this position and this action."""
    if facts.agent is None:
        return unmet("Aucune personne n’est désignée.")
    title = relied(facts, at)
    if title is not None:
        return met(f"{CATEGORY_LABELS[title.category].capitalize()}, {title.act}.", title.ends_on)
    held = [h for h in facts.agent.habilitations if h.running(at)]
    if not held:
        return unmet(f"{facts.agent.name} n’a aucune habilitation en vigueur.")
    held = [h for h in held if h.covers_position]
    if not held:
        return unmet(f"L’habilitation de {facts.agent.name} ne couvre pas cette position.")
    if not any(facts.action in h.actions for h in held):
        return unmet(f"L’habilitation de {facts.agent.name} ne permet pas de {ACTION_LABELS[facts.action]}.")
    return unmet(f"{facts.agent.name} n’est d’aucune catégorie que la loi admet ici.")


REQUIREMENT = Requirement(
    code="R-30",
    title="Une personne que la loi admet regarde",
    articles=articles("CSI R253-3"),
    blocks=Blocks.USER,
    when="voie publique, chaque personne",
    proof="catégorie légale, acte, signataire",
    validity="celle de l’acte",
    remedy="Habiliter la personne, ou la laisser hors des images.",
    who="Maire",
    act="habilitation",
    applies=on_street,
    check=check,
)
