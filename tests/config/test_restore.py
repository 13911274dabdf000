"""A copy put back is the state that it was, and nothing that is not whole replaces what is there."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from compliance.models import Entry
from config.home import hold
from tests.config.test_backup import documents_of, told  # noqa: F401 (a fixture)
from tests.databases import FreshDatabase, manage
from tests.recording.engine.stage import dossier

BASE = "claire-voie.sqlite3"


def rows(base: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but the sessions, which do not come back, and SQLite's own."""
    with closing(sqlite3.connect(base)) as read:
        names = [row[0] for row in read.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [name for name in names if not name.startswith("sqlite_")]
        return {n: sorted(read.execute(f'SELECT * FROM "{n}"'), key=repr) for n in names if n != "django_session"}


def with_statistics(base: Path) -> set[str]:
    """Return the tables whose statistics the planner has."""
    with closing(sqlite3.connect(base)) as read:
        if not read.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
            return set()
        return {table for (table,) in read.execute("SELECT tbl FROM sqlite_stat1")}


def copied(told: FreshDatabase, folder: Path) -> Path:  # noqa: F811
    """Copy the installation, then write more in it."""
    call_command("backup", str(folder))
    dossier()
    stranger = told.home / "documents" / "ff" / ("f" * 64)
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"since the copy")
    connection.close()
    return folder


def spoil_journal(copy: Path) -> None:
    """Change a word of the journal and put its guards back, as somebody skilful would."""
    with closing(sqlite3.connect(copy / BASE)) as base:
        guards = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("UPDATE compliance_entry SET event = 'dossier.other' WHERE seq = 1")
        for _, sql in guards:
            base.execute(sql)
        base.commit()


def spoil_guards(copy: Path) -> None:
    with closing(sqlite3.connect(copy / BASE)) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.commit()


def spoil_base(copy: Path) -> None:
    content = (copy / BASE).read_bytes()
    (copy / BASE).write_bytes(content[: len(content) // 2])


def spoil_document(copy: Path) -> None:
    next((copy / "documents").glob("*/*")).write_bytes(b"another")


SPOILT = {
    spoil_journal: "son journal a été altéré à l’entrée 1",
    spoil_guards: "son journal n’a plus ses gardes",
    spoil_base: "sa base",
    spoil_document: "le document",
}


def test_a_copy_put_back_is_the_state_that_it_was_and_nothing_unsound_ever_is(
    told: FreshDatabase,  # noqa: F811
    tmp_path: Path,
) -> None:
    if connection.vendor != "sqlite":
        with pytest.raises(CommandError, match="pg_restore"):
            call_command("restore", str(tmp_path))
        return

    copy = copied(told, tmp_path / "copy")
    base, kept = told.home / BASE, rows(copy / BASE)
    before, later = rows(base), documents_of(told.home)
    keys = {path.name: path.read_bytes() for path in (told.home / "keys").iterdir()}
    alive = hold(told.home)
    told_to_stop = manage(told.env, "restore", str(copy), "--replace")
    os.close(alive)
    answers = {
        "absent": manage(told.env, "restore", str(tmp_path / "nowhere")),
        "not empty": manage(told.env, "restore", str(copy)),
    }
    for spoil, why in SPOILT.items():
        spoilt = tmp_path / spoil.__name__
        shutil.copytree(copy, spoilt)
        spoil(spoilt)
        refused = manage(told.env, "restore", str(spoilt), "--replace")
        assert (refused.returncode, "La copie n’est pas saine" in refused.stderr) == (2, True), refused.stderr
        assert why in refused.stderr
    assert (told_to_stop.returncode, "arrêtez d’abord" in told_to_stop.stderr) == (1, True)
    assert [answer.returncode for answer in answers.values()] == [1, 1]
    assert "Il n’y a pas de copie" in answers["absent"].stderr
    assert "n’est pas vide" in answers["not empty"].stderr
    assert (rows(base), documents_of(told.home)) == (before, later)

    done = manage(told.env, "restore", str(copy), "--replace")

    assert done.returncode == 0, done.stderr
    assert "journal intact" in done.stdout
    assert "dites-le au DPD" in done.stdout
    assert rows(base) == kept != before
    assert (with_statistics(copy / BASE), "compliance_entry" in with_statistics(base)) == (set(), True)
    assert documents_of(told.home) == documents_of(copy) != later
    former = told.home / "avant-restauration"
    assert rows(former / BASE) == before
    assert documents_of(former) == later - documents_of(copy)
    assert {path.name: path.read_bytes() for path in (told.home / "keys").iterdir()} == keys
    assert not (told.home / "restauration").exists()
    assert manage(told.env, "verify_journal").returncode == 0
    assert Entry.objects.count() == len(kept["compliance_entry"])


def test_a_copy_is_put_on_a_new_machine_and_on_a_base_that_cannot_be_read(
    told: FreshDatabase,  # noqa: F811
    tmp_path: Path,
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("sur PostgreSQL, pg_restore")
    copy = copied(told, tmp_path / "copy")
    new = FreshDatabase(home=tmp_path / "new", url=f"sqlite:///{tmp_path / 'new' / BASE}")
    (told.home / BASE).write_bytes(b"what a broken disk leaves")

    for database, options in ((new, ()), (told, ("--replace",))):
        done = manage(database.env, "restore", str(copy), *options)
        assert done.returncode == 0, done.stderr
        assert rows(database.home / BASE) == rows(copy / BASE)
        assert manage(database.env, "verify_journal").returncode == 0
    assert (told.home / "avant-restauration" / BASE).read_bytes() == b"what a broken disk leaves"
