"""R-30 bis: in premises open to the public, the persons of R253-3 I, designated by the controller."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.law.terms import CATEGORY_LABELS, Category
from compliance.requirements.base import Answer, Blocks, Requirement, in_premises, met, unmet
from compliance.requirements.titles import CONTROLLER, PREMISES, titles


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the controller habilitated the person, or a private operator, for this position and this action."""
    if facts.agent is None:
        return unmet("Aucune personne n’est désignée.")
    title = next(iter(titles(facts, at, PREMISES)), None)
    if title is None:
        return unmet(f"{facts.agent.name} n’est pas habilité par le responsable pour ce lieu.")
    if title.category is not Category.MAYOR and title.signatory not in CONTROLLER:
        return unmet("L’habilitation pour un lieu ouvert au public est signée par le responsable.")
    return met(f"{CATEGORY_LABELS[title.category].capitalize()}, {title.act}.", title.ends_on)


REQUIREMENT = Requirement(
    code="R-30 bis",
    title="Une personne habilitée par le responsable regarde ce lieu",
    articles=articles("CSI R253-3", "CSI L613-13"),
    blocks=Blocks.USER,
    when="lieu ouvert au public, chaque personne",
    proof="acte du responsable",
    validity="celle de l’acte",
    remedy="Habiliter la personne pour ce lieu.",
    who="Maire",
    act="habilitation",
    applies=in_premises,
    check=check,
)
