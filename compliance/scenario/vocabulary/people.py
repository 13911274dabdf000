"""Who exists, who holds office, who works for whom."""

from compliance.actions import correction, people
from compliance.scenario import kinds
from compliance.scenario.vocabulary.base import COMMUNE, LAST_DAY, PERSON, REASON, SYSTEM, Field, Word
from compliance.scenario.world import Given


def _found(given: Given) -> None:
    row = people.found_authority(None, name=given["nom"], siret=given["siret"], insee=given["insee"], **given.by)
    given.world.name("commune", given["nom"], row)


def _open(given: Given) -> None:
    row = people.open_installation(given.refer("commune"), code=given["code"], name=given["code"], **given.by)
    given.world.name("système", given["code"], row)


def _register(given: Given) -> None:
    code = f"P{len(given.world.every('personne')) + 1}"
    row = people.register_person(
        given.refer("commune"), code=code, name=given["nom"], function=given["fonction"] or given["nom"], **given.by
    )
    given.world.name("personne", given["nom"], row)


def _start_mandate(given: Given) -> None:
    row = people.start_mandate(
        given.refer("commune"),
        person=given.refer("personne"),
        starts_on=given.day,
        ends_on=given["dernier jour"],
        **given.by,
    )
    given.world.name("mandat de", given["personne"], row)


def _end_mandate(given: Given) -> None:
    people.end_mandate(
        given.find("mandat de", given["personne"]), ends_on=given["dernier jour"] or given.day, **given.by
    )


def _employ(given: Given) -> None:
    person, public = given.refer("personne"), given["public"]
    named = [given.find("commune", name) for name in given["communes"] or ()]
    row = people.record_employment(
        person,
        installation=given.system,
        employer=given["employeur"] or person.authority.name,
        public=public,
        territory=named or ([person.authority] if public else []),
        starts_on=given.day,
        ends_on=given["dernier jour"],
        **given.by,
    )
    given.world.name("emploi de", given["personne"], row)


def _end_employment(given: Given) -> None:
    people.end_employment(
        given.find("emploi de", given["personne"]),
        installation=given.system,
        ends_on=given["dernier jour"] or given.day,
        **given.by,
    )


def _delegate(given: Given) -> None:
    row = people.delegate(
        given.refer("personne"),
        installation=given.system,
        number=given["numéro"],
        starts_on=given.day,
        ends_on=given["dernier jour"],
        document=given.piece("délégation"),
        **given.by,
    )
    given.world.name("délégation de", given["personne"], row)


def _end_delegation(given: Given) -> None:
    people.end_delegation(
        given.find("délégation de", given["personne"]),
        installation=given.system,
        ends_on=given["dernier jour"] or given.day,
        **given.by,
    )


def _correct(given: Given) -> None:
    held = given.system.authority
    correction.correct_authority(
        given.system,
        name=given["nom"] or held.name,
        siret=given["siret"] or held.siret,
        insee=given["insee"] or held.insee,
        reason=given["raison"],
        **given.by,
    )


NAME = Field(name="nom", kind=kinds.TEXT, about="le nom", example="Valclair-sur-Moselle", required=True)
ENDS = Field(
    name="dernier jour",
    kind=kinds.DAY,
    about="le dernier jour, compris",
    example="15 mars 2026",
    otherwise="le jour de l’acte",
)
WORDS = (
    Word(
        name="commune enregistrée",
        about="La commune, responsable du système (CSI R251-1).",
        acts=(people.found_authority,),
        play=_found,
        fields=(
            NAME,
            Field(name="siret", kind=kinds.TEXT, about="son SIRET", example="21570999900015", default="21570999900015"),
            Field(name="insee", kind=kinds.TEXT, about="son code INSEE", example="57099", default="57099"),
        ),
    ),
    Word(
        name="système ouvert",
        about="Un système de vidéoprotection, dont on tient le dossier.",
        acts=(people.open_installation,),
        play=_open,
        fields=(Field(name="code", kind=kinds.TEXT, about="son code", example="VAL", default="VAL"), COMMUNE),
    ),
    Word(
        name="personne enregistrée",
        about="Quelqu’un que la loi nomme : maire, agent, élu.",
        acts=(people.register_person,),
        play=_register,
        fields=(
            Field(
                name="nom",
                kind=kinds.TEXT,
                about="le nom par lequel le récit la désigne",
                example="l'agent",
                required=True,
            ),
            Field(
                name="fonction",
                kind=kinds.TEXT,
                about="sa fonction",
                example="Agent de police municipale",
                otherwise="son nom",
            ),
            COMMUNE,
        ),
    ),
    Word(
        name="mandat commencé",
        about="Le maire prend ses fonctions : « le » est son premier jour.",
        acts=(people.start_mandate,),
        play=_start_mandate,
        fields=(PERSON, COMMUNE, LAST_DAY),
    ),
    Word(
        name="mandat terminé",
        about="Le mandat du maire finit.",
        acts=(people.end_mandate,),
        play=_end_mandate,
        fields=(PERSON, ENDS),
    ),
    Word(
        name="emploi commencé",
        about="Pour qui une personne travaille, et les communes de sa compétence (CSI R253-3 II 2°).",
        acts=(people.record_employment,),
        play=_employ,
        fields=(
            PERSON,
            Field(
                name="employeur", kind=kinds.TEXT, about="l’employeur", example="Vigile SARL", otherwise="sa commune"
            ),
            Field(name="public", kind=kinds.YES_NO, about="l’employeur est-il public ?", example="non", default="oui"),
            Field(
                name="communes",
                kind=kinds.list_of(kinds.NAME),
                about="les communes de compétence",
                example="[Valclair-sur-Moselle]",
                otherwise="sa commune si l’employeur est public",
            ),
            LAST_DAY,
            SYSTEM,
        ),
    ),
    Word(
        name="emploi terminé",
        about="L’emploi finit.",
        acts=(people.end_employment,),
        play=_end_employment,
        fields=(PERSON, ENDS, SYSTEM),
    ),
    Word(
        name="délégation donnée",
        about="Le maire délègue des fonctions de police à un élu (CSI R253-3 II 2° a) : « le » est le premier jour.",
        acts=(people.delegate,),
        play=_delegate,
        fields=(
            PERSON,
            Field(name="numéro", kind=kinds.TEXT, about="numéro de l’acte", example="DEL-4", default="DEL-1"),
            LAST_DAY,
            SYSTEM,
        ),
    ),
    Word(
        name="délégation terminée",
        about="La délégation finit.",
        acts=(people.end_delegation,),
        play=_end_delegation,
        fields=(PERSON, ENDS, SYSTEM),
    ),
    Word(
        name="commune corrigée",
        about="Une faute dans l’identité de la commune, tant que rien n’est parti à la CNIL sous ce nom.",
        acts=(correction.correct_authority,),
        play=_correct,
        fields=(
            Field(name="nom", kind=kinds.TEXT, about="le nom juste", example="Valclair", otherwise="comme avant"),
            Field(name="siret", kind=kinds.TEXT, about="le SIRET", example="21570999900015", otherwise="comme avant"),
            Field(name="insee", kind=kinds.TEXT, about="le code INSEE", example="57099", otherwise="comme avant"),
            REASON,
            SYSTEM,
        ),
    ),
)
