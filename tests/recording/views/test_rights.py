"""Who may no longer be there no longer looks: a closed account, a new password, a session that ended."""

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore

from compliance import gate
from compliance.actions import account as logins
from compliance.matrix import Dossier
from compliance.models import Account
from recording.views.clock import now
from recording.views.rights import LOOK_EVERY_S, Viewing, Watcher
from tests.compliance.built import a_dossier, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def made() -> Dossier:
    return a_dossier(at=now())


def looking(holder: Account) -> tuple[Watcher, Viewing]:
    """Return a viewing of this account, its right renewed for long, and who watches it."""
    store = SessionStore()
    store["_auth_user_id"] = str(holder.pk)
    store.save()
    viewing = Viewing(SimpleNamespace(account_id=holder.pk), str(store.session_key), {0: SimpleNamespace()})  # type: ignore[arg-type,dict-item]
    viewing.deadlines = {0: time.monotonic() + 3600}
    watcher = Watcher()
    watcher._beat = gate.pulse()
    watcher._look([viewing])
    assert viewing.right(0) is None
    return watcher, viewing


def test_a_closed_account_goes_dark_at_the_next_look(made: Dossier) -> None:
    holder = an_account(made.agent, "agent")
    watcher, viewing = looking(holder)

    logins.disable_account(holder, installation=made.installation, **made.by)
    watcher._look([viewing])

    ended = viewing.right(0)
    assert ended is not None
    assert ended.code == "session"
    assert timedelta(seconds=2 * LOOK_EVERY_S) < timedelta(seconds=2)


def test_a_new_password_ends_what_the_old_one_was_looking_at(made: Dossier) -> None:
    holder = an_account(made.agent, "agent")
    watcher, viewing = looking(holder)
    handed = logins.renew_link(holder, installation=made.installation, **made.by)

    logins.choose_password(handed.invitation, password="tilleul-quai-moulin-77", at=made.at, by=holder)
    watcher._look([viewing])

    assert viewing.right(0) is not None
