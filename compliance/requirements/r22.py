"""R-22: a signed impact assessment with the DPO’s opinion exists; an overdue review only alerts."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.requirements.base import Answer, Blocks, Requirement, alert, french, met, on_street, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met once an AIPD was signed with the DPO's opinion, at any date."""
    day = legal_day(at)
    signed = [a for a in facts.aipds if a.signed_on <= day]
    complete = [a for a in signed if a.complete(day)]
    if not complete:
        return unmet("L’AIPD signée n’a pas l’avis du DPD." if signed else "Aucune AIPD signée.")
    last = complete[-1]
    if last.review_on is not None and last.review_on <= day:
        return alert(f"AIPD version {last.version} du {french(last.signed_on)} : à revoir.")
    return met(f"AIPD version {last.version}, signée le {french(last.signed_on)}, avec l’avis du DPD.")


REQUIREMENT = Requirement(
    code="R-22",
    title="L’AIPD est signée, avec l’avis du DPD",
    articles=articles("RGPD art. 35", "LIL art. 90", "CSI R252-3"),
    blocks=Blocks.ALL,
    when="voie publique",
    proof="AIPD, avis du DPD, date, version",
    validity="revue conseillée à trois ans et à chaque changement",
    remedy="Signer l’AIPD après l’avis du DPD.",
    who="DPD",
    act="aipd",
    interpreted=True,
    applies=on_street,
    check=check,
)
