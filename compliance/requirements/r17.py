"""R-17 with R-18: the device stays within the authorised position, field and number; more asks a new order."""

from datetime import datetime

from compliance.facts import Facts, FieldOfView
from compliance.law import articles
from compliance.requirements.base import Answer, Blocks, Requirement, always, met, unmet
from compliance.requirements.geometry import (
    ANGLE_TOLERANCE,
    PLACE_TOLERANCE_M,
    RANGE_TOLERANCE_M,
    distance_m,
    excess_angle,
    inside,
)


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the declared place and cone are within the order's line (or perimeter), and no device is in excess."""
    held, order = facts.declaration(at), facts.order(at)
    if held is None:
        return unmet("La position n’est pas déclarée.")
    if order is None:
        return unmet("Aucun arrêté ne décrit cette position.")
    devices = len(facts.standing(at))
    if devices == 0:
        return unmet("Aucun appareil n’est déclaré sur cette position.")
    if devices > order.cameras:
        return unmet(f"{devices} appareils sont posés, l’arrêté {order.number} en autorise {order.cameras}.")
    if order.perimeter:
        if inside(held.view, order.perimeter):
            return met(f"Dans le périmètre de l’arrêté {order.number}.", order.ends_on)
        return unmet(f"La position est hors du périmètre de l’arrêté {order.number}.")
    outside = _outside(held.view, order.view)
    if outside:
        return unmet(outside)
    return met(f"Champ et nombre conformes à l’annexe de l’arrêté {order.number}.", order.ends_on)


def _outside(declared: FieldOfView, allowed: FieldOfView) -> str:
    away = distance_m(declared, allowed)
    if away > PLACE_TOLERANCE_M:
        return f"L’appareil est à {away:.0f} m de l’emplacement autorisé."
    excess = excess_angle(declared, allowed)
    if excess > ANGLE_TOLERANCE:
        return (
            f"Le champ dépasse le champ autorisé de {excess:.0f}° : l’appareil regarde à {declared.azimuth:.0f}°, "
            f"l’arrêté dit {allowed.azimuth:.0f}°."
        )
    if declared.range_m > allowed.range_m + RANGE_TOLERANCE_M:
        return f"La portée déclarée, {declared.range_m:.0f} m, dépasse celle de l’arrêté, {allowed.range_m:.0f} m."
    return ""


REQUIREMENT = Requirement(
    code="R-17",
    covers=("R-18",),
    title="L’appareil reste dans la position autorisée",
    articles=articles("CSI L252-1", "CSI R254-2"),
    blocks=Blocks.ALL,
    when="toute caméra",
    proof="champ déclaré, appareils posés, annexe de l’arrêté",
    validity="à chaque changement",
    remedy="Remettre l’appareil dans le champ autorisé, ou demander une modification au préfet.",
    who="Technique",
    act="position",
    interpreted=True,
    applies=always,
    check=check,
)
