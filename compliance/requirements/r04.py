"""R-04: purpose 5° asks why this place is particularly exposed; the yearly review only alerts."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import add_months, articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, alert, french, met, unmet


def applies(facts: Facts, at: datetime) -> bool:
    """Applies where purpose 5° is declared on the street."""
    held = facts.declaration(at)
    return held is not None and facts.street(at) and 5 in held.purposes


def check(facts: Facts, at: datetime) -> Answer:
    """Met once a necessity note exists; older than a year, it is to be reviewed."""
    noted = [d for d in facts.declarations if d.since <= at and d.necessity]
    if not noted:
        return unmet("Rien ne dit pourquoi ce lieu est particulièrement exposé.")
    day = legal_day(noted[-1].since)
    if add_months(day, 12) <= legal_day(at):
        return alert(f"Note de nécessité du {french(day)} : à revoir chaque année.")
    return met(f"Note de nécessité du {french(day)}.")


REQUIREMENT = Requirement(
    code="R-04",
    title="L’exposition particulière du lieu est écrite",
    articles=articles("CSI L251-2"),
    blocks=Blocks.ALL,
    when="finalité 5°",
    proof="note de nécessité : les faits, le lieu",
    validity="revue annuelle conseillée ; n’éteint qu’avant la première mise en route",
    remedy="Écrire la note de nécessité de la position.",
    who="Police municipale",
    act="position",
    interpreted=True,
    applies=applies,
    check=check,
)
