"""The demonstration commune: told by acts, once, refused elsewhere, its story the one the guide tells."""

import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from compliance import gate, journal
from compliance.events import System
from compliance.law import legal_day
from compliance.law.terms import Action
from compliance.models import Account, Body, Document, Entry, Installation, InstallationUserPermission, Person, Position
from compliance.views.clock import now
from config import demo_town as town

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STREAMS = "rtsp://127.0.0.1:8554"


def seed() -> str:
    """Run the command and return what it said."""
    said = StringIO()
    call_command("seed_demo", stdout=said)
    return said.getvalue()


@pytest.fixture
def demo(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, in demonstration."""
    monkeypatch.delenv("CLAIREVOIE_DEMO_PASSWORD", raising=False)
    monkeypatch.setenv("CLAIREVOIE_SIMULATOR", STREAMS)
    with override_settings(DEMO=True, HOME=tmp_path, PASSWORD_HASHERS=FAST):
        yield tmp_path


@pytest.mark.django_db
def test_it_is_refused_outside_the_demonstration() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="CLAIREVOIE_DEMO=1"):
        call_command("seed_demo")

    assert not Installation.objects.exists()


def test_the_story_is_the_one_of_the_reference_pages(demo: Path) -> None:
    seed()

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


def test_a_habilitated_agent_may_watch_the_lawful_five_and_nobody_else_but_the_mayor(demo: Path) -> None:
    seed()

    at, positions = now(), list(Position.objects.all())
    seen = {
        person.code: sum(d.allowed for d in gate.decide_many(Action.WATCH, positions, at=at, agent=person).values())
        for person in Person.objects.all()
    }

    assert seen == {"MAI": 5, "PM-01": 5, "PM-02": 5, "PM-03": 5, "SEC": 0, "DPD": 0, "CDV": 0, "TEC": 0}


def test_every_row_comes_from_an_act_of_the_journal(demo: Path) -> None:
    seed()

    report = journal.verify(at=now())
    events = list(Entry.objects.order_by("seq").values_list("event", flat=True))
    assert report.intact
    assert events.count("position.declared") == 8
    assert events.count("order.captured") == 2
    assert events.count("camera.registered") == 8
    assert events.count("document.received") == Document.objects.count()
    # Each person opens their own account; the console does the rest.
    own = {someone.function for someone in town.PEOPLE if someone.login}
    assert set(Body.objects.values_list("actor_name", flat=True)) == {System.CONSOLE.value, *own}
    assert set(Entry.objects.filter(body__actor__isnull=False).values_list("event", flat=True)) == {"account.opened"}


def test_entries_are_in_the_order_of_their_dates_and_none_is_to_come(demo: Path) -> None:
    seed()

    told = list(Entry.objects.order_by("seq").values_list("at", flat=True))

    assert told == sorted(told)
    assert told[-1] <= now()


def test_each_function_has_its_login_and_its_rights(demo: Path) -> None:
    seed()

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


def test_a_second_seed_changes_nothing(demo: Path) -> None:
    first = seed()
    entries = Entry.objects.count()

    second = seed()

    assert Entry.objects.count() == entries
    assert first == second


def test_one_password_is_generated_printed_and_kept_for_its_owner(demo: Path) -> None:
    said = seed()

    kept = demo / "demo-password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text() in said
    for someone in town.PEOPLE:
        if someone.login:
            assert Account.objects.get(username=someone.login).check_password(kept.read_text())
            assert someone.login in said


def test_the_password_may_be_chosen_by_the_environment(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIREVOIE_DEMO_PASSWORD", "choisi-par-le-jury-2026")

    seed()

    assert Account.objects.get(username="agent").check_password("choisi-par-le-jury-2026")


def test_a_weak_password_leaves_no_half_told_story(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIREVOIE_DEMO_PASSWORD", "court")

    with pytest.raises(Exception, match="court"):
        seed()

    assert not Installation.objects.exists()
    assert not Entry.objects.exists()


def test_the_streams_follow_a_simulator_that_moved(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed()
    monkeypatch.setenv("CLAIREVOIE_SIMULATOR", "rtsp://127.0.0.1:9554")

    seed()

    changed = Body.objects.filter(entry__event="camera.changed")
    assert changed.count() == 8
    assert not [body for body in Body.objects.all() if "9554" in body.payload or "8554" in body.payload]


def test_every_proof_is_a_real_file_of_its_kind(demo: Path) -> None:
    seed()

    starts = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG"}
    for document in Document.objects.all():
        content = (settings.HOME / "documents" / document.sha256[:2] / document.sha256).read_bytes()
        assert content.startswith(starts[document.media_type]), document.name
        assert len(content) == document.size


def test_the_story_stays_alive_on_any_day(demo: Path) -> None:
    """An order of five years that began thirty-two months ago, whatever the length of the months."""
    seed()

    running = Installation.objects.get().orders.latest("ends_on")
    left = (running.ends_on - legal_day(now())).days

    assert 840 <= left <= 855


def test_nothing_real_is_in_the_town() -> None:
    values: list[Any] = [town.SIRET, *(p.address for p in town.PLACES), *(s.function for s in town.PEOPLE)]

    assert town.SIRET.startswith("0000")
    assert not any("@" in str(value) for value in values)
