"""Positions, what stands on them, and the look at their masks."""

from dataclasses import replace
from typing import Any

from compliance.actions import correction, position
from compliance.law.terms import PlaceKind
from compliance.models import Declaration
from compliance.scenario import kinds
from compliance.scenario.vocabulary.base import POSITION, PROOF, REASON, SYSTEM, WORDS_OR_NONE, Field, Word, ref
from compliance.scenario.world import Given

# French key, key of the act, what is taken when the story is silent.
CONE = (
    ("latitude", "latitude", "49.12", "latitude, en degrés"),
    ("longitude", "longitude", "6.18", "longitude, en degrés"),
    ("azimut", "azimuth", "90", "vers où l'appareil regarde, en degrés depuis le nord"),
    ("ouverture", "angle", "60", "largeur du champ, en degrés"),
    ("portée", "range_m", "40", "portée, en mètres"),
)


def cone_fields(otherwise: str = "") -> tuple[Field, ...]:
    """Return the five fields of a field of view; `otherwise` tells what a silent one is taken from."""
    return tuple(
        Field(
            name=name,
            kind=kinds.DECIMAL,
            about=about,
            example=default,
            default=None if otherwise else default,
            otherwise=otherwise,
        )
        for name, _, default, about in CONE
    )


def cone(given: Given) -> dict[str, float]:
    """Return the fields of view that the story wrote, under the act's own names."""
    return {key: given[name] for name, key, _, _ in CONE if given[name] is not None}


def declared_cone(held: Declaration) -> dict[str, float]:
    """Return the field of view of a declaration."""
    return {key: getattr(held, key) for _, key, _, _ in CONE}


def latest(row: Any) -> Declaration:
    """Return the last declaration of a position."""
    found: Declaration = row.declarations.order_by("since").last()
    return found


def _declare(given: Given) -> None:
    kind = given["lieu"]
    street = kind is not PlaceKind.OPEN_TO_PUBLIC
    purposes, premises = given["finalités"], given["finalité du lieu ouvert"]
    sight = position.Sight(
        kind=kind,
        justification=given["justification"],
        purposes=purposes if purposes is not None else ((1, 5) if street else ()),
        premises_purpose=premises if premises is not None else kind in (PlaceKind.OPEN_TO_PUBLIC, PlaceKind.MIXED),
        necessity=given["nécessité"] if street else "",
        retention_days=given["conservation"],
        **cone(given),
    )
    row = position.declare(
        given.system, code=given["code"], address=given["adresse"], sight=sight, since=given.since, **given.by
    )
    given.world.name("position", given["code"], row)


# What a change may say, under the act's own names.
CHANGED = {
    "lieu": "kind",
    "justification": "justification",
    "finalités": "purposes",
    "finalité du lieu ouvert": "premises_purpose",
    "nécessité": "necessity",
    "conservation": "retention_days",
}


def _change(given: Given) -> None:
    row = given.refer("position")
    held = latest(row)
    former = position.Sight(
        kind=PlaceKind(held.kind),
        justification=held.justification,
        purposes=tuple(held.purposes),
        premises_purpose=held.premises_purpose,
        necessity=held.necessity,
        retention_days=held.retention_days,
        **declared_cone(held),
    )
    said: dict[str, Any] = {key: given[name] for name, key in CHANGED.items() if given[name] is not None}
    said |= cone(given)
    position.change(row, sight=replace(former, **said), since=given.since, reason=given["raison"], **given.by)


def _correct(given: Given) -> None:
    correction.correct_address(given.refer("position"), address=given["adresse"], reason=given["raison"], **given.by)


def _check_masks(given: Given) -> None:
    square = [[0.0, 0.0], [0.1, 0.0], [0.1, 0.1]]
    position.check_masks(
        given.refer("position"),
        checked_at=given.since,
        clean=not given["habitation visible"],
        masks=[square] * given["masques"],
        document=given.proof(),
        **given.by,
    )


def _mount(given: Given) -> None:
    row = position.mount(given.refer("position"), reference=given["référence"], since=given.since, **given.by)
    given.world.name("appareil", given["référence"], row)


def _remove(given: Given) -> None:
    position.remove(given.refer("appareil"), until=given.since, **given.by)


def _state(given: Given) -> None:
    position.state(
        given.refer("appareil"),
        stated_at=given.since,
        microphone=given["microphone"],
        analysis=given["analyse"],
        **given.by,
    )


