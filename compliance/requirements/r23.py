"""R-23: a high residual risk waits for the CNIL’s answer."""

from datetime import datetime

from compliance.facts import Aipd, Facts
from compliance.law import articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, french, met, unmet


def applies(facts: Facts, at: datetime) -> bool:
    """Applies when the last signed AIPD says that a high risk remains."""
    last = _last(facts, at)
    return last is not None and last.residual_high


def check(facts: Facts, at: datetime) -> Answer:
    """Met once the CNIL answered and does not oppose."""
    last = _last(facts, at)
    if last is None or last.answered_on is None or last.answered_on > legal_day(at):
        return unmet("L’AIPD laisse un risque élevé : la réponse de la CNIL est attendue.")
    if not last.allows:
        return unmet(f"La CNIL s’est opposée le {french(last.answered_on)}.")
    return met(f"La CNIL a répondu le {french(last.answered_on)}.")


def _last(facts: Facts, at: datetime) -> Aipd | None:
    signed = [a for a in facts.aipds if a.signed_on <= legal_day(at)]
    return signed[-1] if signed else None


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
