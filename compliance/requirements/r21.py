"""R-21: the commitment of conformity was sent to the CNIL, by the responsible, before."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, always, french, met, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met from the day the commitment was sent, with its receipt."""
    day = legal_day(at)
    sent = [c for c in facts.authority.commitments if c.sent_on <= day and c.receipt]
    if not sent:
        return unmet("Aucun engagement de conformité n’est parti à la CNIL.")
    return met(f"Envoyé le {french(sent[0].sent_on)}, récépissé {sent[0].receipt}.")


REQUIREMENT = Requirement(
    code="R-21",
    title="L’engagement CNIL est parti avant",
    articles=articles("CSI R253-7", "LIL art. 31"),
    blocks=Blocks.ALL,
    when="commune",
    proof="récépissé de la CNIL, date, numéro",
    validity="une fois par responsable ; à refaire s’il change",
    remedy="Envoyer l’engagement de conformité à la CNIL et enregistrer le récépissé.",
    who="Maire",
    act="engagement",
    applies=always,
    check=check,
)
