"""R-06: no sound. The declaration opens; a track seen at ingest is dropped and alerts."""

from datetime import datetime

from compliance.facts import Facts
from compliance.law import articles, legal_day
from compliance.law.terms import Action, Microphone, Seen
from compliance.requirements.base import Answer, Blocks, Requirement, alert, always, french, met, unmet


def check(facts: Facts, at: datetime) -> Answer:
    """Met when each device's microphone is declared absent or off."""
    devices = facts.standing(at)
    if not devices:
        return unmet("Aucun appareil n’est déclaré : rien ne dit qu’il n’a pas de microphone.")
    for device in devices:
        statement = device.statement(at)
        if statement is None:
            return unmet(f"Rien ne dit que le microphone de {device.reference} est absent ou coupé.")
        if statement.microphone is Microphone.ON:
            return unmet(f"Le microphone de {device.reference} est déclaré en service.")
    heard = [o for o in facts.observations if o.kind is Seen.AUDIO and o.at <= at]
    if heard and heard[-1].at >= max(d.since for d in devices):
        return alert(
            f"Une piste sonore a été vue le {french(legal_day(heard[-1].at))} et jetée : couper le microphone."
        )
    return met("Microphone déclaré absent ou coupé.")


REQUIREMENT = Requirement(
    code="R-06",
    title="Aucun son n’est capté",
    articles=articles("CSI R253-1"),
    blocks=Blocks.ALL,
    when="toute caméra",
    proof="déclaration datée du microphone, ce que l’enregistreur a vu",
    validity="jusqu’au prochain changement d’appareil",
    remedy="Déclarer le microphone absent ou coupé.",
    who="Technique",
    act="appareil",
    except_for=frozenset({Action.PROBE}),
    applies=always,
    check=check,
)
