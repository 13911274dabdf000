"""A copy of a running installation holds the base and the documents whole, and never a key nor an image."""

import sqlite3
import stat
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from PIL import Image

from compliance.actions import document as documents
from compliance.events import System
from compliance.models import Document, Entry, Installation
from tests.databases import FreshDatabase, manage
from tests.recording.engine.stage import dossier, now


@pytest.fixture
def told(fresh_database: FreshDatabase) -> FreshDatabase:
    """An installation with a dossier, a recording and its keys."""
    dossier()
    picture = BytesIO()
    Image.new("L", (64, 36), 128).save(picture, "PNG")
    with transaction.atomic():
        documents.receive(
            Installation.objects.get(), kind="photo", name="panneau.png", content=picture.getvalue(), at=now(),
            by=System.CONSOLE, photo=True,
        )  # fmt: skip
    for name in ("keys/wrapping.key", "recordings/camera/segment"):
        path = fresh_database.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return fresh_database


def documents_of(folder: Path) -> set[str]:
    return {path.name for path in (folder / "documents").glob("*/*")}


def test_a_copy_is_whole_and_has_neither_keys_nor_images(told: FreshDatabase, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    if connection.vendor != "sqlite":
        with pytest.raises(CommandError, match="pg_dump"):
            call_command("backup", str(target))
        return

    kept = documents_of(told.home)
    next((told.home / "documents").iterdir()).joinpath("tmp1.part").write_bytes(b"being written")
    call_command("backup", str(target))
    call_command("backup", str(target))  # a second copy replaces the first

    assert sorted(path.name for path in target.iterdir()) == ["claire-voie.sqlite3", "documents"]
    with closing(sqlite3.connect(target / "claire-voie.sqlite3")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM compliance_entry").fetchone()[0] == Entry.objects.count() > 0
        names = {row[0] for row in copy.execute("SELECT sha256 FROM compliance_document")}
    assert names == set(Document.objects.values_list("sha256", flat=True))
    assert documents_of(target) == kept != set()
    assert documents_of(target) <= names
    assert stat.S_IMODE((target / "claire-voie.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE(target.stat().st_mode) == 0o700
    env = {**told.env, "DATABASE_URL": f"sqlite:///{target / 'claire-voie.sqlite3'}"}
    assert manage(env, "verify_journal").returncode == 0


def test_a_place_that_cannot_be_written_is_said(told: FreshDatabase, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CommandError, match=r"pg_dump|n’a pas pu être faite"):
        call_command("backup", str(tmp_path / "file" / "copy"))
