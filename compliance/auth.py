"""How accounts sign in, what the journal keeps of it, and what Django is told of habilitations. Nobody signs up."""

import logging
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from compliance import gate, journal
from compliance.events import System
from compliance.models import Account, Position
from compliance.views.clock import now

log = logging.getLogger(__name__)
ACTIONS = {
    "compliance.watch_position": gate.Action.WATCH,
    "compliance.replay_position": gate.Action.REPLAY,
    "compliance.export_position": gate.Action.EXPORT,
}
LOGIN_KEPT = 64
LOCKED_SECONDS = 15 * 60


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed: an account is opened by an act. Every passage, failure and lock-out is journaled."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody signs up."""
        return False

    def login(self, request: HttpRequest, user: Account) -> None:
        """Open the session once the passage is journaled: without a journal, nobody comes in."""
        try:
            with transaction.atomic():
                journal.record("account.signed_in", at=now(), by=user, method="mot de passe")
                super().login(request, user)
        except journal.Unavailable as fault:
            raise ImmediateHttpResponse(_without_journal()) from fault

    def logout(self, request: HttpRequest) -> None:
        """Close the session, journaled if it can be: a broken journal must not keep anybody inside."""
        try:
            with transaction.atomic():
                journal.record("account.signed_out", at=now(), by=request.user)  # type: ignore[arg-type]
        except journal.Unavailable:
            log.exception("a sign-out could not be journaled")
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Journal the login tried and where from; never the password."""
        self._refused(request, "account.sign_in_failed", credentials, reason="identifiant ou mot de passe inconnu")

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Journal that somebody knew the password of a closed account."""
        self._refused(request, "account.sign_in_failed", {"username": user.username}, reason="compte fermé")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Journal a lock-out once, however many times the door is tried while it lasts."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = f"locked-out:{self.get_client_ip(request)}:{_login(credentials)}"
            if cache.add(key.replace(" ", "_"), 1, LOCKED_SECONDS):
                self._refused(request, "account.locked_out", credentials, reason="trop d’échecs")
            raise

    def _refused(self, request: HttpRequest, event: str, credentials: dict[str, Any], *, reason: str) -> None:
        with transaction.atomic():
            journal.record(
                event,
                at=now(),
                by=System.DOOR,
                login=_login(credentials),
                address=str(self.get_client_ip(request)),
                reason=reason,
            )


def _without_journal() -> HttpResponse:
    reason = _("Le journal ne peut pas être écrit : personne n’entre.")
    return HttpResponse(render_to_string("503.html", {"reason": reason, "demo": settings.DEMO}), status=503)


def _login(credentials: dict[str, Any]) -> str:
    """Return what was typed as login, cut short and printable: it goes to the journal."""
    typed = str(credentials.get("username") or "")[:LOGIN_KEPT]
    return "".join(c if c.isprintable() else "?" for c in typed)


class HabilitationBackend:
    """Answer `has_perm("compliance.watch_position", position)` as the gate does, for the account's person."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Authenticate nobody: this backend only answers about rights."""

    def has_perm(self, account: Account, permission: str, subject: object = None) -> bool:
        """True when the gate lets this person do that at this position now."""
        action = ACTIONS.get(permission)
        if action is None or not isinstance(subject, Position) or not account.is_active:
            return False
        return self.answer(account, action, subject, at=now())

    def answer(self, account: Account, action: gate.Action, position: Position, *, at: datetime) -> bool:
        """Ask the gate at an instant; REPLAY and EXPORT without footage ask about this very instant.

        A right to hand over is the person's: the ground, which each hand-over names, is taken as given.
        """
        footage = None if action is gate.Action.WATCH else gate.Span(at, at)
        ground = gate.Ground.REQUISITION if action is gate.Action.EXPORT else None
        return gate.decide(action, position, at=at, agent=account.person, footage=footage, ground=ground).allowed
