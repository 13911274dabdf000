"""Acts about logins: invited by a one-time link, opened by the person alone, closed. Nobody types somebody else's
password: whoever holds the link chooses it, once. Of the link, only a fingerprint is kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance import journal
from compliance.actions.base import OWN, WITHOUT, By, act, may, who
from compliance.models import Account, Installation, InstallationUserPermission, Invitation, Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LASTS: Final = timedelta(hours=72)
TOKEN_BYTES: Final = 32
ELSEWHERE = _(
    "Ce compte a aussi des droits sur une autre installation : seul un compte qui y valide aussi peut le faire."
)
LONE = _("Il ne resterait personne pour valider : donnez d’abord ce droit à un autre compte ouvert.")


@dataclass(frozen=True, slots=True)
class Handed:
    """An invitation and its token, which exists nowhere else."""

    invitation: Invitation
    token: str


def fingerprint(token: str) -> str:
    """Return what is kept of a token: 256 random bits need neither salt nor slowness."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_kept(kept: str) -> Invitation | None:
    """Return the invitation of a token's fingerprint, whatever it is worth now."""
    rows = Invitation.objects.select_related("account__person", "installation")
    return rows.filter(fingerprint=kept).first()


def refusal(invitation: Invitation, *, at: datetime) -> "StrOrPromise":
    """Return why a link no longer opens anything, or nothing."""
    if invitation.used_at is not None:
        return _("Il a déjà servi.")
    if invitation.cancelled_at is not None:
        return _("Il a été annulé ou remplacé.")
    if invitation.expires_at <= at:
        return _("Il est trop ancien : un lien vaut 72 heures.")
    return "" if invitation.account.is_active else _("Le compte est fermé.")


@act("validate")
def invite(  # noqa: PLR0913 (an act is its fields)
    person: Person, *, installation: Installation, username: str, at: datetime, by: By, email: str = ""
) -> Handed:
    """Make a person's one login, that only the link handed to them opens. Raises ValidationError on a used login."""
    _of_the_commune(person, installation)
    account = Account(username=username, email=email, person=person, date_joined=at)
    account.set_unusable_password()
    account.full_clean()
    account.save()
    return _hand(account, "account.invited", installation=installation, at=at, by=by)


@act("validate")
def renew_link(account: Account, *, installation: Installation, at: datetime, by: By) -> Handed:
    """Hand a new link: the invitation was lost, or the password was. The links before it open nothing any more."""
    _of_the_commune(account.person, installation)
    _answered_for(account, by)
    if not account.is_active:
        raise ValidationError({"account": _("Ce compte est fermé : rouvrez-le d’abord.")})
    _cancel(account, at=at, by=by)
    return _hand(account, "account.link_renewed", installation=installation, at=at, by=by)


def _hand(account: Account, event: str, *, installation: Installation, at: datetime, by: By) -> Handed:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = Invitation.objects.create(
        account=account,
        installation=installation,
        fingerprint=fingerprint(token),
        recorded_at=at,
        recorded_by=who(by),
        expires_at=at + LASTS,
    )
    journal.record(
        event,
        at=at,
        by=by,
        installation=installation,
        person=account.person.code,
        login=account.username,
        until=row.expires_at,
    )
    return Handed(row, token)


@act("validate")
def cancel_invitation(invitation: Invitation, *, at: datetime, by: By) -> Invitation:
    """Make a link open nothing. Raises ValidationError when it already opens nothing."""
    if invitation.used_at is not None or invitation.cancelled_at is not None:
        raise ValidationError({"invitation": _("Ce lien a déjà servi, ou il est déjà annulé.")})
    invitation.cancelled_at, invitation.cancelled_by = at, who(by)
    invitation.save(update_fields=["cancelled_at", "cancelled_by"])
    account = invitation.account
    journal.record(
        "account.invitation_cancelled",
        at=at,
        by=by,
        installation=invitation.installation,
        person=account.person.code,
        login=account.username,
    )
    return invitation


@act(OWN)
def choose_password(invitation: Invitation, *, password: str, at: datetime, by: Account) -> Account:
    """Open one's account, or open it again, by the link. Raises ValidationError on a weak password or a dead link."""
    account = invitation.account
    validate_password(password, account)
    # One statement: of two that follow the same link at once, one writes.
    live = Invitation.objects.filter(pk=invitation.pk, used_at=None, cancelled_at=None, expires_at__gt=at)
    if not live.update(used_at=at):
        raise ValidationError(_("Ce lien ne sert plus."))
    first = not account.has_usable_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    close_sessions(account, at=at)
    journal.record(
        "account.opened" if first else "account.password_chosen",
        at=at,
        by=by,
        installation=invitation.installation,
        person=account.person.code,
        login=account.username,
    )
    return account


@act("validate")
def disable_account(account: Account, *, at: datetime, by: By, installation: Installation | None = None) -> Account:
    """Close a login, its sessions and its links; what the person did stays."""
    _of_the_commune(account.person, installation)
    for right in InstallationUserPermission.objects.filter(user=account, permission__codename="validate"):
        alone(account, right.content_object)
    account.is_active = False
    account.save(update_fields=["is_active"])
    close_sessions(account, at=at)
    _cancel(account, at=at, by=by)
    journal.record(
        "account.disabled", at=at, by=by, installation=installation, person=account.person.code, login=account.username
    )
    return account


@act("validate")
def reopen_account(account: Account, *, installation: Installation, at: datetime, by: By) -> Account:
    """Open a closed login again, with the rights that it kept."""
    _of_the_commune(account.person, installation)
    _answered_for(account, by)
    account.is_active = True
    account.save(update_fields=["is_active"])
    journal.record(
        "account.reopened", at=at, by=by, installation=installation, person=account.person.code, login=account.username
    )
    return account


def alone(account: Account, installation: Installation | None) -> None:
    """Raise when nobody else could validate on the installation: the commune would be locked out of its own dossier.

    An account that nobody opened yet validates nothing.
    """
    holders = InstallationUserPermission.objects.filter(
        content_object=installation, permission__codename="validate", user__is_active=True
    )
    opened = holders.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX).exclude(user=account)
    if holders.filter(user=account).exists() and not opened.exists():
        raise ValidationError({"account": LONE})


def _answered_for(account: Account, by: By) -> None:
    """Raise where the account holds something that its author does not validate: who is handed a link may be it."""
    rights = Q(installationuserpermission__user=account)
    titles = Q(habilitations__person=account.person_id, habilitations__void_at=None, habilitations__withdrawn_at=None)
    if not all(may(by, "validate", place) for place in Installation.objects.filter(rights | titles).distinct()):
        raise ValidationError({"account": ELSEWHERE})


def _of_the_commune(person: Person, installation: Installation | None) -> None:
    """Raise for somebody of another commune: a right on one installation gives nothing on its people."""
    if installation is not None and person.authority_id != installation.authority_id:
        raise PermissionDenied(WITHOUT)


def close_sessions(account: Account, *, at: datetime) -> None:
    """End every session of the account: the streams that they carry stop at the next look, within two seconds."""
    for session in Session.objects.filter(expire_date__gt=at):
        if session.get_decoded().get(SESSION_KEY) == str(account.pk):
            session.delete()


def _cancel(account: Account, *, at: datetime, by: By) -> None:
    account.invitations.filter(used_at=None, cancelled_at=None).update(cancelled_at=at, cancelled_by=who(by))
