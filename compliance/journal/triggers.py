"""The triggers that make the journal append-only, on SQLite and PostgreSQL, and the check that they are all there.

What they refuse: changing or removing an entry; adding one anywhere but after the last; changing a body; removing a
body before the term that its entry carries (sealed in the chain, so no later edit can bring it closer; read against
the database's own clock); adding a body to an older entry; moving the head otherwise than to the entry just added.

They protect from mistakes and from whoever speaks through the application. Whoever owns the database can drop them:
that is seen by `faults`, and what is done meanwhile is seen by the chain (compliance/journal/verify.py).

A migration that remakes one of the three tables must call `uninstall` first and `install` last: SQLite drops the
triggers of a table that it remakes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

MIGRATION: Final = ("compliance", "0002_journal_triggers")
TABLES: Final = ("compliance_entry", "compliance_body", "compliance_head")

# --- SQLite ---------------------------------------------------------------------------------------------------------
# No trigger leans on `recursive_triggers`: REPLACE is stopped before it deletes. `julianday` of garbage is NULL, hence
# the COALESCE: what cannot be compared is refused. 1096 days: three years with a leap day, and a little for its floats.


def _sqlite(name: str, event: str, table: str, when: str, message: str) -> str:
    condition = f"\nWHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition}\n"
        f"BEGIN SELECT RAISE(ABORT, 'journal : {message}'); END"
    )


_SQLITE_RULES: Final = (
    (
        "INSERT",
        "compliance_entry",
        "NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM compliance_entry)"
        " OR COALESCE(julianday(NEW.term) > julianday(NEW.at), 0) = 0"
        " OR COALESCE(julianday(NEW.term) - julianday(NEW.at) < 1096.001, 0) = 0",
        "une entrée s’ajoute après la dernière et garde son corps trois ans au plus",
    ),
    ("UPDATE", "compliance_entry", "", "une entrée ne change pas"),
    ("DELETE", "compliance_entry", "", "une entrée ne s’efface pas"),
    (
        "INSERT",
        "compliance_body",
        "NEW.entry_id IS NOT (SELECT MAX(seq) FROM compliance_entry)"
        " OR EXISTS (SELECT 1 FROM compliance_body WHERE entry_id = NEW.entry_id)",
        "un corps s’écrit avec son entrée",
    ),
    ("UPDATE", "compliance_body", "", "un corps ne change pas"),
    (
        "DELETE",
        "compliance_body",
        "COALESCE((SELECT julianday(term) <= julianday('now') FROM compliance_entry WHERE seq = OLD.entry_id), 0) = 0",
        "un corps ne s’efface pas avant son terme",
    ),
    ("INSERT", "compliance_head", "EXISTS (SELECT 1 FROM compliance_head)", "il n’y a qu’une tête"),
    (
        "UPDATE",
        "compliance_head",
        "NEW.id IS NOT OLD.id OR NEW.seq IS NOT OLD.seq + 1"
        " OR NEW.hash IS NOT (SELECT hash FROM compliance_entry WHERE seq = NEW.seq)",
        "la tête n’avance que d’une entrée",
    ),
    ("DELETE", "compliance_head", "", "la tête ne s’efface pas"),
)
SQLITE: Final[Mapping[str, str]] = {
    (name := f"{table}_{event.lower()}"): _sqlite(name, event, table, when, message)
    for event, table, when, message in _SQLITE_RULES
}

# --- PostgreSQL -----------------------------------------------------------------------------------------------------
# One function per table, closed by default: what is not allowed by name falls to the exception (TRUNCATE too). The
# search path is fixed and the tables are named with their schema, so that a temporary table cannot stand in for them.


def _postgresql(allowed: str, message: str) -> str:
    return f"""
DECLARE known bigint; ripe boolean; wanted text;
BEGIN
{allowed}
  RAISE EXCEPTION 'journal : {message}' USING ERRCODE = '23000';
