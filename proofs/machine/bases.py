"""The base of a town, in its file or on a server: what it holds, read from outside and without Django."""

import contextlib
import re
import sqlite3
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from proofs.machine import Machine, heard

# What lives by itself: sessions, the cache, and the one-row words of what runs now.
LIVING = {"django_session", "django_cache", "django_migrations", "compliance_pulse", "recording_heartbeat"}
Table = tuple[list[str], list[tuple[Any, ...]]]
SERVER = re.compile(r"^DATABASE_URL=(\S+)$", re.MULTILINE)
COPY = "/var/lib/avant-mise-a-jour.dump"
# As the installer's guide says them, which tests/test_upgrade.py reads.
DUMP, RESTORE = "pg_dump --format=custom", "pg_restore --exit-on-error --single-transaction"
CREATE, ANALYZE = "--encoding=UTF8", "vacuumdb --analyze-only"


class Base(ABC):
    """A database that the product writes and that this proof only reads."""

    environment: dict[str, str]  # what the product's commands are told of it
    listing: str  # every table
    columns: str  # the columns of one, which `{}` names
    value: str  # how one is read, so that two readings compare

    @abstractmethod
    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Return the rows that answer a question, on a connection of its own."""

    def rows(self) -> dict[str, Table]:
        """Return, for each table that does not live by itself, its columns and its rows."""
        return {table: self._read(table) for (table,) in sorted(self.ask(self.listing)) if table not in LIVING}

    def _read(self, table: str) -> Table:
        columns = [name for (name,) in self.ask(self.columns.format(table))]
        wanted = ", ".join(self.value.format(column) for column in columns)
        return columns, self.ask(f'SELECT {wanted} FROM "{table}"')

    def segments(self) -> int:
        """Return how many segments are indexed."""
        return int(self.ask("SELECT count(*) FROM recording_segment")[0][0])

    def head(self) -> tuple[int, str]:
        """Return the number and the hash of the journal's last entry."""
        seq, digest = self.ask("SELECT seq, hash FROM compliance_head")[0]
        return int(seq), str(digest)

    def hash_of(self, seq: int) -> str:
        """Return the hash of an entry."""
        return str(self.ask(f"SELECT hash FROM compliance_entry WHERE seq = {seq:d}")[0][0])


class File(Base):
    """SQLite, in the machine's state folder."""

    listing = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    columns = "SELECT name FROM pragma_table_info('{}') ORDER BY cid"
    value = '"{}"'

    def __init__(self, path: Path) -> None:
        self.path, self.environment = path, {}

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Read the file, which a process of the town may be writing."""
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as link:
            return link.execute(question).fetchall()


class Server(Base):
    """PostgreSQL, in the machine; its loopback is ours."""

    listing = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
    columns = (
        "SELECT column_name::text FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = '{}' ORDER BY ordinal_position"
    )
    value = '"{}"::text'  # a jsonb, a bytea and an instant are then compared as anything else

    def __init__(self, url: str) -> None:
        self.url, self.environment = url, {"DATABASE_URL": url}

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Read the base; the connection could write nothing."""
        settings = "-c timezone=UTC -c default_transaction_read_only=on"
        with psycopg.connect(self.url, options=settings) as link:
            return link.execute(question).fetchall()  # type: ignore[arg-type]

    def copied(self, machine: Machine) -> float:
        """Copy the base aside as the guide says, before an upgrade; return the seconds."""
        started = time.monotonic()
        machine.run(f"{DUMP} --file={COPY} {self.url}")
        return time.monotonic() - started

    def brought_back(self, machine: Machine) -> float:
        """Give the base its copy back as the guide says, whatever a later code added to it; return the seconds."""
        started, name = time.monotonic(), self.url.rsplit("/", 1)[1]
        every = f"{self.url.rsplit('/', 1)[0]}/postgres"
        machine.run(f"dropdb --maintenance-db={every} {name} && createdb --maintenance-db={every} {CREATE} {name}")
        machine.run(f"{RESTORE} --dbname={self.url} {COPY}")
        machine.run(f"{ANALYZE} --dbname={self.url}")
        return time.monotonic() - started


@contextlib.contextmanager
def server(machine: Machine) -> Iterator[Server]:
    """Open the machine's own PostgreSQL, by the product's command, for the time of a block."""
    log = machine.root.parent / "postgresql.log"
    with machine.running("./run pg", log) as process:
        yield Server(heard(SERVER, process, log, seconds=600)[1])


def compared(before: dict[str, Table], after: dict[str, Table]) -> dict[str, Any]:
    """Say which former rows are no longer there as they were, on the columns that both know, and what was removed."""
    lost, removed = {}, []
    for table, (columns, rows) in before.items():
        known, now = after.get(table, ([], []))
        kept = [column for column in columns if column in known]
        removed += [f"{table}.{column}" for column in columns if column not in known]
        there = Counter(tuple(row[columns.index(column)] for column in kept) for row in rows)
        here = Counter(tuple(row[known.index(column)] for column in kept) for row in now)
        if missing := (there - here).total():
            lost[table] = missing
    return {"rows_lost_or_changed": lost, "columns_removed": removed}
