"""Who signs in, and who holds an office right. None of it opens an image."""

from secrets import token_urlsafe

from compliance.actions import account, people
from compliance.scenario import kinds
from compliance.scenario.vocabulary.base import PERSON, SYSTEM, Field, Word
from compliance.scenario.world import Given


def _invite(given: Given) -> None:
    handed = account.invite(
        given.refer("personne"), installation=given.system, username=given["identifiant"], **given.by
    )
    given.world.name("invitation de", given["personne"], handed.invitation)
    given.world.name("compte de", given["personne"], handed.invitation.account)


def _renew(given: Given) -> None:
    handed = account.renew_link(given.find("compte de", given["personne"]), installation=given.system, **given.by)
    given.world.name("invitation de", given["personne"], handed.invitation)


def _cancel(given: Given) -> None:
    account.cancel_invitation(given.find("invitation de", given["personne"]), **given.by)


def _open(given: Given) -> None:
    invitation = given.find("invitation de", given["personne"])
    # The one act that nobody does for somebody else.
    account.choose_password(invitation, password=token_urlsafe(24), at=given.at, by=invitation.account)


def _close(given: Given) -> None:
    account.disable_account(given.find("compte de", given["personne"]), installation=given.system, **given.by)


def _reopen(given: Given) -> None:
    account.reopen_account(given.find("compte de", given["personne"]), installation=given.system, **given.by)


def _grant(given: Given) -> None:
    people.grant_right(
        given.system, account=given.find("compte de", given["personne"]), right=given["droit"], **given.by
    )


def _revoke(given: Given) -> None:
    people.revoke_right(
        given.system, account=given.find("compte de", given["personne"]), right=given["droit"], **given.by
    )


RIGHT = Field(name="droit", kind=kinds.RIGHT, about="le droit de bureau", example="Lire le dossier", required=True)
WORDS = (
    Word(
        name="invitation remise",
        about="Une personne reçoit un lien, valable une fois et 72 heures, qui ouvre son compte.",
        acts=(account.invite,),
        play=_invite,
        fields=(
            PERSON,
            Field(name="identifiant", kind=kinds.TEXT, about="l’identifiant", example="secretariat", required=True),
            SYSTEM,
        ),
    ),
    Word(
        name="lien renouvelé",
        about="Un nouveau lien ; les précédents n’ouvrent plus rien.",
        acts=(account.renew_link,),
        play=_renew,
        fields=(PERSON, SYSTEM),
    ),
    Word(
        name="invitation annulée",
        about="Le lien n’ouvre plus rien.",
        acts=(account.cancel_invitation,),
        play=_cancel,
        fields=(PERSON,),
    ),
    Word(
        name="compte ouvert",
        about="La personne suit son lien et choisit son mot de passe. Un compte n’ouvre aucune image.",
        acts=(account.choose_password,),
        play=_open,
        fields=(PERSON,),
    ),
    Word(
        name="compte fermé",
        about="Le compte ne se connecte plus ; ce que la personne a fait reste.",
        acts=(account.disable_account,),
        play=_close,
        fields=(PERSON, SYSTEM),
    ),
    Word(
        name="compte rouvert",
        about="Le compte se connecte de nouveau, avec les droits qu’il avait.",
        acts=(account.reopen_account,),
        play=_reopen,
        fields=(PERSON, SYSTEM),
    ),
    Word(
        name="droit donné",
        about="Un droit de bureau sur le dossier. Il n’ouvre aucune image : seule une habilitation le fait.",
        acts=(people.grant_right,),
        play=_grant,
        fields=(PERSON, RIGHT, SYSTEM),
    ),
    Word(
        name="droit retiré",
        about="Le droit de bureau est repris.",
        acts=(people.revoke_right,),
        play=_revoke,
        fields=(PERSON, RIGHT, SYSTEM),
    ),
)
