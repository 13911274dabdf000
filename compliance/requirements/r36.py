"""R-36: no private operator sees street images."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import Category
from compliance.requirements.base import Answer, Blocks, Requirement, met, unmet


def applies(facts: Facts, at: datetime) -> bool:
    """Applies on the street to whoever asks to see."""
    return facts.street(at) and facts.agent is not None


def check(facts: Facts, at: datetime) -> Answer:
    """Met unless the person works for a private employer at that instant, or holds a private operator's title."""
    agent, day = facts.agent, legal_day(at)
    assert agent is not None  # noqa: S101 (applies says so)
    private = next((e for e in agent.employments if e.covers(day) and not e.public), None)
    if private is not None:
        return unmet(f"{agent.name} travaille pour {private.employer} : un opérateur privé ne voit pas la rue.")
    if any(h.category is Category.PRIVATE_OPERATOR and h.running(at) for h in agent.habilitations):
        return unmet("Un opérateur privé ne voit pas les images de la voie publique.")
    return met("Aucun employeur privé.")


REQUIREMENT = Requirement(
    code="R-36",
    title="Aucun opérateur privé ne voit la rue",
    articles=articles("CSI R253-3", "CSI L613-13"),
    blocks=Blocks.USER,
    when="voie publique, chaque personne",
    proof="emploi de la personne",
    validity="l’emploi",
    remedy="Réserver les images de la rue aux personnes de R253-3 II.",
    who="Maire",
    act="emploi",
    applies=applies,
    check=check,
)
