"""The closed lists of the law, with the words a reader sees."""

from enum import StrEnum


class Action(StrEnum):
    """What may be asked of a camera."""

    PROBE = "probe"
    RECORD = "record"
    WATCH = "watch"
    REPLAY = "replay"
    EXPORT = "export"


VIEWING = frozenset({Action.WATCH, Action.REPLAY, Action.EXPORT})


class Ground(StrEnum):
    """Why a recording may be handed over (R253-3 III 4°, R253-4, R253-6)."""

    REQUISITION = "requisition"
    PROCEDURE = "procedure"
    ACCESS = "access"


class PlaceKind(StrEnum):
    """What a position films, in law (L251-2)."""

    STREET = "street"
    OPEN_TO_PUBLIC = "open_to_public"
    MIXED = "mixed"
    NONE = "none"


class OrderKind(StrEnum):
    """The text under which the prefect decided."""

    ORDINARY = "L252-1"
    GATHERING = "L252-6"
    GATHERING_PRESCRIBED = "L252-7"
    TERRORISM = "L223-4"
    TERRORISM_PRESCRIBED = "L223-5"


class MeasureKind(StrEnum):
    """What may befall an order."""

    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
    STOP = "stop"
    EVENT_END = "event_end"


class Category(StrEnum):
    """The legal category of a person who sees (R253-3 I and II)."""

    MAYOR = "mayor"
    DELEGATE = "delegate"
    MUNICIPAL_POLICE = "municipal_police"
    COMMUNAL_AGENT = "communal_agent"
    STATE_AGENT = "state_agent"
    CONTROLLER_AGENT = "controller_agent"
    PRIVATE_OPERATOR = "private_operator"


class Microphone(StrEnum):
    """What was declared of a device's microphone (R253-1)."""

    ABSENT = "absent"
    OFF = "off"
    ON = "on"


class Analysis(StrEnum):
    """What was declared of a device's own analysis functions."""

    ABSENT = "absent"
    OFF = "off"
    PERMANENT = "permanent"


class Seen(StrEnum):
    """What the engine saw and tells compliance."""

    ERASURE_FAILED = "erasure_failed"
    ERASURE_RESTORED = "erasure_restored"
    AUDIO = "audio"
    STREAM = "stream"


PLACE_LABELS = {
    PlaceKind.STREET: "voie publique",
    PlaceKind.OPEN_TO_PUBLIC: "lieu ouvert au public",
    PlaceKind.MIXED: "voie publique et lieu ouvert au public",
    PlaceKind.NONE: "lieu non ouvert au public",
}
PURPOSES = {
    1: "protection des bâtiments et installations publics et de leurs abords",
    2: "sauvegarde des installations utiles à la défense nationale",
    3: "régulation des flux de transport",
    4: "constatation des infractions aux règles de la circulation",
    5: "prévention des atteintes aux personnes et aux biens dans des lieux particulièrement exposés",
    6: "prévention d’actes de terrorisme",
    7: "prévention des risques naturels ou technologiques",
    8: "secours aux personnes et défense contre l’incendie",
    9: "sécurité des installations accueillant du public dans les parcs d’attraction",
    10: "respect de l’obligation d’assurance des véhicules",
    11: "prévention et constatation de l’abandon d’ordures, de déchets ou d’objets",
}
CATEGORY_LABELS = {
    Category.MAYOR: "maire",
    Category.DELEGATE: "élu délégataire de fonctions de police",
    Category.MUNICIPAL_POLICE: "agent de police municipale",
    Category.COMMUNAL_AGENT: "agent communal ou intercommunal agréé",
    Category.STATE_AGENT: "agent de la police, de la gendarmerie, des douanes ou des secours",
    Category.CONTROLLER_AGENT: "agent du responsable (lieu ouvert au public)",
    Category.PRIVATE_OPERATOR: "opérateur privé",
}
ACTION_LABELS = {
    Action.PROBE: "essayer",
    Action.RECORD: "enregistrer",
    Action.WATCH: "voir en direct",
    Action.REPLAY: "revoir",
    Action.EXPORT: "remettre",
}
GROUND_LABELS = {
    Ground.REQUISITION: "réquisition ou officier de police judiciaire (CSI R253-3 III 4°)",
    Ground.PROCEDURE: "autre procédure (CSI R253-4)",
    Ground.ACCESS: "droit d’accès (CSI R253-6)",
}
