"""R-23: a high residual risk waits for the CNIL’s answer."""

from datetime import datetime

from compliance.facts import Aipd, Facts
from compliance.law import articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, french, met, unmet


def applies(facts: Facts, at: datetime) -> bool:
    """Applies when the AIPD relied on, or the last one signed, says that a high risk remains."""
    return bool(_risky(facts, at))


def check(facts: Facts, at: datetime) -> Answer:
    """Met once the CNIL answered each of them and does not oppose."""
    day, text = legal_day(at), ""
    for aipd in _risky(facts, at):
        reply = aipd.reply(day)
        if reply is None:
            return unmet(f"L’AIPD version {aipd.version} laisse un risque élevé : la réponse de la CNIL est attendue.")
        if not reply.allows:
            return unmet(f"La CNIL s’est opposée le {french(reply.answered_on)}.")
        text = f"La CNIL a répondu le {french(reply.answered_on)}."
    return met(text)


def _risky(facts: Facts, at: datetime) -> tuple[Aipd, ...]:
    """Return the AIPD relied on by R-22 and the last one signed, where a high risk remains.

    A version signed without the DPO's opinion must neither hide the risk of the one relied on, nor its own.
    """
    day = legal_day(at)
    signed = [a for a in facts.aipds if a.signed_on <= day]
    complete = [a for a in signed if a.complete(day)]
    return tuple(a for a in dict.fromkeys((*complete[-1:], *signed[-1:])) if a.residual_high)


REQUIREMENT = Requirement(
    code="R-23",
    title="La CNIL a été consultée sur le risque élevé",
    articles=articles("RGPD art. 36", "LIL art. 90"),
    blocks=Blocks.ALL,
    when="risque résiduel élevé dans l’AIPD",
    proof="réponse de la CNIL",
    validity="8 + 6 semaines d’attente au plus, à vérifier",
    remedy="Consulter la CNIL et enregistrer sa réponse, ou réduire le risque et signer une nouvelle version.",
    who="DPD",
    act="cnil-reponse",
    applies=applies,
    check=check,
)
