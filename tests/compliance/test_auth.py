"""What Django is told of habilitations is what the gate answers."""

import pytest

from compliance import auth
from compliance.actions import habilitation
from compliance.events import System
from compliance.models import Account
from tests.compliance.built import AT, a_dossier, an_account

PERMISSIONS = ("compliance.watch_position", "compliance.replay_position", "compliance.export_position")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "now", lambda: AT)


@pytest.mark.django_db
@pytest.mark.parametrize("permission", PERMISSIONS)
def test_has_perm_says_what_the_gate_says(permission: str) -> None:
    made = a_dossier()
    account = an_account(made.agent, "agent")
    assert account.has_perm(permission, made.position)

    habilitation.withdraw_habilitation(made.title, since=AT, at=AT, by=System.CONSOLE)

    assert not account.has_perm(permission, made.position)


@pytest.mark.django_db
def test_a_closed_account_has_no_right_to_images() -> None:
    made = a_dossier()
    account = an_account(made.agent, "agent")
    account.is_active = False

    assert not account.has_perm("compliance.watch_position", made.position)


@pytest.mark.django_db
def test_without_a_position_the_backend_says_nothing() -> None:
    account = an_account(a_dossier().agent, "agent")

    assert not account.has_perm("compliance.watch_position")
    assert not account.has_perm("compliance.read_minds", account)


def test_nobody_has_every_right() -> None:
    with pytest.raises(PermissionError):
        Account.objects.create_superuser("chef", "", "x")
