"""What the rehearsal of an upgrade sees: every row of both databases, and each one that a migration would lose."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from compliance.models import Authority
from proofs.machine.bases import ANALYZE, CREATE, DUMP, LIVING, RESTORE, Base, File, Server, Table, compared
from proofs.machine.upgrade import troubles
from tests.compliance.built import a_dossier
from tests.databases import FreshDatabase


def opened(database: FreshDatabase) -> Base:
    if database.url.startswith("postgres"):
        return Server(database.url)
    return File(Path(database.url.removeprefix("sqlite:///")))


def test_every_table_is_read_but_those_that_live_by_themselves(fresh_database: FreshDatabase) -> None:
    read = opened(fresh_database).rows()

    assert set(read) == set(connection.introspection.table_names()) - LIVING
    assert {"compliance_entry", "compliance_position", "recording_segment"} <= set(read)


def test_a_row_changed_in_place_is_seen_on_both_databases(fresh_database: FreshDatabase) -> None:
    base = opened(fresh_database)
    town = a_dossier().authority
    before = base.rows()
    assert compared(before, base.rows()) == {"rows_lost_or_changed": {}, "columns_removed": []}

    Authority.objects.filter(pk=town.pk).update(name="Autre nom")

    assert compared(before, base.rows())["rows_lost_or_changed"] == {"compliance_authority": 1}


@pytest.mark.parametrize(
    ("after", "lost", "removed"),
    [
        ({"t": (["a", "b"], [(1, "x"), (2, "y"), (2, "y")])}, {}, []),
        ({"t": (["b", "a", "new"], [("y", 2, 0), ("y", 2, 0), ("x", 1, 0)])}, {}, []),
        ({"t": (["a", "b"], [(1, "x"), (2, "y")])}, {"t": 1}, []),
        ({"t": (["a", "b"], [(1, "z"), (2, "y"), (2, "y")])}, {"t": 1}, []),
        ({"t": (["a"], [(1,), (2,), (2,)])}, {}, ["t.b"]),
        ({"t": (["a"], [(1,), (2,)])}, {"t": 1}, ["t.b"]),
        ({}, {"t": 3}, ["t.a", "t.b"]),
    ],
)
def test_a_row_lost_is_counted_even_when_another_is_its_twin(
    after: dict[str, Table], lost: dict[str, int], removed: list[str]
) -> None:
    before: dict[str, Any] = {"t": (["a", "b"], [(1, "x"), (2, "y"), (2, "y")])}

    assert compared(before, after) == {"rows_lost_or_changed": lost, "columns_removed": removed}


KEPT: dict[str, Any] = {
    "rows_lost_or_changed": {},
    "journal": {
        "entries_before": 9, "head_still_there": True, "intact": True, "entries": 9, "intact_once_lived_in": True,
    },
    "check_recordings_exit_code": 0,
    "pages": {"/": 200, "/journal/": 200},
    "went_back": {"rows_lost_or_changed": {}, "journal_intact": True},
}  # fmt: skip


def test_an_upgrade_that_keeps_all_is_not_complained_of() -> None:
    assert troubles(KEPT) == ""
    assert troubles({name: part for name, part in KEPT.items() if name != "went_back"}) == ""


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"rows_lost_or_changed": {"t": 1}}, "des lignes perdues"),
        ({"journal": KEPT["journal"] | {"head_still_there": False}}, "un journal rompu"),
        ({"journal": KEPT["journal"] | {"intact": False}}, "un journal rompu"),
        ({"journal": KEPT["journal"] | {"intact_once_lived_in": False}}, "un journal rompu"),
        ({"journal": KEPT["journal"] | {"entries": 8}}, "un journal raccourci"),
        ({"check_recordings_exit_code": 1}, "des images qui ne répondent plus à leurs lignes"),
        ({"pages": {"/": 200, "/journal/": 500}}, "des pages qui ne répondent plus"),
        ({"went_back": {"rows_lost_or_changed": {"t": 2}, "journal_intact": True}}, "un retour qui perd"),
        ({"went_back": {"rows_lost_or_changed": {}, "journal_intact": False}}, "un retour au journal rompu"),
    ],
)
def test_an_upgrade_that_loses_something_fails_and_says_what(part: dict[str, Any], said: str) -> None:
    assert troubles(KEPT | part) == said


def test_the_guide_copies_and_restores_as_the_rehearsal_does() -> None:
    guide = (Path(settings.BASE_DIR) / "docs" / "guide" / "installer.md").read_text()

    assert [
        said for said in (f"{DUMP} --file=", f"{RESTORE} --dbname=", CREATE, "dropdb", ANALYZE) if said not in guide
    ] == []
    assert "pg_restore --clean --" not in guide
