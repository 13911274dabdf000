"""The prefect's orders and what befalls them."""

from collections.abc import Callable
from typing import Any

from compliance.actions import order
from compliance.law.terms import OrderKind
from compliance.scenario import kinds
from compliance.scenario.vocabulary.base import POSITIONS, STARTS, SYSTEM, Field, Word, ref
from compliance.scenario.vocabulary.places import cone, cone_fields, declared_cone, latest
from compliance.scenario.world import Given


def _capture(given: Given) -> None:
    named = given["positions"]
    positions = given.world.every("position") if named is None else [given.find("position", n) for n in named]
    text = order.OrderText(
        number=given["numéro"],
        kind=given["texte"],
        signed_on=given.day,
        starts_on=given["prend effet le"],
        ends_on=given["jusqu'au"],
        purposes=given["finalités"],
        premises=given["lieu ouvert au public"],
        retention_days=given["conservation"],
        services=given["services"] or (),
        perimeter=given["périmètre"] or (),
        lines=tuple(
            order.Line(position=p, cameras=given["appareils"], **{**declared_cone(latest(p)), **cone(given)})
            for p in positions
        ),
    )
    row = order.capture(given.system, text=text, document=given.piece("arrêté"), **given.by)
    given.world.name("arrêté", given["numéro"], row)


def _strike(act: Callable[..., Any]) -> Callable[[Given], None]:
    def play(given: Given) -> None:
        struck = given.refer("arrêté")
        row = act(struck, since=given.since, reference="récit", **given.by)
        given.world.name("mesure sur l'arrêté", struck.number, row)

    return play


def _lift(given: Given) -> None:
    order.lift(given.find("mesure sur l'arrêté", given["arrêté"]), until=given.since, **given.by)


ORDER = ref("arrêté", "A-1")
WORDS = (
    Word(
        name="arrêté signé",
        about="Le préfet autorise (CSI L252-1), ou autorise en urgence (L252-6, L252-7, L223-4, L223-5).",
        acts=(order.capture,),
        play=_capture,
        fields=(
            Field(name="numéro", kind=kinds.TEXT, about="son numéro", example="2024-118", default="A-1"),
            Field(
                name="texte",
                kind=kinds.ORDER,
                about="l’article qui le fonde",
                example="L252-6",
                default=OrderKind.ORDINARY.value,
            ),
            STARTS,
            Field(
                name="jusqu'au",
                kind=kinds.DAY,
                about="le dernier jour que l’arrêté écrit lui-même",
                example="31 décembre 2028",
                otherwise="cinq ans, ou quatre mois en urgence",
            ),
            Field(
                name="finalités",
                kind=kinds.list_of(kinds.number(0, 99)),
                about="les finalités autorisées, de 1 à 11",
                example="[1, 5]",
                default=("1", "5"),
            ),
            Field(
                name="lieu ouvert au public",
                kind=kinds.YES_NO,
                about="autorise-t-il aussi les lieux ouverts au public ?",
                example="oui",
                default="non",
            ),
            Field(
                name="conservation",
                kind=kinds.number(0, 999),
                about="les jours de conservation",
                example="15",
                default="30",
            ),
            Field(
                name="services",
                kind=kinds.list_of(kinds.TEXT),
                about="les services destinataires (CSI L252-3)",
                example="[Gendarmerie de Valclair]",
                otherwise="aucun",
            ),
            POSITIONS,
            Field(
                name="appareils",
                kind=kinds.number(0, 99),
                about="combien d’appareils par position",
                example="2",
                default="1",
            ),
            Field(
                name="périmètre",
                kind=kinds.CORNERS,
                about="les sommets d’un périmètre vidéoprotégé",
                example="[49.11 6.17, 49.11 6.19, 49.13 6.19, 49.13 6.17]",
                otherwise="aucun",
            ),
            *cone_fields("le champ déclaré de la position"),
            SYSTEM,
        ),
    ),
    Word(
        name="arrêté suspendu",
        about="Le préfet suspend l’arrêté à l’instant dit (CSI R254-2).",
        acts=(order.suspend,),
        play=_strike(order.suspend),
        fields=(ORDER,),
    ),
    Word(
        name="arrêté retiré",
        about="Le préfet retire l’arrêté à l’instant dit (CSI R254-2).",
        acts=(order.withdraw,),
        play=_strike(order.withdraw),
        fields=(ORDER,),
    ),
    Word(
        name="arrêt ordonné",
        about="Un arrêt est ordonné après un contrôle (CSI L253-1).",
        acts=(order.stop,),
        play=_strike(order.stop),
        fields=(ORDER,),
    ),
    Word(
        name="fin de l'événement",
        about="L’événement d’un arrêté provisoire est fini : l’arrêté cesse avec lui (CSI L252-6).",
        acts=(order.end_event,),
        play=_strike(order.end_event),
        fields=(ORDER,),
    ),
    Word(
        name="mesure levée",
        about="Le préfet lève la dernière suspension, ou le dernier arrêt.",
        acts=(order.lift,),
        play=_lift,
        fields=(ORDER,),
    ),
)
