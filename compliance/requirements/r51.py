"""R-51: no hand-over without its ground. A consultation’s motive is asked by the act that opens it."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.law.terms import GROUND_LABELS, Action
from compliance.requirements.base import Answer, Blocks, Requirement, met, unmet


def applies(facts: Facts, at: datetime) -> bool:  # noqa: ARG001 (every requirement has this signature)
    """Applies to a hand-over; the act of consultation itself refuses an empty motive."""
    return facts.action is Action.EXPORT


def check(facts: Facts, at: datetime) -> Answer:  # noqa: ARG001 (every requirement has this signature)
    """Met when the ground of the hand-over is named."""
    if facts.ground is None:
        return unmet("Aucun motif de remise : réquisition, procédure ou droit d’accès.")
    return met(f"Motif : {GROUND_LABELS[facts.ground]}.")


REQUIREMENT = Requirement(
    code="R-51",
    title="Le motif est donné",
    articles=articles("CSI R253-5", "CSI R253-3"),
    blocks=Blocks.FUNC,
    when="consultation et remise",
    proof="motif inscrit au journal",
    validity="chaque consultation",
    remedy="Donner le motif.",
    who="Agent",
    applies=applies,
    check=check,
)
