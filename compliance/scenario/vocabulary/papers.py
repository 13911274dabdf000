"""Letters to the prefect, the commitment to the CNIL, the impact assessment, the panels, received pieces."""

from compliance.actions import correction, document, dossier
from compliance.scenario import kinds
from compliance.scenario.kinds import Kind
from compliance.scenario.vocabulary.base import NO_ONE, POSITION, POSITIONS, PROOF, REASON, SYSTEM, Field, Word, ref
from compliance.scenario.vocabulary.places import cone, cone_fields, declared_cone, latest
from compliance.scenario.world import Given


def _announce(given: Given) -> None:
    named = given["positions"]
    dossier.send_commissioning(
        given.system,
        positions=given.world.every("position") if named is None else [given.find("position", n) for n in named],
        sent_on=given.day,
        service_on=given["mise en service le"],
        document=given.proof(),
        **given.by,
    )


def _locate(given: Given) -> None:
    row = given.refer("position")
    dossier.send_location(
        row,
        place={**declared_cone(latest(row)), **cone(given)},
        sent_on=given.day,
        service_on=given["pose le"],
        document=given.proof(),
        **given.by,
    )


def _commit(given: Given) -> None:
    dossier.send_commitment(
        given.system, sent_on=given.day, receipt=given["récépissé"], document=given.proof(), **given.by
    )


def _assess(given: Given) -> None:
    opinion = given["avis du dpd le"]
    opinion_on = given.day if opinion is None else opinion or None
    row = dossier.sign_aipd(
        given.system,
        version=given["version"],
        signed_on=given.day,
        opinion_on=opinion_on,
        opinion="favorable" if opinion_on else "",
        residual_high=given["risque élevé"],
        review_on=given["à revoir le"],
        document=given.proof(),
        **given.by,
    )
    given.world.name("AIPD", given["version"], row)


def _answer(given: Given) -> None:
    dossier.record_answer(
        given.refer("AIPD"), answered_on=given.day, allows=given["permet"], document=given.proof(), **given.by
    )


def _place_panel(given: Given) -> None:
    row = dossier.place_panel(given.system, code=given["code"], place=given["lieu"], **given.by)
    given.world.name("panneau", given["code"], row)


def _check_panel(given: Given) -> None:
    named, present = given["positions"], given["présent"]
    every = given.world.every("position") if present else []
    dossier.check_panel(
        given.refer("panneau"),
        checked_on=given.day,
        present=present,
        positions=every if named is None else [given.find("position", name) for name in named],
        document=given.proof(),
        **given.by,
    )


def _correct_place(given: Given) -> None:
    correction.correct_place(given.refer("panneau"), place=given["lieu"], reason=given["raison"], **given.by)


def _receive(given: Given) -> None:
    given.piece(given["nom"])


def _day_or_none(text: str) -> object:
    return False if text.lower() in NO_ONE else kinds.DAY.read(text)


WORDS = (
    Word(
        name="mise en service annoncée",
        about="La lettre qui annonce au préfet la mise en service, partie le jour dit, avant elle (CSI R252-17).",
        acts=(dossier.send_commissioning,),
        play=_announce,
        fields=(
            Field(
                name="mise en service le",
                kind=kinds.DAY,
                about="le jour annoncé",
                example="15 juin 2026",
                required=True,
            ),
            POSITIONS,
            PROOF,
            SYSTEM,
        ),
    ),
    Word(
        name="emplacement signalé",
        about="La lettre qui dit au préfet où se trouve une caméra d’un périmètre, avant sa pose ou son déplacement"
        " (CSI R252-17).",
        acts=(dossier.send_location,),
        play=_locate,
        fields=(
            Field(
                name="pose le",
                kind=kinds.DAY,
                about="le jour annoncé de la pose ou du déplacement",
                example="2 juin 2026",
                required=True,
            ),
            POSITION,
            *cone_fields("le champ déclaré de la position"),
            PROOF,
        ),
    ),
    Word(
        name="engagement envoyé à la CNIL",
        about="L’engagement de conformité, envoyé une fois par le responsable (CSI R253-7).",
        acts=(dossier.send_commitment,),
        play=_commit,
        fields=(
            Field(
                name="récépissé",
                kind=kinds.TEXT,
                about="son numéro",
                example="RU-74-118",
                default="RU-74-118",
            ),
            PROOF,
            SYSTEM,
        ),
    ),
    Word(
        name="AIPD signée",
        about="L’analyse d’impact, signée le jour dit, avec l’avis du DPD (RGPD 35).",
        acts=(dossier.sign_aipd,),
        play=_assess,
        fields=(
            Field(name="version", kind=kinds.TEXT, about="sa version", example="2", default="1"),
            Field(
                name="avis du DPD le",
                kind=Kind("une date, ou « aucun »", _day_or_none),
                about="le jour de l’avis du DPD",
                example="3 mars 2026",
                otherwise="le jour de la signature",
            ),
            Field(
                name="risque élevé",
                kind=kinds.YES_NO,
                about="un risque élevé demeure-t-il ?",
                example="oui",
                default="non",
            ),
            Field(
                name="à revoir le",
                kind=kinds.DAY,
                about="le jour de sa revue",
                example="3 mars 2029",
                otherwise="aucun",
            ),
            PROOF,
            SYSTEM,
        ),
    ),
    Word(
        name="réponse de la CNIL",
        about="La réponse de la CNIL sur un risque résiduel élevé (RGPD 36).",
        acts=(dossier.record_answer,),
        play=_answer,
        fields=(
            Field(
                name="permet", kind=kinds.YES_NO, about="la CNIL laisse-t-elle faire ?", example="oui", required=True
            ),
            ref("AIPD", "1", "la version de l’AIPD"),
            PROOF,
            SYSTEM,
        ),
    ),
    Word(
        name="panneau posé",
        about="Un panneau d’information. Seule sa photo le prouve (CSI R253-6).",
        acts=(dossier.place_panel,),
        play=_place_panel,
        fields=(
            Field(name="code", kind=kinds.TEXT, about="son code", example="P-02", default="P-01"),
            Field(
                name="lieu",
                kind=kinds.TEXT,
                about="où il est",
                example="Entrée de la place",
                default="Entrée de la place",
            ),
            SYSTEM,
        ),
    ),
    Word(
        name="panneau contrôlé",
        about="Quelqu’un a vu le panneau et l’a photographié, ou ne l’a pas trouvé.",
        acts=(dossier.check_panel,),
        play=_check_panel,
        fields=(
            ref("panneau", "P-01"),
            Field(name="présent", kind=kinds.YES_NO, about="est-il là ?", example="non", default="oui"),
            POSITIONS,
            PROOF,
            SYSTEM,
        ),
    ),
    Word(
        name="emplacement du panneau corrigé",
        about="Une faute dans l’emplacement d’un panneau, tant qu’aucune photo ne l’y prouve.",
        acts=(correction.correct_place,),
        play=_correct_place,
        fields=(
            ref("panneau", "P-01"),
            Field(name="lieu", kind=kinds.TEXT, about="l’emplacement juste", example="Pont", required=True),
            REASON,
        ),
    ),
    Word(
        name="document reçu",
        about="Une pièce arrive au dossier, sans acte qui s’en serve. Le récit n’en garde aucun fichier.",
        acts=(document.rehearse,),
        play=_receive,
        fields=(
            Field(name="nom", kind=kinds.TEXT, about="son nom", example="devis", default="pièce"),
            SYSTEM,
        ),
    ),
)
