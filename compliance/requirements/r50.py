"""R-50: the journal can be written. Viewing is refused at once without it; a recording runs to the end of its lease."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.requirements.base import Answer, Blocks, Requirement, always, met, unmet


def check(facts: Facts, at: datetime) -> Answer:  # noqa: ARG001 (every requirement has this signature)
    """Met when an entry could be written at the instant of the question."""
    if facts.journal_writes:
        return met("Le journal écrit.")
    return unmet("Le journal ne peut pas être écrit : aucune image sans trace.")


REQUIREMENT = Requirement(
    code="R-50",
    title="Le journal écrit",
    articles=articles("CSI R253-5", "LIL art. 101"),
    blocks=Blocks.JOURNAL,
    when="toute caméra",
    proof="essai d’écriture",
    validity="à chaque question",
    remedy="Rétablir l’écriture du journal (base de données, place sur le disque).",
    who="Technique",
    interpreted=True,
    applies=always,
    check=check,
)
