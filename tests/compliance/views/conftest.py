"""The demonstration town, told once per module inside a transaction that each module takes back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from compliance.law import legal_day
from compliance.models import Account, Installation
from config.demo_story import Story

PASSWORD = "lavoir-halle-verger-4821"
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGINS = ("maire", "liaison", "dpo", "agent", "controle", "technique")


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tell the whole story once."""
    # A little before now, so that no act of a test meets an instant of the story.
    now = datetime.now(UTC) - timedelta(minutes=5)
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=FAST), transaction.atomic():
        Story(today=legal_day(now), now=now, password=PASSWORD).tell()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def db(town: None) -> Iterator[None]:
    """Stand for pytest-django's own: inside the module's transaction, whatever the test does is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def place(db: None) -> Installation:
    """The installation of the story."""
    return Installation.objects.get(code="VALCLAIR")


@pytest.fixture
def signed_in(place: Installation) -> Any:
    """Return a browser where that login is signed in."""

    def as_login(login: str) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(username=login), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return as_login


def status_of(answer: Any) -> int:
    """Return the status of an answer read to its end: a file left half sent stays open, and is told as a leak."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    status: int = answer.status_code
    return status
