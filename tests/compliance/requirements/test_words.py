"""The sentences a person reads: dates, numbers and plurals, word for word."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from compliance.facts import Aipd, Facts, MaskCheck, Notice, Observation, PanelCheck, Reply
from compliance.law.terms import Action, Category, Seen
from compliance.requirements import CATALOGUE
from tests.compliance.complete import (
    AGENTS,
    CHECKED,
    HERE,
    MOUNTED,
    NOW,
    ORDER_LAST,
    just_after,
    mounting,
    moved,
    order,
    paris,
    perimeter,
    premises,
    provisional,
    reason,
    risky,
    street,
)

MAY, JUNE = paris(2026, 5, 2, 9), paris(2026, 6, 1, 9)


def masks(number: int) -> Facts:
    return street(masks=(MaskCheck(CHECKED, clean=True, masks=number, snapshot=True),))


def saw(*seen: Observation) -> Facts:
    return street(observations=seen)


def panels(*checks: tuple[str, date, bool]) -> Facts:
    return street(panels=tuple(PanelCheck(code, day, present=present) for code, day, present in checks))


def asked(category: Category, **changes: Any) -> Facts:
    return street(agent=AGENTS[category], action=Action.WATCH, **changes)


FIRST, SECOND = ("P1", date(2026, 3, 1), True), ("P2", date(2026, 4, 2), True)
GONE = (("P1", date(2026, 5, 5), False), ("P2", date(2026, 5, 6), False))
SENTENCES: dict[str, tuple[str, Facts, datetime]] = {
    "Valclair-sur-Moselle, SIRET 21570999900015, mandat en cours.": ("R-01", street(), NOW),
    "Voie publique, fiche du 8 avril 2024.": ("R-02", street(), NOW),
    "Finalité 1°, 5°, arrêté 2024-117.": ("R-03", street(), NOW),
    "L’arrêté 2024-117 ne prévoit pas la finalité 1°, 5°.": (
        "R-03",
        street(orders=(order(purposes=frozenset({4})),)),
        NOW,
    ),
    "Sécurité des personnes et des biens, arrêté 2024-117.": ("R-03 bis", premises(), NOW),
    "Note de nécessité du 8 avril 2024 : à revoir chaque année.": ("R-04", street(), NOW),
    "Note de nécessité du 8 avril 2024.": ("R-04", street(), paris(2025, 4, 7, 23)),
    "Vérifié sur image le 22 avril 2024 : aucun masque nécessaire.": ("R-05", masks(0), NOW),
    "Vérifié sur image le 22 avril 2024 : 1 masque.": ("R-05", masks(1), NOW),
    "Vérifié sur image le 22 avril 2024 : 2 masques.": ("R-05", masks(2), NOW),
    "Vérifié sur image le 22 avril 2024 : 3 masques.": ("R-05", masks(3), NOW),
    "Les masques datent d’avant le changement du 2 mai 2026.": (
        "R-05",
        street(mountings=(mounting(), mounting(since=MAY))),
        NOW,
    ),
    "Une piste sonore a été vue le 1er juin 2026 et jetée : couper le microphone.": (
        "R-06",
        saw(Observation(Seen.AUDIO, MAY), Observation(Seen.AUDIO, JUNE)),
        NOW,
    ),
    "Microphone déclaré absent ou coupé.": ("R-06", saw(Observation(Seen.AUDIO, MOUNTED - timedelta(hours=1))), NOW),
    "L’arrêté 2024-117 a pris fin le 11 mars 2029.": ("R-08", street(), just_after(ORDER_LAST)),
    "L’arrêté ne prend effet que le 12 mars 2024.": ("R-08", street(), paris(2024, 3, 11)),
    "Arrêté 2024-117, jusqu’au 11 mars 2029 : préparer le renouvellement, selon l’usage.": (
        "R-08",
        street(),
        paris(2028, 7, 11, 23),
    ),
    "Arrêté 2024-117, jusqu’au 11 mars 2029 : déposer le renouvellement, selon l’usage.": (
        "R-08",
        street(),
        paris(2028, 7, 12),
    ),
    "Arrêté 2024-117, jusqu’au 11 mars 2029 : le renouvellement presse, selon l’usage.": (
        "R-08",
        street(),
        paris(2028, 11, 12),
    ),
    "Arrêté 2024-117, jusqu’au 11 mars 2029.": ("R-08", street(), paris(2028, 3, 11, 23)),
    "Arrêté provisoire 2026-P3 du 10 mai 2026, L252-6.": ("R-08", provisional(), NOW),
    "Arrêté provisoire 2026-P3, au plus tard jusqu’au 9 septembre 2026.": ("R-10", provisional(), NOW),
    "Lettre du 15 avril 2024, mise en service au 2 mai 2024.": ("R-15", street(), NOW),
    "La mise en service est annoncée pour le 20 juin 2026.": (
        "R-15",
        street(notices=(Notice(date(2026, 6, 1), date(2026, 6, 20), proved=True),)),
        NOW,
    ),
    "Localisation signalée au préfet le 2 avril 2024, avant la pose du 8 avril 2024.": ("R-16", perimeter(), NOW),
    "Le préfet n’a pas été informé de cet emplacement avant le 8 avril 2024.": ("R-16", perimeter(locations=()), NOW),
    "L’appareil est à 80 m de l’emplacement autorisé.": (
        "R-17",
        street(orders=(order(view=moved(HERE, north_m=80)),)),
        NOW,
    ),
    "Aucune mesure ne frappe l’arrêté 2024-117.": ("R-19", street(), NOW),
    "Envoyé le 20 mars 2024, récépissé RU-74-118.": ("R-21", street(), NOW),
    "AIPD version 1, signée le 2 avril 2024, avec l’avis du DPD.": ("R-22", street(), NOW),
    "AIPD version 1 du 2 avril 2024 : à revoir.": ("R-22", street(), paris(2027, 4, 2)),
    "La CNIL a répondu le 25 avril 2024.": ("R-23", risky(), NOW),
    "La CNIL s’est opposée le 26 avril 2024.": (
        "R-23",
        street(
            aipds=(Aipd("1", date(2024, 4, 2), date(2024, 3, 25), True, (Reply(date(2024, 4, 26), allows=False),)),)
        ),
        NOW,
    ),
    "Le panneau P2 a été signalé absent le 6 mai 2026.": ("R-27", panels(FIRST, SECOND, *GONE), NOW),
    "Panneau P2, photo du 2 avril 2026.": ("R-27", panels(FIRST, SECOND), NOW),
    "Panneau P1, photo du 1er mars 2026.": ("R-27", panels(FIRST, SECOND, GONE[1]), NOW),
    "Agent de police municipale, arrêté n° 31/2024.": ("R-30", asked(Category.MUNICIPAL_POLICE), NOW),
    "arrêté n° 31/2024, signé par le maire le 20 avril 2024.": ("R-31", asked(Category.MUNICIPAL_POLICE), NOW),
    "Agrément AG-12, depuis le 1er avril 2024.": ("R-32", asked(Category.COMMUNAL_AGENT), NOW),
    "Délégation du 1er avril 2024.": ("R-33", asked(Category.DELEGATE), NOW),
    "arrêté n° 31/2024, signé par le chef de service le 20 avril 2024.": ("R-34", asked(Category.STATE_AGENT), NOW),
    "Compétent pour Valclair-sur-Moselle.": ("R-35", asked(Category.MUNICIPAL_POLICE), NOW),
    "1 jour, effacement automatique.": ("R-47", street(orders=(order(retention_days=1),)), NOW),
    "2 jours, effacement automatique.": ("R-47", street(orders=(order(retention_days=2),)), NOW),
    "30 jours, effacement automatique.": ("R-47", street(), NOW),
    "L’effacement est en échec depuis le 1er juin 2026.": (
        "R-47",
        saw(Observation(Seen.ERASURE_RESTORED, MAY), Observation(Seen.ERASURE_FAILED, JUNE)),
        NOW,
    ),
    "Mesuré le 1er juin 2026 : 1920 × 1080.": (
        "R-53",
        saw(Observation(Seen.STREAM, MAY, "704 × 576"), Observation(Seen.STREAM, JUNE, "1920 × 1080")),
        NOW,
    ),
    "Rien ne dit que l’analyse intégrée de Dôme n° 1, Dôme n° 2 est coupée.": (
        "R-63",
        street(mountings=(mounting(statements=()), mounting(reference="Dôme n° 2", statements=()))),
        NOW,
    ),
}


@pytest.mark.parametrize(
    ("code", "facts", "at", "sentence"),
    [(*asked_of, sentence) for sentence, asked_of in SENTENCES.items()],
    ids=[f"{asked_of[0]} {number}" for number, asked_of in enumerate(SENTENCES.values())],
)
def test_a_finding_is_said_word_for_word(code: str, facts: Facts, at: datetime, sentence: str) -> None:
    requirement = next(r for r in CATALOGUE if r.code == code)

    assert requirement.applies(facts, at)
    assert reason(requirement, facts, at).replace("\u00a0", " ") == sentence
