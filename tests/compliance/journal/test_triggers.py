"""The tables refuse what the law refuses, whoever speaks to them, and the product does not start without that."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.db import DatabaseError, IntegrityError, connection, transaction

from compliance import events, journal
from compliance.journal import triggers
from compliance.models.journal import Body, Entry, Head
from tests.databases import FreshDatabase

AT = datetime(2026, 11, 19, 13, 32, tzinfo=UTC)
LONG_AGO = datetime(2020, 3, 1, tzinfo=UTC)
H = "'" + "a" * 64 + "'"
SQLITE_ONLY = "INSERT OR REPLACE et PRAGMA n’existent que dans SQLite."
POSTGRESQL_ONLY = "TRUNCATE et session_replication_role n’existent que dans PostgreSQL."

ENTRY = "INSERT INTO compliance_entry (seq, previous, hash, at, event, term, commitment) VALUES "
BODY = "INSERT INTO compliance_body (entry_id, salt, payload, actor_name) VALUES "
NOW, NEXT_YEAR, TOO_LATE = "'2026-11-19 13:32:00+00'", "'2027-11-19 13:32:00+00'", "'2029-11-20 13:32:00+00'"
REFUSED = {
    "change an entry": "UPDATE compliance_entry SET event = 'x.y' WHERE seq = 3",
    "change the last entry": "UPDATE compliance_entry SET event = event WHERE seq = 6",
    "remove an entry": "DELETE FROM compliance_entry WHERE seq = 3",
    "remove every entry": "DELETE FROM compliance_entry",
    "add an entry that exists": f"{ENTRY} (3, {H}, {H}, {NOW}, 'x.y', {NEXT_YEAR}, {H})",
    "leave a hole": f"{ENTRY} (8, {H}, {H}, {NOW}, 'x.y', {NEXT_YEAR}, {H})",
    "add an entry before the first": f"{ENTRY} (0, {H}, {H}, {NOW}, 'x.y', {NEXT_YEAR}, {H})",
    "keep a body more than three years": f"{ENTRY} (7, {H}, {H}, {NOW}, 'x.y', {TOO_LATE}, {H})",
    "keep a body no time": f"{ENTRY} (7, {H}, {H}, {NOW}, 'x.y', {NOW}, {H})",
    "change a body": "UPDATE compliance_body SET payload = '{}' WHERE entry_id = 3",
    "give a body to somebody else": "UPDATE compliance_body SET actor_id = NULL WHERE entry_id = 3",
    "remove a body before its term": "DELETE FROM compliance_body WHERE entry_id = 3",
    "add a second body": f"{BODY} (6, '', '{{}}', 'x')",
    "add a body to no entry": f"{BODY} (7, '', '{{}}', 'x')",
    "add a second head": f"INSERT INTO compliance_head (id, seq, hash) VALUES (2, 6, {H})",
    "remove the head": "DELETE FROM compliance_head",
    "move the head back": "UPDATE compliance_head SET seq = 5",
    "move the head by two": "UPDATE compliance_head SET seq = 8",
    "move the head to no entry": f"UPDATE compliance_head SET seq = 7, hash = {H}",
    "change the head's hash": f"UPDATE compliance_head SET hash = {H}",
    "rename the head": "UPDATE compliance_head SET id = 2",
}
REPLACED = {
    "an entry": f"{ENTRY} (3, {H}, {H}, {NOW}, 'x.y', {NEXT_YEAR}, {H})",
    "the last entry": f"{ENTRY} (6, {H}, {H}, {NOW}, 'x.y', {NEXT_YEAR}, {H})",
    "an entry by its row": (
        "INSERT INTO compliance_entry (rowid, previous, hash, at, event, term, commitment)"
        f" VALUES (3, {H}, {H}, {NOW}, 'x.y', {NEXT_YEAR}, {H})"
    ),
    "a body": f"{BODY} (3, '', '{{}}', 'x')",
    "the last body": f"{BODY} (6, '', '{{}}', 'x')",
    "the head": f"INSERT INTO compliance_head (id, seq, hash) VALUES (1, 6, {H})",
}


def _everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Entry, Body, Head)]


def _readable(rows: list[Any]) -> list[Any]:
    return [[tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in table] for table in rows]


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_nobody_can(sql: str, six_entries: list[Entry]) -> None:
    before = _readable(_everything())

    # « journal : » is ours; PostgreSQL sees a second key only after the triggers, and says so itself.
    ours = "journal :|duplicate key" if connection.vendor == "postgresql" else "journal :"
    with pytest.raises(IntegrityError, match=ours), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert _readable(_everything()) == before
    assert journal.verify(at=AT).intact


def test_a_body_goes_once_its_term_has_passed_on_the_database_clock(town: Any) -> None:
    with transaction.atomic():
        old = journal.record("account.signed_in", at=LONG_AGO, by=town.account)
        new = journal.record("account.signed_out", at=AT, by=town.account)

    Body.objects.filter(entry=old).delete()

    with pytest.raises(IntegrityError, match="avant son terme"), transaction.atomic():
        Body.objects.filter(entry=new).delete()
    assert list(Body.objects.values_list("entry", flat=True)) == [new.seq]
    assert journal.verify(at=AT).intact


def test_a_body_that_was_erased_does_not_come_back(town: Any) -> None:
    with transaction.atomic():
        old = journal.record("account.signed_in", at=LONG_AGO, by=town.account)
        journal.record("account.signed_out", at=LONG_AGO, by=town.account)
    body = Body.objects.get(entry=old)
    Body.objects.filter(entry=old).delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        body.save(force_insert=True)

    assert not Body.objects.filter(entry=old).exists()


# --- SQLite: a connection that is not ours, without recursive_triggers ----------------------------------------------
@pytest.fixture
def stranger(fresh_database: FreshDatabase) -> Iterator[sqlite3.Connection]:
    if connection.vendor != "sqlite":
        pytest.skip(SQLITE_ONLY)
    with transaction.atomic():
        for _ in range(6):
            journal.record("account.signed_out", at=AT, by=events.System.DOOR)
    link = sqlite3.connect(Path(fresh_database.url.removeprefix("sqlite:///")), isolation_level=None)
    link.execute("PRAGMA foreign_keys = OFF")
    link.execute("PRAGMA recursive_triggers = OFF")
    yield link
    link.close()


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize("sql", REPLACED.values(), ids=REPLACED)
def test_a_stranger_replaces_nothing(sql: str, verb: str, stranger: sqlite3.Connection) -> None:
    before = _everything()

    with pytest.raises(sqlite3.IntegrityError, match="journal :"):
        stranger.execute(sql.replace("INSERT", verb, 1))

    assert _everything() == before


@pytest.mark.parametrize("table", triggers.TABLES)
def test_the_key_is_the_only_thing_that_is_unique(table: str, stranger: sqlite3.Connection) -> None:
    rows = stranger.execute(f"SELECT rowid, * FROM {table}").fetchall()

    assert rows
    assert all(row[0] == row[1] for row in rows)
    assert not [name for _, name, unique, *_ in stranger.execute(f"PRAGMA index_list({table})") if unique]


def test_a_stranger_updates_nothing_by_replacing(stranger: sqlite3.Connection) -> None:
    for sql in ("UPDATE OR REPLACE compliance_entry SET seq = 3 WHERE seq = 4", "DELETE FROM compliance_body"):
        with pytest.raises(sqlite3.IntegrityError, match="journal :"):
            stranger.execute(sql)

    assert (Entry.objects.count(), Body.objects.count()) == (6, 6)


# --- PostgreSQL -----------------------------------------------------------------------------------------------------
@pytest.fixture
def postgresql(six_entries: list[Entry]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip(POSTGRESQL_ONLY)


@pytest.mark.parametrize("table", [*triggers.TABLES, "compliance_entry CASCADE"])
def test_nobody_truncates(table: str, postgresql: None) -> None:
    connection.check_constraints()

    with pytest.raises(IntegrityError, match="journal :"), transaction.atomic(), connection.cursor() as cursor:
        # The tables of a foreign key go together, or PostgreSQL refuses before any trigger.
        cursor.execute(f"TRUNCATE {table.replace('compliance_entry', 'compliance_entry, compliance_body', 1)}")

    assert Entry.objects.count() == 6


@pytest.mark.parametrize("name", ["change an entry", "remove an entry", "change a body", "remove the head"])
def test_the_replica_role_silences_no_trigger(name: str, postgresql: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(IntegrityError, match="journal :"), transaction.atomic():
            cursor.execute(REFUSED[name])
        transaction.set_rollback(True)


def test_a_temporary_table_does_not_stand_in_for_the_journal(postgresql: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE compliance_entry (seq bigint, term timestamptz, hash text)")
        cursor.execute("INSERT INTO pg_temp.compliance_entry VALUES (3, '2000-01-01', 'x')")
        with pytest.raises(IntegrityError, match="journal :"), transaction.atomic():
            cursor.execute("DELETE FROM public.compliance_body WHERE entry_id = 3")
        transaction.set_rollback(True)


def test_on_conflict_changes_nothing(postgresql: None) -> None:
    with pytest.raises(IntegrityError, match="journal :"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{REFUSED['add an entry that exists']} ON CONFLICT (seq) DO UPDATE SET event = 'x.y'")


# --- the check --------------------------------------------------------------------------------------------------------
def _drop(cursor: Any, name: str, table: str) -> None:
    cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))


def _names() -> list[str]:
    if connection.vendor == "sqlite":
        return list(triggers.SQLITE)
    return [f"{table}_{suffix}" for table in triggers.TABLES for suffix in ("rows", "truncate")]


def _table(name: str) -> str:
    return name.rsplit("_", 1)[0]


@pytest.mark.django_db
def test_a_guarded_journal_passes_the_check() -> None:
    journal.assert_guarded()

    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    assert triggers.check_triggers(app_configs=None) == []


@pytest.mark.django_db
def test_each_absent_trigger_is_named() -> None:
    for name in _names():
        with transaction.atomic():
            with connection.cursor() as cursor:
                _drop(cursor, name, _table(name))

            (error,) = run_checks(tags=[Tags.database], databases=["default"])
            with pytest.raises(journal.Unguarded) as refusal:
                journal.assert_guarded()
            transaction.set_rollback(True)

        assert error.id == "compliance.E001"
        assert f"{name} absent" in error.msg
        assert refusal.value.faults == [f"déclencheur {name} absent"]


@pytest.mark.django_db
def test_a_softened_trigger_is_named() -> None:
    name = _names()[0]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _drop(cursor, name, _table(name))
            cursor.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {_table(name)} BEGIN SELECT 1; END")
            softened = [name]
        else:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_table(name)}_guard() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RETURN NEW; END'"
            )
            softened = [f"{_table(name)}_rows", f"{_table(name)}_truncate"]

    assert triggers.faults(connection) == [f"déclencheur {each} altéré" for each in softened]


@pytest.mark.django_db
def test_a_silenced_trigger_is_named() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Un déclencheur de SQLite ne se désactive pas : il se supprime.")
    for silenced in ("DISABLE TRIGGER", "ENABLE TRIGGER", "ENABLE REPLICA TRIGGER"):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE compliance_body {silenced} compliance_body_rows")
            assert triggers.faults(connection) == ["déclencheur compliance_body_rows altéré"]
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_foreign_trigger_on_the_journal_is_named() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("CREATE TRIGGER odd BEFORE DELETE ON compliance_body BEGIN SELECT RAISE(IGNORE); END")
        else:
            cursor.execute(
                "CREATE TRIGGER odd BEFORE DELETE ON compliance_body FOR EACH ROW WHEN (false)"
                " EXECUTE FUNCTION compliance_head_guard()"
            )

    assert triggers.faults(connection) == ["déclencheur odd étranger au journal"]


@pytest.mark.django_db
def test_triggers_can_be_put_back() -> None:
    triggers.uninstall(connection)
    assert len(triggers.faults(connection)) == len(_names())

    triggers.install(connection)

    assert triggers.faults(connection) == []


@pytest.mark.django_db
def test_before_its_migration_the_check_says_nothing() -> None:
    triggers.uninstall(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0002_journal_triggers'")

    assert triggers.check_triggers(app_configs=None, databases=["default"]) == []


def test_the_migration_goes_back_only_from_an_empty_journal(fresh_database: FreshDatabase) -> None:
    from importlib import import_module

    from django.apps import apps

    stone = import_module("compliance.migrations.0002_journal_triggers")
    with connection.schema_editor() as editor:
        stone.lift(apps, editor)
    assert not Head.objects.exists()
    assert triggers.faults(connection)
    with connection.schema_editor() as editor:
        stone.lay(apps, editor)
    journal.assert_guarded()
    with transaction.atomic():
        journal.record("account.signed_out", at=AT, by=events.System.DOOR)

    with pytest.raises(RuntimeError, match="pas vide"), connection.schema_editor() as editor:
        stone.lift(apps, editor)

    journal.assert_guarded()


def test_a_key_says_why_it_is_refused(six_entries: list[Entry]) -> None:
    with pytest.raises(DatabaseError, match="une entrée"), transaction.atomic():
        Entry.objects.filter(seq=2).update(event="x.y")
