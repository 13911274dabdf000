"""The command that seeds the demonstration commune: once, refused elsewhere, its password kept for its owner."""

import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from compliance.models import Account, Body, Entry, Installation
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
