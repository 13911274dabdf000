"""R-35: municipal officers and agents only see the communes they are competent for."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import Category
from compliance.requirements.base import Answer, Blocks, Requirement, met, unmet
from compliance.requirements.titles import relied

LOCAL = frozenset({Category.MUNICIPAL_POLICE, Category.COMMUNAL_AGENT})


def applies(facts: Facts, at: datetime) -> bool:
    """Applies on the street to municipal police officers and to communal agents."""
    title = relied(facts, at)
    return facts.street(at) and title is not None and title.category in LOCAL


def check(facts: Facts, at: datetime) -> Answer:
    """Met while an employment makes the person competent for this commune."""
    day = legal_day(at)
    held = [e for e in (facts.agent.employments if facts.agent else ()) if e.covers(day)]
    if not held:
        return unmet("Aucun emploi en cours ne dit pour quelle commune cette personne est compétente.")
    if not any(facts.authority.id in e.territory for e in held):
        return unmet(f"{held[-1].employer} : pas de compétence sur le territoire de {facts.authority.name}.")
    return met(f"Compétent pour {facts.authority.name}.")


REQUIREMENT = Requirement(
    code="R-35",
    title="La personne est compétente sur ce territoire",
    articles=articles("CSI R253-3", "Cons. const. 2021-817 DC"),
    blocks=Blocks.USER,
    when="police municipale, agents communaux",
    proof="emploi, communes de compétence",
    validity="l’emploi",
    remedy="Enregistrer l’emploi et les communes de compétence.",
    who="Secrétariat",
    act="emploi",
    applies=applies,
    check=check,
)