PURPOSES = Field(
    name="finalités",
    kind=kinds.list_of(kinds.number(0, 99)),
    about="les finalités de la voie publique, de 1 à 11 (CSI L251-2)",
    example="[1, 5]",
    otherwise="1 et 5 sur la rue",
)
PREMISES = Field(
    name="finalité du lieu ouvert",
    kind=kinds.YES_NO,
    about="la sécurité des personnes et des biens dans ce lieu exposé est-elle déclarée ?",
    example="non",
    otherwise="oui dans un lieu ouvert au public ou mixte",
)
KEPT = Field(
    name="conservation",
    kind=kinds.number(0, 999),
    about="les jours de conservation que la commune demande",
    example="15",
    otherwise="ce que l’arrêté permet",
)
WHY = "Place publique devant la mairie."
NOTE = "Faits constatés sur la place, main courante de l’année."
PLACE = Field(name="lieu", kind=kinds.PLACE, about="ce que la position filme", example="mixte", default="rue")


def _silent(field: Field) -> Field:
    """Return the field of a change: what is not written stays as it was."""
    return replace(field, default=None, otherwise="comme avant")


JUSTIFIED = Field(
    name="justification",
    kind=WORDS_OR_NONE,
    about="pourquoi cette qualification",
    example="aucune",
    default=WHY,
)
NECESSITY = Field(
    name="nécessité",
    kind=WORDS_OR_NONE,
    about="pourquoi ce lieu est particulièrement exposé (finalité 5°)",
    example="aucune",
    default=NOTE,
)
WORDS = (
    Word(
        name="position déclarée",
        about="Un lieu et un champ que la commune veut filmer. Rien ne s’ouvre : le préfet ne l’a pas autorisé.",
        acts=(position.declare,),
        play=_declare,
        fields=(
            Field(name="code", kind=kinds.TEXT, about="son code", example="VAL-02", default="VAL-01"),
            Field(
                name="adresse",
                kind=kinds.TEXT,
                about="son adresse",
                example="1, place de la Mairie",
                default="1, place de la Mairie",
            ),
            PLACE,
            JUSTIFIED,
            PURPOSES,
            PREMISES,
            NECESSITY,
            KEPT,
            *cone_fields(),
            SYSTEM,
        ),
    ),
    Word(
        name="position modifiée",
        about="Ce qui change d’une position, à l’instant dit. L’ancienne déclaration reste.",
        acts=(position.change,),
        play=_change,
        fields=(
            POSITION,
            *(_silent(f) for f in (PLACE, JUSTIFIED, PURPOSES, PREMISES, NECESSITY, KEPT)),
            *cone_fields("comme avant"),
            REASON,
        ),
    ),
    Word(
        name="adresse corrigée",
        about="Une faute dans l’adresse d’une position, tant qu’aucun arrêté ne la nomme.",
        acts=(correction.correct_address,),
        play=_correct,
        fields=(
            POSITION,
            Field(name="adresse", kind=kinds.TEXT, about="l’adresse juste", example="2, rue du Puits", required=True),
            REASON,
        ),
    ),
    Word(
        name="appareil posé",
        about="Un appareil est monté sur la position, à l’instant dit.",
        acts=(position.mount,),
        play=_mount,
        fields=(
            Field(name="référence", kind=kinds.TEXT, about="sa référence", example="AP-02", default="AP-01"),
            POSITION,
        ),
    ),
    Word(
        name="appareil déposé",
        about="L’appareil est démonté.",
        acts=(position.remove,),
        play=_remove,
        fields=(ref("appareil", "AP-01"),),
    ),
    Word(
        name="appareil déclaré",
        about="Ce que l’on déclare du microphone (CSI R253-1) et de l’analyse intégrée (CE n° 506370) d’un appareil.",
        acts=(position.state,),
        play=_state,
        fields=(
            ref("appareil", "AP-01"),
            Field(
                name="microphone",
                kind=kinds.MICROPHONE,
                about="le microphone",
                example="en service",
                default="absent",
            ),
            Field(
                name="analyse", kind=kinds.ANALYSIS, about="l’analyse intégrée", example="permanente", default="absente"
            ),
        ),
    ),
    Word(
        name="masques vérifiés",
        about="Quelqu’un a regardé une image datée : voit-on un intérieur ou une entrée d’habitation (CSI L251-3) ?",
        acts=(position.check_masks,),
        play=_check_masks,
        fields=(
            POSITION,
            Field(
                name="habitation visible",
                kind=kinds.YES_NO,
                about="voit-on une habitation ?",
                example="oui",
                default="non",
            ),
            Field(name="masques", kind=kinds.number(0, 99), about="combien de masques", example="2", default="0"),
            PROOF,
        ),
    ),
)
