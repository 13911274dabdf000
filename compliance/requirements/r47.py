"""R-47: the order fixes a retention of one month at most, and erasure works."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.calendar import ONE_MONTH_AT_MOST
from compliance.law.terms import Seen
from compliance.requirements.base import Answer, Blocks, Requirement, always, french, met, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the order allows recording, no more is asked than it allows, and the last erasure did not fail."""
    order, held = facts.order(at), facts.declaration(at)
    if order is None or order.retention_days is None:
        return unmet("Aucun arrêté ne fixe de durée de conservation : rien ne peut être enregistré.")
    if not 1 <= order.retention_days <= ONE_MONTH_AT_MOST:
        return unmet(f"{order.retention_days} jours dépassent un mois.")
    if held is not None and held.retention_days is not None and held.retention_days > order.retention_days:
        return unmet(f"{held.retention_days} jours sont demandés, l’arrêté en permet {order.retention_days}.")
    erasures = [o for o in facts.observations if o.kind in ERASURES and o.at <= at]
    if erasures and erasures[-1].kind is Seen.ERASURE_FAILED:
        why = f" ({erasures[-1].detail})" if erasures[-1].detail else ""
        return unmet(f"L’effacement est en échec depuis le {french(legal_day(erasures[-1].at))}{why}.")
    days = held.retention_days if held and held.retention_days is not None else order.retention_days
    return met(f"{days} jour{'s' if days > 1 else ''}, effacement automatique.", order.ends_on)


ERASURES = frozenset({Seen.ERASURE_FAILED, Seen.ERASURE_RESTORED})
REQUIREMENT = Requirement(
    code="R-47",
    title="La conservation est fixée et l’effacement fonctionne",
    articles=articles("CSI L252-5", "CSI R253-4"),
    blocks=Blocks.REC,
    when="enregistrement",
    proof="durée de l’arrêté, journal d’effacement",
    validity="contrôle continu",
    remedy="Rétablir l’effacement ; ramener la durée à celle de l’arrêté.",
    who="Technique",
    act="position",
    applies=always,
    check=check,
)
