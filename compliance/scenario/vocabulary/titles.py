"""Who may see images: habilitations, the prefect's agréments, and what takes them back."""

from compliance.actions import habilitation
from compliance.law.terms import VIEWING, Action
from compliance.scenario import kinds
from compliance.scenario.vocabulary.base import LAST_DAY, PERSON, STARTS, SYSTEM, Field, Word
from compliance.scenario.world import Given


def _habilitate(given: Given) -> None:
    category = given["catégorie"]
    title = habilitation.Title(
        category=category,
        act=given["numéro"],
        signatory=given["signataire"] or habilitation.SIGNATORIES.get(category, "mayor"),
        signed_on=given.day,
        starts_on=given["prend effet le"] or given.day,
        ends_on=given["dernier jour"],
        actions=given["actions"] or (Action.PROBE, *sorted(VIEWING)),
        positions=tuple(given.find("position", name) for name in given["positions"] or ()),
        service=given["service"] or "",
    )
    row = habilitation.habilitate(
        given.refer("personne"),
        installation=given.system,
        title=title,
        document=given.piece("habilitation"),
        **given.by,
    )
    given.world.name("habilitation de", given["personne"], row)


def _withdraw(given: Given) -> None:
    habilitation.withdraw_habilitation(given.find("habilitation de", given["personne"]), since=given.since, **given.by)


def _agree(given: Given) -> None:
    row = habilitation.record_agreement(
        given.refer("personne"),
        installation=given.system,
        number=given["numéro"],
        signed_on=given.day,
        starts_on=given["prend effet le"] or given.day,
        ends_on=given["dernier jour"],
        document=given.piece("agrément"),
        **given.by,
    )
    given.world.name("agrément de", given["personne"], row)


def _suspend(given: Given) -> None:
    row = habilitation.suspend_agreement(
        given.find("agrément de", given["personne"]), installation=given.system, since=given.since, **given.by
    )
    given.world.name("suspension de l'agrément de", given["personne"], row)


def _lift(given: Given) -> None:
    habilitation.lift_agreement(
        given.find("suspension de l'agrément de", given["personne"]),
        installation=given.system,
        until=given.since,
        **given.by,
    )


def _withdraw_agreement(given: Given) -> None:
    habilitation.withdraw_agreement(
        given.find("agrément de", given["personne"]), installation=given.system, since=given.since, **given.by
    )


WORDS = (
    Word(
        name="habilitation signée",
        about="L’acte individuel par lequel une personne peut voir (CSI R253-3). Le mandat du maire en tient lieu.",
        acts=(habilitation.habilitate,),
        play=_habilitate,
        fields=(
            PERSON,
            Field(
                name="catégorie",
                kind=kinds.CATEGORY,
                about="la catégorie légale de la personne",
                example="agent communal",
                default="police municipale",
            ),
            Field(name="numéro", kind=kinds.TEXT, about="l’acte", example="arrêté n° 31", default="arrêté n° 31"),
            Field(
                name="signataire",
                kind=kinds.SIGNATORY,
                about="qui signe",
                example="chef de service",
                otherwise="celui que la loi désigne pour la catégorie",
            ),
            Field(
                name="service",
                kind=kinds.TEXT,
                about="le service d’un agent de l’État, tel que l’arrêté le nomme",
                example="Gendarmerie de Valclair",
                otherwise="aucun",
            ),
            STARTS,
            LAST_DAY,
            Field(
                name="actions",
                kind=kinds.ACTIONS,
                about="ce que l’acte permet",
                example="[voir en direct]",
                otherwise="essayer, voir en direct, revoir, remettre",
            ),
            Field(
                name="positions",
                kind=kinds.list_of(kinds.NAME),
                about="les positions couvertes",
                example="[VAL-01]",
                otherwise="tout le système",
            ),
            SYSTEM,
        ),
    ),
    Word(
        name="habilitation retirée",
        about="L’habilitation tombe à l’instant dit, à la seconde.",
        acts=(habilitation.withdraw_habilitation,),
        play=_withdraw,
        fields=(PERSON,),
    ),
    Word(
        name="agrément délivré",
        about="Le préfet agrée un agent communal ou intercommunal (CSI L132-14-1).",
        acts=(habilitation.record_agreement,),
        play=_agree,
        fields=(
            PERSON,
            Field(name="numéro", kind=kinds.TEXT, about="numéro de l’agrément", example="AG-12", default="AG-1"),
            STARTS,
            LAST_DAY,
            SYSTEM,
        ),
    ),
    Word(
        name="agrément suspendu",
        about="Le préfet suspend l’agrément à l’instant dit.",
        acts=(habilitation.suspend_agreement,),
        play=_suspend,
        fields=(PERSON, SYSTEM),
    ),
    Word(
        name="suspension d'agrément levée",
        about="Le préfet lève la suspension de l’agrément.",
        acts=(habilitation.lift_agreement,),
        play=_lift,
        fields=(PERSON, SYSTEM),
    ),
    Word(
        name="agrément retiré",
        about="Le préfet retire l’agrément ; il en faut un nouveau.",
        acts=(habilitation.withdraw_agreement,),
        play=_withdraw_agreement,
        fields=(PERSON, SYSTEM),
    ),
)
