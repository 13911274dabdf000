"""The demonstration town at a fixed instant, told once per module: its papers say the same words every day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from compliance import journal
from compliance.documents import KINDS, Subject
from compliance.events import System
from compliance.law import legal_day
from compliance.models import Account, Installation, Position
from config.demo_story import Story

AT = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PUBLIC = "https://videoprotection.valclair-sur-moselle.example"


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=FAST), transaction.atomic():
        Story(today=legal_day(AT), now=AT, password="lavoir-halle-verger-4821").tell()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def db(town: None) -> Iterator[None]:
    with transaction.atomic(), override_settings(PUBLIC_URL=PUBLIC):
        yield
        transaction.set_rollback(True)


@pytest.fixture
def place(db: None) -> Installation:
    return Installation.objects.select_related("authority").get(code="VALCLAIR")


@pytest.fixture
def looked(place: Installation) -> None:
    """An agent looked at a camera, which had started to record; its oldest images went."""
    agent, position = Account.objects.get(username="agent"), Position.objects.get(code="VAL-01")
    lines: list[tuple[str, Account | System, dict[str, Any]]] = [
        (
            "recording.run.started",
            System.RECORDER,
            {"camera": "C-01", "decision": "oui", "until": AT, "retention_days": 15},
        ),
        (
            "consultation.opened",
            agent,
            {
                "number": 7,
                "person": "PM-01",
                "positions": ["VAL-01"],
                "motive": "levée de doute",
                "motive_text": "bruit sur la place",
                "kind": "live",
                "recipients": ["Gendarmerie"],
            },
        ),
        (
            "recording.erased",
            System.KEEPER,
            {"camera": "C-01", "first": AT, "last": AT, "segments": 60, "bytes": 1, "reason": "terme de l’arrêté"},
        ),
    ]
    for hour, (event, by, values) in enumerate(lines):
        at = AT - timedelta(hours=4 - hour)
        journal.record(event, at=at, by=by, position=position, **values)


@pytest.fixture
def subject(place: Installation) -> Callable[..., Subject]:
    def about(code: str = "VALCLAIR", **given: Any) -> Subject:
        return Subject(installation=place, code=code, version=1, issued_at=AT, given=given)

    return about


# Each kind with something of the town to speak of, and what is answered when it is asked.
SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "panneau": ("P-03", {}),
    "habilitation": ("PM-01", {"registration": "0042", "training": "le 12 janvier 2026"}),
    "mise-en-service": ("VALCLAIR", {"service_on": "2026-07-01"}),
    "registre": ("VALCLAIR", {"since": "2026-06-01", "until": "2026-06-18"}),
    "etat": ("VALCLAIR", {}),
}
assert set(SAMPLES) == set(KINDS)
