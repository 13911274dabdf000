"""A start that must not happen is refused in one French sentence, without a trace and without a secret."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from compliance.journal import triggers
from config import startup
from config.home import NotReady, prepared, secret_key

BASE = Path(settings.BASE_DIR)


@pytest.mark.django_db
def test_a_migrated_and_guarded_database_is_ready() -> None:
    startup.assert_ready()


@pytest.mark.django_db
def test_a_database_behind_its_code_is_refused_with_the_command() -> None:
    MigrationRecorder(connection).record_unapplied("recording", "0001_initial")

    with pytest.raises(NotReady, match=r"1 migrations attendent, dont recording\.0001_initial.*\./run manage migrate"):
        startup.assert_ready()


@pytest.mark.django_db
def test_a_database_ahead_of_its_code_is_refused() -> None:
    MigrationRecorder(connection).record_applied("compliance", "9999_later")

    with pytest.raises(NotReady, match=r"version plus récente : ce code ne connaît pas compliance\.9999_later"):
        startup.assert_ready()


@pytest.mark.django_db
def test_a_journal_without_its_guards_is_refused_by_name() -> None:
    triggers.uninstall(connection)

    with pytest.raises(NotReady, match=r"le journal n’est plus gardé : .*compliance_entry"):
        startup.assert_ready()


def test_a_database_that_does_not_answer_is_said_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("postgres://clairevoie:lavoir-tilleul@base/ : connection refused")

    monkeypatch.setattr(startup, "unapplied", refuse)

    with pytest.raises(NotReady, match="ne répond pas") as refusal:
        startup.assert_ready()

    assert "lavoir-tilleul" not in str(refusal.value)


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotReady, match=r"file/home ne peut pas être écrit .*CLAIREVOIE_HOME"):
        prepared(tmp_path / "file" / "home")


def test_the_key_of_the_site_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = secret_key(tmp_path)

    assert len(first) > 80
    assert secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "keys" / "django.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["django.key"]


def test_an_empty_key_of_the_site_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "django.key").touch()

    with pytest.raises(NotReady, match="vide ou trop courte"):
        secret_key(tmp_path)


WEB = ("-m", "uvicorn", "config.asgi:application", "--port", "0")
WORKER = ("-m", "celery", "--quiet", "-A", "config", "worker", "--pool", "solo")
RECORDER, KEEPER = ("manage.py", "recorder"), ("manage.py", "keeper")


@pytest.mark.slow
@pytest.mark.parametrize("command", [WEB, WORKER, RECORDER, KEEPER], ids=["web", "worker", "recorder", "keeper"])
def test_no_process_starts_on_an_empty_database(tmp_path: Path, command: tuple[str, ...]) -> None:
    env = {**os.environ, "CLAIREVOIE_HOME": str(tmp_path / "home")}
    env.pop("DATABASE_URL", None)

    answer = subprocess.run(
        [sys.executable, "-W", "ignore", *command], cwd=BASE, env=env, capture_output=True, text=True, timeout=60,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip

    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "claire-voie : la base de données n’est pas à jour" in answer.stderr
    assert "Traceback" not in answer.stderr
