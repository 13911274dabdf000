"""The one-time link: shown once to who made it, then followed by the person, who chooses the password.

The token leaves the address at once for the session, so that it stays in no history and no referrer.
"""

import logging
import smtplib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from compliance import journal
from compliance.actions import account as acts
from compliance.actions.account import Handed
from compliance.events import System
from compliance.forms.account import PasswordForm
from compliance.models import Invitation
from compliance.templatetags import wording
from compliance.views import refused
from compliance.views.clock import now

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = logging.getLogger(__name__)
KEPT = "invitation"
UNKNOWN = gettext_lazy("Il n’est pas complet, ou il n’a jamais été remis.")
QUIET_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Link:
    """A link as its maker sees it, once."""

    url: str
    person: str
    until: datetime
    note: str


def hand_over(request: HttpRequest, handed: Handed) -> Link:
    """Return the link to show, and mail it where an address is given and the installation sends mail."""
    row = handed.invitation
    url = request.build_absolute_uri(reverse("invitation", args=[handed.token]))
    return Link(url, row.account.person.name, row.expires_at, _mailed(row, url))


def _mailed(row: Invitation, url: str) -> str:
    address = row.account.email
    if not address:
        return _("Aucun courriel n’est enregistré pour ce compte : le lien n’est parti nulle part.")
    if not settings.EMAIL_HOST:
        return _("Cette installation n’envoie pas de courrier : remettez le lien vous-même.")
    with translation.override(settings.LANGUAGE_CODE):  # whoever makes the link, its reader did not choose a language
        until = wording.instant(row.expires_at)
    text = (
        f"Bonjour,\n\nLa commune vous ouvre un compte de vidéoprotection ({row.account.username}). Choisissez votre "
        f"mot de passe par ce lien, qui sert une fois, avant le {until} :\n\n{url}\n"
    )
    try:
        send_mail("Votre compte de vidéoprotection", text, None, [address])
    except (OSError, smtplib.SMTPException) as fault:
        log.error("an invitation could not be mailed: %s", type(fault).__name__)
        return _("Le courriel à {address} n’est pas parti : remettez le lien vous-même.").format(address=address)
    return _("Le lien est aussi parti à {address}.").format(address=address)


@never_cache
@require_GET
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address. One that was never handed leaves no session behind."""
    kept = acts.fingerprint(token)
    if acts.find_kept(kept) is not None:
        request.session[KEPT] = kept
    elif KEPT in request.session:
        del request.session[KEPT]
    return redirect("invitation_choose")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Let who followed a live link choose a password, and sign them in."""
    at = now()
    row = acts.find_kept(str(request.session.get(KEPT, "")))
    if row is None:
        return _dead(request, UNKNOWN)
    if why := acts.refusal(row, at=at):
        _journal_refusal(request, row, why, at=at)
        return _dead(request, why)
    if request.user.is_authenticated and request.user != row.account:
        return render(request, "account/invitation_other.html", {"account": row.account}, status=409)
    form = PasswordForm(request.POST if request.method == "POST" else None, account=row.account)
    if form.is_valid():
        try:
            account = acts.choose_password(row, password=form.cleaned_data["password"], at=at, by=row.account)
        except ValidationError as error:
            return _dead(request, " ".join(error.messages))
        except journal.Unavailable:
            log.exception("a password could not be journaled")
            reason = _("Le journal ne peut pas être écrit : rien n’est enregistré. Réessayez par le même lien.")
            return render(request, "503.html", {"reason": reason}, status=503)
        request.session.pop(KEPT, None)
        get_adapter(request).login(request, account)
        return redirect("home")
    context = {"form": form, "account": row.account}
    return render(request, "account/invitation.html", context, status=refused.status(form))


def _dead(request: HttpRequest, why: "StrOrPromise") -> HttpResponse:
    return render(request, "account/invitation_dead.html", {"why": why}, status=410)


def _journal_refusal(request: HttpRequest, row: Invitation, why: "StrOrPromise", *, at: datetime) -> None:
    """Journal a dead link once in a while, however many times it is followed."""
    if not cache.add(f"dead-link:{row.pk}", 1, QUIET_SECONDS):
        return
    address = str(get_adapter(request).get_client_ip(request))
    with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
        journal.record(
            "account.link_refused", at=at, by=System.DOOR, login=row.account.username, reason=str(why), address=address
        )
