"""A small town to write about, an attacker who owns the database, and processes that write at the same time."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from compliance import events, journal
from compliance.journal import triggers
from compliance.models.dossier import Authority, Installation, Position
from compliance.models.journal import Entry
from compliance.models.people import Account, Person
from tests.databases import BASE, FreshDatabase

AT = datetime(2026, 11, 19, 13, 32, 5, 123456, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    """An authority, its installation, one position, one account."""

    installation: Installation
    position: Position
    account: Account


@pytest.fixture
def town(db: None) -> Town:
    authority = Authority.objects.create(name="Valclair-sur-Moselle", siret="21570000000017")
    installation = Installation.objects.create(authority=authority, code="VALCLAIR", name="Centre-bourg")
    position = Position.objects.create(installation=installation, code="VAL-01", address="Place de la Mairie")
    person = Person.objects.create(authority=authority, code="PM-02", name="PM-02", function="Agent de police")
    account = Account.objects.create(username="agent", person=person, date_joined=AT)
    return Town(installation, position, account)


@pytest.fixture
def six_entries(town: Town) -> list[Entry]:
    """Six entries of now: three about the position by the account, three by the machine about nothing."""
    entries = []
    for number in range(3):
        at = AT + timedelta(minutes=number)
        with transaction.atomic():
            entries.append(
                journal.record(
                    "recording.audio.dropped", at=at, by=town.account, position=town.position, camera=f"C-{number}"
                )
            )
            entries.append(journal.record("account.sign_in_failed", at=at, by=events.System.DOOR, login="inconnu"))
    return entries


@contextmanager
def _unguarded() -> Iterator[Any]:
    with transaction.atomic():
        connection.check_constraints()  # PostgreSQL drops no trigger while a deferred key is still to be checked
        triggers.uninstall(connection)
        with connection.cursor() as cursor:
            yield cursor
        transaction.set_rollback(True)


@pytest.fixture
def unguarded() -> Callable[[], Any]:
    """Play whoever owns the database: within, there is no trigger; after, everything is as before."""
    return _unguarded


def _start(database: FreshDatabase, code: str) -> "subprocess.Popen[str]":
    prelude = (
        "import django; django.setup()\nfrom django.db import transaction\nfrom compliance import events, journal\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", prelude + code], cwd=BASE, env=database.env, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def start() -> Callable[[FreshDatabase, str], "subprocess.Popen[str]"]:
    """Run lines of Python in a process of its own, on the database given."""
    return _start
