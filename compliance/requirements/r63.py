"""R-63: no algorithm analyses street streams; a device whose analysis cannot be switched off stays dark."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles
from compliance.law.terms import Analysis
from compliance.requirements.base import Answer, Blocks, Requirement, alert, met, on_street, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met when each device's analysis functions are declared absent or off; silence alerts, permanence blocks."""
    silent = []
    for device in facts.standing(at):
        statement = device.statement(at)
        if statement is None:
            silent.append(device.reference)
        elif statement.analysis is Analysis.PERMANENT:
            return unmet(f"L’analyse intégrée de {device.reference} ne peut pas être coupée.")
    if silent:
        return alert(f"Rien ne dit que l’analyse intégrée de {', '.join(silent)} est coupée.")
    return met("Aucune analyse algorithmique : fonctions déclarées absentes ou coupées.")


REQUIREMENT = Requirement(
    code="R-63",
    title="Aucun algorithme n’analyse les images",
    articles=articles("CE n° 506370", "CSI L251-2"),
    blocks=Blocks.ALL,
    when="voie publique",
    proof="déclaration de l’appareil, attestation du fournisseur",
    validity="à chaque changement d’appareil",
    remedy="Couper l’analyse intégrée, ou changer d’appareil, et le déclarer.",
    who="Technique",
    act="appareil",
    interpreted=True,
    applies=on_street,
    check=check,
)
