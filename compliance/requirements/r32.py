"""R-32: a communal or intercommunal agent is approved by the prefect."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import Category
from compliance.requirements.base import Answer, Blocks, Requirement, alert, french, met, unmet
from compliance.requirements.titles import relied


def applies(facts: Facts, at: datetime) -> bool:
    """Applies on the street to communal agents."""
    title = relied(facts, at)
    return facts.street(at) and title is not None and title.category is Category.COMMUNAL_AGENT


def check(facts: Facts, at: datetime) -> Answer:
    """Met while an agrément runs; the five-yearly enquiry only alerts (circular, secondary source)."""
    held = facts.agent.agreements if facts.agent else ()
    running = next((a for a in held if a.running(at)), None)
    if running is None:
        return unmet(
            "L’agrément du préfet est suspendu, retiré ou échu." if held else "Le préfet n’a pas agréé cet agent."
        )
    if running.enquiry_due is not None and running.enquiry_due <= legal_day(at):
        return alert(f"Agrément {running.number} : nouvelle enquête à demander.", running.ends_on)
    return met(f"Agrément {running.number}, depuis le {french(running.starts_on)}.", running.ends_on)


REQUIREMENT = Requirement(
    code="R-32",
    title="L’agent communal est agréé par le préfet",
    articles=articles("CSI L132-14-1"),
    blocks=Blocks.USER,
    when="agent communal ou intercommunal",
    proof="agrément du préfet, portée",
    validity="jusqu’à suspension ou retrait ; nouvelle enquête à cinq ans, à vérifier",
    remedy="Demander l’agrément au préfet.",
    who="Maire",
    act="agrement",
    applies=applies,
    check=check,
)
