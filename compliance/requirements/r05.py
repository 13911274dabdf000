"""R-05: neither the inside nor, specifically, the entrance of dwellings; checked again after each change."""

from collections.abc import Iterator
from datetime import datetime

from compliance.facts import Declaration, Facts
from compliance.law import articles, legal_day
from compliance.law.terms import Action
from compliance.requirements.base import Answer, Blocks, Requirement, french, met, on_street, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the last check is clean, on a snapshot, and later than any change of the position or of a device."""
    done = [c for c in facts.masks if c.at <= at]
    if not done:
        return unmet("Les masques n’ont jamais été vérifiés sur une image datée.")
    last = done[-1]
    day = french(legal_day(last.at))
    if not last.clean:
        return unmet(f"La vérification du {day} a vu un intérieur ou une entrée d’habitation.")
    if not last.snapshot:
        return unmet(f"La vérification du {day} n’a pas d’image datée.")
    changed = max((i for i in _changes(facts) if i <= at), default=None)
    if changed is not None and last.at < changed:
        return unmet(f"Les masques datent d’avant le changement du {french(legal_day(changed))}.")
    masks = "aucun masque nécessaire" if last.masks == 0 else f"{last.masks} masque{'s' if last.masks > 1 else ''}"
    return met(f"Vérifié sur image le {day} : {masks}.")


def _changes(facts: Facts) -> Iterator[datetime]:
    held = facts.declarations
    yield from (d.since for n, d in enumerate(held) if n == 0 or _looks(d) != _looks(held[n - 1]))
    yield from (m.since for m in facts.mountings)


def _looks(held: Declaration) -> object:
    """Only what changes the picture asks for a new check: not a new purpose, not a corrected note."""
    return held.view, held.kind


REQUIREMENT = Requirement(
    code="R-05",
    title="Aucun intérieur ni entrée d’habitation n’est visible",
    articles=articles("CSI L251-3"),
    blocks=Blocks.ALL,
    when="voie publique",
    proof="masques déclarés, image datée, vérification signée",
    validity="jusqu’au prochain changement de la position ou de l’appareil",
    remedy="Vérifier les masques sur une image datée, après le dernier changement.",
    who="Police municipale",
    act="masques",
    except_for=frozenset({Action.PROBE}),
    applies=on_street,
    check=check,
)
