"""How accounts sign in and what Django is told of habilitations. There is no self-service account."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from compliance import gate
from compliance.models import Account, Position
from compliance.views.clock import now

ACTIONS = {
    "compliance.watch_position": gate.Action.WATCH,
    "compliance.replay_position": gate.Action.REPLAY,
    "compliance.export_position": gate.Action.EXPORT,
}


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed: an account is opened by an act."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False


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
        """Ask the gate at an instant; REPLAY and EXPORT without footage ask about this very instant."""
        footage = None if action is gate.Action.WATCH else gate.Span(at, at)
        return gate.decide(action, position, at=at, agent=account.person, footage=footage).allowed
