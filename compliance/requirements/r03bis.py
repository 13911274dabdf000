"""R-03 bis: in premises open to the public, the one purpose of L251-2, penultimate paragraph."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.requirements.base import Answer, Blocks, Requirement, in_premises, met, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the safety of persons and goods is declared for these premises and the order allows premises."""
    held, order = facts.declaration(at), facts.order(at)
    if held is None or not held.premises_purpose:
        return unmet("La sécurité des personnes et des biens dans ce lieu exposé n’est pas déclarée.")
    if order is None or not order.premises:
        return unmet("Aucun arrêté n’autorise à filmer dans ce lieu ouvert au public.")
    return met(f"Sécurité des personnes et des biens, arrêté {order.number}.", order.ends_on)


REQUIREMENT = Requirement(
    code="R-03 bis",
    title="La finalité du lieu ouvert au public est dans l’arrêté",
    articles=articles("CSI L251-2", "CSI R251-1"),
    blocks=Blocks.ALL,
    when="lieu ouvert au public",
    proof="finalité déclarée (avant-dernier alinéa de L251-2), arrêté",
    validity="celle de l’arrêté",
    remedy="Déclarer la finalité du lieu, ou demander une modification au préfet.",
    who="Secrétariat",
    act="position",
    applies=in_premises,
    check=check,
)