END
"""


POSTGRESQL: Final[Mapping[str, str]] = {
    "compliance_entry": _postgresql(
        """  IF TG_OP = 'INSERT' THEN
    EXECUTE format('SELECT COALESCE(max(seq), 0) FROM %I.compliance_entry', TG_TABLE_SCHEMA) INTO known;
    IF NEW.seq = known + 1 AND NEW.term > NEW.at AND NEW.term <= NEW.at + interval '26304 hours' THEN
      RETURN NEW;
    END IF;
  END IF;""",
        "une entrée s’ajoute après la dernière, ne change pas et ne s’efface pas",
    ),
    "compliance_body": _postgresql(
        """  IF TG_OP = 'INSERT' THEN
    EXECUTE format('SELECT max(seq) FROM %I.compliance_entry', TG_TABLE_SCHEMA) INTO known;
    IF NEW.entry_id = known THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    EXECUTE format('SELECT term <= clock_timestamp() FROM %I.compliance_entry WHERE seq = $1', TG_TABLE_SCHEMA)
      INTO ripe USING OLD.entry_id;
    IF ripe THEN
      RETURN OLD;
    END IF;
  END IF;""",
        "un corps s’écrit avec son entrée, ne change pas et ne s’efface pas avant son terme",
    ),
    "compliance_head": _postgresql(
        """  IF TG_OP = 'INSERT' THEN
    EXECUTE format('SELECT count(*) FROM %I.compliance_head', TG_TABLE_SCHEMA) INTO known;
    IF known = 0 THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    EXECUTE format('SELECT hash FROM %I.compliance_entry WHERE seq = $1', TG_TABLE_SCHEMA) INTO wanted USING NEW.seq;
    IF NEW.id = OLD.id AND NEW.seq = OLD.seq + 1 AND NEW.hash = wanted THEN
      RETURN NEW;
    END IF;
  END IF;""",
        "la tête n’avance que d’une entrée et ne s’efface pas",
    ),
}
_PATH: Final = "pg_catalog, pg_temp"
# pg_trigger.tgtype: row 1, before 2, insert 4, delete 8, update 16, truncate 32.
_KINDS: Final = {"rows": ("INSERT OR UPDATE OR DELETE", "ROW", 31), "truncate": ("TRUNCATE", "STATEMENT", 34)}


class Unguarded(RuntimeError):
    """The journal's triggers are not those of the product: nothing may start. `faults` says which, in French."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ; ".join(faults))
        self.faults = faults


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, replacing those of the same name. For migrations, in their transaction."""
    uninstall(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for sql in SQLITE.values():
                cursor.execute(sql)
            return
        for table, body in POSTGRESQL.items():
            cursor.execute(
                f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql"
                f" SET search_path = {_PATH} AS $guard${body}$guard$"
            )
            for suffix, (operations, level, _) in _KINDS.items():
                name = f"{table}_{suffix}"
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {operations} ON {table}"
                    f" FOR EACH {level} EXECUTE FUNCTION {table}_guard()"
                )
                # Also under session_replication_role = replica, which silences ordinary triggers.
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger: for the migration that remakes a table, and for tests that play the attacker."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for table in TABLES:
            for suffix in _KINDS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{suffix} ON {table}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {table}_guard()")


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """Say in French which trigger is absent, altered, or foreign to the product; empty when the journal is guarded."""
    expected, found = _sqlite_state(connection) if connection.vendor == "sqlite" else _postgresql_state(connection)
    absent = [f"déclencheur {name} absent" for name in expected if name not in found]
    altered = [f"déclencheur {name} altéré" for name in expected if name in found and found[name] != expected[name]]
    foreign = [f"déclencheur {name} étranger au journal" for name in found if name not in expected]
    return sorted(absent + altered + foreign)


def _sqlite_state(connection: BaseDatabaseWrapper) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) IN (%s, %s, %s)", TABLES
        )
        return SQLITE, dict(cursor.fetchall())


def _postgresql_state(connection: BaseDatabaseWrapper) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    expected = {
        f"{table}_{suffix}": (table, kind, "A", POSTGRESQL[table], [f"search_path={_PATH}"], True)
        for table in TABLES
        for suffix, (_, _, kind) in _KINDS.items()
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.tgname, c.relname, t.tgtype, t.tgenabled, p.prosrc, p.proconfig,
                   t.tgqual IS NULL AND t.tgattr::text = ''
              FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
             WHERE NOT t.tgisinternal AND t.tgrelid IN (to_regclass(%s), to_regclass(%s), to_regclass(%s))
            """,
            TABLES,
        )
        return expected, {name: tuple(rest) for name, *rest in cursor.fetchall()}


def assert_guarded(alias: str = "default") -> None:
    """Raise `Unguarded` unless every trigger is there, unaltered. One query: each process calls it when it starts."""
    if found := faults(connections[alias]):
        raise Unguarded(found)


@register(Tags.database)
def check_triggers(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001, Django gives it to every check
    databases: Sequence[str] | None = None,
    **_: Any,
) -> list[CheckMessage]:
    """Report each fault as an error, once the migration that installs the triggers has run."""
    return [
        Error(
            f"Journal : {fault}.",
            hint="Une migration qui refait une table du journal doit y remettre ses déclencheurs (triggers.install).",
            id="compliance.E001",
        )
        for alias in databases or ()
        if MIGRATION in MigrationRecorder(connections[alias]).applied_migrations()
        for fault in faults(connections[alias])
    ]
