"""R-03: on the street, at least one purpose of L251-2, all of them in the order."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.requirements.base import Answer, Blocks, Requirement, met, on_street, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the declared purposes are among those of the order relied on."""
    held, order = facts.declaration(at), facts.order(at)
    if held is None or not held.purposes:
        return unmet("Aucune finalité n’est déclarée pour cette position.")
    if order is None:
        return unmet("Aucun arrêté ne dit à quelles fins cette position peut filmer.")
    missing = sorted(held.purposes - order.purposes)
    if missing:
        return unmet(f"L’arrêté {order.number} ne prévoit pas la finalité {_list(missing)}.")
    return met(f"Finalité {_list(sorted(held.purposes))}, arrêté {order.number}.", order.ends_on)


def _list(purposes: list[int]) -> str:
    return ", ".join(f"{p}°" for p in purposes)


REQUIREMENT = Requirement(
    code="R-03",
    title="La finalité est dans l’arrêté",
    articles=articles("CSI L251-2", "Code pénal 226-21"),
    blocks=Blocks.ALL,
    when="voie publique",
    proof="finalités déclarées pour la position, finalités de l’arrêté",
    validity="celle de l’arrêté",
    remedy="Ramener les finalités à celles de l’arrêté, ou demander une modification au préfet.",
    who="Secrétariat",
    act="position",
    applies=on_street,
    check=check,
)
