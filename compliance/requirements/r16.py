"""R-16: inside an authorised perimeter, the prefect was told the location before installation and each move."""

from datetime import date, datetime

from compliance.facts import Declaration, Facts, FieldOfView
from compliance.law import articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, french, met, unmet
from compliance.requirements.geometry import same_place


def applies(facts: Facts, at: datetime) -> bool:
    """Applies while the order relied on authorises a perimeter."""
    order = facts.order(at)
    return order is not None and bool(order.perimeter)


def check(facts: Facts, at: datetime) -> Answer:
    """Met when a proved notice of this very place was sent before the day the position was set there."""
    held = facts.declaration(at)
    if held is None:
        return unmet("La position n’est pas déclarée.")
    left_on, set_on = _move(facts, held)
    for notice in facts.locations:
        if (
            notice.proved
            and notice.view is not None
            and same_place(notice.view, held.view)
            and left_on <= notice.sent_on < set_on
        ):
            return met(
                f"Localisation signalée au préfet le {french(notice.sent_on)}, avant la pose du {french(set_on)}."
            )
    return unmet(f"Le préfet n’a pas été informé de cet emplacement avant le {french(set_on)}.")


def _move(facts: Facts, held: Declaration) -> tuple[date, date]:
    """Return the day the position came to its former place (the first of days if none) and the day it came to this one.

    A change of purpose or of aim is not a move; coming back to an old place is one, and asks its own letter.
    """
    left_on, set_on = date.min, legal_day(held.since)
    former: FieldOfView | None = None
    for earlier in reversed([d for d in facts.declarations if d.since < held.since]):
        if former is None and same_place(earlier.view, held.view):
            set_on = legal_day(earlier.since)
        elif former is None or same_place(earlier.view, former):
            former, left_on = earlier.view, legal_day(earlier.since)
        else:
            break
    return left_on, set_on


REQUIREMENT = Requirement(
    code="R-16",
    title="Le préfet connaît l’emplacement dans le périmètre",
    articles=articles("CSI R252-17"),
    blocks=Blocks.ALL,
    when="arrêté de périmètre",
    proof="lettre de localisation et preuve d’envoi",
    validity="jusqu’au prochain déplacement",
    remedy="Informer le préfet de l’emplacement avant la pose ou le déplacement.",
    who="Secrétariat",
    act="localisation",
    applies=applies,
    check=check,
)
