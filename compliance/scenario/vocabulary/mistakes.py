"""What was typed by mistake: voided, or done again; it counts for nothing, at any instant."""

from collections.abc import Callable
from functools import partial
from typing import Any

from compliance.actions import correction, mistake, order
from compliance.actions.mistake import Words
from compliance.law.terms import OrderKind
from compliance.models import Order
from compliance.scenario import kinds
from compliance.scenario.vocabulary.base import LAST_DAY, PERSON, REASON, SYSTEM, Field, Word, ref
from compliance.scenario.world import Given


def _void(kind: str, of: str) -> Callable[[Given], None]:
    def play(given: Given) -> None:
        mistake.void(given.find(kind, given[of]), installation=given.system, reason=given["raison"], **given.by)

    return play


def _void_withdrawal(given: Given) -> None:
    held = given.find("habilitation de", given["personne"])
    fresh = mistake.void_end(held, installation=given.system, reason=given["raison"], **given.by)
    given.world.name("habilitation de", given["personne"], fresh)


def _correct_order(given: Given) -> None:
    row: Order = given.refer("arrêté")
    anew = partial(
        order.capture, given.system, text=_again(row, ends_on=given["dernier jour"]), document=row.document, **given.by
    )
    fresh = mistake.replace(
        row, installation=given.system, anew=anew, words=Words(), reason=given["raison"], **given.by
    )
    given.world.name("arrêté", row.number, fresh)


def _again(row: Order, *, ends_on: Any) -> order.OrderText:
    """Return the order as it was captured, but for its last day."""
    same = ("latitude", "longitude", "azimuth", "angle", "range_m", "cameras")
    return order.OrderText(
        number=row.number,
        kind=OrderKind(row.kind),
        signed_on=row.signed_on,
        starts_on=row.starts_on,
        ends_on=ends_on,
        published=row.published,
        purposes=tuple(row.purposes),
        premises=row.premises,
        retention_days=row.retention_days,
        minimum_days=row.minimum_days,
        services=tuple(row.services),
        clauses=row.clauses,
        perimeter=tuple((corner[0], corner[1]) for corner in row.perimeter),
        lines=tuple(
            order.Line(position=line.position, **{name: getattr(line, name) for name in same})
            for line in row.lines.select_related("position")
        ),
    )


def _rename(given: Given) -> None:
    person = given.refer("personne")
    correction.correct_person(
        person,
        installation=given.system,
        name=given["nom"],
        function=person.function,
        reason=given["raison"],
        **given.by,
    )


ORDER = ref("arrêté", "A-1")
WORDS = (
    Word(
        name="arrêté corrigé",
        about="Le dernier jour avait été mal lu : l’arrêté est saisi à nouveau, la première fois ne compte plus.",
        acts=(mistake.replace,),
        play=_correct_order,
        fields=(ORDER, LAST_DAY, REASON, SYSTEM),
    ),
    Word(
        name="arrêté saisi par erreur",
        about="L’arrêté n’aurait pas dû être saisi : lui et ses mesures ne comptent plus, à aucune date.",
        acts=(mistake.void,),
        play=_void("arrêté", "arrêté"),
        fields=(ORDER, REASON, SYSTEM),
    ),
    Word(
        name="mesure saisie par erreur",
        about="La suspension, l’arrêt ou le retrait de cet arrêté n’aurait pas dû être saisi.",
        acts=(mistake.void,),
        play=_void("mesure sur l'arrêté", "arrêté"),
        fields=(ORDER, REASON, SYSTEM),
    ),
    Word(
        name="habilitation saisie par erreur",
        about="L’habilitation n’aurait pas dû être saisie : elle ne vaut plus, à aucune date.",
        acts=(mistake.void,),
        play=_void("habilitation de", "personne"),
        fields=(PERSON, REASON, SYSTEM),
    ),
    Word(
        name="retrait d'habilitation saisi par erreur",
        about="Le retrait visait quelqu’un d’autre : l’habilitation n’a jamais cessé de valoir.",
        acts=(mistake.void_end,),
        play=_void_withdrawal,
        fields=(PERSON, REASON, SYSTEM),
    ),
    Word(
        name="nom corrigé",
        about="Le nom d’une personne avait été mal écrit. Ses actes, qui portent son code, restent.",
        acts=(correction.correct_person,),
        play=_rename,
        fields=(
            PERSON,
            Field(name="nom", kind=kinds.TEXT, about="le nom juste", example="Personne fictive", required=True),
            REASON,
            SYSTEM,
        ),
    ),
)
