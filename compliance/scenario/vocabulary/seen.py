"""What the machines saw and told the gate."""

from collections.abc import Callable

from compliance.actions.observation import observe
from compliance.events import System
from compliance.law.terms import Seen
from compliance.scenario import kinds
from compliance.scenario.vocabulary.base import POSITION, Field, Word
from compliance.scenario.world import Given


def _saw(kind: Seen, by: System, detail: str) -> Callable[[Given], None]:
    def play(given: Given) -> None:
        observe(
            given.refer("position"),
            kind=kind,
            at=given.since,
            by=by,
            detail=given["détail"] or detail,
            conforms=given["conforme"] is not False,
        )

    return play


WORDS = (
    Word(
        name="effacement en échec",
        about="Des images échues n’ont pas pu être effacées : on n’enregistre plus (CSI R253-4).",
        acts=(observe,),
        play=_saw(Seen.ERASURE_FAILED, System.KEEPER, "disque en lecture seule"),
        fields=(POSITION,),
    ),
    Word(
        name="effacement rétabli",
        about="L’effacement fonctionne de nouveau.",
        acts=(observe,),
        play=_saw(Seen.ERASURE_RESTORED, System.KEEPER, ""),
        fields=(POSITION,),
    ),
    Word(
        name="son entendu",
        about="L’enregistreur a reçu une piste sonore et l’a jetée (CSI R253-1).",
        acts=(observe,),
        play=_saw(Seen.AUDIO, System.RECORDER, "AAC"),
        fields=(POSITION,),
    ),
    Word(
        name="flux mesuré",
        about="Ce que le flux est, à côté des normes du 3 août 2007.",
        acts=(observe,),
        play=_saw(Seen.STREAM, System.RECORDER, "1920 × 1080, 15 images par seconde"),
        fields=(
            POSITION,
            Field(name="conforme", kind=kinds.YES_NO, about="tient-il les normes ?", example="non", default="oui"),
            Field(
                name="détail",
                kind=kinds.TEXT,
                about="sa définition et sa cadence",
                example="640 × 480, 6 images par seconde",
                otherwise="1920 × 1080, 15 images par seconde",
            ),
        ),
    ),
)
