"""R-27: a panel tells the public. Never proved: dark. Reported missing or unseen for a year: alert."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import add_months, articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, alert, always, french, met, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met once a present panel covering the position was photographed."""
    day = legal_day(at)
    seen = [c for c in facts.panels if c.checked_on <= day]
    proved = [c for c in seen if c.present]
    if not proved:
        return unmet("Aucun panneau couvrant cette position n’a été photographié.")
    last = {c.panel: c for c in seen}
    standing = [c for c in last.values() if c.present]
    if not standing:
        return alert(f"Le panneau {seen[-1].panel} a été signalé absent le {french(seen[-1].checked_on)}.")
    latest = max(standing, key=lambda c: c.checked_on)
    if add_months(latest.checked_on, 12) <= day:
        return alert(f"Panneau {latest.panel}, photo du {french(latest.checked_on)} : contrôle annuel conseillé.")
    return met(f"Panneau {latest.panel}, photo du {french(latest.checked_on)}.")


REQUIREMENT = Requirement(
    code="R-27",
    title="Un panneau informe le public",
    articles=articles("CSI R253-6", "CSI L255-1"),
    blocks=Blocks.ALL,
    when="toute caméra",
    proof="photo datée du panneau, positions couvertes",
    validity="contrôle annuel conseillé",
    remedy="Poser le panneau, le photographier et dire quelles positions il couvre.",
    who="Secrétariat",
    act="panneau",
    applies=always,
    check=check,
)
