"""R-53: the technical norms of the order of 3 August 2007. Below them, an alert."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import Seen
from compliance.requirements.base import Answer, Blocks, Requirement, alert, always, french, met


def check(facts: Facts, at: datetime) -> Answer:
    """Met when the last stream seen conforms to the norms; never blocks."""
    seen = [o for o in facts.observations if o.kind is Seen.STREAM and o.at <= at]
    if not seen:
        return alert("Le flux n’a pas encore été mesuré.")
    last = seen[-1]
    day = french(legal_day(last.at))
    if not last.conforms:
        return alert(f"Sous la norme le {day} : {last.detail}.")
    return met(f"Mesuré le {day} : {last.detail}.")


REQUIREMENT = Requirement(
    code="R-53",
    title="Le flux respecte les normes techniques",
    articles=articles("Arrêté du 3 août 2007 art. 2", "CSI L252-4"),
    blocks=Blocks.NO,
    when="toute caméra",
    proof="mesure automatique du flux",
    validity="après chaque changement",
    remedy="Régler la définition (704 × 576 au moins) et la cadence (12 images par seconde au moins).",
    who="Technique",
    applies=always,
    check=check,
)
