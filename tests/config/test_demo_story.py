"""The story of the demonstration: the one that the guide tells, told by acts, alive whatever the day."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from compliance import gate, journal
from compliance.events import System
from compliance.law import legal_day
from compliance.law.terms import Action
from compliance.models import Body, Document, Entry, Installation, InstallationUserPermission, Person, Position
from compliance.views.clock import now
from config import demo_town

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """Seed once, in a home of the module's own, inside a transaction that the module takes back."""
    given = {"DEMO": True, "HOME": tmp_path_factory.mktemp("home"), "PASSWORD_HASHERS": FAST}
    with django_db_blocker.unblock(), override_settings(**given), transaction.atomic():
        with pytest.MonkeyPatch.context() as patched:
            patched.delenv("CLAIREVOIE_DEMO_PASSWORD", raising=False)
            call_command("seed_demo", stdout=StringIO())
        yield given
        transaction.set_rollback(True)


@pytest.fixture
def db(town: dict[str, Any]) -> Iterator[None]:
    with override_settings(**town), transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_the_story_is_the_one_of_the_reference_pages(db: None) -> None:
    at = now()
    decisions = gate.decide_many(Action.RECORD, Position.objects.order_by("code"), at=at)
    refused = {d.position: {f.code for f in d.blocking} for d in decisions.values()}
    assert refused == {
        **{f"VAL-0{n}": set() for n in range(1, 6)},
        "VAL-06": {"R-05", "R-17"},
        "VAL-07": {"R-27"},
        "VAL-08": {"R-08"},
    }
    assert {d.retention_days for d in decisions.values() if d.allowed} == {15}


def test_a_habilitated_agent_may_watch_the_lawful_five_and_nobody_else_but_the_mayor(db: None) -> None:
    at, positions = now(), list(Position.objects.all())
    seen = {
        person.code: sum(d.allowed for d in gate.decide_many(Action.WATCH, positions, at=at, agent=person).values())
        for person in Person.objects.all()
    }

    assert seen == {"MAI": 5, "PM-01": 5, "PM-02": 5, "PM-03": 5, "SEC": 0, "DPD": 0, "CDV": 0, "TEC": 0}


def test_every_row_comes_from_an_act_of_the_journal(db: None) -> None:
    report = journal.verify(at=now())
    events = list(Entry.objects.order_by("seq").values_list("event", flat=True))
    assert report.intact
    assert events.count("position.declared") == 8
    assert events.count("order.captured") == 2
    assert events.count("camera.registered") == 8
    assert events.count("document.received") == Document.objects.count()
    # Each person opens their own account; the console does the rest.
    own = {someone.function for someone in demo_town.PEOPLE if someone.login}
    assert set(Body.objects.values_list("actor_name", flat=True)) == {System.CONSOLE.value, *own}
    assert set(Entry.objects.filter(body__actor__isnull=False).values_list("event", flat=True)) == {"account.opened"}


def test_entries_are_in_the_order_of_their_dates_and_none_is_to_come(db: None) -> None:
    told = list(Entry.objects.order_by("seq").values_list("at", flat=True))

    assert told == sorted(told)
    assert told[-1] <= now()


def test_each_function_has_its_login_and_its_rights(db: None) -> None:
    rights: dict[str, set[str]] = {}
    for row in InstallationUserPermission.objects.select_related("user", "permission"):
        rights.setdefault(row.user.username, set()).add(row.permission.codename)
    assert rights == {
        "dpo": {"draft_aipd", "give_opinion", "read"},
        "liaison": {"capture_order", "file", "manage_cameras", "read"},
        "agent": {"read"},
        "maire": {"validate", "habilitate", "read"},
        "controle": {"control", "read"},
        "technique": {"manage_cameras"},
    }


def test_every_proof_is_a_real_file_of_its_kind(db: None) -> None:
    starts = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG"}
    for document in Document.objects.all():
        content = (settings.HOME / "documents" / document.sha256[:2] / document.sha256).read_bytes()
        assert content.startswith(starts[document.media_type]), document.name
        assert len(content) == document.size


def test_the_story_stays_alive_on_any_day(db: None) -> None:
    """An order of five years that began thirty-two months ago, whatever the length of the months."""
    running = Installation.objects.get().orders.latest("ends_on")
    left = (running.ends_on - legal_day(now())).days

    assert 840 <= left <= 855


def test_nothing_real_is_in_the_town() -> None:
    values: list[Any] = [
        demo_town.SIRET,
        *(p.address for p in demo_town.PLACES),
        *(s.function for s in demo_town.PEOPLE),
    ]

    assert demo_town.SIRET.startswith("0000")
    assert not any("@" in str(value) for value in values)
