"""Who and what the fictional commune is made of: places, cones, people. Values only; the story is in demo_story."""

from dataclasses import dataclass

COMMUNE = "Valclair-sur-Moselle"
SIRET = "00000000000018"  # no organisation has this number
INSEE = "57999"
INSTALLATION, INSTALLATION_NAME = "VALCLAIR", "Centre-bourg"


@dataclass(frozen=True, slots=True)
class Place:
    """A position: where it stands, what it looks at, for which purposes, behind how many masks, under which panel."""

    code: str
    address: str
    latitude: float
    longitude: float
    azimuth: float
    angle: float
    range_m: float
    purposes: tuple[int, ...]
    masks: int
    panel: str
    seen: str
    necessity: str = ""


PLACES = (
    Place(
        *("VAL-01", "place de la Mairie", 49.01210, 6.07340, 132, 62, 55, (1, 5), 2, "P-01"),
        seen="La place, ses trottoirs et l’entrée de la mairie : voie publique.",
        necessity="Douze dégradations sur la place depuis deux ans, quatre vols à la sortie du marché du soir.",
    ),
    Place(*("VAL-02", "rue du Pont", 49.01182, 6.07418, 78, 48, 60, (1, 4), 1, "P-03"), seen="La chaussée et le pont."),
    Place(
        *("VAL-03", "quai du Moulin", 49.01150, 6.07502, 164, 56, 50, (1, 11), 0, "P-03"),
        seen="Le quai et le dépôt d’ordures sauvage.",
    ),
    Place(
        *("VAL-04", "parvis de l’école", 49.01261, 6.07266, 246, 70, 35, (1, 4), 2, "P-02"),
        seen="Le parvis et le passage piéton, hors de la cour.",
    ),
    Place(
        *("VAL-05", "place du Marché", 49.01295, 6.07411, 18, 64, 50, (1, 4), 1, "P-02"),
        seen="La place et le stationnement.",
    ),
    Place(
        *("VAL-06", "rue des Tanneurs", 49.01118, 6.07288, 214, 44, 45, (1, 11), 3, "P-04"),
        seen="La rue, du lavoir au n° 18 : voie publique.",
    ),
    Place(
        *("VAL-07", "gare", 49.01390, 6.07120, 301, 58, 60, (1, 3), 0, ""),
        seen="Le parvis de la gare et le dépose-minute.",
    ),
    Place(*("VAL-08", "cimetière", 49.01040, 6.07660, 96, 52, 40, (1, 11), 0, "P-05"), seen="L’entrée et le parking."),
)
EXPIRED, MOVED = "VAL-08", "VAL-06"
MOVED_AZIMUTH = 221.0
PANELS = {
    "P-01": "place de la Mairie, côté fontaine",
    "P-02": "angle de l’école et du marché",
    "P-03": "entrée de la rue du Pont",
    "P-04": "entrée de la rue des Tanneurs",
    "P-05": "grille du cimetière",
}


@dataclass(frozen=True, slots=True)
class Someone:
    """A fictional person: a function, no real name; a login where it has one, which names its role."""

    code: str
    function: str
    login: str = ""


PEOPLE = (
    Someone("MAI", "Maire", "maire"),
    Someone("SEC", "Secrétariat de mairie", "liaison"),
    Someone("DPD", "Délégué à la protection des données", "dpo"),
    Someone("PM-01", "Agent de police municipale", "agent"),
    Someone("PM-02", "Agent de police municipale"),
    Someone("PM-03", "Agent de police municipale"),
    Someone("CDV", "Commission départementale de contrôle", "controle"),
    Someone("TEC", "Référent technique", "technique"),
)
